"""Lives of tenders of the open procedure; together they pass through every state and every move that is declared.

Each takes the class of plays that announces tenders, so that variants of the procedure are put through the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.scenario import Scenario

from .play import Play

Announce = type[Play]
RESOLUTIONS = ("invalid", "resolved", "declined")


# --- from the announcement to the contract


def two_bids_and_a_contract(api: Api, announce: Announce) -> None:
    """A draft is published, suppliers bid, confirm their bids after a change, take some back; the cheapest one signs."""
    play = announce(api, status="draft")
    api.patch(play.tender, {"status": "active.tendering"})
    first = play.bid(450)
    second = play.bid(440, status="draft")
    api.patch(second, {"status": "active"})
    gone = [play.bid(430), play.bid(435), play.bid(436, status="draft")]
    api.call("DELETE", gone[0].path, token=gone[0].token)
    play.amend()
    for bid in (first, second):
        api.patch(bid, {"status": "active"})
    for bid in gone[1:]:
        api.call("DELETE", bid.path, token=bid.token)
    play.bid(420, status="draft")
    play.end_tendering()
    play.hold_auction()
    assert play.award["value"]["amount"] == 440
    play.decide("active")
    play.pass_stand_still()
    play.sign()
    assert play.status == "complete"


def nobody_bids(api: Api, announce: Announce) -> None:
    """A tender without bids is unsuccessful."""
    assert announce(api).open_bids().status == "unsuccessful"


def every_bid_is_rejected(api: Api, announce: Announce) -> None:
    """All bids are rejected; when the stand-still is over, nobody has won."""
    play = announce(api).awarding(450, 460)
    play.decide("unsuccessful")
    play.decide("unsuccessful")
    assert play.status == "active.awarded"
    play.pass_stand_still()
    assert play.status == "unsuccessful"


def a_decision_is_taken_back(api: Api, announce: Announce) -> None:
    """A winner is confirmed and dropped again: the tender goes back, the contract is cancelled."""
    play = announce(api).awarding(450, 460)
    play.decide("active")
    play.decide("cancelled")
    assert play.status == "active.qualification"
    assert play.doc["contracts"][0]["status"] == "cancelled"


def a_complaint_begins_the_awarding_anew(api: Api, announce: Announce) -> None:
    """A satisfied complaint undoes every award, of whatever status, and the best bid is considered again."""
    for upheld_of, later in ((0, ()), (1, ()), (0, ("cancelled",))):
        play = announce(api).awarding(440, 450, 460)
        play.decide("unsuccessful")
        play.decide("active")
        given = play.doc["awards"]
        complaint = play.complain(f"/awards/{given[upheld_of]['id']}", token=play.bids[0].token)
        for decision in later:
            play.decide(decision)
        play.review(complaint, "accepted")
        play.review(complaint, "satisfied")
        play.decide("cancelled", given[upheld_of])
        assert {award["status"] for award in play.doc["awards"][:-1]} == {"cancelled"}
        assert play.award["bid_id"] == play.bids[0].id


def a_signed_contract_is_cancelled_with_its_award(api: Api, announce: Announce) -> None:
    """Documents of the old toolkit may hold a signed contract in a tender that goes on; its award may still be taken back."""
    play = announce(api, lots=2).awarding(200, 210)
    lot = play.lots[0]
    play.decide("active", play.of_lot(lot))
    stored = api.store.get("tender", play.tender.id)
    body = stored.body
    body["contracts"][0]["status"] = "active"
    api.store.put("tender", body["id"], body, expect=stored.rev)
    play.decide("cancelled", play.of_lot(lot))
    assert play.doc["contracts"][0]["status"] == "cancelled"


# --- lots


def lots_end_each_in_its_way(api: Api, announce: Announce) -> None:
    """A lot without bids fails at once, another is won, a third loses all its bidders."""
    play = announce(api, lots=3)
    won, lost, _ = play.lots
    for amount in (200, 210):
        play.bid(amount, won, lost)
    play.end_tendering()
    play.hold_auction(won, lost)
    play.decide("active", play.of_lot(won))
    play.decide("unsuccessful", play.of_lot(lost))
    play.decide("unsuccessful", play.of_lot(lost))
    play.pass_stand_still()
    play.sign()
    assert [lot["status"] for lot in play.doc["lots"]] == ["complete", "unsuccessful", "unsuccessful"]
    assert play.status == "complete"


def no_lot_is_won(api: Api, announce: Announce) -> None:
    """Lots nobody bids for make the tender unsuccessful."""
    assert announce(api, lots=2).open_bids().status == "unsuccessful"


def the_lot_under_consideration_is_cancelled(api: Api, announce: Announce) -> None:
    """While one lot is considered the other has ended; with the first cancelled, the tender ends as the other did."""
    for decisions, status in ((("active",), "complete"), (("unsuccessful", "unsuccessful"), "unsuccessful")):
        play = announce(api, lots=2).awarding(200, 210)
        over, considered = play.lots
        for decision in decisions:
            play.decide(decision, play.of_lot(over))
        play.pass_stand_still()
        if status == "complete":
            play.sign()
        assert play.status == "active.qualification"
        play.cancel(considered)
        assert play.status == status


def every_lot_is_awarded_in_vain(api: Api, announce: Announce) -> None:
    """All awards of all lots are rejected: the tender ends when the last stand-still does."""
    play = announce(api, lots=2).awarding(200, 210)
    for lot in play.lots * 2:
        play.decide("unsuccessful", play.of_lot(lot))
    play.pass_stand_still()
    assert play.status == "unsuccessful"


# --- giving up


def stages(api: Api, lots: int, announce: Announce = Play) -> list[Callable[[], Play]]:
    """Ways to a tender in each state in which it may be cancelled."""

    def tendering() -> Play:
        play = announce(api, lots=lots)
        play.bid(200, *play.lots)
        return play

    def awarded() -> Play:
        play = announce(api, lots=lots).awarding(200, 210)
        for lot in play.lots or [""]:
            play.decide("active", play.of_lot(lot) if lot else None)
        return play

    return [
        lambda: announce(api, lots=lots, status="draft"),
        tendering,
        lambda: announce(api, lots=lots).open_bids(200, 210),
        lambda: announce(api, lots=lots).awarding(200, 210),
        awarded,
    ]


def the_tender_is_cancelled(api: Api, announce: Announce) -> None:
    """The tender is given up, in every state; bids that were never opened go."""
    for stage in stages(api, 0, announce):
        play = stage()
        api.patch(play.cancel(status="pending").path, {"status": "active"}, token=play.tender.token)
        assert play.status == "cancelled"


def all_lots_are_cancelled(api: Api, announce: Announce) -> None:
    """With its last lot the tender is cancelled, in every state."""
    for stage in stages(api, 2, announce):
        play = stage()
        for lot in play.lots:
            play.cancel(lot)
        assert play.status == "cancelled"


# --- complaints


def complaints_about_the_tender(api: Api, announce: Announce) -> None:
    """Claims and complaints about the tender end in every way there is, and the time for bids waits for them."""
    play = announce(api)
    for _ in range(2):
        play.bid()
    every_way(play, lambda status: play.complain(status=status))
    answered = answer_all(play, lambda: play.complain(status="claim"))
    play.end_tendering()
    assert play.status == "active.auction"
    settled(api, answered)


def complaints_about_an_award(api: Api, announce: Announce) -> None:
    """Claims and complaints about an award end in every way there is; answers stand when the tender ends."""
    play = announce(api).awarding(450, 460)
    play.decide("active")
    place, token = f"/awards/{play.award['id']}", play.bids[1].token
    every_way(play, lambda status: play.complain(place, status, token))
    answered = answer_all(play, lambda: play.complain(place, "claim", token))
    play.cancel()
    settled(api, answered)


def answer_all(play: Play, claim: Callable[[], Thing]) -> dict[str, Thing]:
    """Claims that are answered, one with each type of resolution."""
    made = {resolution: claim() for resolution in RESOLUTIONS}
    for resolution, one in made.items():
        play.answer(one, resolutionType=resolution)
    return made


def settled(api: Api, answered: dict[str, Thing]) -> None:
    """Answered claims took the buyer's resolution."""
    assert all(api.get(claim.path)["status"] == resolution for resolution, claim in answered.items())


