"""Lives of tenders whose bidders are reviewed first; together they pass through every state and every move that is declared."""

from __future__ import annotations

from collections.abc import Callable

from openprocurement_api.testing.client import Api, Thing

from .disputes import UPHELD, closed_as_answered, every_way, left_answered, take
from .play import REVIEWED, STAND_STILL, Play

# --- from the announcement to the contract


def three_bids_and_a_contract(api: Api) -> None:
    """A draft is published, three suppliers bid, one is rejected unopened, the cheaper one of the others wins and signs."""
    play = Play(api, status="draft")
    api.patch(play.tender, {"status": "active.tendering"})
    play.bid(450)
    play.bid(440, status="draft")
    api.patch(play.bids[-1], {"status": "pending"})
    play.bid(430)
    play.bid(420, status="draft")
    play.open_bids().judge_all(2).stand_still().to_auction().compete()
    assert play.award["value"]["amount"] == 440
    play.decide("active")
    play.pass_stand_still()
    play.sign()
    assert play.status == "complete"


def the_tender_changes(api: Api) -> None:
    """Bids are invalid after a change: one is confirmed, one taken back, as are one that stood and a draft."""
    play = Play(api)
    confirmed, forgotten = play.bid(450), play.bid(460)
    play.amend()
    api.patch(confirmed, {"status": "pending"})
    for bid in (forgotten, play.bid(470), play.bid(480, status="draft")):
        api.call("DELETE", bid.path, token=bid.token)
    assert [bid["status"] for bid in play.stored["bids"]] == ["pending", "deleted", "deleted", "deleted"]


def too_few_bid(api: Api) -> None:
    """One bid is not enough, for a tender or for each of its lots."""
    assert Play(api).open_bids(450).status == "unsuccessful"
    assert Play(api, lots=2).open_bids(200).status == "unsuccessful"


def too_few_pass(api: Api) -> None:
    """One bidder who passes is not enough, for a tender or for each of its lots."""
    play = Play(api).judged(450, 460, rejected=(0,)).to_auction()
    assert play.status == "unsuccessful"
    play = Play(api, lots=2).judged(200, 210, rejected=(0, 1)).to_auction()
    assert play.status == "unsuccessful"
    assert {bid["status"] for bid in play.doc["bids"]} == {"unsuccessful"}


# --- the review


def decisions_are_taken_back(api: Api) -> None:
    """Whatever was decided of a bid, or was not, is taken back and decided again."""
    play = Play(api).open_bids(450, 460, 470)
    play.judge(0, "cancelled")
    play.judge(1, "active")
    play.judge(2, "unsuccessful")
    for place in (1, 2):
        play.judge(place, "cancelled")
    assert [bid["status"] for bid in play.doc["bids"]] == ["pending"] * 3
    assert len(play.judgements) == 6


def offers_are_decided_each_on_its_own(api: Api) -> None:
    """With lots, what became of its offers says what a bid is."""
    play = Play(api, lots=2).open_bids(200, 210)
    first = lambda: play.doc["bids"][0]["status"]  # noqa: E731 - looked at after each step
    seen = [first()]
    for place, status in ((0, "unsuccessful"), (1, "active"), (1, "cancelled"), (4, "unsuccessful"), (4, "cancelled")):
        play.judge(place, status)
        seen.append(first())
    assert seen == ["pending", "pending", "active", "pending", "unsuccessful", "pending"]


def a_complaint_about_the_review_is_satisfied(api: Api) -> None:
    """A bidder who was rejected complains, is let in after all, and wins."""
    play = Play(api).judged(440, 450, 460, rejected=(0,))
    complaint = play.complain_of(0)
    take(play, complaint, "pending", "accepted", "satisfied")
    play.judge(0, "cancelled")
    play.judge_all()
    take(play, complaint, "satisfied", "resolved")
    play.stand_still().to_auction().compete()
    assert play.award["bid_id"] == play.bids[0].id


# --- awards


def a_decision_is_taken_back(api: Api) -> None:
    """A winner is confirmed and dropped again: the tender goes back, its contract is cancelled."""
    play = Play(api).awarding(450, 460)
    play.decide("active")
    play.decide("cancelled")
    assert play.status == "active.qualification"
    assert play.doc["contracts"][0]["status"] == "cancelled"


def a_complaint_undoes_awards(api: Api) -> None:
    """A satisfied complaint about an award, of whatever status, takes back every award; the best bid is considered again."""
    for undone in (0, 1):
        play = Play(api).awarding(440, 450, 460)
        play.decide("unsuccessful")
        play.decide("active")
        award = play.doc["awards"][undone]
        complaint = play.complain(f"/awards/{award['id']}", token=play.bids[0].token)
        take(play, complaint, "pending", "accepted", "satisfied")
        play.decide("cancelled", award)
        assert {a["status"] for a in play.doc["awards"][:-1]} == {"cancelled"}
        assert play.award["bid_id"] == play.bids[0].id


def a_signed_contract_is_cancelled_with_its_award(api: Api) -> None:
    """Documents of the old toolkit may hold a signed contract in a tender that goes on; its award may still be taken back."""
    play = Play(api, lots=2).awarding(200, 210)
    lot = play.lots[0]
    play.decide("active", play.of_lot(lot))
    stored = api.store.get("tender", play.tender.id)
    body = stored.body
    body["contracts"][0]["status"] = "active"
    api.store.put("tender", body["id"], body, expect=stored.rev)
    play.decide("cancelled", play.of_lot(lot))
    assert play.doc["contracts"][0]["status"] == "cancelled"


