"""The demo of aboveThresholdEU: a change that makes bids invalid, a bidder who is rejected unopened, complains, and is let in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from .below_threshold import compete, conclude, decide, drafted, moment, sign, wait
from .parties import BUYER, PARTS, SUPPLIERS, Part, Supplier, hryvnias, item, lot, money, organization
from .stage import Stage
from .wire import Doc, Thing

TENDERING, STAND_STILL = 25.0, 8.0
"""Seconds at speed 1 of the time for bids, and of the stand-still of an award."""
LAWFUL_STAND_STILL = timedelta(days=10)
PLATFORMS = {"broker": "broker", "broker2": "broker4"}
"""Platforms that may bid above the thresholds, in place of those that may not."""
BIDDERS = tuple(replace(supplier, key=PLATFORMS[supplier.key]) for supplier in SUPPLIERS)
REVIEWED, STILL = "active.pre-qualification", "active.pre-qualification.stand-still"
WHY = "The calculation of the price is a secret of our trade."
PASSED = {"status": "active", "qualified": True, "eligible": True}


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    tender = announce(stage)
    bids = bid(stage, tender)
    amend(stage, tender, bids)
    ends = moment(tender.data["tenderPeriod"]["endDate"])
    wait(stage, tender, REVIEWED, ends, "waiting for the end of the period of bids")
    review(stage, tender, bids[-1])
    complain(stage, tender, bids[-1])
    award(stage, tender)


def award(stage: Stage, tender: Thing) -> None:
    """From the stand-still after the review of bidders to the concluded contract."""
    ends = moment(stage.platform("broker").get(tender.url)["qualificationPeriod"]["endDate"])
    wait(stage, tender, "active.auction", ends, "waiting for the end of the stand-still")
    compete(stage, tender)
    decide(stage, tender)
    sign(stage, tender, "ten days", STAND_STILL)
    conclude(stage, tender)


# --- the buyer announces, suppliers bid, the buyer thinks again


def announce(stage: Stage) -> Thing:
    """A draft in two languages, published."""
    stage.act("The buyer announces a tender, in English too")
    buyer = stage.platform("broker")
    draft = drafted(buyer, announcement(stage))
    shown = buyer.patch(draft.url, {"status": "active.tendering"}, draft.token)
    stage.tell(f"Published: {shown['tenderID']}, {hryvnias(shown['value']['amount'])} UAH in all", draft.url)
    return Thing(draft.url, draft.token, shown)


def announcement(stage: Stage) -> Doc:
    """The data of the tender. The time for bids is given; what the law counts in days is accelerated."""
    lots = [(part, uuid4().hex) for part in PARTS]
    return {
        "procurementMethodType": "aboveThresholdEU",
        "status": "draft",
        "title": "Обладнання для школи",
        "title_en": "Equipment for a school",
        "procuringEntity": english(BUYER),
        "value": money(sum(part.amount for part in PARTS)),
        "minimalStep": money(min(part.step for part in PARTS)),
        "items": [described(part, lot_id) for part, lot_id in lots],
        "lots": [lot(part, lot_id) for part, lot_id in lots],
        "tenderPeriod": {"endDate": (stage.now() + stage.span(TENDERING)).isoformat()},
        "procurementMethodDetails": f"quick, accelerator={round(LAWFUL_STAND_STILL / stage.span(STAND_STILL))}",
        "submissionMethodDetails": "quick",
    }


def english(entity: Doc) -> Doc:
    """The buyer with its names in English."""
    return entity | {
        "name_en": entity["name"],
        "identifier": entity["identifier"] | {"legalName_en": entity["name"]},
        "contactPoint": entity["contactPoint"] | {"name_en": "Office"},
    }


def described(part: Part, lot_id: str) -> Doc:
    """What a lot is about, in English too, and where and when it is delivered."""
    delivery = {"deliveryDate": {"endDate": "2030-01-31T00:00:00+02:00"}, "deliveryAddress": BUYER["address"]}
    return item(part, lot_id) | delivery | {"description_en": part.goods}


def bid(stage: Stage, tender: Thing) -> list[Thing]:
    """Four bids, each with a price calculation for the buyer's eyes only."""
    stage.act("Suppliers bid; who they are is read first, what they ask only after the auction")
    made = [offer(stage, tender, supplier) for supplier in BIDDERS]
    stage.tell(f"To read another one's bid: {stage.platform('broker4').refusal(made[0].url)}")
    return made


