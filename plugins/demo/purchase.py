"""What the demos of purchases without competition share: the announcement, suppliers named by the buyer, contracts priced."""

from __future__ import annotations

from .failures import Failed
from .parties import BUYER, Part, Supplier, hryvnias, item, money, organization
from .stage import Stage
from .wire import Doc, Thing


def announcement(kind: str) -> Doc:
    """What every purchase says; value and items are the play's."""
    return {"procurementMethodType": kind, "title": "Equipment for a school", "procuringEntity": BUYER}


def delivered(part: Part, lot_id: str = "") -> Doc:
    """An item with when and where it is delivered."""
    period = {"startDate": "2030-09-01T00:00:00+03:00", "endDate": "2030-09-15T00:00:00+03:00"}
    bare = {name: value for name, value in item(part, lot_id).items() if name != "relatedLot" or lot_id}
    return bare | {"deliveryDate": period, "deliveryAddress": BUYER["address"]}


def award(supplier: Supplier, amount: float, lot_id: str = "") -> Doc:
    """A supplier whom the buyer names, qualified."""
    about = {"lotID": lot_id} if lot_id else {}
    suppliers = [organization(supplier.name, supplier.code)]
    return {"suppliers": suppliers, "value": money(amount), "qualified": True, **about}


def sign(stage: Stage, tender: Thing, contract: Doc) -> None:
    """Write the price of the unit into a contract of one item, add the signed text, sign."""
    buyer = stage.platform("broker")
    url = f"{tender.url}/contracts/{contract['id']}"
    (bought,), total = contract["items"], contract["value"]["amount"]
    price = round(total / bought["quantity"], 2)
    buyer.patch(url, {"items": [{"unit": {"value": money(price)}}]}, tender.token)
    stage.tell(f"{bought['quantity']} x {bought['description']!r} at {hryvnias(price)}", url)
    buyer.attach(url, "contract.txt", f"Contract {contract['contractID']}.\n", tender.token, documentType="contractSigned")
    buyer.patch(url, {"status": "active"}, tender.token)
    stage.tell(f"Signed: {contract['contractID']}, {hryvnias(total)}", url)


def end(stage: Stage, tender: Thing) -> None:
    """The purchase is complete. Raises Failed if it is not."""
    shown = stage.platform("broker").get(tender.url)
    stage.tell(f"{shown['tenderID']} is {shown['status']}", tender.url)
    if shown["status"] != "complete":
        raise Failed(f"The tender should be complete, and is {shown['status']}.")
