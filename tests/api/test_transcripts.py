"""Recorded exchanges of the below-threshold procedure, replayed: the same statuses, the same shapes, the same values.

A story is the recorded requests in the order in which they were made, and between them what the recordings leave out: requests
nobody wrote down, and states that were forged in the database to travel in time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from transcripts.recording import VARIABLE, folder
from transcripts.replay import Replay

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

FAMILY = "belowThreshold"
NOT_REPLAYABLE = {
    "tutorial/cancel-tender": "recorded in 2014 from an API whose tenders had no items, no value and no owner",
    "qualification/award-unsuccessful-cance": "holds a request and no answer",
}
LONG_ENOUGH = "Виправлено неконкурентні умови"


@pytest.fixture(scope="module")
def recordings() -> Path:
    """The folder with the recordings."""
    found = folder(FAMILY)
    if found is None:
        pytest.skip(f"no recorded exchanges: {VARIABLE} names no folder with transcripts/{FAMILY}")
    return found


# --- the stories


def two_phase_commit(replay):
    """A tender is written as a draft and then published."""
    replay.play("tutorial/tender-post-2pc", "tutorial/tender-patch-2pc")


def tutorial(replay):
    """A tender from the first failed attempt to the contract, and its cancellation."""
    announce(replay)
    documents_and_questions(replay)
    bidding(replay)
    auction(replay)
    contract(replay)
    cancellation(replay)


TENDER, OWNER = "f3641d0ba0f042e8b49de06d5c7921af", "2ef61fa89e8a451ba4149d2f8e31173b"
SECOND_BID = "bfa4b4a0f47f4270b5f139307e217ec3"


def announce(replay):
    replay.play("tutorial/tender-listing", "tutorial/initial-tender-listing")
    replay.play("tutorial/tender-post-attempt", "tutorial/tender-post-attempt-json", "tutorial/tender-post-attempt-json-data")
    replay.play("tutorial/blank-tender-view", "tutorial/tender-listing-after-procuringEntity")
    replay.play("tutorial/create-tender-procuringEntity")
    unrecorded_tender(replay, "tutorial/tender-post-attempt-json-data")
    replay.play("tutorial/tender-listing-after-patch", "tutorial/patch-items-value-periods", "tutorial/set-bid-guarantee")


def documents_and_questions(replay):
    replay.play("tutorial/upload-tender-notice", "tutorial/tender-documents")
    replay.play("tutorial/tender-document-add-documentType", "tutorial/tender-document-edit-docType-desc")
    replay.play("tutorial/upload-award-criteria", "tutorial/tender-documents-2")
    replay.play("tutorial/update-award-criteria", "tutorial/tender-documents-3")
    replay.play("tutorial/ask-question", "tutorial/answer-question", "tutorial/list-question", "tutorial/get-answer")


def bidding(replay):
    tendering_from_now(replay, TENDER)
    replay.play("tutorial/register-bidder", "tutorial/activate-bidder")
    replay.play("tutorial/upload-bid-proposal", "tutorial/bidder-documents", "tutorial/register-2nd-bidder")


def auction(replay):
    recorded = replay.read("tutorial/auction-url").answer["data"]
    tendering_over(replay, TENDER, {name: recorded[name] for name in ("enquiryPeriod", "tenderPeriod", "auctionPeriod")})
    rooms = [replay.read(f"tutorial/{name}").answer["data"] for name in ("bidder-participation-url", "bidder2-participation-url")]
    patch = {
        "auctionUrl": replay.names.translate(recorded["auctionUrl"]),
        "bids": [
            {"id": replay.names[bid["id"]], "participationUrl": replay.names.translate(bid["participationUrl"])} for bid in rooms
        ],
    }
    path = f"/tenders/{replay.names[TENDER]}/auction"
    replay.api.call("PATCH", path, patch, user="auction")
    replay.play("tutorial/auction-url", "tutorial/bidder-participation-url", "tutorial/bidder2-participation-url")
    auctioned(replay, TENDER)
    award = replay.read("tutorial/confirm-qualification").answer["data"]["id"]
    replay.names[award] = replay.tender(TENDER)["awards"][0]["id"]
    replay.play("tutorial/confirm-qualification")


def contract(replay):
    given = replay.read("tutorial/tender-contract-set-contract-value").answer["data"]["id"]
    replay.names[given] = replay.tender(TENDER)["contracts"][0]["id"]
    replay.play("tutorial/tender-contract-set-contract-value")
    replay.forge(TENDER, stand_still_over(replay.api.clock.now))
    signed = replay.read("tutorial/tender-contract-period").answer["data"]["dateSigned"]
    replay.api.clock.now = datetime.fromisoformat(signed) + timedelta(milliseconds=1)
    path = f"/tenders/{replay.names[TENDER]}/contracts/{replay.names[given]}"
    replay.api.call("PATCH", path, {"dateSigned": signed}, token=replay.names[OWNER])
    replay.play("tutorial/tender-contract-period")
    replay.play("tutorial/tender-contract-upload-document", "tutorial/tender-contract-get-documents")
    replay.play("tutorial/tender-contract-upload-second-document", "tutorial/tender-contract-get-documents-again")
    signed = replay.read("tutorial/tender-contract-sign-date").answer["data"]["dateSigned"]
    replay.api.clock.now = datetime.fromisoformat(signed)
    replay.play("tutorial/tender-contract-sign-date", "tutorial/tender-contract-sign")
    assert replay.tender(TENDER)["status"] == "complete"


def cancellation(replay):
    replay.forge(TENDER, awarded_again)
    replay.play("tutorial/prepare-cancellation", "tutorial/upload-cancellation-doc")
    replay.play("tutorial/patch-cancellation", "tutorial/update-cancellation-doc", "tutorial/active-cancellation")
    assert replay.tender(TENDER)["status"] == "cancelled"


def awarded_again(tender):
    """As if the contract were not signed: with a signed one the tender is complete, whatever its status was set to."""
    tender["status"] = "active.awarded"
    tender["contracts"][0]["status"] = "pending"


CLAIMED, CLAIMED_OWNER = "6e33b56945624315afece8e75af7193c", "e96bd05708744828a13d48aa6e282cb9"
REJECTED_BID = "86ff28dee48646b58ef3021c532d26fc"


def claims_and_awards(replay):
    """Claims about a tender, awards given and taken back, claims about the award that was rejected."""
    replay.made(CLAIMED, unrecorded_tender(replay, "tutorial/tender-post-attempt-json-data"), CLAIMED_OWNER)
    claims(replay, "complaints/complaint")
    more_claims(replay, f"/tenders/{replay.names[CLAIMED]}/complaints")
    three_bids(replay)
    awards(replay)
    claims(replay, "complaints/award-complaint")
    more_claims(replay, f"/tenders/{replay.names[CLAIMED]}/awards/{replay.tender(CLAIMED)['awards'][0]['id']}/complaints")
    replay.play("qualification/awards-unsuccessful-get1", "qualification/award-unsuccessful-cancel")
    replay.play("qualification/awards-unsuccessful-get2")


def claims(replay, name):
    """A claim written, filed, answered and settled; another filed at once, which is settled unsatisfied."""
    replay.play(f"{name}-submission", f"{name}-submission-upload", f"{name}-claim", f"{name}-submission-claim")
    replay.play(name, f"{name}s-list", f"{name}-answer", f"{name}-satisfy")
    second = replay.read(f"{name}-escalate")
    answer(replay, replay.names.translate(second.path).partition("?")[0])
    replay.play(f"{name}-escalate")


def more_claims(replay, path):
    """Two claims nobody wrote down; those recorded later are numbered on from them."""
    example = replay.read("complaints/award-complaint-escalate").answer["data"]
    for _ in range(2):
        data = {name: example[name] for name in ("title", "description", "author")} | {"status": "claim"}
        claim = replay.api.post(path, data, token=replay.names.get(REJECTED_BID, ""))
        answer(replay, claim.path)
        replay.api.patch(claim, {"status": "resolved", "satisfied": False})


def answer(replay, path):
    replay.api.call(
        "PATCH",
        path,
        {"status": "answered", "resolutionType": "resolved", "resolution": LONG_ENOUGH},
        token=replay.names[CLAIMED_OWNER],
    )


def three_bids(replay):
    """Bids with the suppliers and amounts of the recorded awards, and an auction that changes nothing."""
    tendering_from_now(replay, CLAIMED)
    given = replay.read("qualification/awards-unsuccessful-get1").answer["data"]
    offers = {award["bid_id"]: (award["suppliers"], award["value"]) for award in given}
    for recorded, (suppliers, value) in offers.items():
        bid = replay.api.post(f"/tenders/{replay.names[CLAIMED]}/bids", {"tenderers": suppliers, "value": value})
        replay.made(recorded, bid, REJECTED_BID if recorded == given[0]["bid_id"] else "")
    now = replay.api.clock.now
    tendering_over(replay, CLAIMED, {"tenderPeriod": period(now - timedelta(days=7), now), "auctionPeriod": period(now)})
    auctioned(replay, CLAIMED)


def awards(replay):
    replay.play("qualification/awards-get", "qualification/award-pending-upload", "qualification/award-pending-unsuccessful")
    replay.play("qualification/award-pending-active", "qualification/award-active-get", "qualification/award-active-cancel")
    replay.play("qualification/award-active-cancel-upload", "qualification/award-active-cancel-disqualify")


REVIEWED = "3348c29949f84857a9a51573a0ff47c7"


def reviews(replay):
    """The review body decides on what was escalated while that could be done: a month earlier."""
    replay.api.clock.now = datetime.fromisoformat("2017-06-19T18:27:43+03:00")
    replay.made(REVIEWED, replay.api.tender())
    replay.forge(REVIEWED, with_escalated(replay, "complaints/complaint", lambda tender: tender))
    review(replay, "complaints/complaint")
    tendering_from_now(replay, REVIEWED)
    replay.api.post(f"/tenders/{replay.names[REVIEWED]}/bids", builders.bid())
    tendering_over(replay, REVIEWED, {})
    award = replay.tender(REVIEWED)["awards"][0]["id"]
    replay.names["c37edfe039294951b6eb3813b6d64ce2"] = award
    replay.forge(REVIEWED, with_escalated(replay, "complaints/award-complaint", lambda tender: tender["awards"][0]))
    review(replay, "complaints/award-complaint")


def review(replay, name):
    replay.play(f"{name}-reject", f"{name}-resolution-upload", f"{name}-resolve", f"{name}-decline")


def with_escalated(replay, name, holder):
    """A change that puts the recorded claims into a tender as they were before the decision."""
    decided = [replay.read(f"{name}-{decision}").answer["data"] for decision in ("reject", "resolve", "decline")]
    later = {"dateDecision", "documents"}
    claims = [{k: v for k, v in claim.items() if k not in later} | {"status": "pending"} for claim in decided]
    return lambda tender: holder(tender).setdefault("complaints", []).extend(claims)


# --- what the recordings leave out


def unrecorded_tender(replay, like: str) -> Thing:
    """A tender with the recorded body of another."""
    answer = replay.send(replay.read(like)).json
    return Thing(f"/tenders/{answer['data']['id']}", answer["access"]["token"], answer["data"])


def period(start: datetime, end: datetime | None = None) -> dict[str, str]:
    bounds = {"startDate": start, "endDate": end}
    return {name: moment.isoformat() for name, moment in bounds.items() if moment}


def tendering_from_now(replay, recorded: str) -> None:
    """Questions are over, bids may be made for a week."""
    now = replay.api.clock.now
    week = timedelta(days=7)
    periods = {"enquiryPeriod": period(now - week, now), "tenderPeriod": period(now, now + week)}
    replay.forge(recorded, lambda tender: tender.update(periods))
    tick(replay, recorded)
    assert replay.tender(recorded)["status"] == "active.tendering"


def tendering_over(replay, recorded: str, periods: dict) -> None:
    """The time for bids has passed."""
    now = replay.api.clock.now
    over = {"tenderPeriod": period(now - timedelta(days=7), now)} | periods
    replay.forge(recorded, lambda tender: tender.update(over))
    tick(replay, recorded)


def tick(replay, recorded: str) -> None:
    path = f"/tenders/{replay.names[recorded]}"
    replay.api.call("PATCH", path, {"id": replay.names[recorded]}, user="chronograph")


def auctioned(replay, recorded: str) -> None:
    """The auction ends with the amounts it began with."""
    bids = [{"id": bid["id"], "value": bid["value"]} for bid in replay.tender(recorded)["bids"]]
    path = f"/tenders/{replay.names[recorded]}/auction"
    replay.api.call("POST", path, {"bids": bids}, user="auction")
    first = replay.tender(recorded)["awards"][0]
    if recorded == CLAIMED:
        replay.names[replay.read("qualification/awards-get").answer["data"][0]["id"]] = first["id"]


def stand_still_over(now: datetime):
    def change(tender):
        for award in tender["awards"]:
            award["complaintPeriod"] = period(now - timedelta(days=2), now)

    return change


# --- the tests

STORIES = (two_phase_commit, tutorial, claims_and_awards, reviews)


def started(settings, recordings):
    """The recordings on a fresh API, on the evening on which most of them were made."""
    return Replay(Api.start(settings, datetime.fromisoformat("2017-07-25T17:36:50+03:00")), recordings)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_story_goes_as_it_was_recorded(settings, recordings, story):
    replay = started(settings, recordings)
    story(replay)
    assert replay.played
    replay.api.store.close()


def test_every_recording_belongs_to_a_story_or_cannot_be_played(settings, recordings):
    played = []
    for story in STORIES:
        replay = started(settings | {"storage.url": "memory:"}, recordings)
        story(replay)
        played += replay.played
    known = {path.relative_to(recordings).with_suffix("").as_posix() for path in recordings.rglob("*.http")}
    assert sorted(played) == sorted(known - NOT_REPLAYABLE.keys())


@pytest.mark.parametrize("name", NOT_REPLAYABLE)
def test_what_cannot_be_played(recordings, name):
    assert (recordings / f"{name}.http").exists()
    pytest.skip(f"{name}: {NOT_REPLAYABLE[name]}")
