"""The demo of aboveThresholdUA: bids confirmed after a change, complaints to the review body, an award that is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from . import below_threshold as base
from .below_threshold import moment, told
from .parties import BUYER, PARTS, SUPPLIERS, hryvnias, item, lot, money, organization
from .stage import Stage
from .wire import Doc, Thing

KIND = "aboveThresholdUA"
TENDERING, STAND_STILL = 36.0, 16.0
"""Seconds of tendering, and of the stand-still, at speed 1."""
LAWFUL_STAND_STILL = timedelta(days=10)
BIDDERS = tuple(replace(each, key="broker4" if each.key == "broker2" else each.key) for each in SUPPLIERS)
"""The same suppliers, through platforms that are accredited for purchases above the thresholds."""
DECLARED = {"selfQualified": True, "selfEligible": True}
APPROVED = {"status": "active", "qualified": True, "eligible": True}


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    tender = announce(stage, announcement(stage))
    base.ask_and_answer(stage, tender, BIDDERS[2])
    bids = bid(stage, tender)
    amend(stage, tender, bids)
    complain(stage, tender)
    ends = moment(stage.platform("broker").get(tender.url)["tenderPeriod"]["endDate"])
    base.wait(stage, tender, "active.auction", ends, "waiting for the end of the period of bids")
    base.compete(stage, tender)
    decide(stage, tender, bids)
    base.sign(stage, tender, "ten days", STAND_STILL)
    base.conclude(stage, tender)


# --- while bids are made


def announcement(stage: Stage, **changes: Any) -> Doc:
    """The data of the tender. Its time for bids is given; what the law counts in days is accelerated."""
    factor = round(LAWFUL_STAND_STILL / stage.span(STAND_STILL))
    lots = [(part, uuid4().hex) for part in PARTS]
    begin = stage.now()
    delivery = {"deliveryDate": {"endDate": (begin + timedelta(days=90)).isoformat()}, "deliveryAddress": BUYER["address"]}
    return {
        "procurementMethodType": KIND,
        "status": "draft",
        "title": "Equipment for a school",
        "procuringEntity": BUYER,
        "value": money(sum(part.amount for part in PARTS)),
        "minimalStep": money(min(part.step for part in PARTS)),
        "items": [item(part, lot_id) | delivery for part, lot_id in lots],
        "lots": [lot(part, lot_id) for part, lot_id in lots],
        "tenderPeriod": {"startDate": begin.isoformat(), "endDate": (begin + stage.span(TENDERING)).isoformat()},
        "procurementMethodDetails": f"quick, accelerator={factor}",
        "submissionMethodDetails": "quick",
    } | changes


def announce(stage: Stage, data: Doc) -> Thing:
    """A draft, published: suppliers may ask, complain and bid at once."""
    stage.act("The buyer announces a tender")
    buyer = stage.platform("broker")
    draft = base.drafted(buyer, data)
    shown = buyer.patch(draft.url, {"status": "active.tendering"}, draft.token)
    tender = Thing(draft.url, draft.token, shown)
    stage.tell(f"{shown['tenderID']} is {shown['status']}: {hryvnias(shown['value']['amount'])} UAH in two lots", tender.url)
    return tender


def bid(stage: Stage, tender: Thing) -> list[Thing]:
    """Four bids with a document each; they are sealed."""
    stage.act("Suppliers bid through two platforms; what they bid is sealed")
    bids = [base.offer(stage, tender, supplier, **DECLARED) for supplier in BIDDERS]
    stage.tell(f"To read another one's bid: {stage.platform('broker3').refusal(bids[0].url)}")
    return bids


def amend(stage: Stage, tender: Thing, bids: list[Thing]) -> None:
    """The buyer changes the tender; bids are invalid until they are confirmed."""
    stage.act("The buyer changes the tender; every bid is to be confirmed")
    stage.platform("broker").patch(tender.url, {"description": "Delivered in two parts."}, tender.token)
    first, key = bids[0], BIDDERS[0].key
    stage.tell(f"Changed; the bid of {BIDDERS[0].name} is {stage.platform(key).get(first.url, first.token)['status']}", first.url)
    for made, supplier in zip(bids, BIDDERS, strict=True):
        stage.platform(supplier.key).patch(made.url, {"status": "active"}, made.token)
    stage.tell("Confirmed, all four", f"{tender.url}/bids")


# --- the review body


def complain(stage: Stage, tender: Thing) -> None:
    """A complaint about the tender is upheld, and the buyer acts on it."""
    stage.act("A supplier complains to the review body")
    complaint = filed(stage, tender.url, "broker4", "Two parts are one too many")
    uphold(stage, complaint)
    stage.platform("broker").patch(
        complaint.url, {"status": "resolved", "tendererAction": "The second part comes with the first."}, tender.token
    )
    stage.tell("Resolved: 'The second part comes with the first.'", complaint.url)


def filed(stage: Stage, url: str, key: str, title: str, token: str = "") -> Thing:
    """A complaint about the tender or the award at an address."""
    data = {"status": "pending", "title": title, "author": organization(BIDDERS[3].name, BIDDERS[3].code)}
    made = stage.platform(key).post(f"{url}/complaints", data, token)
    stage.tell(f"{made.data['complaintID']}: {title!r}; nothing goes on before it is settled", made.url)
    return made


def uphold(stage: Stage, complaint: Thing) -> None:
    """The review body accepts a complaint and satisfies it."""
    body = stage.platform("reviewer")
    body.patch(complaint.url, {"status": "accepted"})
    body.patch(complaint.url, {"status": "satisfied", "decision": "The complaint is satisfied."})
    stage.tell("Accepted by the review body, and satisfied", complaint.url)


# --- awards


def decide(stage: Stage, tender: Thing, bids: list[Thing]) -> None:
    """Both lots are awarded; after a complaint the first one is considered again, and the best bid rejected."""
    stage.act("The buyer considers the best bids")
    first, *_ = confirmed(stage, tender)
    url = f"{tender.url}/awards/{first['id']}"
    complaint = filed(stage, url, BIDDERS[3].key, "No certificate of the maker", bids[3].token)
    uphold(stage, complaint)
    buyer = stage.platform("broker")
    buyer.patch(url, {"status": "cancelled"}, tender.token)
    buyer.patch(complaint.url, {"status": "resolved", "tendererAction": "Bids are considered again."}, tender.token)
    stage.tell(f"Taken back: {told(first)}; the best bid of the lot is considered again", url)
    again = base.pending(stage, tender)[0]
    buyer.patch(f"{tender.url}/awards/{again['id']}", {"status": "unsuccessful", "title": "No certificate"}, tender.token)
    stage.tell(f"Rejected: {told(again)}", f"{tender.url}/awards/{again['id']}")
    confirmed(stage, tender)


def confirmed(stage: Stage, tender: Thing) -> list[Doc]:
    """Every award that waits is confirmed; returns them."""
    waiting = base.pending(stage, tender)
    for award in waiting:
        url = f"{tender.url}/awards/{award['id']}"
        stage.platform("broker").patch(url, APPROVED, tender.token)
        stage.tell(f"Confirmed: {told(award)}", url)
    return waiting
