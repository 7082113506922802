"""Recorded exchanges of purchases without competition, replayed as those of the below-threshold procedure are."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from transcripts.recording import VARIABLE, folder
from transcripts.replay import Replay

from openprocurement_api.testing.client import Api, Thing

FAMILY = "limited"
NOT_REPLAYABLE = {
    "update-award-criteria": "recorded in 2016 with another client, of a tender whose id was blotted out",
    "confirm-qualification": "recorded in 2016 from a tender nobody wrote down",
}
REPORT, CONTRACT = "d014500a9769491a81f3f1cecc1004f3", "3dbc3c6138fa47c6a655ea74daa706dc"
NEGOTIATION = "97cf65391926469b81293beab084b426"
QUICK = "37d76fe5ae1c4543b1b7e3be3c479293"
DISPUTED, OWNER = "e564a943c46a443497a81bcdac928861", "0b47211b46614b86b9023205c630966f"
AWARD = "13e739fca10d4715839fb7544af40491"


@pytest.fixture(scope="module")
def recordings() -> Path:
    """The folder with the recordings."""
    found = folder(FAMILY)
    if found is None:
        pytest.skip(f"no recorded exchanges: {VARIABLE} names no folder with transcripts/{FAMILY}")
    return found


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "reporting negotiation negotiation.quick documents"}


# --- the stories


def report(replay):
    """A purchase is reported, its supplier named and contracted; then it is cancelled."""
    replay.play("tender-listing-after-procuringEntity", "create-tender-procuringEntity")
    replay.play("patch-items-value-periods", "tender-listing-after-patch", "upload-tender-notice", "update-tender-notice")
    replay.play("tender-award", "tender-award-upload-document", "tender-award-get-documents")
    replay.play("tender-award-upload-second-document", "tender-award-get-documents-again", "tender-award-approve")
    drawn_up(replay, REPORT, CONTRACT)
    replay.play("tender-contract-set-contract-value", "tender-contract-set-contract_items_unit-value")
    replay.play("tender-contract-sign-date", "tender-contract-period")
    replay.play("tender-contract-upload-document", "tender-contract-get-documents")
    replay.play("tender-contract-upload-second-document", "tender-contract-get-documents-again", "tender-contract-sign")
    assert replay.tender(REPORT)["status"] == "complete"
    replay.forge(REPORT, unsigned)
    replay.play("prepare-cancellation", "update-cancellation-reasonType", "upload-cancellation-doc")
    replay.play("patch-cancellation", "update-cancellation-doc", "active-cancellation")
    assert replay.tender(REPORT)["status"] == "cancelled"


def negotiation(replay):
    """A negotiation, up to the signed contract."""
    replay.play("create-tender-negotiation-procuringEntity", "tender-negotiation-award", "tender-negotiation-award-approve")
    sign(replay, NEGOTIATION, "tender-negotiation-contract-sign")


def quick(replay):
    """A quick negotiation, up to the signed contract."""
    replay.play("create-tender-negotiation-quick-procuringEntity")
    replay.play("tender-negotiation-quick-award", "tender-negotiation-quick-award-approve")
    sign(replay, QUICK, "tender-negotiation-quick-contract-sign")


def complaints(replay):
    """Complaints about an award, in every way in which they end; the award is taken back, and another given."""
    disputed(replay)
    replay.play("award-complaint-submission", "award-complaint-submission-upload", "award-complaint-complaint")
    replay.play("award-complaint-submission-complaint")
    unrecorded(replay, "award-complaint-decline")
    unrecorded(replay, "award-complaint-accepted-stopping", "9e89d9871d0540a99027b84677fa399b")
    unrecorded(replay, "award-complaint-accepted-stopped")
    replay.play("award-complaint-reject", "award-complaint-accept")
    for name in ("decline", "accepted-stopping", "accepted-stopped"):
        accept(replay, f"award-complaint-{name}")
    replay.play("award-complaint-resolution-upload", "award-complaint-resolve", "award-complaint-decline")
    replay.play("award-complaint-accepted-stopped", "award-complaint", "award-complaints-list")
    replay.play("award-complaint-satisfied-resolving", "award-complaint-newaward", "award-complaint-resolved")
    replay.play("award-complaint-accepted-stopping", "award-complaint-stopping-stopped", "award-complaint-submit")
    unrecorded(replay, "award-complaint-cancel", "a5ae706a62cc4da492541009706e7656", status="draft")
    replay.play("award-complaint-cancel")


# --- what the recordings leave out


def drawn_up(replay, tender: str, contract: str) -> None:
    """The contract of the recording is the one that was just drawn up."""
    replay.names[contract] = replay.tender(tender)["contracts"][0]["id"]


def unsigned(tender):
    """As if the contract were not signed: with a signed one the tender is complete, whatever its status was set to."""
    tender["status"] = "active"
    tender["contracts"][0]["status"] = "pending"


def sign(replay, tender: str, name: str) -> None:
    """The contract is signed, the stand-still being over."""
    drawn_up(replay, tender, replay.read(name).answer["data"]["id"])
    over = (replay.api.clock.now - timedelta(days=1)).isoformat()
    replay.forge(tender, lambda doc: doc["awards"][0]["complaintPeriod"].update(startDate=over, endDate=over))
    replay.play(name)
    assert replay.tender(tender)["status"] == "complete"


def disputed(replay) -> None:
    """A negotiation with a confirmed award, made with the bodies of another one."""
    api = replay.api
    award = replay.read("award-complaint-satisfied-resolving").answer["data"]
    api.clock.now = datetime.fromisoformat(award["complaintPeriod"]["startDate"])
    made = replay.send(replay.read("create-tender-negotiation-procuringEntity")).json
    tender = replay.made(DISPUTED, Thing(f"/tenders/{made['data']['id']}", made["access"]["token"], made["data"]), OWNER)
    sent = {name: award[name] for name in ("suppliers", "value", "qualified")}
    named = replay.made(AWARD, api.post(f"{tender.path}/awards", sent, token=tender.token))
    api.patch(named.path, {"status": "active"}, token=tender.token)


def unrecorded(replay, name: str, token: str = "", status: str = "pending") -> None:
    """A complaint of which only what became of it was recorded, under this name."""
    recorded = replay.read(name)
    told = recorded.answer["data"]
    moment = told.get("dateSubmitted", told["date"])
    replay.api.clock.now = max(replay.api.clock.now, datetime.fromisoformat(moment))
    sent = {field: told[field] for field in ("title", "description", "author")} | {"status": status}
    place = replay.names.translate(recorded.path).partition("/tenders")[2].rpartition("/")[0]
    replay.made(told["id"], replay.api.post(f"/tenders{place}", sent), token)


def accept(replay, name: str) -> None:
    """The review body accepts a complaint."""
    recorded = replay.read(name)
    replay.api.clock.now = datetime.fromisoformat(recorded.answer["data"]["dateAccepted"])
    path = replay.names.translate(recorded.path).partition("/tenders")[2].partition("?")[0]
    replay.api.call("PATCH", f"/tenders{path}", {"status": "accepted"}, user="reviewer")


# --- the tests

STORIES = (report, negotiation, quick, complaints)


def started(settings, recordings):
    """The recordings on a fresh API, on the evening on which they were made."""
    return Replay(Api.start(settings, datetime.fromisoformat("2017-09-14T19:39:50+03:00")), recordings)


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
    known = {path.relative_to(recordings).with_suffix("").as_posix() for path in recordings.rglob("*.http")}
    assert sorted(played) == sorted(known - NOT_REPLAYABLE.keys())


@pytest.mark.parametrize("name", NOT_REPLAYABLE)
def test_what_cannot_be_played(recordings, name):
    assert (recordings / f"{name}.http").exists()
    pytest.skip(f"{name}: {NOT_REPLAYABLE[name]}")
