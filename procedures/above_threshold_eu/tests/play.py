"""One above-threshold tender with pre-qualification and those who take part in it: each method is a step of the procedure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

from . import data

REVIEWED, STAND_STILL = "active.pre-qualification", "active.pre-qualification.stand-still"
PASSED = {"status": "active", "qualified": True, "eligible": True}
ANSWER = {"status": "answered", "resolution": "Умови змінено на конкурентні", "resolutionType": "resolved"}
MINUTE = timedelta(minutes=1)


class Play:
    """A tender of `lots` lots, announced. `bids` and `complaints` are those made so far."""

    def __init__(self, api: Api, lots: int = 0, **changes: Any) -> None:
        self.api = api
        parts = {"lots": [builders.lot(f"Лот {n + 1}") for n in range(lots)]} if lots else {}
        self.tender = api.post("/tenders", data.tender(api.clock.now, **parts, **changes))
        self.bids: list[Thing] = []
        self.complaints: list[Thing] = []

    @property
    def doc(self) -> Doc:
        """The tender as everybody sees it."""
        doc: Doc = self.api.get(self.tender.path, user=None)
        return doc

    @property
    def stored(self) -> Doc:
        """The tender as it is kept."""
        return self.api.store.get("tender", self.tender.id).body

    @property
    def status(self) -> str:
        """The tender's status."""
        return str(self.doc["status"])

    @property
    def lots(self) -> list[str]:
        """The ids of the lots."""
        return [lot["id"] for lot in self.doc.get("lots", ())]

    def act(self, path: str, news: Doc, **options: Any) -> Doc:
        """The buyer changes something below the tender, or the tender."""
        changed: Doc = self.api.patch(f"{self.tender.path}{path}", news, token=self.tender.token, **options)
        return changed

    # --- bidding

    def bid(self, amount: float = 450, *lots: str, **changes: Any) -> Thing:
        """A bid for the tender, or for some lots."""
        made = self.api.post(f"{self.tender.path}/bids", data.bid(amount, *lots, **changes))
        self.bids.append(made)
        return made

    def close(self, *amounts: float) -> Play:
        """Bids of these amounts, each for every active lot there is, and the end of the time for bids."""
        active = [lot["id"] for lot in self.doc.get("lots", ()) if lot["status"] == "active"]
        for amount in amounts:
            self.bid(amount, *active)
        self.api.tick(self.tender, self.doc["tenderPeriod"]["endDate"])
        return self

    # --- the review of bids

    @property
    def reviews(self) -> list[Doc]:
        """The qualifications, in the order in which they were made."""
        found: list[Doc] = self.doc.get("qualifications", [])
        return found

    def review(self, place: int, status: str) -> Doc:
        """The buyer decides on a qualification, by its place."""
        news = PASSED if status == "active" else {"status": status}
        return self.act(f"/qualifications/{self.reviews[place]['id']}", news)

    def review_all(self, *rejected: int) -> Play:
        """Every qualification that waits is decided; those at these places are rejected."""
        for place, each in enumerate(self.reviews):
            if each["status"] == "pending":
                self.review(place, "unsuccessful" if place in rejected else "active")
        return self

    def stand_still(self) -> Play:
        """The time to complain of qualifications begins."""
        self.act("", {"status": STAND_STILL})
        return self

    def qualified(self, *amounts: float, rejected: tuple[int, ...] = ()) -> Play:
        """Bids of these amounts, all reviewed, and the time to complain has begun."""
        return self.close(*amounts).review_all(*rejected).stand_still()

    def to_auction(self) -> Play:
        """The time to complain of qualifications is over."""
        self.api.tick(self.tender, self.doc["qualificationPeriod"]["endDate"])
        return self

    # --- the auction, awards and contracts

    def hold_auction(self) -> Play:
        """Auctions, of the tender or of each active lot, that leave every amount as it was."""
        bids = self.api.get(f"{self.tender.path}/auction", user="auction")["bids"]
        results = [{name: bid[name] for name in ("id", "value", "lotValues") if name in bid} for bid in bids]
        active = [lot["id"] for lot in self.doc.get("lots", ()) if lot["status"] == "active"]
        for suffix in [f"/{lot}" for lot in active] or [""]:
            self.api.call("POST", f"{self.tender.path}/auction{suffix}", {"bids": results}, user="auction")
        return self

    def auctioned(self, *amounts: float) -> Play:
        """Bids of these amounts, reviewed and auctioned."""
        return self.qualified(*amounts).to_auction().hold_auction()

    @property
    def award(self) -> Doc:
        """The last award."""
        last: Doc = self.doc["awards"][-1]
        return last

    def of_lot(self, lot: str) -> Doc:
        """The last award of a lot."""
        last: Doc = [award for award in self.doc["awards"] if award["lotID"] == lot][-1]
        return last

    def decide(self, status: str, award: Doc | None = None) -> Doc:
        """The buyer decides on an award, the last one unless said otherwise."""
        return self.act(f"/awards/{(award or self.award)['id']}", {"status": status})

    def pass_stand_still(self) -> None:
        """The stand-still of every award is over."""
        ends = [datetime.fromisoformat(award["complaintPeriod"]["endDate"]) for award in self.doc["awards"]]
        self.api.tick(self.tender, max(ends) + MINUTE)

    def sign(self) -> Doc:
        """The last contract is signed."""
        return self.act(f"/contracts/{self.doc['contracts'][-1]['id']}", {"status": "active"})

    # --- complaints

    def complain(self, place: str = "", status: str = "pending", token: str = "", **changes: Any) -> Thing:
        """A complaint, or a claim, about the tender, or about the qualification or award at `place`."""
        path = f"{self.tender.path}{place}/complaints"
        self.complaints.append(self.api.post(path, builders.claim(status=status, **changes), token=token))
        return self.complaints[-1]

    def complain_of_review(self, place: int, bid: int = 0, status: str = "pending", **changes: Any) -> Thing:
        """A complaint about a qualification, by a bidder."""
        return self.complain(f"/qualifications/{self.reviews[place]['id']}", status, self.bids[bid].token, **changes)

    def answer(self, claim: Thing, **changes: Any) -> Doc:
        """The buyer answers a claim."""
        changed: Doc = self.api.patch(claim.path, ANSWER | changes, token=self.tender.token)
        return changed

    def rule(self, complaint: Thing, *statuses: str, **news: Any) -> Doc:
        """The review body takes a complaint through some statuses."""
        for status in statuses:
            shown = self.api.patch(complaint.path, {"status": status, **news}, user="reviewer")
        ruled: Doc = shown
        return ruled

    # --- giving up

    def cancel(self, lot: str = "", status: str = "active") -> Thing:
        """The buyer cancels the tender, or a lot."""
        about = {"cancellationOf": "lot", "relatedLot": lot} if lot else {}
        news = {"reason": "Кошти скорочено", "status": status, **about}
        return self.api.post(f"{self.tender.path}/cancellations", news, token=self.tender.token)
