"""Lives of dialogues in their first stage; together they pass through every state and every move that is declared."""

from __future__ import annotations

from collections.abc import Callable

from openprocurement_api.testing.client import Api
from procedures.above_threshold_eu.tests.disputes import UPHELD, closed_as_answered, every_way, left_answered, take

from .play import PENDING, Play

SECOND = "0" * 32


def three_firms_and_a_second_stage(api: Api) -> None:
    """A draft is published, three firms of four pass the review, they talk with the buyer, and a second stage is opened."""
    play = Play(api, status="draft")
    api.patch(play.tender, {"status": "active.tendering"})
    for status in ("pending", "draft", "pending", "pending", "draft"):
        play.bid(status=status)
    api.patch(play.bids[1], {"status": "pending"})
    play.talks(rejected=(0,))
    assert play.status == PENDING
    play.wait().bridge(stage2TenderID=SECOND)
    assert play.bridge(status="complete")["stage2TenderID"] == SECOND
    assert play.status == "complete"


def the_tender_changes(api: Api) -> None:
    """Bids are invalid after a change: one is confirmed, one taken back, as are one that stood and a draft."""
    play = Play(api)
    confirmed, forgotten = play.bid(), play.bid()
    play.amend()
    api.patch(confirmed, {"status": "pending"})
    for bid in (forgotten, play.bid(), play.bid(status="draft")):
        api.call("DELETE", bid.path, token=bid.token)
    assert [bid["status"] for bid in play.stored["bids"]] == ["pending", "deleted", "deleted", "deleted"]


def too_few_bid(api: Api) -> None:
    """Two bids are not enough, for a tender or for each of its lots."""
    for lots in (0, 2):
        assert Play(api, lots=lots).open_bids(1, 2).status == "unsuccessful"


def too_few_pass(api: Api) -> None:
    """Two firms that pass are not enough, for a tender or for each of its lots."""
    assert Play(api).talks(rejected=(0,)).status == "unsuccessful"
    play = Play(api, lots=2).talks(rejected=(0, 1))
    assert play.status == "unsuccessful"
    assert {bid["status"] for bid in play.stored["bids"]} == {"unsuccessful"}


def decisions_are_taken_back(api: Api) -> None:
    """Whatever was decided of a bid, or was not, is taken back and decided again."""
    play = Play(api).open_bids(1, 2, 3)
    for place, status in ((0, "cancelled"), (1, "active"), (2, "unsuccessful"), (1, "cancelled"), (2, "cancelled")):
        play.judge(place, status)
    assert [bid["status"] for bid in play.doc["bids"]] == ["pending"] * 3


def wishes_are_decided_each_on_its_own(api: Api) -> None:
    """With lots, what became of its wishes says what a bid is."""
    play = Play(api, lots=2).open_bids(1, 2, 3)
    seen = []
    for place, status in ((0, "unsuccessful"), (1, "active"), (1, "cancelled"), (6, "unsuccessful"), (6, "cancelled")):
        play.judge(place, status)
        seen.append(play.doc["bids"][0]["status"])
    assert seen == ["pending", "active", "pending", "unsuccessful", "pending"]


# --- giving up


def stages(api: Api, lots: int) -> list[Callable[[], Play]]:
    """Ways to a dialogue in each state in which it may be cancelled."""

    def tendering() -> Play:
        play = Play(api, lots=lots)
        play.bid(0, *play.lots)
        return play

    return [
        lambda: Play(api, lots=lots, status="draft"),
        tendering,
        lambda: Play(api, lots=lots).open_bids(1, 2, 3),
        lambda: Play(api, lots=lots).judged(1, 2, 3),
        lambda: Play(api, lots=lots).talks(),
        lambda: Play(api, lots=lots).talks().wait(),
    ]


def the_tender_is_cancelled(api: Api) -> None:
    """The dialogue is given up, in every state."""
    for stage in stages(api, lots=0):
        play = stage()
        api.patch(play.cancel(status="pending").path, {"status": "active"}, token=play.tender.token)
        assert play.status == "cancelled"


def all_lots_are_cancelled(api: Api) -> None:
    """With its last lot the dialogue is cancelled, in every state."""
    for stage in stages(api, lots=2):
        play = stage()
        for lot in play.lots:
            play.cancel(lot)
        assert play.status == "cancelled"


def the_only_lot_that_went_on_is_cancelled(api: Api) -> None:
    """One lot had too few bidders; with the other one cancelled the dialogue has failed, wherever it was."""
    ways = (
        lambda p: p,
        lambda p: p.judge_all(3).stand_still(),
        lambda p: p.judge_all().stand_still().to_auction(),
        lambda p: p.judge_all().stand_still().to_auction().wait(),
    )
    for way in ways:
        play = Play(api, lots=2)
        for _ in range(4):
            play.bid(0, play.lots[0])
        way(play.open_bids())
        play.cancel(play.lots[0])
        assert play.status == "unsuccessful"


# --- complaints


def complaints_about_the_tender(api: Api) -> None:
    """Claims and complaints about the tender go every way; those that were answered end as the answer says with tendering."""
    play = Play(api)
    every_way(play, lambda status: play.complain(status=status))
    for start, *steps in UPHELD:
        take(play, play.complain(status=start), start, *steps)
    made = left_answered(play, lambda status: play.complain(status=status))
    for claim in play.claims:
        if api.get(claim.path)["status"] == "pending":
            play.review(claim, "mistaken")
    play.open_bids(1, 2, 3)
    closed_as_answered(play, made)


def complaints_about_the_review(api: Api) -> None:
    """Claims and complaints about a qualification go every way; those left end with the tender, that one is upheld."""
    play = Play(api).judged(1, 2, 3)
    every_way(play, lambda status: play.complain_of(0, status=status))
    made = left_answered(play, lambda status: play.complain_of(0, status=status))
    for start, *steps in UPHELD:
        take(play, play.complain_of(0, status=start), start, *steps)
        play.judge_all().stand_still()
    play.cancel()
    closed_as_answered(play, made)


SCENARIOS = (
    three_firms_and_a_second_stage,
    the_tender_changes,
    too_few_bid,
    too_few_pass,
    decisions_are_taken_back,
    wishes_are_decided_each_on_its_own,
    the_tender_is_cancelled,
    all_lots_are_cancelled,
    the_only_lot_that_went_on_is_cancelled,
    complaints_about_the_tender,
    complaints_about_the_review,
)
