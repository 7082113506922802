"""One below-threshold tender and those who take part in it, for scenarios: each method is a step of the procedure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

ANSWER = {"status": "answered", "resolution": "Умови змінено на конкурентні", "resolutionType": "resolved"}
STAND_STILL = timedelta(days=5)
"""More than two working days, whatever the day."""


class Play:
    """A tender of `lots` lots, announced. `bids` and `claims` are those made so far."""

    declared: ClassVar[Doc] = {}
    """What every bid says besides."""

    def __init__(self, api: Api, lots: int = 0, **changes: Any) -> None:
        self.api = api
        parts = {"lots": [builders.lot(f"Лот {n + 1}") for n in range(lots)]} if lots else {}
        self.tender = api.tender(**parts, **changes)
        self.bids: list[Thing] = []
        self.claims: list[Thing] = []

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

    # --- bidding and the auction

    def bid(self, amount: float = 450, *lots: str, **changes: Any) -> Thing:
        """A bid for the tender, or for some lots."""
        offer = builders.lot_bid(dict.fromkeys(lots, amount), **changes) if lots else builders.bid(amount, **changes)
        made = self.api.post(f"{self.tender.path}/bids", offer)
        self.bids.append(made)
        return made

    def open_bids(self, *amounts: float) -> Play:
        """Bids of these amounts, each for every lot there is, and the end of the time for bids."""
        self.api.until(self.tender, "active.tendering")
        for amount in amounts:
            self.bid(amount, *self.lots)
        self.end_tendering()
        return self

    def end_tendering(self) -> None:
        """The time for bids is over."""
        self.api.tick(self.tender, self.doc["tenderPeriod"]["endDate"])

    def hold_auction(self, *lots: str) -> Play:
        """Auctions, of the tender or of these lots, that leave every amount as it was."""
        bids = self.api.store.get("tender", self.tender.id).body["bids"]
        results = [{name: bid[name] for name in ("id", "value", "lotValues") if name in bid} for bid in bids]
        for suffix in [f"/{lot}" for lot in lots] or [""]:
            self.api.call("POST", f"{self.tender.path}/auction{suffix}", {"bids": results}, user="auction")
        return self

    # --- awards and contracts

    @property
    def award(self) -> Doc:
        """The last award."""
        last: Doc = self.doc["awards"][-1]
        return last

    def decide(self, status: str, award: Doc | None = None) -> Doc:
        """The buyer decides on an award, the last one unless said otherwise."""
        return self.act(f"/awards/{(award or self.award)['id']}", {"status": status})

    def pass_stand_still(self) -> None:
        """Time enough passes for a stand-still to be over."""
        self.api.tick(self.tender, STAND_STILL)

    def sign(self) -> Doc:
        """The last contract is signed."""
        return self.act(f"/contracts/{self.doc['contracts'][-1]['id']}", {"status": "active"})

    def of_lot(self, lot: str) -> Doc:
        """The last award of a lot."""
        last: Doc = [award for award in self.doc["awards"] if award["lotID"] == lot][-1]
        return last

    # --- claims

    def claim(self, place: str = "", status: str = "claim", token: str = "", **changes: Any) -> Thing:
        """A claim about the tender, or about the award at `place`."""
        path = f"{self.tender.path}{place}/complaints"
        self.claims.append(self.api.post(path, builders.claim(status=status, **changes), token=token))
        return self.claims[-1]

    def answer(self, claim: Thing, **changes: Any) -> Doc:
        """The buyer answers a claim."""
        changed: Doc = self.api.patch(claim.path, ANSWER | changes, token=self.tender.token)
        return changed

    def forge(self, claim: Thing, status: str, **changes: str) -> None:
        """Put a claim into a status that only documents of the old toolkit have; the clock is to look at it at once."""
        stored = self.api.store.get("tender", self.tender.id)
        body = stored.body
        claims = [*body.get("complaints", ()), *(c for a in body.get("awards", ()) for c in a.get("complaints", ()))]
        next(c for c in claims if c["id"] == claim.id).update(status=status, type="complaint", **changes)
        body["next_check"] = body["_due"] = self.api.clock.now.isoformat()
        self.api.store.put("tender", body["id"], body, expect=stored.rev)

    def claims_of_every_status(self, place: str = "", token: str = "") -> dict[str, Thing]:
        """Claims that are not closed, one in each status."""
        made = {"draft": self.claim(place, "draft", token)}
        made |= {status: self.claim(place, token=token) for status in ("claim", "answered", "pending")}
        self.answer(made["answered"])
        self.forge(made["pending"], "pending")
        return made

    # --- giving up

    def cancel(self, lot: str = "", status: str = "active") -> Thing:
        """The buyer cancels the tender, or a lot."""
        about = {"cancellationOf": "lot", "relatedLot": lot} if lot else {}
        data = {"reason": "Кошти скорочено", "status": status, **about}
        return self.api.post(f"{self.tender.path}/cancellations", data, token=self.tender.token)