def nobody_wins(api: Api) -> None:
    """All bids are rejected; when the stand-still is over the tender, or each of its lots, has ended."""
    for lots in (0, 2):
        play = Play(api, lots=lots).awarding(200, 210)
        for lot in play.lots or [""]:
            for _ in play.bids:
                play.decide("unsuccessful", play.of_lot(lot) if lot else None)
        assert play.status == "active.awarded"
        play.pass_stand_still()
        assert play.status == "unsuccessful"


# --- lots


def lots_end_each_in_its_way(api: Api) -> None:
    """A lot with one bid fails at once, another is won, a third loses both of its bidders."""
    play = Play(api, lots=3)
    won, lost, poor = play.lots
    for amount in (200, 210):
        play.bid(amount, won, lost)
    play.bid(220, poor)
    play.open_bids().judge_all().stand_still().to_auction().compete()
    play.decide("active", play.of_lot(won))
    for _ in range(2):
        play.decide("unsuccessful", play.of_lot(lost))
    play.pass_stand_still()
    play.sign()
    assert [lot["status"] for lot in play.doc["lots"]] == ["complete", "unsuccessful", "unsuccessful"]
    assert play.status == "complete"


def the_last_lot_to_be_auctioned_is_cancelled(api: Api) -> None:
    """Two lots wait for their auctions; one was held, the other is cancelled, and the first is considered."""
    play = Play(api, lots=2).judged(200, 210).to_auction()
    bids = api.get(f"{play.tender.path}/auction", user="auction")["bids"]
    results = [{"id": bid["id"], "lotValues": bid["lotValues"]} for bid in bids]
    api.call("POST", f"{play.tender.path}/auction/{play.lots[0]}", {"bids": results}, user="auction")
    assert play.status == "active.auction"
    play.cancel(play.lots[1])
    assert play.status == "active.qualification"


def the_only_lot_that_went_on_is_cancelled(api: Api) -> None:
    """One lot had too few bids; with the other one cancelled the tender has failed, wherever it was."""
    for way in (lambda p: p, lambda p: p.judge_all(2).stand_still(), lambda p: p.judge_all().stand_still().to_auction()):
        play = Play(api, lots=2)
        for amount in (200, 210, 220):
            play.bid(amount, play.lots[0])
        way(play.open_bids())
        play.cancel(play.lots[0])
        assert play.status == "unsuccessful"


def the_lot_under_consideration_is_cancelled(api: Api) -> None:
    """While one lot is considered the other has ended; with the first cancelled, the tender ends as the other did."""
    for decision, status in (("active", "complete"), ("unsuccessful", "unsuccessful")):
        play = Play(api, lots=2).awarding(200, 210)
        over, considered = play.lots
        for _ in range(1 if decision == "active" else 2):
            play.decide(decision, play.of_lot(over))
        play.pass_stand_still()
        if decision == "active":
            play.sign()
        assert play.status == "active.qualification"
        play.cancel(considered)
        assert play.status == status


# --- giving up


def stages(api: Api, lots: int) -> list[Callable[[], Play]]:
    """Ways to a tender in each state in which it may be cancelled."""

    def tendering() -> Play:
        play = Play(api, lots=lots)
        play.bid(200, *play.lots)
        return play

    def awarded() -> Play:
        play = Play(api, lots=lots).awarding(200, 210)
        for lot in play.lots or [""]:
            play.decide("active", play.of_lot(lot) if lot else None)
        return play

    return [
        lambda: Play(api, lots=lots, status="draft"),
        tendering,
        lambda: Play(api, lots=lots).open_bids(200, 210),
        lambda: Play(api, lots=lots).judged(200, 210),
        lambda: Play(api, lots=lots).judged(200, 210).to_auction(),
        lambda: Play(api, lots=lots).awarding(200, 210),
        awarded,
    ]


def the_tender_is_cancelled(api: Api) -> None:
    """The tender is given up, in every state; bids that were never opened stay shut."""
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
    play.open_bids(450, 460)
    assert play.status == REVIEWED
    closed_as_answered(play, made)


def complaints_about_the_review(api: Api) -> None:
    """Claims and complaints about a qualification go every way; those left end with the tender, that one is upheld."""
    play = Play(api).judged(450, 460)
    every_way(play, lambda status: play.complain_of(0, status=status))
    made = left_answered(play, lambda status: play.complain_of(0, status=status))
    for start, *steps in UPHELD:
        complaint = play.complain_of(0, status=start)
        take(play, complaint, start, *steps)
        play.judge_all().stand_still()
    assert play.status == STAND_STILL
    play.cancel()
    closed_as_answered(play, made)


def complaints_about_an_award(api: Api) -> None:
    """Claims and complaints about an award go every way; those left end with the tender."""
    play = Play(api).awarding(450, 460)
    play.decide("active")
    place, token = f"/awards/{play.award['id']}", play.bids[1].token

    def file(status: str) -> Thing:
        return play.complain(place, status, token)

    every_way(play, file)
    made = left_answered(play, file)
    for start, *steps in UPHELD:
        take(play, file(start), start, *steps)
    play.cancel()
    closed_as_answered(play, made)


SCENARIOS = (
    three_bids_and_a_contract,
    the_tender_changes,
    too_few_bid,
    too_few_pass,
    decisions_are_taken_back,
    offers_are_decided_each_on_its_own,
    a_complaint_about_the_review_is_satisfied,
    a_decision_is_taken_back,
    a_complaint_undoes_awards,
    a_signed_contract_is_cancelled_with_its_award,
    nobody_wins,
    lots_end_each_in_its_way,
    the_last_lot_to_be_auctioned_is_cancelled,
    the_only_lot_that_went_on_is_cancelled,
    the_lot_under_consideration_is_cancelled,
    the_tender_is_cancelled,
    all_lots_are_cancelled,
    complaints_about_the_tender,
    complaints_about_the_review,
    complaints_about_an_award,
)
