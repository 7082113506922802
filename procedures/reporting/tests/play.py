"""One purchase without competition and those who take part in it, for scenarios: each method is a step of the procedure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

STAND_STILL = timedelta(days=12)
"""More than any stand-still of these procedures."""
REVIEW = "reviewer"
"""The key of the review body."""


class Play:
    """A purchase of one kind with `lots` lots, announced. `complaints` are those made so far."""

    def __init__(self, api: Api, kind: str = "reporting", lots: int = 0, **changes: Any) -> None:
        self.api = api
        parts = {"lots": [builders.part(f"Лот {n + 1}") for n in range(lots)]} if lots else {}
        self.tender = api.post("/tenders", builders.purchase(kind, **parts, **changes))
        self.complaints: list[Thing] = []

    @property
    def doc(self) -> Doc:
        """The tender as everybody sees it."""
        doc: Doc = self.api.get(self.tender.path)
        return doc

    @property
    def status(self) -> str:
        """The tender's status."""
        return str(self.doc["status"])

    @property
    def lots(self) -> list[str]:
        """The ids of the lots."""
        return [lot["id"] for lot in self.doc.get("lots", ())]

    def act(self, path: str, data: Doc) -> Doc:
        """The buyer changes something below the tender."""
        changed: Doc = self.api.patch(f"{self.tender.path}{path}", data, token=self.tender.token)
        return changed

    # --- awards and contracts

    def name(self, lot: str = "", amount: float = 200) -> Thing:
        """The buyer names a supplier, for a lot or for the whole tender."""
        about = {"lotID": lot} if lot else {}
        sent = builders.supplier(amount, **about)
        return self.api.post(f"{self.tender.path}/awards", sent, token=self.tender.token)

    def decide(self, award: Thing, status: str) -> Thing:
        """The buyer decides on an award."""
        self.act(f"/awards/{award.id}", {"status": status})
        return award

    def confirmed(self, lot: str = "") -> Thing:
        """A confirmed award."""
        return self.decide(self.name(lot), "active")

    def pass_stand_still(self) -> None:
        """Time enough passes for a stand-still to be over."""
        self.api.clock.advance(STAND_STILL)

    def sign(self) -> Doc:
        """The last contract is signed."""
        return self.act(f"/contracts/{self.doc['contracts'][-1]['id']}", {"status": "active"})

    def conclude(self, lot: str = "") -> Doc:
        """A supplier is named and confirmed, and its contract signed after the stand-still."""
        self.confirmed(lot)
        self.pass_stand_still()
        return self.sign()

    # --- complaints

    def complain(self, award: Thing, status: str = "pending") -> Thing:
        """A complaint about an award."""
        path = f"{self.tender.path}/awards/{award.id}/complaints"
        self.complaints.append(self.api.post(path, builders.claim(status=status)))
        return self.complaints[-1]

    def rule(self, complaint: Thing, *statuses: str) -> Thing:
        """The review body takes a complaint from one status to the next."""
        for status in statuses:
            self.api.patch(complaint.path, {"status": status, "decision": "Рішення"}, user=REVIEW)
        return complaint

    # --- giving up

    def cancel(self, lot: str = "", status: str = "active") -> Thing:
        """The buyer cancels the tender, or a lot."""
        about = {"cancellationOf": "lot", "relatedLot": lot} if lot else {}
        data = {"reason": "Кошти скорочено", "status": status, **about}
        return self.api.post(f"{self.tender.path}/cancellations", data, token=self.tender.token)

    def forge(self, **changes: Any) -> None:
        """Change the stored tender as no request could."""
        stored = self.api.store.get("tender", self.tender.id)
        body = stored.body | changes
        self.api.store.put("tender", body["id"], body, expect=stored.rev)


def recorded(api: Api) -> Play:
    """A concluded contract that was reported in one go."""
    return Play(api, status="complete", awards=[builders.supplier()], contracts=[{"contractNumber": "№ 12"}])
