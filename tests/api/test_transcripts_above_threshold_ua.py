"""Recorded exchanges of the open procedure, replayed as those of the below-threshold procedure are."""

from __future__ import annotations

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
    "bidder-after-activate-bid-tender": "recorded in 2016 from a tender nobody wrote down",
    "preparing-the-cancellation-request": "holds a request and no answer",
}
ANNOUNCED = "tender-post-attempt-json-data"
TENDER, OWNER = "97dd0ca9a0f741a6ad5628c6873d1de9", "4da34917776743398aa0bb0b7a639d70"
FIRST_BID = "dc58fc5e3b344a5db77a71f006efff76"
ROUNDED = timedelta(minutes=1)


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
    """A tender is announced."""
    replay.api.clock.now = datetime.fromisoformat("2017-06-21T15:53:24.829819+03:00")
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
    late = replay.read("update-tender-after-enqiery-with-update-periods").answer["data"]["tenderPeriod"]
    now = replay.api.clock.now
    replay.forge(TENDER, periods(late["startDate"], now + timedelta(days=6)))
    replay.play("ask-question-after-enquiry-period", "update-tender-after-enqiery")
    replay.play("update-tender-after-enqiery-with-update-periods")


def periods(start, end):
    """A change of the time for bids, and of the time for questions that goes with it."""

    def change(tender):
        tender["tenderPeriod"] = {"startDate": start, "endDate": end.isoformat()}
        tender["enquiryPeriod"]["endDate"] = (end - timedelta(days=10)).isoformat()

    return change


def bidding(replay):
    replay.play("register-bidder")
    replay.play("activate-bidder") if False else None


