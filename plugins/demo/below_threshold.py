"""The demo of belowThreshold: two lots, four bids from two platforms, an auction each, one award rejected, contracts signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from . import auction
from .failures import Failed
from .parties import BUYER, PARTS, SUPPLIERS, Supplier, hryvnias, item, lot, money, organization
from .stage import Stage
from .wire import Doc, Platform, Thing

ENQUIRIES, TENDERING, STAND_STILL = 12.0, 15.0, 12.0
"""Seconds of the three periods at speed 1."""
LAWFUL_STAND_STILL = timedelta(days=2)
MARGIN = timedelta(seconds=1)
"""What two clocks may differ."""


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    tender = announce(stage)
    ask_and_answer(stage, tender)
    begins = moment(tender.data["tenderPeriod"]["startDate"])
    wait(stage, tender, "active.tendering", begins, "waiting for the period of bids")
    bid(stage, tender)
    ends = moment(tender.data["tenderPeriod"]["endDate"])
    wait(stage, tender, "active.auction", ends, "waiting for the end of the period of bids")
    compete(stage, tender)
    decide(stage, tender)
    sign(stage, tender)
    conclude(stage, tender)


def wait(stage: Stage, tender: Thing, status: str, due: datetime, words: str) -> Doc:
    """Wait for a status of the tender that comes with time."""
    buyer = stage.platform("broker")
    shown = stage.wait_for(lambda: buyer.get(tender.url), status, due, words)
    stage.tell(f"The tender is now {status}", tender.url)
    return shown


def moment(text: str) -> datetime:
    """A moment of a document."""
    return datetime.fromisoformat(text)


# --- the buyer announces


def announce(stage: Stage) -> Thing:
    """A draft, published, with documents."""
    stage.act("The buyer announces a tender")
    buyer = stage.platform("broker")
    draft = drafted(buyer, announcement(stage))
    stage.tell(f"Draft of {draft.data['tenderID']}, two lots; not in the feed yet", draft.url)
    shown = buyer.patch(draft.url, {"status": "active.enquiries"}, draft.token)
    tender = Thing(draft.url, draft.token, shown)
    stage.tell(f"Published: {shown['status']}, {hryvnias(shown['value']['amount'])} UAH in all", tender.url)
    for title, kind in (("notice.txt", "notice"), ("specification.txt", "technicalSpecifications")):
        document = buyer.attach(tender.url, title, f"The {kind} of {shown['tenderID']}.\n", tender.token, documentType=kind)
        stage.tell(f"Document {title}, kept by the document service", document.url)
    return tender


def drafted(buyer: Platform, data: Doc) -> Thing:
    """The draft of a tender. Raises Failed, with a hint where the server is none for training."""
    try:
        return buyer.post(f"{buyer.base}/tenders", data)
    except Failed as error:
        if "procurementMethodDetails" in str(error):
            raise Failed("The server accelerates no tenders; the demo needs one with sandbox_mode = true.") from error
        raise


def announcement(stage: Stage) -> Doc:
    """The data of the tender. Its periods are given; what the law counts in days is accelerated."""
    factor = round(LAWFUL_STAND_STILL / stage.span(STAND_STILL))
    bids_from = stage.now() + stage.span(ENQUIRIES)
    lots = [(part, uuid4().hex) for part in PARTS]
    return {
        "procurementMethodType": "belowThreshold",
        "status": "draft",
        "title": "Equipment for a school",
        "procuringEntity": BUYER,
        "value": money(sum(part.amount for part in PARTS)),
        "minimalStep": money(min(part.step for part in PARTS)),
        "items": [item(part, lot_id) for part, lot_id in lots],
        "lots": [lot(part, lot_id) for part, lot_id in lots],
        "enquiryPeriod": {"endDate": bids_from.isoformat()},
        "tenderPeriod": {"endDate": (bids_from + stage.span(TENDERING)).isoformat()},
        "procurementMethodDetails": f"quick, accelerator={factor}",
        "submissionMethodDetails": "quick",
    }


# --- suppliers ask and bid


def ask_and_answer(stage: Stage, tender: Thing, supplier: Supplier = SUPPLIERS[2]) -> None:
    """A question from another platform about one lot, and the buyer's answer."""
    stage.act("A supplier asks, the buyer answers")
    data = {
        "author": organization(supplier.name, supplier.code),
        "title": "Keyboards",
        "description": "Do the laptops need Ukrainian keyboards?",
        "questionOf": "lot",
        "relatedItem": tender.data["lots"][0]["id"],
    }
    question = stage.platform(supplier.key).post(f"{tender.url}/questions", data)
    stage.tell("Asked, the author hidden: 'Do the laptops need Ukrainian keyboards?'", question.url)
    stage.platform("broker").patch(question.url, {"answer": "Yes, all of them."}, tender.token)
    stage.tell("Answered: 'Yes, all of them.'", question.url)


def bid(stage: Stage, tender: Thing) -> None:
    """Four bids with a document each; they are sealed."""
    stage.act("Suppliers bid through two platforms; what they bid is sealed")
    bids = [offer(stage, tender, supplier) for supplier in SUPPLIERS]
    stage.tell(f"To read another one's bid: {stage.platform('broker3').refusal(bids[0].url)}")


def offer(stage: Stage, tender: Thing, supplier: Supplier, **declared: bool) -> Thing:
    """One bid: a draft, a document, then active; `declared` is what every bidder declares."""
    platform = stage.platform(supplier.key)
    values = [
        {"relatedLot": part["id"], "value": money(amount)}
        for part, amount in zip(tender.data["lots"], supplier.offers, strict=True)
    ]
    data = {"status": "draft", "tenderers": [organization(supplier.name, supplier.code)], "lotValues": values, **declared}
    made = platform.post(f"{tender.url}/bids", data)
    platform.attach(made.url, "proposal.txt", f"The proposal of {supplier.name}.\n", made.token)
    platform.patch(made.url, {"status": "active"}, made.token)
    amounts = " and ".join(map(hryvnias, supplier.offers))
    stage.tell(f"{supplier.name} through {supplier.key!r}: {amounts}", made.url)
    return made


