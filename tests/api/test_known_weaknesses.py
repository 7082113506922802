"""What the old toolkit got wrong, one test each, named after the fault."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

import jsonpatch
import pytest

from openprocurement_api.domain.ranking import coefficient
from openprocurement_api.storage.base import Doc, RevConflict
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

DAY = timedelta(days=1)


def with_lots(api: Api, *amounts: float, **changes: Any) -> tuple[Thing, list[str]]:
    """An announced tender with lots, and their ids."""
    tender = api.tender(lots=[builders.lot(f"Лот {n}", amount) for n, amount in enumerate(amounts)], **changes)
    return tender, [lot["id"] for lot in tender.data["lots"]]


def test_a_lost_race_is_run_again_by_the_server(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    tender, put, losses = api.tender(), api.store.put, iter([True, True, False])

    def racing(*args: Any, **options: Any) -> Any:
        if next(losses):
            raise RevConflict("another writer was faster")
        return put(*args, **options)

    monkeypatch.setattr(api.store, "put", racing)
    assert api.patch(tender, {"title": "Нова назва"})["title"] == "Нова назва"


def test_a_race_that_is_always_lost_is_409_in_the_envelope(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api.start(settings | {"conflict_retries": "2"})
    tender = api.tender()

    def losing(*_: Any, **__: Any) -> Any:
        raise RevConflict("another writer was faster")

    monkeypatch.setattr(api.store, "put", losing)
    (error,) = api.refused("PATCH", tender.path, {"title": "x"}, status=409, token=tender.token)
    assert error["location"] == "body"
    assert "repeat your request" in error["description"]


def test_equal_timestamps_do_not_stop_or_repeat_the_feed(api: Api) -> None:
    ids = [api.tender().id for _ in range(5)]
    assert len({row["dateModified"] for row in api.get("/tenders", user=None)}) == 1
    seen, path = [], "/tenders?limit=2"
    while rows := (page := api.call("GET", path, user=None).json)["data"]:
        seen += [row["id"] for row in rows]
        path = page["next_page"]["path"]
    assert seen == ids


def test_a_late_commit_with_an_earlier_timestamp_is_not_skipped(api: Api) -> None:
    api.tender()
    offset = api.call("GET", "/tenders").json["next_page"]["path"]
    api.clock.advance(-DAY)
    late = api.tender()
    assert [row["id"] for row in api.get(offset)] == [late.id]


def test_history_does_not_grow_inside_the_document(api: Api) -> None:
    tender = api.tender()
    size = len(api.store.get("tender", tender.id).raw)
    for number in range(20):
        api.patch(tender, {"title": f"Парти для школ{number % 10}"})
    stored = api.store.get("tender", tender.id)
    assert "revisions" not in stored.body
    assert abs(len(stored.raw) - size) < 100
    assert len(list(api.store.revisions("tender", tender.id))) == 21


def test_each_revision_leads_back_to_the_state_before(api: Api) -> None:
    tender = api.tender()
    states = [api.store.get("tender", tender.id).body]
    for title in ("а", "б", "в"):
        api.patch(tender, {"title": title})
        states.append(api.store.get("tender", tender.id).body)
    doc = states[-1]
    for revision, before in zip(reversed(list(api.store.revisions("tender", tender.id))), reversed(states[:-1]), strict=False):
        assert revision.body["author"] == "broker"
        doc = jsonpatch.apply_patch(doc, revision.body["changes"])
        assert doc == before


def test_money_is_added_exactly(api: Api) -> None:
    lots = [builders.lot(amount=amount, minimalStep=builders.value(0.01)) for amount in (0.1, 0.2)]
    tender = api.tender(lots=lots, minimalStep=builders.value(0.01))
    assert tender.data["value"]["amount"] == 0.3


def test_money_beyond_15_digits_is_refused_and_never_rounded(api: Api) -> None:
    body = builders.tender(api.clock.now)
    text = json.dumps({"data": body}).replace('"amount": 500', '"amount": 0.1000000000000000055')
    api.web.authorization = ("Basic", ("broker", ""))
    answer = api.web.post("/api/2.5/tenders", text, content_type="application/json", status=422)
    assert answer.json["errors"][0]["description"] == {"amount": ["Value should have at most 15 significant digits."]}


@pytest.mark.parametrize("details", ["quick, accelerator=0", "accelerator=00"])
def test_accelerator_zero_never_divides_by_zero(api: Api, details: str) -> None:
    status = api.call("POST", "/tenders", builders.tender(api.clock.now, procurementMethodDetails=details), status="*").status_int
    assert status in (201, 422)


def test_the_coefficient_is_a_fraction_of_decimals() -> None:
    features = [{"code": "a", "enum": [{"value": 0.15}, {"value": 0.05}]}, {"code": "b", "enum": [{"value": 0.15}]}]
    assert coefficient([{"code": "a", "value": 0.15}, {"code": "b", "value": 0.15}], features) == Fraction(10, 7)


def test_should_start_after_of_a_lot_counts_the_lots_own_bids(api: Api) -> None:
    tender, (one, two) = with_lots(api, 250, 250)
    api.until(tender, "active.tendering")
    for amount in (200, 210):
        api.post(f"{tender.path}/bids", builders.lot_bid({one: amount, two: amount}))
    for amount in (190, 180):
        api.post(f"{tender.path}/bids", builders.lot_bid({one: amount}))
    doc = api.until(tender, "active.auction")
    begin = api.clock.now + 2 * DAY
    plan = {"lots": [{"auctionPeriod": {"startDate": begin.isoformat()}} for _ in doc["lots"]]}
    api.call("PATCH", tender.path, plan, user="chronograph")
    after_two_bidders = begin + timedelta(minutes=2 * 6 + 9 + 15, seconds=1)
    lots = api.tick(tender, after_two_bidders)["lots"]
    planned_again = [lot["auctionPeriod"]["shouldStartAfter"] for lot in lots]
    assert planned_again[1] > planned_again[0]


def test_offers_for_cancelled_lots_go_when_tendering_ends(api: Api) -> None:
    tender, (one, two) = with_lots(api, 250, 250)
    api.until(tender, "active.tendering")
    both = api.post(f"{tender.path}/bids", builders.lot_bid({one: 200, two: 200}))
    only = api.post(f"{tender.path}/bids", builders.lot_bid({one: 200}))
    api.post(
        f"{tender.path}/cancellations",
        {"reason": "Немає коштів", "status": "active", "cancellationOf": "lot", "relatedLot": one},
        token=tender.token,
    )
    api.until(tender, "active.qualification")
    bids = {b["id"]: b for b in api.get(f"{tender.path}/bids")}
    assert only.id not in bids
    assert [offer["relatedLot"] for offer in bids[both.id]["lotValues"]] == [two]


def results(bids: list[Thing], lot_id: str, amounts: list[float]) -> list[Doc]:
    """Auction results for one lot, the lots of each bid in another order than in the bid."""
    sent = []
    for bid, amount in zip(bids, amounts, strict=True):
        offers = [{"relatedLot": offer["relatedLot"]} for offer in reversed(bid.data["lotValues"])]
        news = {"value": builders.value(amount)}
        sent.append({"id": bid.id, "lotValues": [offer | (news if offer["relatedLot"] == lot_id else {}) for offer in offers]})
    return sent


def test_auction_results_come_in_any_order(api: Api) -> None:
    tender, (one, two) = with_lots(api, 250, 250)
    api.until(tender, "active.tendering")
    bids = [api.post(f"{tender.path}/bids", builders.lot_bid({one: 200 + n, two: 200 + n})) for n in range(3)]
    api.until(tender, "active.auction")
    for lot_id in (two, one):
        sent = results(bids, lot_id, [150, 140, 130])
        api.call("POST", f"{tender.path}/auction/{lot_id}", {"bids": sent[::-1]}, user="auction")
    awards = api.get(f"{tender.path}/awards")
    assert {(a["lotID"], a["bid_id"], a["value"]["amount"]) for a in awards} == {(one, bids[2].id, 130), (two, bids[2].id, 130)}


def test_one_reading_of_the_clock_serves_a_request(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    tender, readings = api.tender(), []
    now = type(api.clock).now.fget
    assert now is not None

    def counted(clock: Any) -> Any:
        readings.append(1)
        return now(clock)

    monkeypatch.setattr(type(api.clock), "now", property(counted))
    api.patch(tender, {"title": "Нова назва"})
    assert len(readings) == 1


def test_a_patch_that_changes_nothing_returns_the_object(api: Api) -> None:
    tender = api.tender()
    before = api.store.get("tender", tender.id).rev
    assert api.patch(tender, {"title": tender.data["title"]}) == api.get(tender.path)
    assert api.patch(tender, {}) == api.get(tender.path)
    assert api.store.get("tender", tender.id).rev == before


def test_numbers_are_not_given_twice(api: Api) -> None:
    numbers = [api.tender().data["tenderID"] for _ in range(3)]
    assert numbers == [f"UA-2026-03-02-00000{n}" for n in (1, 2, 3)]
