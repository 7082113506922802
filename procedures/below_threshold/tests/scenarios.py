"""Lives of below-threshold tenders; together they pass through every state and every move that is declared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import Api, Thing

from .play import Play

DECISIONS = ("invalid", "resolved", "declined")


# --- from the announcement to the contract


def two_bids_and_a_contract(api: Api) -> None:
    """A draft is published, two suppliers bid, the cheaper one wins and signs."""
    play = Play(api, status="draft")
    api.patch(play.tender, {"status": "active.enquiries"})
    api.until(play.tender, "active.tendering")
    play.bid(450)
    draft = play.bid(440, status="draft")
    api.patch(draft, {"status": "active"})
    play.bid(430, status="draft")
    play.end_tendering()
    play.hold_auction()
    assert play.award["value"]["amount"] == 440
    play.decide("active")
    play.pass_stand_still()
    play.sign()
    assert play.status == "complete"


def nobody_bids(api: Api) -> None:
    """A tender without bids is unsuccessful."""
    assert Play(api).open_bids().status == "unsuccessful"


def the_only_bid_is_rejected(api: Api) -> None:
    """One bid needs no auction; when it is rejected and the stand-still is over, nobody has won."""
    play = Play(api).open_bids(450)
    play.decide("unsuccessful")
    assert play.status == "active.awarded"
    play.pass_stand_still()
    assert play.status == "unsuccessful"


def a_decision_is_taken_back(api: Api) -> None:
    """A winner is confirmed and dropped again: the tender goes back, its contract is cancelled."""
    play = Play(api).open_bids(450, 460).hold_auction()
    play.decide("active")
    play.decide("cancelled")
    assert play.status == "active.qualification"
    assert play.doc["contracts"][0]["status"] == "cancelled"


def a_claim_undoes_awards(api: Api) -> None:
    """A rejected bidder's claim makes the buyer take back that award and every later one, of whatever status."""
    for later in ((), ("unsuccessful",), ("active",)):
        play = Play(api).open_bids(440, 450, 460).hold_auction()
        first = play.award
        play.decide("unsuccessful")
        play.claim(f"/awards/{first['id']}", token=play.bids[0].token)
        for decision in later:
            play.decide(decision)
        play.decide("cancelled", first)
        assert {a["status"] for a in play.doc["awards"][:-1]} == {"cancelled"}
        assert play.award["bid_id"] == play.bids[0].id


def a_signed_contract_is_cancelled_with_its_award(api: Api) -> None:
    """Documents of the old toolkit may hold a signed contract in a tender that goes on; its award may still be taken back."""
    play = Play(api, lots=2).open_bids(200, 210)
    play.hold_auction(*play.lots)
    lot = play.lots[0]
    play.decide("active", play.of_lot(lot))
    stored = api.store.get("tender", play.tender.id)
    body = stored.body
    body["contracts"][0]["status"] = "active"
    api.store.put("tender", body["id"], body, expect=stored.rev)
    play.decide("cancelled", play.of_lot(lot))
    assert play.doc["contracts"][0]["status"] == "cancelled"


# --- lots


def lots_end_each_in_its_way(api: Api) -> None:
    """A lot without bids fails at once, another is won, a third loses its only bidder."""
    play = Play(api, lots=3)
    won, lost, _ = play.lots
    api.until(play.tender, "active.tendering")
    play.bid(200, won)
    play.bid(210, lost)
    play.end_tendering()
    play.decide("active", play.of_lot(won))
    play.decide("unsuccessful", play.of_lot(lost))
    play.pass_stand_still()
    play.sign()
    assert [lot["status"] for lot in play.doc["lots"]] == ["complete", "unsuccessful", "unsuccessful"]
    assert play.status == "complete"


def no_lot_is_won(api: Api) -> None:
    """Lots nobody bids for make the tender unsuccessful."""
    assert Play(api, lots=2).open_bids().status == "unsuccessful"


def the_last_lot_to_be_auctioned_is_cancelled(api: Api) -> None:
    """One lot has two bids and waits for its auction; it is cancelled, and the others are considered."""
    play = Play(api, lots=2)
    api.until(play.tender, "active.tendering")
    play.bid(200, *play.lots)
    play.bid(210, play.lots[0])
    play.end_tendering()
    assert play.status == "active.auction"
    play.cancel(play.lots[0])
    assert play.status == "active.qualification"


def the_lot_under_consideration_is_cancelled(api: Api) -> None:
    """While one lot is considered the other has ended; with the first cancelled, the tender ends as the other did."""
    for decision, status in (("active", "complete"), ("unsuccessful", "unsuccessful")):
        play = Play(api, lots=2).open_bids(200)
        over, considered = play.lots
        play.decide(decision, play.of_lot(over))
        play.pass_stand_still()
        if decision == "active":
            play.sign()
        assert play.status == "active.qualification"
        play.cancel(considered)
        assert play.status == status


def every_lot_is_awarded_in_vain(api: Api) -> None:
    """All awards of all lots are rejected: the tender ends when the last stand-still does."""
    play = Play(api, lots=2).open_bids(200)
    for lot in play.lots:
        play.decide("unsuccessful", play.of_lot(lot))
    play.pass_stand_still()
    assert play.status == "unsuccessful"


# --- giving up


