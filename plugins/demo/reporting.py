"""The demo of reporting: a supplier named, a slip of the pen, a contract priced and signed; another one reported in one go."""

from __future__ import annotations

from . import purchase
from .parties import BUYER, PARTS, SUPPLIERS, hryvnias, money, organization
from .stage import Stage
from .wire import Doc, Thing

PART, SUPPLIER = PARTS[1], SUPPLIERS[0]
PRICE = SUPPLIER.offers[1]


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    tender = announce(stage)
    award(stage, tender)
    sign(stage, tender)
    purchase.end(stage, tender)
    purchase.end(stage, report(stage))


def announcement() -> Doc:
    """The data of the purchase: one thing, no lots."""
    return purchase.announcement("reporting") | {"value": money(PART.amount), "items": [purchase.delivered(PART)]}


def announce(stage: Stage) -> Thing:
    """The purchase is made public."""
    stage.act("The buyer makes a purchase public")
    buyer = stage.platform("broker")
    tender = buyer.post(f"{buyer.base}/tenders", announcement())
    stage.tell(f"{tender.data['tenderID']}, expected to cost {hryvnias(PART.amount)}", tender.url)
    return tender


def award(stage: Stage, tender: Thing) -> None:
    """A supplier is named with a zero too many, which is noticed; then as it was meant."""
    stage.act("The buyer names the supplier")
    buyer = stage.platform("broker")
    made = buyer.post(f"{tender.url}/awards", purchase.award(SUPPLIER, PRICE * 10), tender.token)
    stage.tell(f"Named: {SUPPLIER.name}, {hryvnias(PRICE * 10)}", made.url)
    for warning in made.warnings:
        stage.tell(f"Warning: {warning}")
    buyer.patch(made.url, {"value": {"amount": PRICE}}, tender.token)
    buyer.attach(made.url, "minutes.txt", "The price was compared with three catalogues.\n", tender.token)
    buyer.patch(made.url, {"status": "active"}, tender.token)
    stage.tell(f"Put right and confirmed: {hryvnias(PRICE)}", made.url)


def sign(stage: Stage, tender: Thing) -> None:
    """The contract is priced by the unit and signed at once: there is no stand-still."""
    stage.act("The contract")
    buyer = stage.platform("broker")
    (contract,) = buyer.get(tender.url)["contracts"]
    purchase.sign(stage, tender, contract)


def report(stage: Stage) -> Thing:
    """A contract that was concluded is reported with one request."""
    stage.act("Another contract, concluded earlier, is reported in one go")
    buyer = stage.platform("broker")
    other = SUPPLIERS[1]
    data = announcement() | {
        "status": "complete",
        "title": "Equipment bought in a hurry",
        "procuringEntity": BUYER,
        "awards": [{"suppliers": [organization(other.name, other.code)], "value": money(other.offers[1])}],
        "contracts": [{"contractNumber": "12/7", "dateSigned": stage.now().isoformat()}],
    }
    tender = buyer.post(f"{buyer.base}/tenders", data)
    stage.tell(f"{tender.data['tenderID']}: tender, award and contract of {other.name}", tender.url)
    return tender
