"""Short cuts through a purchase without competition."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

NEGOTIATIONS = ("negotiation", "negotiation.quick")
KINDS = ("reporting", *NEGOTIATIONS)
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
BOTH = pytest.mark.parametrize("kind", NEGOTIATIONS)
STAND_STILL = {"negotiation": timedelta(days=11), "negotiation.quick": timedelta(days=6)}
"""Time enough from any moment of a day."""
OVER = ("complete", "cancelled", "unsuccessful")


def announce(api: Api, kind: str = "reporting", lots: int = 0, **changes: Any) -> Thing:
    """An announced purchase, with so many lots."""
    parts = {"lots": [builders.part(f"Лот {number + 1}") for number in range(lots)]} if lots else {}
    return api.post("/tenders", builders.purchase(kind, **parts, **changes))


def lots_of(tender: Thing) -> list[str]:
    """The ids of the lots."""
    return [lot["id"] for lot in tender.data["lots"]]


def name(api: Api, tender: Thing, lot: str = "", amount: float = 450, **changes: Any) -> Thing:
    """The buyer names a supplier, for a lot or for the whole tender."""
    about = {"lotID": lot} if lot else {}
    made = api.post(f"{tender.path}/awards", builders.supplier(amount, **about, **changes), token=tender.token)
    return Thing(made.path, tender.token, made.data)


def confirm(api: Api, tender: Thing, lot: str = "", amount: float = 450) -> tuple[Thing, Thing]:
    """A confirmed award and its contract."""
    award = name(api, tender, lot, amount)
    decided = api.patch(award, {"status": "active"})
    return Thing(award.path, tender.token, decided), contract_of(api, tender, award)


def contract_of(api: Api, tender: Thing, award: Thing) -> Thing:
    """The contract of an award, in the hand of the buyer."""
    doc: Doc = next(c for c in api.get(f"{tender.path}/contracts") if c["awardID"] == award.id)
    return Thing(f"{tender.path}/contracts/{doc['id']}", tender.token, doc)


def pass_stand_still(api: Api, tender: Thing) -> None:
    """The stand-still, where there is one, is over."""
    api.clock.advance(STAND_STILL.get(tender.data["procurementMethodType"], timedelta(0)))


def conclude(api: Api, tender: Thing, lot: str = "", amount: float = 450) -> Thing:
    """The signed contract of a lot, or of the tender."""
    _, contract = confirm(api, tender, lot, amount)
    pass_stand_still(api, tender)
    return Thing(contract.path, tender.token, api.patch(contract, {"status": "active"}))
