"""The clock: when a tender is looked at again, what it moves, how auctions are planned; with lots, and accelerated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha512
from pathlib import Path

import pytest
from journey import (
    DAY,
    FORBIDDEN,
    HOUR,
    STAND_STILL,
    awards,
    bidding,
    cancel,
    contracts,
    forge_status,
    forged,
    hold_auction,
    said,
    to_qualification,
    with_lots,
    wrong,
)

from openprocurement_api.domain.timing import auction_end_estimate
from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

FAR = "9999-01-01T00:00:00+00:00"
FAR_HERE = "9999-01-01T02:00:00+02:00"
"""The same moment as `next_check` names it: in the zone of the server."""
SECOND = timedelta(seconds=1)


def ask(api: Api, tender: Thing, **data: object) -> Doc:
    """What the chronograph is answered when it touches a tender."""
    answer: Doc = api.call("PATCH", tender.path, {"id": tender.id} | data, user="chronograph").json["data"]
    return answer


def after_midnight(moment: str) -> str:
    """The midnight after a moment, as it is stored."""
    day = datetime.fromisoformat(moment) + DAY
    return day.replace(hour=0, minute=0, second=0, microsecond=0).isoformat()


@pytest.fixture
def real(settings: dict[str, str], tmp_path: Path) -> Iterator[Api]:
    """An API that is no sandbox: its keys are kept as digests."""
    keys = {"brokers": "broker", "chronograph": "chronograph"}
    lines = [f"[{group}]\n{name} = sha512:{sha512(name.encode()).hexdigest()}\n" for group, name in keys.items()]
    path = tmp_path / "auth.ini"
    path.write_text("".join(lines), encoding="utf-8")
    api = Api.start(settings | {"sandbox_mode": "false", "auth.file": str(path)})
    yield api
    api.store.close()


# --- from phase to phase


def test_tendering_begins_with_its_period(api: Api) -> None:
    start = api.clock.now + 8 * DAY
    tender = api.tender(tenderPeriod={"startDate": start.isoformat(), "endDate": (start + 7 * DAY).isoformat()})
    assert tender.data["next_check"] == start.isoformat()
    api.clock.now = start - SECOND
    assert ask(api, tender)["status"] == "active.enquiries"
    api.clock.now = start
    doc = ask(api, tender)
    assert (doc["status"], doc["date"]) == ("active.tendering", start.isoformat())
    assert doc["next_check"] == doc["tenderPeriod"]["endDate"]


def test_the_next_check_is_told_in_the_zone_of_the_server(api: Api) -> None:
    sent = {"enquiryPeriod": {"endDate": "2026-07-01T09:00:00Z"}, "tenderPeriod": {"endDate": "2026-12-01T09:00:00-05:00"}}
    tender = api.tender(**sent)
    assert tender.data["enquiryPeriod"]["endDate"] == "2026-07-01T09:00:00+00:00"
    assert tender.data["next_check"] == "2026-07-01T12:00:00+03:00"
    assert api.until(tender, "active.tendering")["next_check"] == "2026-12-01T16:00:00+02:00"


def test_the_same_moment_in_another_zone_is_no_change(api: Api) -> None:
    tender = api.tender()
    stored = api.store.get("tender", tender.id)
    elsewhere = {name: datetime.fromisoformat(stored.body[name]).astimezone(UTC).isoformat() for name in ("next_check", "_due")}
    kept = api.store.put("tender", tender.id, stored.body | elsewhere, expect=stored.rev)
    api.call("PATCH", tender.path, {"id": tender.id}, user="chronograph")
    assert api.store.get("tender", tender.id).rev == kept.rev


def test_tendering_begins_when_questions_end(api: Api) -> None:
    tender = api.tender()
    with forged(api, tender) as body:
        del body["tenderPeriod"]["startDate"]
    api.clock.now = datetime.fromisoformat(tender.data["enquiryPeriod"]["endDate"])
    assert ask(api, tender)["status"] == "active.tendering"


@pytest.mark.parametrize("lots", [0, 1, 2])
@pytest.mark.parametrize(
    ("amounts", "status"), [((), "unsuccessful"), ((240,), "active.qualification"), ((240, 230), "active.auction")]
)
def test_where_tendering_leads(api: Api, lots: int, amounts: tuple[float, ...], status: str) -> None:
    tender, _ = with_lots(api, lots) if lots else (api.tender(), [])
    bids = bidding(api, tender, *amounts)
    end = api.get(tender.path)["tenderPeriod"]["endDate"]
    api.clock.now = datetime.fromisoformat(end) - SECOND
    assert ask(api, tender)["status"] == "active.tendering"
    api.clock.now = datetime.fromisoformat(end)
    doc = ask(api, tender)
    assert doc["status"] == status
    if status == "unsuccessful":
        assert {lot["status"] for lot in doc.get("lots", ())} <= {"unsuccessful"}
        assert "next_check" not in doc
    else:
        assert ask(api, tender) == doc
    if status == "active.qualification":
        assert [a["bid_id"] for a in doc["awards"]] == [bids[0].id] * max(lots, 1)
        assert all("auctionPeriod" not in holder for holder in [doc, *doc.get("lots", ())])


def test_drafts_are_no_bids(api: Api) -> None:
    tender = api.tender()
    api.until(tender, "active.tendering")
    api.post(f"{tender.path}/bids", builders.bid(450, status="draft"))
    kept = api.post(f"{tender.path}/bids", builders.bid(440))
    doc = api.until(tender, "active.qualification")
    assert [b["id"] for b in doc["bids"]] == [kept.id]
    assert doc["numberOfBids"] == 1


def test_lots_go_different_ways(api: Api) -> None:
    tender, (none, one, two) = with_lots(api, 3)
    api.until(tender, "active.tendering")
    api.post(f"{tender.path}/bids", builders.lot_bid({one: 240, two: 240}))
    api.post(f"{tender.path}/bids", builders.lot_bid({two: 230}))
    doc = api.until(tender, "active.auction")
    lots = {lot["id"]: lot for lot in doc["lots"]}
    assert [lots[lot]["status"] for lot in (none, one, two)] == ["unsuccessful", "active", "active"]
    assert ["auctionPeriod" in lots[lot] for lot in (none, one, two)] == [False, False, True]
    hold_auction_of = api.get(f"{tender.path}/auction", user="auction")["bids"]
    api.call("POST", f"{tender.path}/auction/{two}", {"bids": hold_auction_of}, user="auction")
    assert api.get(tender.path)["status"] == "active.qualification"
    assert [a.data["lotID"] for a in awards(api, tender)] == [one, two]


def test_a_cancelled_lot_is_passed_over(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    bidding(api, tender, 240)
    cancel(api, tender, one)
    doc = api.until(tender, "active.qualification")
    assert {lot["id"]: lot["status"] for lot in doc["lots"]} == {one: "cancelled", two: "active"}
    assert [a["lotID"] for a in doc["awards"]] == [two]


def test_one_look_catches_up_with_everything(api: Api) -> None:
    tender = api.tender()
    api.clock.now = datetime.fromisoformat(tender.data["tenderPeriod"]["endDate"]) + 30 * DAY
    assert ask(api, tender)["status"] == "unsuccessful"


def test_the_clock_does_not_move_a_tender_that_nobody_looks_at(api: Api) -> None:
    tender = api.tender()
    api.clock.advance(30 * DAY)
    assert api.get(tender.path)["status"] == "active.enquiries"


@pytest.mark.parametrize("user", ["broker", "auction", "bot", "reviewer", None])
def test_nobody_else_is_the_clock(api: Api, user: str | None) -> None:
    tender = api.tender()
    api.clock.advance(30 * DAY)
    assert api.refused("PATCH", tender.path, {"id": tender.id}, user=user) == FORBIDDEN


@pytest.mark.parametrize("status", ["complete", "unsuccessful", "cancelled"])
def test_what_has_ended_is_left_alone(api: Api, status: str) -> None:
    tender = api.tender()
    forge_status(api, tender, status)
    refused = api.refused("PATCH", tender.path, {"id": tender.id}, user="chronograph")
    assert refused == said(f"Can't update tender in current ({status}) status")


# --- awarding


def test_a_tender_without_a_winner_ends_after_the_stand_still(api: Api) -> None:
    tender = api.tender()
    to_qualification(api, tender, 450, 440)
    assert "next_check" not in api.get(tender.path)
    for _ in range(2):
        api.patch(awards(api, tender)[-1], {"status": "unsuccessful"})
        api.clock.advance(HOUR)
    doc = api.get(tender.path)
    end = max(a["complaintPeriod"]["endDate"] for a in doc["awards"])
    assert (doc["status"], doc["next_check"]) == ("active.awarded", end)
    api.clock.now = datetime.fromisoformat(end) - SECOND
    assert ask(api, tender)["status"] == "active.awarded"
    api.clock.now = datetime.fromisoformat(end)
    assert ask(api, tender)["status"] == "unsuccessful"


def test_a_confirmed_winner_is_not_waited_for(api: Api) -> None:
    tender = api.tender()
    to_qualification(api, tender, 450)
    api.patch(awards(api, tender)[0], {"status": "active"})
    assert "next_check" not in api.get(tender.path)
    api.clock.advance(30 * DAY)
    assert ask(api, tender)["status"] == "active.awarded"


def test_nobody_looks_at_the_lots_of_a_cancelled_tender(api: Api) -> None:
    tender, (one, _) = with_lots(api, 2)
    to_qualification(api, tender, 240)
    rejected = next(a for a in awards(api, tender) if a.data["lotID"] == one)
    api.patch(rejected, {"status": "unsuccessful"})
    assert "next_check" in api.get(tender.path)
    cancel(api, tender)
    assert "next_check" not in api.get(tender.path)


def test_lots_end_one_after_the_other(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    to_qualification(api, tender, 240)
    given = {a.data["lotID"]: a for a in awards(api, tender)}
    api.patch(given[one], {"status": "unsuccessful"})
    api.clock.advance(HOUR)
    api.patch(given[two], {"status": "active"})
    end = api.get(given[one].path)["complaintPeriod"]["endDate"]
    assert api.get(tender.path)["next_check"] == end
    api.clock.now = datetime.fromisoformat(end)
    doc = ask(api, tender)
    assert {lot["id"]: lot["status"] for lot in doc["lots"]} == {one: "unsuccessful", two: "active"}
    api.clock.advance(STAND_STILL)
    api.patch(contracts(api, tender)[0], {"status": "active"})
    doc = api.get(tender.path)
    assert (doc["status"], {lot["status"] for lot in doc["lots"]}) == ("complete", {"unsuccessful", "complete"})


def test_a_tender_fails_with_all_its_lots(api: Api) -> None:
    tender, _ = with_lots(api, 2)
    to_qualification(api, tender, 240)
    for award in awards(api, tender):
        api.patch(award, {"status": "unsuccessful"})
    doc = api.until(tender, "unsuccessful")
    assert {lot["status"] for lot in doc["lots"]} == {"unsuccessful"}


# --- planning auctions


@pytest.mark.parametrize("lots", [0, 2])
def test_when_an_auction_may_be_planned(api: Api, lots: int) -> None:
    tender, _ = with_lots(api, lots) if lots else (api.tender(), [])
    assert "auctionPeriod" not in tender.data
    bidding(api, tender, 240, 230)
    for status in ("active.tendering", "active.auction"):
        doc = api.until(tender, status)
        expected = {"shouldStartAfter": after_midnight(doc["tenderPeriod"]["endDate"])}
        for holder in doc["lots"] if lots else [doc]:
            assert holder["auctionPeriod"] == expected


def test_midnight_itself_is_not_rounded(api: Api) -> None:
    end = (api.clock.now + 14 * DAY).replace(hour=0).isoformat()
    tender = api.tender(tenderPeriod={"endDate": end})
    api.until(tender, "active.tendering")
    assert api.get(tender.path)["auctionPeriod"] == {"shouldStartAfter": end}


@pytest.mark.parametrize("details", ["quick", "quick(mode:no-auction)", "quick(mode:fast-forward)"])
def test_the_auction_of_a_quick_tender_may_begin_at_once(api: Api, details: str) -> None:
    tender = api.tender(submissionMethodDetails=details)
    doc = api.until(tender, "active.tendering")
    assert doc["auctionPeriod"] == {"shouldStartAfter": doc["tenderPeriod"]["endDate"]}


def test_there_is_no_quick_mode_outside_a_sandbox(real: Api) -> None:
    tender = real.tender(submissionMethodDetails="quick")
    doc = real.until(tender, "active.tendering")
    assert doc["auctionPeriod"] == {"shouldStartAfter": after_midnight(doc["tenderPeriod"]["endDate"])}


@pytest.mark.parametrize("status", ["active.tendering", "active.auction"])
def test_an_auction_is_planned(api: Api, status: str) -> None:
    tender = api.tender()
    bidding(api, tender, 450, 440)
    end = api.until(tender, status)["tenderPeriod"]["endDate"]
    doc = ask(api, tender, auctionPeriod={"startDate": FAR})
    assert doc["auctionPeriod"] == {"startDate": FAR, "shouldStartAfter": after_midnight(end)}
    assert doc["next_check"] == (end if status == "active.tendering" else FAR_HERE)
    doc = ask(api, tender, auctionPeriod={"startDate": None})
    assert doc["auctionPeriod"] == {"shouldStartAfter": after_midnight(end)}


@pytest.mark.parametrize("status", ["active.tendering", "active.auction"])
def test_auctions_of_lots_are_planned(api: Api, status: str) -> None:
    tender, (one, _) = with_lots(api, 2)
    bidding(api, tender, 240, 230)
    end = api.until(tender, status)["tenderPeriod"]["endDate"]
    doc = ask(api, tender, lots=[{"auctionPeriod": {"startDate": FAR}, "title": "x", "status": "cancelled"}, {}])
    planned, other = doc["lots"]
    assert planned["auctionPeriod"] == {"startDate": FAR, "shouldStartAfter": after_midnight(end)}
    assert (planned["id"], planned["title"], planned["status"]) == (one, "Лот 0", "active")
    assert "startDate" not in other["auctionPeriod"]
    assert doc["next_check"] == (end if status == "active.tendering" else FAR_HERE)
    doc = ask(api, tender, lots=[{"auctionPeriod": {"startDate": None}}, {"auctionPeriod": {"startDate": FAR}}])
    assert ["startDate" in lot["auctionPeriod"] for lot in doc["lots"]] == [False, True]


def test_what_is_no_moment_is_refused(api: Api) -> None:
    tender = api.tender()
    bidding(api, tender, 450, 440)
    data = {"auctionPeriod": {"startDate": "x"}}
    refused = api.refused("PATCH", tender.path, data, user="chronograph", status=422)
    assert refused == wrong("auctionPeriod", {"startDate": ["Could not parse x. Should be ISO8601."]})


@pytest.mark.parametrize("field", ["title", "status", "value", "tenderPeriod"])
def test_the_chronograph_changes_nothing_else(api: Api, field: str) -> None:
    tender = api.tender()
    news = {"title": "x", "status": "cancelled", "value": {"amount": 300}, "tenderPeriod": {"endDate": "2030-01-01"}}
    assert ask(api, tender, **{field: news[field]})[field] == tender.data[field]


def test_the_chronograph_moves_a_tender_on_no_sooner_than_it_is_due(api: Api) -> None:
    tender = api.tender()
    assert ask(api, tender, status="active.tendering")["status"] == "active.enquiries"
    api.clock.now = datetime.fromisoformat(tender.data["next_check"])
    assert ask(api, tender, status="active.tendering")["status"] == "active.tendering"
    assert ask(api, tender, status="active.auction")["status"] == "active.tendering"


@pytest.mark.parametrize("lots", [0, 1])
def test_an_auction_that_did_not_take_place_is_planned_anew(api: Api, lots: int) -> None:
    tender, _ = with_lots(api, lots) if lots else (api.tender(), [])
    bidding(api, tender, 240, 230)
    api.until(tender, "active.auction")
    begin = api.clock.now + DAY
    period = {"auctionPeriod": {"startDate": begin.isoformat()}}
    doc = ask(api, tender, **({"lots": [period]} if lots else period))
    assert doc["next_check"] == begin.isoformat()
    api.clock.now = begin
    over = auction_end_estimate(2, begin)
    doc = ask(api, tender)
    assert doc["next_check"] == over.isoformat()
    before = (doc["lots"][0] if lots else doc)["auctionPeriod"]["shouldStartAfter"]
    api.clock.now = over + SECOND
    doc = ask(api, tender)
    after = (doc["lots"][0] if lots else doc)["auctionPeriod"]["shouldStartAfter"]
    assert after == after_midnight(over.isoformat()) > before
    assert doc["status"] == "active.auction"


def test_a_held_auction_is_not_planned_again(api: Api) -> None:
    tender = api.tender()
    bidding(api, tender, 450, 440)
    hold_auction(api, tender)
    doc = api.get(tender.path)
    assert doc["auctionPeriod"].keys() == {"endDate"}
    assert ask(api, tender)["auctionPeriod"] == doc["auctionPeriod"]


@pytest.mark.parametrize("user", ["chronograph", "administrator"])
@pytest.mark.parametrize("lots", [0, 2])
def test_an_auction_is_not_skipped_by_its_plan(api: Api, user: str, lots: int) -> None:
    tender, _ = with_lots(api, lots) if lots else (api.tender(), [])
    bidding(api, tender, 240, 230)
    doc = api.until(tender, "active.auction")
    planned = (doc["lots"] if lots else [doc])[0]["auctionPeriod"]
    sent = {"startDate": doc["tenderPeriod"]["endDate"], "endDate": FAR, "shouldStartAfter": FAR}
    doc = api.patch(tender.path, {"lots": [{"auctionPeriod": sent}] * lots} if lots else {"auctionPeriod": sent}, user=user)
    assert doc["status"] == "active.auction"
    for holder in doc["lots"] if lots else [doc]:
        assert holder["auctionPeriod"] == planned | {"startDate": sent["startDate"]}


@pytest.mark.parametrize("user", ["chronograph", "administrator"])
def test_a_held_auction_keeps_its_period(api: Api, user: str) -> None:
    tender, (one, _) = with_lots(api, 2)
    bidding(api, tender, 240, 230)
    api.until(tender, "active.auction")
    results = {"bids": api.get(f"{tender.path}/auction", user="auction")["bids"]}
    api.call("POST", f"{tender.path}/auction/{one}", results, user="auction")
    held = api.get(f"{tender.path}/lots/{one}")["auctionPeriod"]
    for period in ({"startDate": FAR, "endDate": FAR}, {"endDate": None}, None):
        doc = api.patch(tender.path, {"lots": [{"auctionPeriod": period}, {}]}, user=user)
        assert doc["lots"][0]["auctionPeriod"] == held


# --- what the chronograph sees

# --- what the chronograph sees


def test_what_the_chronograph_sees(api: Api) -> None:
    tender, _ = with_lots(api, 1)
    bidding(api, tender, 240, 230)
    doc = api.get(tender.path, user="chronograph")
    assert doc.keys() == {"id", "status", "enquiryPeriod", "tenderPeriod", "lots", "numberOfBids"}
    assert doc["numberOfBids"] == 2
    [lot] = doc["lots"]
    assert lot == {"id": lot["id"], "status": "active", "auctionPeriod": lot["auctionPeriod"], "numberOfBids": 2}
    for user in ("broker", "administrator", "auction", "token"):
        assert "numberOfBids" not in api.get(tender.path, user=user)["lots"][0]


# --- acceleration


def test_the_stand_still_is_accelerated(api: Api) -> None:
    tender = api.tender(procurementMethodDetails="quick, accelerator=1440")
    to_qualification(api, tender, 450)
    active = api.patch(awards(api, tender)[0], {"status": "active"})
    assert active["complaintPeriod"]["endDate"] == (api.clock.now + timedelta(minutes=2)).isoformat()


@pytest.mark.parametrize("factor", ["0", "00", "1", "9" * 30, "9" * 5000])
def test_any_accelerator_is_harmless(api: Api, factor: str) -> None:
    tender = api.tender(procurementMethodDetails=f"quick, accelerator={factor}")
    to_qualification(api, tender, 450)
    award = awards(api, tender)[0]
    end = datetime.fromisoformat(api.patch(award, {"status": "active"})["complaintPeriod"]["endDate"])
    assert end == (api.clock.now + 2 * DAY if len(factor) < 3 else api.clock.now)


def test_there_is_no_acceleration_outside_a_sandbox(real: Api) -> None:
    data = builders.tender(real.clock.now, procurementMethodDetails="quick, accelerator=1440")
    assert real.refused("POST", "/tenders", data, status=422) == wrong("procurementMethodDetails", "Rogue field")


# --- the ends of time

BEYOND = ["date value out of range"]


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59+00:00", "9999-12-31", "0001-01-01T00:00:00+00:00"])
def test_moments_that_some_zones_cannot_express_are_refused(api: Api, end: str) -> None:
    data = builders.tender(api.clock.now, tenderPeriod={"endDate": end})
    assert api.refused("POST", "/tenders", data, status=422) == wrong("tenderPeriod", {"endDate": BEYOND})
    news = {"auctionPeriod": {"startDate": end}}
    refused = api.refused("PATCH", api.tender().path, news, user="chronograph", status=422)
    assert refused == wrong("auctionPeriod", {"startDate": BEYOND})


def test_the_last_moments_are_reckoned_with(api: Api) -> None:
    last = "9999-10-01T23:00:00+00:00"
    tender = api.tender(tenderPeriod={"endDate": last})
    assert api.until(tender, "active.tendering")["auctionPeriod"]["shouldStartAfter"] > last
    other = api.tender()
    bidding(api, other, 450, 440)
    api.until(other, "active.auction")
    here = "9999-10-02T02:00:00+03:00"
    assert ask(api, other, auctionPeriod={"startDate": last})["next_check"] == here