def every_way(play: Play, file: Callable[[str], Thing]) -> None:
    """Claims that are settled, withdrawn or escalated; complaints that are turned away, decided or stopped."""
    api = play.api
    claimed = file("draft")
    api.patch(claimed, {"status": "claim"})
    play.answer(claimed)
    api.patch(claimed, {"status": "resolved", "satisfied": True})
    withdrawn = [file("draft"), file("claim"), file("claim")]
    play.answer(withdrawn[-1])
    for one in withdrawn:
        play.withdraw(one, "cancelled")
    escalated = [file("draft"), file("claim"), file("claim")]
    play.answer(escalated[-1])
    for one in escalated:
        api.patch(one, {"status": "pending"} | ({"satisfied": False} if one is escalated[-1] else {}))
    api.clock.advance(timedelta(minutes=1))
    for status, complaint in zip(("invalid", "mistaken", "stopped"), escalated, strict=True):
        play.review(complaint, status)
    decided(play, file)


def decided(play: Play, file: Callable[[str], Thing]) -> None:
    """Complaints that were accepted, or that who filed them asked to stop."""
    for status in ("declined", "stopped", "satisfied"):
        complaint = file("pending")
        play.review(complaint, "accepted")
        play.review(complaint, status)
    act = complaint.path.removeprefix(play.tender.path)
    play.act(act, {"status": "resolved", "tendererAction": "Умови виправлено"})
    for status in ("invalid", "mistaken", "declined", "stopped", "satisfied"):
        complaint = file("pending")
        if status == "declined":
            play.review(complaint, "accepted")
        play.withdraw(complaint, "stopping")
        play.review(complaint, status)
    act = complaint.path.removeprefix(play.tender.path)
    play.act(act, {"status": "resolved", "tendererAction": "Умови виправлено"})


LIVES = (
    two_bids_and_a_contract,
    nobody_bids,
    every_bid_is_rejected,
    a_decision_is_taken_back,
    a_complaint_begins_the_awarding_anew,
    a_signed_contract_is_cancelled_with_its_award,
    lots_end_each_in_its_way,
    no_lot_is_won,
    the_lot_under_consideration_is_cancelled,
    every_lot_is_awarded_in_vain,
    the_tender_is_cancelled,
    all_lots_are_cancelled,
    complaints_about_the_tender,
    complaints_about_an_award,
)


def scenarios(announce: Announce) -> tuple[Scenario, ...]:
    """All lives, of tenders announced so."""
    return tuple(partial(life, announce=announce) for life in LIVES)


SCENARIOS = scenarios(Play)
