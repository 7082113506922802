"""One tender of the open procedure and those who take part in it, for scenarios: each method is a step of the procedure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing
from procedures.below_threshold.tests import play as base

REVIEW = "reviewer"
"""The key of the review body."""
APPROVED = {"status": "active", "qualified": True, "eligible": True}


class Play(base.Play):
    """A tender of `lots` lots, announced, of any procedure that follows the open one."""

    declared = builders.DECLARED
    announced: ClassVar[Doc] = {}
    """What every announcement says besides."""

    def __init__(self, api: Api, lots: int = 0, **changes: Any) -> None:
        self.api = api
        parts = {"lots": [builders.lot(f"Лот {n + 1}") for n in range(lots)]} if lots else {}
        self.tender = api.post("/tenders", builders.open_tender(api.clock.now, **self.announced | parts | changes))
        self.bids: list[Thing] = []
        self.claims: list[Thing] = []

    def bid(self, amount: float = 450, *lots: str, **changes: Any) -> Thing:
        """A bid for the tender, or for some lots."""
        return super().bid(amount, *lots, **self.declared | changes)

    def open_bids(self, *amounts: float) -> Play:
        """Bids of these amounts, each for every lot there is, and the end of the time for bids."""
        for amount in amounts:
            self.bid(amount, *self.lots)
        self.end_tendering()
        return self

    def end_tendering(self) -> None:
        """The buyer answers what is open, then the time for bids is over."""
        for question in self.doc.get("questions", ()):
            if "answer" not in question:
                self.act(f"/questions/{question['id']}", {"answer": "Так"})
        for claim in self.doc.get("complaints", ()):
            if claim["status"] == "claim":
                self.act(f"/complaints/{claim['id']}", base.ANSWER)
        super().end_tendering()

    def awarding(self, *amounts: float) -> Play:
        """Bids of these amounts, and an auction of every lot in which nobody comes down."""
        self.open_bids(*amounts)
        self.hold_auction(*self.lots)
        return self

    def decide(self, status: str, award: Doc | None = None) -> Doc:
        """The buyer decides on an award, the last one unless said otherwise."""
        data = APPROVED if status == "active" else {"status": status}
        return self.act(f"/awards/{(award or self.award)['id']}", data)

    def pass_stand_still(self) -> None:
        """Time enough passes for a stand-still to be over."""
        self.api.tick(self.tender, timedelta(days=12))

    def amend(self, **changes: Any) -> Doc:
        """The buyer changes the tender."""
        return self.act("", {"description": "Уточнено"} | changes)

    # --- complaints

    def complain(self, place: str = "", status: str = "pending", token: str = "", **changes: Any) -> Thing:
        """A complaint about the tender, or about the award at `place`."""
        return self.claim(place, status, token, **changes)

    def review(self, complaint: Thing, status: str, **changes: Any) -> Doc:
        """The review body does something with a complaint."""
        data = {"status": status, "decision": "Рішення"} | changes
        changed: Doc = self.api.patch(complaint.path, data, user=REVIEW)
        return changed

    def withdraw(self, complaint: Thing, status: str) -> Doc:
        """Who filed it takes it back, or asks to stop."""
        changed: Doc = self.api.patch(complaint, {"status": status, "cancellationReason": "Помилка"})
        return changed