def offer(stage: Stage, tender: Thing, supplier: Supplier) -> Thing:
    """One bid: a draft, documents in two envelopes, then handed in."""
    platform = stage.platform(supplier.key)
    offers = zip(tender.data["lots"], supplier.offers, strict=True)
    data = {
        "status": "draft",
        "tenderers": [organization(supplier.name, supplier.code)],
        "lotValues": [{"relatedLot": part["id"], "value": money(amount)} for part, amount in offers],
        "selfQualified": True,
        "selfEligible": True,
    }
    made = platform.post(f"{tender.url}/bids", data)
    secret = {"confidentiality": "buyerOnly", "confidentialityRationale": WHY}
    platform.attach(made.url, "price.txt", "40 * 9 900.\n", made.token, to="financial_documents", **secret)
    platform.attach(made.url, "licence.txt", f"{supplier.name} may sell.\n", made.token, to="eligibility_documents")
    platform.patch(made.url, {"status": "pending"}, made.token)
    stage.tell(f"{supplier.name} through {supplier.key!r}: {' and '.join(map(hryvnias, supplier.offers))}", made.url)
    return made


def amend(stage: Stage, tender: Thing, bids: list[Thing]) -> None:
    """The buyer changes the tender, and everybody confirms."""
    stage.act("The buyer changes the tender: bids are invalid until they are confirmed")
    stage.platform("broker").patch(tender.url, {"description": "Delivery to the second floor."}, tender.token)
    for supplier, made in zip(BIDDERS, bids, strict=True):
        platform = stage.platform(supplier.key)
        before = platform.get(made.url, made.token)["status"]
        after = platform.patch(made.url, {"status": "pending"}, made.token)["status"]
        stage.tell(f"{supplier.name}: {before}, confirmed: {after}", made.url)


# --- the review of bidders


def review(stage: Stage, tender: Thing, rejected: Thing) -> None:
    """The buyer lets all bidders in but one."""
    stage.act("Bidders are known, prices are not: the buyer says who takes part")
    buyer = stage.platform("broker")
    for each in qualifications(stage, tender):
        passes = each["bidID"] != rejected.data["id"]
        news = PASSED if passes else {"status": "unsuccessful", "description": "The licence cannot be read."}
        shown = buyer.patch(f"{tender.url}/qualifications/{each['id']}", news, tender.token)
        stage.tell(f"Bid {each['bidID'][:6]}, lot {each['lotID'][:6]}: {shown['status']}", tender.url)
    begin_stand_still(stage, tender)


def qualifications(stage: Stage, tender: Thing) -> list[Doc]:
    """The buyer's decisions on the bids, for each lot."""
    found: list[Doc] = stage.platform("broker").get(tender.url)["qualifications"]
    return found


def begin_stand_still(stage: Stage, tender: Thing) -> None:
    """The review is over; bidders may complain of it."""
    shown = stage.platform("broker").patch(tender.url, {"status": STILL}, tender.token)
    stage.tell(f"Time to complain: five days, until {shown['qualificationPeriod']['endDate'][11:19]}", tender.url)


def complain(stage: Stage, tender: Thing, bidder: Thing) -> None:
    """Who was rejected complains, the review body agrees, and the buyer lets it in."""
    stage.act("The rejected bidder complains, and is right")
    buyer, body, supplier = stage.platform("broker"), stage.platform("reviewer"), BIDDERS[-1]
    mine = [each for each in qualifications(stage, tender) if each["bidID"] == bidder.data["id"]]
    data = {
        "status": "pending",
        "author": organization(supplier.name, supplier.code),
        "title": "The licence can be read",
        "description": "It is a plain text.",
    }
    url = f"{tender.url}/qualifications/{mine[0]['id']}/complaints"
    filed = stage.platform(supplier.key).post(url, data, bidder.token)
    stage.tell(f"Filed: {filed.data['complaintID']}, {filed.data['title']!r}", filed.url)
    for status in ("accepted", "satisfied"):
        stage.tell(f"The review body: {body.patch(filed.url, {'status': status})['status']}", filed.url)
    stage.tell(f"The tender is {buyer.get(tender.url)['status']} again", tender.url)
    for each in mine:
        buyer.patch(f"{tender.url}/qualifications/{each['id']}", {"status": "cancelled"}, tender.token)
    for each in qualifications(stage, tender):
        if each["status"] == "pending":
            buyer.patch(f"{tender.url}/qualifications/{each['id']}", PASSED, tender.token)
    buyer.patch(filed.url, {"status": "resolved", "tendererAction": "The bidder takes part."}, tender.token)
    stage.tell(f"{supplier.name} takes part after all", bidder.url)
    begin_stand_still(stage, tender)