def stages(api: Api, lots: int) -> list[Callable[[], Play]]:
    """Ways to a tender in each state in which it may be cancelled."""

    def tendering() -> Play:
        play = Play(api, lots=lots)
        api.until(play.tender, "active.tendering")
        play.bid(200, *play.lots)
        return play

    def awarded() -> Play:
        play = Play(api, lots=lots).open_bids(200)
        for lot in play.lots or [""]:
            play.decide("active", play.of_lot(lot) if lot else None)
        return play

    return [
        lambda: Play(api, lots=lots, status="draft"),
        lambda: Play(api, lots=lots),
        tendering,
        lambda: Play(api, lots=lots).open_bids(200, 210),
        lambda: Play(api, lots=lots).open_bids(200),
        awarded,
    ]


def the_tender_is_cancelled(api: Api) -> None:
    """The tender is given up, in every state; bids that were never opened go."""
    for stage in stages(api, lots=0):
        play = stage()
        api.patch(play.cancel(status="pending").path, {"status": "active"}, token=play.tender.token)
        assert play.status == "cancelled"


def all_lots_are_cancelled(api: Api) -> None:
    """With its last lot the tender is cancelled, in every state."""
    for stage in stages(api, lots=2):
        play = stage()
        for lot in play.lots:
            play.cancel(lot)
        assert play.status == "cancelled"


# --- claims


def claims_about_the_tender(api: Api) -> None:
    """Claims about the tender end in every way there is."""
    play = Play(api)
    every_way(play, lambda status: play.claim(status=status), lambda: api.tick(play.tender))
    cancelled_with_claims(play, play.claim)
    assert "next_check" not in play.doc


def claims_about_an_award(api: Api) -> None:
    """Claims about an award end in every way there is, and with the award that is taken back."""
    play = Play(api).open_bids(450, 460).hold_auction()
    first = play.award
    place = f"/awards/{first['id']}"
    play.decide("unsuccessful")
    every_way(
        play,
        lambda status: play.claim(place, status=status, token=play.bids[0].token),
        lambda: api.tick(play.tender),
        reopen=lambda: stretch(play, first["id"]),
    )
    stretch(play, first["id"])
    left = play.claims_of_every_status(place, play.bids[0].token)
    play.decide("cancelled", first)
    assert {api.get(claim.path)["status"] for claim in left.values()} == {"cancelled"}
    last = f"/awards/{play.award['id']}"
    cancelled_with_claims(play, lambda: play.claim(last, token=play.bids[0].token))


def cancelled_with_claims(play: Play, claim: Callable[[], Thing]) -> None:
    """The tender is given up: a claim that waits for an answer is ignored, an answered one ends as its answer says."""
    made = {status: claim() for status in (*DECISIONS, "ignored")}
    for decision in DECISIONS:
        play.answer(made[decision], resolutionType=decision)
    play.cancel()
    assert all(play.api.get(each.path)["status"] == status for status, each in made.items())


def every_way(
    play: Play, claim: Callable[[str], Thing], look: Callable[[], Doc], reopen: Callable[[], None] = lambda: None
) -> None:
    """Claims that are settled, withdrawn, decided by the review body, closed by time, or no longer escalated."""
    api = play.api
    settled = claim("draft")
    api.patch(settled, {"status": "claim"})
    play.answer(settled)
    api.patch(settled, {"status": "resolved", "satisfied": True})
    withdrawn = [claim("draft"), claim("claim"), claim("claim")]
    play.answer(withdrawn[-1])
    for one in withdrawn:
        api.patch(one, {"status": "cancelled", "cancellationReason": "Помилка"})
    for decision in DECISIONS:
        escalated = claim("claim")
        play.forge(escalated, "pending")
        api.patch(escalated.path, {"status": decision}, user="reviewer")
    left = {decision: claim("claim") for decision in (*DECISIONS, "ignored")}
    for decision, one in left.items():
        answered = {"resolutionType": decision, "dateEscalated": api.clock.now.isoformat()} if decision != "ignored" else {}
        play.forge(one, "pending", **answered)
    look()
    assert all(api.get(one.path)["status"] == decision for decision, one in left.items())
    unanswered = {decision: claim("claim") for decision in DECISIONS}
    for decision, one in unanswered.items():
        play.answer(one, resolutionType=decision)
    api.clock.advance(timedelta(days=3))
    look()
    assert all(api.get(one.path)["status"] == decision for decision, one in unanswered.items())
    reopen()


def stretch(play: Play, award_id: str) -> None:
    """An operator gives a complaint period more time."""
    end = (play.api.clock.now + timedelta(days=1)).isoformat()
    play.api.call("PATCH", f"{play.tender.path}/awards/{award_id}", {"complaintPeriod": {"endDate": end}}, user="administrator")


SCENARIOS = (
    two_bids_and_a_contract,
    nobody_bids,
    the_only_bid_is_rejected,
    a_decision_is_taken_back,
    a_claim_undoes_awards,
    a_signed_contract_is_cancelled_with_its_award,
    lots_end_each_in_its_way,
    no_lot_is_won,
    the_last_lot_to_be_auctioned_is_cancelled,
    the_lot_under_consideration_is_cancelled,
    every_lot_is_awarded_in_vain,
    the_tender_is_cancelled,
    all_lots_are_cancelled,
    claims_about_the_tender,
    claims_about_an_award,
)