# --- the auctions


def compete(stage: Stage, tender: Thing) -> None:
    """Wait for the planned starts, then hold an auction for each lot."""
    stage.act("The auctions, one for each lot")
    module = stage.platform("auction")
    stage.wait_until(planned(stage, tender) + MARGIN, "waiting for the planned start")
    for number, part in enumerate(tender.data["lots"]):
        auction.hold(stage, module, tender.url, part, [supplier.lowest[number] for supplier in SUPPLIERS])
    shown = module.get(tender.url)
    if shown["status"] != "active.qualification":
        raise Failed(f"After the auctions the tender should be active.qualification, and is {shown['status']}.")
    stage.tell("Results are in: bids are open, the best of each lot is considered", tender.url)


def planned(stage: Stage, tender: Thing) -> datetime:
    """The last planned start of the auctions."""
    reader = stage.platform("broker")
    deadline = stage.now() + timedelta(seconds=20)
    while stage.now() < deadline:
        periods = [part.get("auctionPeriod", {}) for part in reader.get(tender.url)["lots"]]
        if all("startDate" in period for period in periods):
            return max(moment(period["startDate"]) for period in periods)
        stage.progress("waiting for the chronograph to plan the auctions")
        stage.sleep(0.5)
    raise Failed("The auctions were not planned within 20 s. Does the chronograph run?")


# --- awards and contracts


def decide(stage: Stage, tender: Thing) -> None:
    """The first award is rejected, the next one of that lot and that of the other lot are confirmed."""
    stage.act("The buyer considers the best bids")
    buyer = stage.platform("broker")
    first = pending(stage, tender)[0]
    url = f"{tender.url}/awards/{first['id']}"
    buyer.attach(url, "minutes.txt", "The certificate of the maker is missing.\n", tender.token)
    reason = {"title": "Rejected", "description": "The certificate of the maker is missing."}
    buyer.patch(url, {**reason, "status": "unsuccessful"}, tender.token)
    stage.tell(f"Rejected: {told(first)}", url)
    for award in pending(stage, tender):
        url = f"{tender.url}/awards/{award['id']}"
        buyer.patch(url, {"status": "active"}, tender.token)
        stage.tell(f"Confirmed: {told(award)}", url)


def pending(stage: Stage, tender: Thing) -> list[Doc]:
    """The awards that wait for a decision, in the order of the lots."""
    shown = stage.platform("broker").get(tender.url)
    order = [part["id"] for part in shown["lots"]]
    waiting = [award for award in shown.get("awards", ()) if award["status"] == "pending"]
    return sorted(waiting, key=lambda award: order.index(award["lotID"]))


def told(award: Doc) -> str:
    """An award in words."""
    return f"{award['suppliers'][0]['name']} at {hryvnias(award['value']['amount'])}"


def sign(stage: Stage, tender: Thing, lawful: str = "two working days", seconds: float = STAND_STILL) -> None:
    """After the stand-still, every contract is signed."""
    stage.act("Stand-still, then the contracts")
    buyer = stage.platform("broker")
    shown = buyer.get(tender.url)
    ends = max(moment(award["complaintPeriod"]["endDate"]) for award in shown["awards"])
    stage.tell(f"Time for claims: {lawful}, here {stage.span(seconds).total_seconds():.0f} s", tender.url)
    stage.wait_until(ends + MARGIN, "waiting for the end of the stand-still")
    for contract in (each for each in shown["contracts"] if each["status"] == "pending"):
        url = f"{tender.url}/contracts/{contract['id']}"
        buyer.attach(url, "contract.txt", f"Contract {contract['contractID']}.\n", tender.token, documentType="contractSigned")
        buyer.patch(url, {"status": "active"}, tender.token)
        stage.tell(f"Signed: {contract['contractID']}, {hryvnias(contract['value']['amount'])}", url)


# --- the end


def conclude(stage: Stage, tender: Thing, table: Callable[[Doc], list[tuple[str, ...]]] | None = None) -> None:
    """What was saved, or what else a `table` says of the tender, and where to look next. Raises Failed if it is not complete."""
    reader = stage.platform("broker")
    shown = reader.get(tender.url)
    stage.act("The end")
    stage.table((table or savings)(shown))
    stage.tell(f"{shown['tenderID']} is {shown['status']}", tender.url)
    stage.tell("The feed, newest first", f"{reader.base}/tenders?descending=1")
    if shown["status"] != "complete":
        raise Failed(f"The tender should be complete, and is {shown['status']}.")


def savings(shown: Doc) -> list[tuple[str, ...]]:
    """Planned and agreed amounts of each lot and of all, with what was saved."""
    lot_of = {award["id"]: award["lotID"] for award in shown["awards"]}
    signed = (contract for contract in shown["contracts"] if contract["status"] == "active")
    agreed = {lot_of[contract["awardID"]]: contract["value"]["amount"] for contract in signed}
    rows = [(part["title"], part["value"]["amount"], agreed[part["id"]]) for part in shown["lots"]]
    rows.append(("in all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    return [("lot", "planned", "contract", "saved", "%"), *(saved(*row) for row in rows)]


def saved(title: str, planned: float, agreed: float) -> tuple[str, ...]:
    """One row of the table of savings."""
    return title, hryvnias(planned), hryvnias(agreed), hryvnias(planned - agreed), f"{100 * (planned - agreed) / planned:.1f}"
