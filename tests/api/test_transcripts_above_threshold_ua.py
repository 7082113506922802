"""Recorded exchanges of the open procedure, replayed as those of the below-threshold procedure are."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from transcripts.recording import VARIABLE, folder
from transcripts.replay import Replay

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

FAMILY = "aboveThresholdUA"
NOT_REPLAYABLE = {
    "cancel-tender": "recorded in 2014 from an API whose tenders had no items, no value and no owner",
    "create-tender-procuringEntity": "recorded in 2014 with another client, without its request",
    "initial-tender-listing": "recorded in 2014 with another client, without its headers",
    "tender-listing-after-procuringEntity": "recorded in 2014 with another client, without its headers",
    "activate-bidder": "answers null to a PATCH that changes nothing, where this API answers with the resource",
    "bidder-after-activate-bid-tender": "recorded in 2016 from a tender nobody wrote down",
    "preparing-the-cancellation-request": "holds a request and no answer",
}
ANNOUNCED = "tender-post-attempt-json-data"
DATED = frozenset({"data.date", "data.documentOf", "data.documents[0].documentOf"})
"""Contracts were not dated yet, and their documents did not say what they are about."""
TENDER, OWNER = "97dd0ca9a0f741a6ad5628c6873d1de9", "4da34917776743398aa0bb0b7a639d70"


@pytest.fixture(scope="module")
def recordings() -> Path:
    """The folder with the recordings."""
    found = folder(FAMILY)
    if found is None:
        pytest.skip(f"no recorded exchanges: {VARIABLE} names no folder with transcripts/{FAMILY}")
    return found


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "aboveThresholdUA documents"}


# --- the tender's life


def tutorial(replay):
    """A tender from the first failed attempt to the contract, and its cancellation."""
    replay.play("tender-listing", "tender-listing-no-auth", "tender-post-attempt", "tender-post-attempt-json")
    announce(replay)
    documents_and_questions(replay)
    bidding(replay)
    auction(replay)
    contract(replay)
    cancellation(replay)


def announcement(replay):
    """A tender is announced, the second one of its day."""
    replay.api.clock.now = datetime.fromisoformat("2017-06-21T15:53:24.829819+03:00")
    unrecorded_tender(replay)
    replay.play(ANNOUNCED)


def announce(replay):
    recorded = replay.read("blank-tender-view").answer["data"]
    replay.api.clock.now = datetime.fromisoformat(recorded["tenderPeriod"]["startDate"])
    replay.made(TENDER, unrecorded_tender(replay), OWNER)
    replay.forge(TENDER, lambda tender: tender["tenderPeriod"].update(recorded["tenderPeriod"]))
    replay.play("blank-tender-view", "tender-listing-after-patch", "patch-items-value-periods", "set-bid-guarantee")


def documents_and_questions(replay):
    replay.play("upload-tender-notice", "tender-documents", "upload-award-criteria", "tender-documents-2")
    replay.play("update-award-criteria", "tender-documents-3")
    replay.play("ask-question", "answer-question", "list-question", "get-answer")
    late = replay.read("update-tender-after-enqiery-with-update-periods").answer["data"]
    replay.forge(TENDER, periods(late["tenderPeriod"]["startDate"], replay.api.clock.now + timedelta(days=6)))
    replay.forge(TENDER, lambda tender: tender.update(auctionPeriod=late["auctionPeriod"]))
    replay.play("ask-question-after-enquiry-period", "update-tender-after-enqiery")
    replay.play("update-tender-after-enqiery-with-update-periods")


def periods(start, end):
    """A change of the time for bids, and of the time for questions that goes with it."""

    def change(tender):
        tender["tenderPeriod"] = {"startDate": start, "endDate": end.isoformat()}
        tender["enquiryPeriod"] |= {"startDate": start, "endDate": (end - timedelta(days=10)).isoformat()}

    return change


def bidding(replay):
    replay.play("register-bidder", "upload-bid-proposal", "bidder-documents")
    replay.api.patch(f"/tenders/{replay.names[TENDER]}", {"description": "Уточнено"}, token=replay.names[OWNER])
    replay.play("bidder-after-changing-tender", "bidder-activate-after-changing-tender", "register-2nd-bidder")


def auction(replay):
    recorded = replay.read("auction-url").answer["data"]
    told = {name: recorded[name] for name in ("description",) if name in recorded}
    replay.forge(TENDER, lambda tender: tender.pop("description"))
    replay.forge(TENDER, lambda tender: tender.update(told, tenderPeriod=recorded["tenderPeriod"]))
    tick(replay, TENDER)
    replay.forge(TENDER, lambda tender: tender.update(auctionPeriod=recorded["auctionPeriod"]))
    rooms = [replay.read(f"{name}-participation-url").answer["data"] for name in ("bidder", "bidder2")]
    patch = {
        "auctionUrl": replay.names.translate(recorded["auctionUrl"]),
        "bids": [
            {"id": replay.names[bid["id"]], "participationUrl": replay.names.translate(bid["participationUrl"])} for bid in rooms
        ],
    }
    replay.api.call("PATCH", f"/tenders/{replay.names[TENDER]}/auction", patch, user="auction")
    replay.play("auction-url", "bidder-participation-url", "bidder2-participation-url")
    auctioned(replay, TENDER)
    replay.names[replay.read("confirm-qualification").answer["data"]["id"]] = replay.tender(TENDER)["awards"][0]["id"]
    replay.play("confirm-qualification")


def contract(replay):
    drawn_up = replay.read("tender-contract-get").answer["data"]["id"]
    replay.names[drawn_up] = replay.tender(TENDER)["contracts"][0]["id"]
    replay.play("tender-contract-set-contract-value", newer=DATED)
    replay.forge(TENDER, stand_still_over(replay.api.clock.now))
    signed = replay.read("tender-contract-sign-date").answer["data"]["dateSigned"]
    replay.api.clock.now = datetime.fromisoformat(signed)
    replay.play("tender-contract-sign-date", "tender-contract-period", newer=DATED)
    replay.play("tender-contract-upload-document", "tender-contract-get", newer=DATED)


def cancellation(replay):
    replay.play("prepare-cancellation", "update-cancellation-reasonType", "upload-cancellation-doc", "patch-cancellation")
    replay.play("update-cancellation-doc", "active-cancellation")
    assert replay.tender(TENDER)["status"] == "cancelled"


# --- complaints

DISPUTED, DISPUTED_OWNER = "e7bf6cec15d549ef834232b159524866", "64b418df49b3485f9ec5e222a6be1a51"
AWARDED, AWARDED_OWNER = "9eaa2f3beb554dd5b22ba7ab74f89d1f", "6d598cd8e98748bc89119c83b5842719"
COMPLAINING_BID = "be8b0c4e87a74cd7b7a98eb52b57ae26"
FIRST_AWARD, SECOND_AWARD = "bdda4791877a4e7ca0d3ba4f00fa28c6", "ac71275647614fad88aef571bbd514b3"


def complaints(replay):
    """Claims and complaints about the tender, in every way in which they end."""
    replay.api.clock.now = datetime.fromisoformat("2017-06-21T15:53:15.8+03:00")
    replay.made(DISPUTED, unrecorded_tender(replay), DISPUTED_OWNER)
    path = f"/tenders/{replay.names[DISPUTED]}/complaints"
    replay.play("complaint-submission", "complaint-submission-upload", "complaint-claim", "complaint-submission-claim")
    replay.play("complaint-submission-complaint")
    escalated = unrecorded(replay, path, "complaint-escalate", "claim")
    replay.play("complaint-complaint", "complaint-answer")
    answer(replay, escalated, "complaint-escalate", DISPUTED_OWNER)
    replay.play("complaint-satisfy", "complaint-escalate")
    stopped = unrecorded(replay, path, "complaint-accepted-stopped", "pending")
    stopping = unrecorded(replay, path, "complaint-accepted-stopping", "pending")
    replay.play("complaint-reject", "complaint-accept")
    declined = f"{path}/{replay.names[replay.read('complaint-decline').answer['data']['id']]}"
    accept(replay, declined, stopped.path, stopping.path)
    replay.play("complaint-resolution-upload", "complaint-resolve", "complaint-decline", "complaint-accepted-stopped")
    replay.play("complaint-resolved", "complaint", "complaint-accepted-stopping", "complaint-stopping-stopped")
    unrecorded(replay, path, "complaint-cancel", "draft")
    replay.play("complaint-cancel", "complaints-list")


def award_complaints(replay):
    """Claims and complaints about an award, and how the awarding begins again when one is satisfied."""
    replay.api.clock.now = datetime.fromisoformat("2017-06-21T15:53:06.2+03:00")
    replay.made(AWARDED, unrecorded_tender(replay), AWARDED_OWNER)
    winner = replay.read("award-complaint-satisfied-resolving").answer["data"]
    bid = {"tenderers": winner["suppliers"], "value": winner["value"]} | builders.DECLARED
    replay.names[COMPLAINING_BID] = replay.api.post(f"/tenders/{replay.names[AWARDED]}/bids", bid).token
    replay.api.post(f"/tenders/{replay.names[AWARDED]}/bids", builders.bid(500, **builders.DECLARED))
    replay.forge(AWARDED, lambda tender: tender.update(tenderPeriod=ending(tender, replay.api.clock.now)))
    tick(replay, AWARDED)
    auctioned(replay, AWARDED)
    confirm(replay, FIRST_AWARD)
    path = f"/tenders/{replay.names[AWARDED]}/awards/{replay.names[FIRST_AWARD]}/complaints"
    replay.play("award-complaint-submission", "award-complaint-submission-upload", "award-complaint-complaint")
    replay.play("award-complaint-submission-complaint")
    later = [
        unrecorded(replay, path, f"award-complaint-{name}", "pending").path
        for name in ("decline", "accepted-stopping", "accepted-stopped")
    ]
    replay.play("award-complaint-submission-claim", "award-complaint-answer", "award-complaint-satisfy")
    invalid = unrecorded(replay, path, "award-complaint-unsatisfy", "claim")
    answer(replay, invalid, "award-complaint-unsatisfy", AWARDED_OWNER)
    replay.play("award-complaint-unsatisfy")
    unrecorded(replay, path, "award-complaint-claim", "draft")
    replay.play("award-complaint-claim", "award-complaint-reject", "award-complaint-accept")
    accept(replay, *later)
    replay.play("award-complaint-resolution-upload", "award-complaint-resolve", "award-complaint-decline")
    replay.play("award-complaint-accepted-stopped", "award-complaints-list", "award-complaint", "award-complaint-resolved")
    replay.play("award-complaint-accepted-stopping", "award-complaint-stopping-stopped", "award-complaint-satisfied-resolving")
    confirm(replay, SECOND_AWARD)
    replay.play("award-complaint-submit", "award-complaint-cancel")


# --- what the recordings leave out


def unrecorded_tender(replay) -> Thing:
    """A tender with the recorded body, which ends later than the recorded one."""
    answer = replay.send(replay.read(ANNOUNCED)).json
    return Thing(f"/tenders/{answer['data']['id']}", answer["access"]["token"], answer["data"])


def unrecorded(replay, path: str, later: str, status: str) -> Thing:
    """A complaint nobody wrote down, which a later recording names."""
    exchange = replay.read(later)
    author = json.loads(replay.read("complaint-submission").body)["data"]["author"]
    example = {name: exchange.answer["data"][name] for name in ("title", "description")} | {"author": author}
    made = replay.api.post(path, example | {"status": status}, token=replay.names.get(COMPLAINING_BID, ""))
    return replay.made(exchange.answer["data"]["id"], made, exchange.path.partition("acc_token=")[2])


def answer(replay, claim: Thing, later: str, owner: str) -> None:
    """The buyer's answer, as a later recording shows it."""
    recorded = replay.read(later).answer["data"]
    data = {name: recorded[name] for name in ("resolution", "resolutionType")}
    replay.api.call("PATCH", claim.path, data | {"status": "answered"}, token=replay.names[owner])


