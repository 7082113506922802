"""The demo of a negotiation: two lots, a complaint upheld, another supplier named, a stand-still, contracts signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from . import purchase
from .below_threshold import MARGIN, drafted
from .parties import PARTS, SUPPLIERS, Supplier, hryvnias, money, organization
from .stage import Stage
from .wire import Doc, Thing

STAND_STILL = 12.0
"""Seconds at speed 1."""
LAWFUL = timedelta(days=10)
PLATFORM = "broker4"
"""Through which the complaint comes: one that may complain where the law has a review body."""


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    perform(stage, "negotiation", LAWFUL, "noCompetition")


def perform(stage: Stage, kind: str, lawful: timedelta, cause: str) -> None:
    """Play a negotiation of one kind, whose stand-still is that long. Raises Failed."""
    tender = announce(stage, kind, lawful, cause)
    awards = [name(stage, tender, supplier, number) for number, supplier in enumerate(SUPPLIERS[:2])]
    complain(stage, tender, awards[0])
    name(stage, tender, SUPPLIERS[2], 0)
    sign(stage, tender, lawful)
    purchase.end(stage, tender)


def announce(stage: Stage, kind: str, lawful: timedelta, cause: str) -> Thing:
    """A draft, published, with its cause."""
    stage.act("The buyer says what it needs, and why only one supplier will do")
    buyer = stage.platform("broker")
    draft = drafted(buyer, announcement(stage, kind, lawful, cause))
    shown = buyer.patch(draft.url, {"status": "active"}, draft.token)
    stage.tell(f"Published: {shown['tenderID']}, {shown['cause']!r}: {shown['causeDescription']!r}", draft.url)
    return Thing(draft.url, draft.token, shown)


def announcement(stage: Stage, kind: str, lawful: timedelta, cause: str) -> Doc:
    """The data of the purchase. What the law counts in days is accelerated."""
    lots = [(part, uuid4().hex) for part in PARTS]
    return purchase.announcement(kind) | {
        "status": "draft",
        "cause": cause,
        "causeDescription": "Nobody else delivers to the island.",
        "value": money(sum(part.amount for part in PARTS)),
        "items": [purchase.delivered(part, lot_id) for part, lot_id in lots],
        "lots": [{"id": lot_id, "title": part.title, "value": money(part.amount)} for part, lot_id in lots],
        "procurementMethodDetails": f"quick, accelerator={round(lawful / stage.span(STAND_STILL))}",
    }


def name(stage: Stage, tender: Thing, supplier: Supplier, number: int) -> Thing:
    """A supplier is named for a lot and confirmed."""
    buyer, lot = stage.platform("broker"), tender.data["lots"][number]
    sent = purchase.award(supplier, supplier.offers[number], lot["id"])
    made = buyer.post(f"{tender.url}/awards", sent, tender.token)
    buyer.attach(made.url, "minutes.txt", f"Negotiations with {supplier.name}.\n", tender.token)
    buyer.patch(made.url, {"status": "active"}, tender.token)
    stage.tell(f"{lot['title']!r}: {supplier.name}, {hryvnias(supplier.offers[number])}", made.url)
    return made


def complain(stage: Stage, tender: Thing, award: Thing) -> None:
    """Another platform complains of an award; the review body upholds it, and the buyer takes the award back."""
    stage.act("A supplier who was not asked complains")
    buyer, body = stage.platform("broker"), stage.platform("reviewer")
    author = SUPPLIERS[2]
    data = {
        "author": organization(author.name, author.code),
        "title": "We deliver to the island too",
        "description": "The buyer did not ask.",
        "status": "pending",
    }
    complaint = stage.platform(PLATFORM).post(f"{award.url}/complaints", data)
    stage.tell(f"{author.name} through {PLATFORM!r}: {data['title']!r}", complaint.url)
    for status in ("accepted", "satisfied"):
        body.patch(complaint.url, {"status": status, "decision": "The cause is not proven."})
        stage.tell(f"The review body: {status}", complaint.url)
    buyer.patch(award.url, {"status": "cancelled"}, tender.token)
    buyer.patch(complaint.url, {"status": "resolved", "tendererAction": "The award was taken back."}, tender.token)
    stage.tell("The buyer takes the award back, its contract goes with it", award.url)


def sign(stage: Stage, tender: Thing, lawful: timedelta) -> None:
    """After the stand-still, the contracts that stand are signed."""
    stage.act("Stand-still, then the contracts")
    shown = stage.platform("broker").get(tender.url)
    ends = max(datetime.fromisoformat(award["complaintPeriod"]["endDate"]) for award in shown["awards"])
    stage.tell(f"Time for complaints: {lawful.days} days, here {stage.span(STAND_STILL).total_seconds():.0f} s", tender.url)
    stage.wait_until(ends + MARGIN, "waiting for the end of the stand-still")
    for contract in shown["contracts"]:
        if contract["status"] == "pending":
            purchase.sign(stage, tender, contract)
