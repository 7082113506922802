"""The chronograph of the old toolkit works over HTTP; the API goes on serving it."""

from __future__ import annotations

from datetime import datetime, timedelta

from openprocurement_api.testing.builders import lot

WEEK = timedelta(days=7)


def test_a_patch_with_the_id_moves_the_tender_on(api):
    thing = api.tender()
    api.clock.advance(WEEK)
    shown = api.patch(thing.path, {"id": thing.id}, user="chronograph")
    assert shown["status"] == "active.tendering"
    assert shown["next_check"] == shown["tenderPeriod"]["endDate"]
    assert "startDate" not in shown["auctionPeriod"]


def test_the_start_of_the_auction_is_taken(api):
    thing = api.tender()
    shown = api.tick(thing, WEEK)
    start = (datetime.fromisoformat(shown["auctionPeriod"]["shouldStartAfter"]) + timedelta(hours=11)).isoformat()
    shown = api.patch(thing.path, {"auctionPeriod": {"startDate": start}}, user="chronograph")
    assert shown["auctionPeriod"]["startDate"] == start
    assert api.get(thing.path)["auctionPeriod"]["shouldStartAfter"]


def test_what_the_old_one_planned_is_left_as_it_is(town):
    thing = town.api.tender()
    shown = town.api.tick(thing, WEEK)
    start = (datetime.fromisoformat(shown["auctionPeriod"]["shouldStartAfter"]) + timedelta(hours=13)).isoformat()
    town.api.patch(thing.path, {"auctionPeriod": {"startDate": start}}, user="chronograph")
    before = town.stored(thing)
    town.pass_time()
    assert town.stored(thing) == before


def test_starts_of_lots_are_taken_by_place(api):
    thing = api.tender(lots=[lot("1"), lot("2")])
    lots = api.tick(thing, WEEK)["lots"]
    start = (datetime.fromisoformat(lots[1]["auctionPeriod"]["shouldStartAfter"]) + timedelta(hours=11)).isoformat()
    api.patch(thing.path, {"lots": [{}, {"auctionPeriod": {"startDate": start}}]}, user="chronograph")
    after = api.get(thing.path)["lots"]
    assert "startDate" not in after[0]["auctionPeriod"]
    assert after[1]["auctionPeriod"]["startDate"] == start
    assert {name: value for name, value in after[1].items() if name != "auctionPeriod"} == {
        name: value for name, value in lots[1].items() if name != "auctionPeriod"
    }


def test_both_at_once_do_no_harm(town):
    thing = town.api.tender()
    town.api.clock.advance(WEEK)
    town.api.tick(thing)
    town.pass_time()
    town.api.tick(thing)
    town.pass_time()
    authors = [r.body["author"] for r in town.api.store.revisions("tender", thing.id)]
    assert authors == ["broker", "chronograph", "chronograph"]


def test_the_chronograph_sees_what_it_needs(api):
    thing = api.tender()
    api.tick(thing, WEEK)
    shown = api.get(thing.path, user="chronograph")
    assert {"status", "tenderPeriod", "auctionPeriod", "id"} <= shown.keys()
    assert "procuringEntity" not in shown
