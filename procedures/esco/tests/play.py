"""One energy service tender and those who take part in it: each method is a step of the procedure."""

from __future__ import annotations

from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import Api, Thing
from procedures.above_threshold_eu.tests import play as base

from . import data


def share(amount: float) -> float:
    """A share of the savings instead of a price: whose price was lower is now worth more to the buyer."""
    return round(0.8 + amount / 10_000, 5)


class Play(base.Play):
    """A tender of `lots` lots, announced; `funding` is said of it and of each lot.

    Bids are told apart by amounts, as where prices are bid for; the lowest one is best.
    """

    def __init__(self, api: Api, lots: int = 0, funding: Doc | None = None, **changes: Any) -> None:
        self.api = api
        funds = funding or {}
        parts = {"lots": [data.lot(f"Лот {n + 1}", **funds) for n in range(lots)]} if lots else {}
        self.tender = api.post("/tenders", data.tender(api.clock.now, **funds | parts | changes))
        self.bids: list[Thing] = []
        self.claims: list[Thing] = []

    def bid(self, amount: float = 450, *lots: str, **changes: Any) -> Thing:
        """A bid for the tender, or for some lots."""
        made = self.api.post(f"{self.tender.path}/bids", data.bid(share(amount), *lots, **changes))
        self.bids.append(made)
        return made