def accept(replay, *paths: str) -> None:
    """The review body accepts complaints."""
    for path in paths:
        replay.api.call("PATCH", path, {"status": "accepted"}, user="reviewer")


def confirm(replay, recorded: str) -> None:
    """The last award is confirmed."""
    award = replay.tender(AWARDED)["awards"][-1]["id"]
    replay.names[recorded] = award
    path = f"/tenders/{replay.names[AWARDED]}/awards/{award}"
    data = {"status": "active", "qualified": True, "eligible": True}
    replay.api.call("PATCH", path, data, token=replay.names[AWARDED_OWNER])


def ending(tender, now: datetime) -> dict[str, str]:
    """A time for bids that is over."""
    return tender["tenderPeriod"] | {"endDate": now.isoformat()}


def stand_still_over(now: datetime):
    def change(tender):
        for award in tender["awards"]:
            start, end = now - timedelta(days=10), now - timedelta(milliseconds=500)
            award["complaintPeriod"] = {"startDate": start.isoformat(), "endDate": end.isoformat()}

    return change


def tick(replay, recorded: str) -> None:
    path = f"/tenders/{replay.names[recorded]}"
    replay.api.call("PATCH", path, {"id": replay.names[recorded]}, user="chronograph")


def auctioned(replay, recorded: str) -> None:
    """The auction ends with the amounts it began with."""
    bids = [{"id": bid["id"], "value": bid["value"]} for bid in replay.tender(recorded)["bids"]]
    replay.api.call("POST", f"/tenders/{replay.names[recorded]}/auction", {"bids": bids}, user="auction")


# --- the tests

STORIES = (tutorial, announcement, complaints, award_complaints)


def started(settings, recordings):
    """The recordings on a fresh API, in the minute in which most of them were made."""
    return Replay(Api.start(settings, datetime.fromisoformat("2017-06-21T15:53:06+03:00")), recordings)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_story_goes_as_it_was_recorded(settings, recordings, story):
    replay = started(settings, recordings)
    story(replay)
    assert replay.played


def test_every_recording_belongs_to_a_story_or_cannot_be_played(settings, recordings):
    played = []
    for story in STORIES:
        replay = started(settings | {"storage.url": "memory:"}, recordings)
        story(replay)
        played += replay.played
    known = {path.stem for path in recordings.rglob("*.http")}
    assert sorted(played) == sorted(known - NOT_REPLAYABLE.keys())


@pytest.mark.parametrize("name", NOT_REPLAYABLE)
def test_what_cannot_be_played(recordings, name):
    assert (recordings / f"{name}.http").exists()
    pytest.skip(f"{name}: {NOT_REPLAYABLE[name]}")
