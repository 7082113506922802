"""Ways to what is sealed that look harmless: the feed's index, the answers to powerful groups, the metrics; and the clock."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from openprocurement_api.app import SUMMARY
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, MORNING, Api, Thing


@pytest.fixture
def tender(api: Api) -> Thing:
    """A tender with two lots that takes bids."""
    made = api.tender(lots=[builders.lot("Лот 1"), builders.lot("Лот 2")])
    api.until(made, "active.tendering")
    return made


def lot_bid(api: Api, tender: Thing) -> Thing:
    """A bid for all lots."""
    return api.post(f"{tender.path}/bids", builders.lot_bid({lot["id"]: 200 for lot in tender.data["lots"]}))


@pytest.mark.parametrize("field", [*SUMMARY, "numberOfBids", "bids", ",".join(SUMMARY)])
def test_a_page_of_the_feed_is_the_same_however_many_bids_there_are(api: Api, tender: Thing, field: str) -> None:
    def page() -> Any:
        return api.call("GET", f"/tenders?opt_fields={field}", user=None)

    none = page()
    lot_bid(api, tender)
    one = page()
    lot_bid(api, tender)
    assert none.body == one.body == page().body
    assert none.headers["ETag"] == page().headers["ETag"]
    assert all("numberOfBids" not in json.dumps(row) for row in none.json["data"])


@pytest.mark.parametrize("user", ["administrator", "token"])
@pytest.mark.parametrize("change", [{}, {"id": "0" * 32}])
def test_groups_that_may_change_a_sealed_bid_do_not_see_it(api: Api, tender: Thing, user: str, change: dict[str, Any]) -> None:
    bid = lot_bid(api, tender)
    assert api.call("PATCH", bid.path, change, user=user).json == {"data": {"id": bid.id}}
    api.refused("GET", bid.path, user=user)


@pytest.mark.parametrize(("user", "name"), [("administrator", "administrator"), ("token", "test")])
def test_but_what_they_have_changed_and_the_history_tells_of(api: Api, tender: Thing, user: str, name: str) -> None:
    bid, firm = lot_bid(api, tender), {"name": "Виправлена назва"}
    answer = api.call("PATCH", bid.path, {"tenderers": [firm]}, user=user).json["data"]
    (last,) = list(api.store.revisions("tender", tender.id))[-1:]
    assert last.body["author"] == name
    assert answer["tenderers"][0]["name"] == firm["name"]
    assert [each["value"] for each in answer["lotValues"]] == [each["value"] for each in bid.data["lotValues"]]
    assert api.call("PATCH", bid.path, {"tenderers": [firm]}, user=user).json == {"data": {"id": bid.id}}


def test_nor_is_an_earlier_version_of_a_file_a_change(api: Api, tender: Thing) -> None:
    bid = lot_bid(api, tender)
    headers = {"X-Access-Token": bid.token, "Authorization": "Bearer broker"}
    file = [("file", "ціна.txt", b"x")]
    path = f"{bid.path}/documents"
    document = api.web.post(BASE + path, upload_files=file, headers=headers).json["data"]
    path = f"{path}/{document['id']}"
    api.web.put(BASE + path, upload_files=file, headers=headers)
    assert api.call("PATCH", path, {}, user="token").json == {"data": {"id": document["id"]}}
    assert api.call("PATCH", path, {"description": "опис"}, user="token").json["data"]["description"] == "опис"


def test_what_the_server_reckons_anew_is_no_change_of_the_bid(api: Api, tender: Thing) -> None:
    bid = lot_bid(api, tender)
    stored = api.store.get("tender", tender.id)
    older = stored.body | {
        "lots": [lot | {"auctionPeriod": {"shouldStartAfter": MORNING.isoformat()}} for lot in stored.body["lots"]]
    }
    api.store.put("tender", tender.id, older, expect=stored.rev)
    assert api.call("PATCH", bid.path, {}, user="administrator").json == {"data": {"id": bid.id}}
    assert api.store.get("tender", tender.id).body["lots"] == stored.body["lots"], "reckoned anew"


def test_amounts_before_the_auction_are_for_the_auction_alone(api: Api, tender: Thing) -> None:
    for _ in range(2):
        lot_bid(api, tender)
    api.until(tender, "active.auction")
    assert api.get(f"{tender.path}/auction", user="auction")["bids"]
    for user in ("token", "administrator", "chronograph", "broker", None):
        api.refused("GET", f"{tender.path}/auction", user=user, token=tender.token)


@pytest.mark.parametrize("path", ["/tenders", "/tenders/{id}/bids"])
def test_a_bad_callback_is_refused_before_anything_is_made(api: Api, path: str) -> None:
    tender = api.tender()
    api.until(tender, "active.tendering")
    body = builders.bid() if "bids" in path else builders.tender(api.clock.now)
    before = api.store.get("tender", tender.id).raw, len(api.get("/tenders"))
    api.refused("POST", f"{path.format(id=tender.id)}?opt_jsonp=1bad", body, status=422)
    assert (api.store.get("tender", tender.id).raw, len(api.get("/tenders"))) == before


class SlowBody:
    """A body that takes its time."""

    def __init__(self, api: Api, body: bytes, takes: timedelta) -> None:
        self.api, self.body, self.takes = api, body, takes

    def read(self, _size: int = -1) -> bytes:
        if self.body:
            self.api.clock.advance(self.takes)
        body, self.body = self.body, b""
        return body


def test_a_body_that_comes_after_the_deadline_is_late(api: Api) -> None:
    tender = api.tender()
    api.clock.now = builders.datetime.fromisoformat(tender.data["enquiryPeriod"]["endDate"]) - timedelta(seconds=1)
    text = json.dumps({"data": builders.question()}).encode()
    environ = {"wsgi.input": SlowBody(api, text, timedelta(seconds=5)), "CONTENT_LENGTH": str(len(text))}
    api.web.authorization = ("Basic", ("broker", ""))
    request = api.web.RequestClass.blank(
        f"{BASE}{tender.path}/questions", method="POST", content_type="application/json", environ=environ,
        headers={"Authorization": "Bearer broker"},
    )  # fmt: skip
    answer = request.get_response(api.web.app.application if hasattr(api.web.app, "application") else api.web.app)
    assert answer.status_int == 403
    assert answer.json["errors"][0]["description"] == "Can add question only in enquiryPeriod"


def test_if_match_holds_for_files_and_for_the_chronograph(api: Api) -> None:
    tender = api.tender()
    file = api.web.post(
        f"{BASE}{tender.path}/documents", upload_files=[("file", "а.txt", b"x")],
        headers={"X-Access-Token": tender.token, "Authorization": "Bearer broker"},
    )  # fmt: skip
    path = f"{tender.path}/documents/{file.json['data']['id']}"
    seen = api.call("GET", path, token=tender.token).headers["ETag"]
    changed = api.call("PATCH", path, {"description": "опис"}, token=tender.token, If_Match=seen)
    assert changed.headers["ETag"] == api.call("GET", path, token=tender.token).headers["ETag"]
    api.refused("PATCH", path, {"description": "інший"}, status=412, token=tender.token, If_Match=seen)
    clock = api.call("GET", tender.path, user="chronograph").headers["ETag"]
    api.call("PATCH", tender.path, {"id": tender.id}, user="chronograph", If_Match=clock)


def test_metrics_are_for_this_machine(api: Api, settings: dict[str, str]) -> None:
    api.web.get("/metrics", extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    api.web.get("/metrics", extra_environ={"REMOTE_ADDR": "192.0.2.7"}, status=403)
    api.web.get("/metrics", extra_environ={"REMOTE_ADDR": "127.0.0.1"}, headers={"X-Forwarded-For": "192.0.2.7"}, status=403)
    public = Api.start(settings | {"metrics.public": "true"})
    public.web.get("/metrics", extra_environ={"REMOTE_ADDR": "192.0.2.7"})


def test_a_tender_of_a_procedure_this_server_lacks_does_not_break_the_page(api: Api) -> None:
    tender = api.tender()
    stored = api.store.get("tender", tender.id)
    api.store.put("tender", tender.id, stored.body | {"procurementMethodType": "unheardOf"}, expect=stored.rev)
    (row,) = api.get("/tenders?opt_fields=title,procurementMethodType", user=None)
    assert row == {"id": tender.id, "dateModified": tender.data["dateModified"], "procurementMethodType": "unheardOf"}
