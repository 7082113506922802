"""One tender and those who take part in it, for scenarios: each method is a step of the procedure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

from ..states import PROCEDURE

STAND_STILL = timedelta(days=4)
"""More than one working day, whatever the day."""


def tender(now: datetime, **changes: Any) -> Doc:
    """What the buyer announces: a week for quotations."""
    return {
        "procurementMethodType": PROCEDURE.method_type,
        "title": "Парти для школи",
        "procuringEntity": builders.organization(kind="general"),
        "value": builders.value(500),
        "items": [builders.item()],
        "tenderPeriod": {"endDate": (now + builders.WEEK).isoformat()},
    } | changes


class Play:
    """A tender, published unless it is to stay a draft. `bids` are those made so far."""

    def __init__(self, api: Api, status: str = "active.tendering", **changes: Any) -> None:
        self.api = api
        self.tender = api.post("/tenders", tender(api.clock.now, **changes))
        self.bids: list[Thing] = []
        if status != "draft":
            api.patch(self.tender, {"status": status})

    @property
    def doc(self) -> Doc:
        """The tender as everybody sees it."""
        doc: Doc = self.api.get(self.tender.path)
        return doc

    @property
    def award(self) -> Doc:
        """The last award."""
        last: Doc = self.doc["awards"][-1]
        return last

    def act(self, path: str, data: Doc) -> Doc:
        """The buyer changes something below the tender."""
        changed: Doc = self.api.patch(f"{self.tender.path}{path}", data, token=self.tender.token)
        return changed

    def bid(self, amount: float = 450, **changes: Any) -> Thing:
        """A quotation."""
        self.bids.append(self.api.post(f"{self.tender.path}/bids", builders.bid(amount, **changes)))
        return self.bids[-1]

    def open_bids(self, *amounts: float) -> Play:
        """Quotations of these amounts, and the end of the time for them."""
        for amount in amounts:
            self.bid(amount)
        self.api.tick(self.tender, self.doc["tenderPeriod"]["endDate"])
        return self

    def decide(self, status: str) -> Doc:
        """The buyer decides on the last award."""
        return self.act(f"/awards/{self.award['id']}", {"status": status})

    def sign(self) -> Doc:
        """The last contract is signed, after the stand-still."""
        self.api.tick(self.tender, STAND_STILL)
        return self.act(f"/contracts/{self.doc['contracts'][-1]['id']}", {"status": "active"})

    def cancel(self, status: str = "active") -> Thing:
        """The buyer gives it up."""
        data = {"reason": "Кошти скорочено", "status": status}
        return self.api.post(f"{self.tender.path}/cancellations", data, token=self.tender.token)
