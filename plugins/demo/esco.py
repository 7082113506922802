"""The demo of esco: companies bid for a share of what they save; one is rejected unopened and let in; who leaves most wins."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from .above_threshold_eu import (
    BIDDERS,
    LAWFUL_STAND_STILL,
    REVIEWED,
    STAND_STILL,
    TENDERING,
    complain,
    english,
    review,
)
from .auction import ROOMS, offer_for
from .below_threshold import MARGIN, conclude, decide, drafted, moment, planned, sign, wait
from .failures import Failed
from .parties import BUYER, Supplier, hryvnias, organization
from .stage import Stage
from .wire import Doc, Thing

PERIODS = 21
SHARE, WORTH = "yearlyPaymentsPercentage", "amountPerformance"


@dataclass(frozen=True, slots=True)
class Building:
    """A lot: what is to consume less, and how much is saved a year."""

    title: str
    cpv: str
    saved: float


@dataclass(frozen=True, slots=True)
class Asks:
    """What a company asks of each building: years, its share of the savings at first, and the least it would go down to."""

    years: int
    shares: tuple[float, ...]
    lowest: tuple[float, ...]


BUILDINGS = (
    Building("Heating of the school", "71314000-2", 600_000),
    Building("Lighting of the gymnasium", "71314200-4", 90_000),
)
ASKS = (
    Asks(10, (0.95, 0.93), (0.88, 0.84)),
    Asks(9, (0.94, 0.95), (0.9, 0.81)),
    Asks(11, (0.93, 0.92), (0.83, 0.86)),
    Asks(12, (0.97, 0.96), (0.92, 0.9)),
)


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    tender = announce(stage)
    bids = bid(stage, tender)
    ends = moment(tender.data["tenderPeriod"]["endDate"])
    wait(stage, tender, REVIEWED, ends, "waiting for the end of the period of bids")
    review(stage, tender, bids[-1])
    complain(stage, tender, bids[-1])
    ends = moment(stage.platform("broker").get(tender.url)["qualificationPeriod"]["endDate"])
    wait(stage, tender, "active.auction", ends, "waiting for the end of the stand-still")
    compete(stage, tender)
    decide(stage, tender)
    sign(stage, tender, "ten days", STAND_STILL)
    conclude(stage, tender, agreed)


# --- the buyer announces, companies bid


def announce(stage: Stage) -> Thing:
    """A draft, published."""
    stage.act("The buyer looks for companies that make two buildings consume less")
    buyer = stage.platform("broker")
    draft = drafted(buyer, announcement(stage))
    shown = buyer.patch(draft.url, {"status": "active.tendering"}, draft.token)
    stage.tell(f"Published: {shown['tenderID']}, at a discount rate of {shown['NBUdiscountRate']:.1%}", draft.url)
    return Thing(draft.url, draft.token, shown)


def announcement(stage: Stage) -> Doc:
    """The data of the tender: no value, for the buyer pays from what is saved. What the law counts in days is accelerated."""
    lots = [(building, uuid4().hex) for building in BUILDINGS]
    return {
        "procurementMethodType": "esco",
        "status": "draft",
        "title": "Енергосервіс школи",
        "title_en": "Energy service for a school",
        "procuringEntity": english(BUYER),
        "NBUdiscountRate": 0.135,
        "minimalStepPercentage": 0.01,
        "items": [item(building, lot_id) for building, lot_id in lots],
        "lots": [{"id": lot_id, "title": building.title, "minimalStepPercentage": 0.01} for building, lot_id in lots],
        "tenderPeriod": {"endDate": (stage.now() + stage.span(TENDERING)).isoformat()},
        "procurementMethodDetails": f"quick, accelerator={round(LAWFUL_STAND_STILL / stage.span(STAND_STILL))}",
        "submissionMethodDetails": "quick",
    }


def item(building: Building, lot_id: str) -> Doc:
    """What a lot is about."""
    code = {"scheme": "ДК021", "id": building.cpv, "description": building.title}
    return {"description": building.title, "description_en": building.title, "classification": code, "relatedLot": lot_id}


def bid(stage: Stage, tender: Thing) -> list[Thing]:
    """Four bids; the server says what each is worth to the buyer."""
    stage.act("Companies say what is saved in 21 periods, and which share of it they ask, for how long")
    made = [offer(stage, tender, supplier, asks) for supplier, asks in zip(BIDDERS, ASKS, strict=True)]
    stage.tell(f"To read another one's bid: {stage.platform('broker4').refusal(made[0].url)}")
    return made


def offer(stage: Stage, tender: Thing, supplier: Supplier, asks: Asks) -> Thing:
    """One bid: a draft with documents, then handed in."""
    platform = stage.platform(supplier.key)
    parts = zip(tender.data["lots"], BUILDINGS, asks.shares, strict=True)
    values = [{"relatedLot": part["id"], "value": terms(building, asks.years, share)} for part, building, share in parts]
    data = {"status": "draft", "tenderers": [organization(supplier.name, supplier.code)], "lotValues": values}
    made = platform.post(f"{tender.url}/bids", data)
    platform.attach(made.url, "licence.txt", f"{supplier.name} may insulate.\n", made.token, to="eligibility_documents")
    shown = platform.patch(made.url, {"status": "pending"}, made.token)
    worth = " and ".join(hryvnias(each["value"][WORTH]) for each in shown["lotValues"])
    stage.tell(f"{supplier.name}, {asks.years} years: worth {worth}", made.url)
    return made


def terms(building: Building, years: int, share: float) -> Doc:
    """What a company offers for a building."""
    return {SHARE: share, "annualCostsReduction": [building.saved] * PERIODS, "contractDuration": {"years": years, "days": 0}}


# --- the auctions


def compete(stage: Stage, tender: Thing) -> None:
    """Wait for the planned starts, then hold an auction for each lot. Raises Failed if bids are not open then."""
    stage.act("The auctions, one for each lot: companies ask for less")
    stage.wait_until(planned(stage, tender) + MARGIN, "waiting for the planned start")
    for number in range(len(tender.data["lots"])):
        hold(stage, tender, number)
    shown = stage.platform("auction").get(tender.url)
    if shown["status"] != "active.qualification":
        raise Failed(f"After the auctions the tender should be active.qualification, and is {shown['status']}.")
    for part in shown["lots"]:
        rows = [line(each, offer_for(each, part)["value"]) for each in shown["bids"]]
        stage.tell(f"{part['title']}, after the auction:")
        stage.table([("bid", "share", "price", "worth"), *rows])


def hold(stage: Stage, tender: Thing, number: int) -> None:
    """Hold the auction of a lot: everybody goes down to its least share."""
    module, part = stage.platform("auction"), tender.data["lots"][number]
    told = module.get(f"{tender.url}/auction")
    rooms = [{"id": each["id"], "auctionUrl": f"{ROOMS}/esco-tenders/{each['id']}"} for each in told["lots"]]
    module.patch(f"{tender.url}/auction/{part['id']}", {"lots": rooms, "bids": [named(each) for each in told["bids"]]})
    for each, asks in zip(told["bids"], ASKS, strict=True):
        offer_for(each, part)["value"][SHARE] = asks.lowest[number]
    module.post(f"{tender.url}/auction/{part['id']}", {"bids": told["bids"]})
    stage.tell(f"Auction of {part['title']!r}: {len(told['bids'])} bidders", f"{tender.url}/lots/{part['id']}")


def named(each: Doc) -> Doc:
    """A bid with its offers, of which nothing is said."""
    return {"id": each["id"], "lotValues": [{"relatedLot": made["relatedLot"]} for made in each["lotValues"]]}


def line(each: Doc, value: Doc) -> tuple[str, ...]:
    """What a bid came to."""
    return each["tenderers"][0]["name"], f"{value[SHARE]:.1%}", hryvnias(value["amount"]), hryvnias(value[WORTH])


# --- the end


def agreed(shown: Doc) -> list[tuple[str, ...]]:
    """The years, the price and the worth of each contract."""
    title_of = {part["id"]: part["title"] for part in shown["lots"]}
    lot_of = {award["id"]: award["lotID"] for award in shown["awards"]}
    rows = [
        (
            title_of[lot_of[contract["awardID"]]],
            str(contract["value"]["contractDuration"]["years"]),
            hryvnias(contract["value"]["amount"]),
            hryvnias(contract["value"][WORTH]),
        )
        for contract in shown["contracts"]
        if contract["status"] == "active"
    ]
    return [("lot", "years", "price", "worth to the buyer"), *rows]
