"""One tender whose bidders are reviewed first, and those who take part in it: each method is a step of the procedure."""

from __future__ import annotations

from typing import Any, ClassVar

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import Api, Thing
from procedures.above_threshold_ua.tests import play as base

from . import data

REVIEWED, STAND_STILL = "active.pre-qualification", "active.pre-qualification.stand-still"
PASSED = base.APPROVED


class Play(base.Play):
    """A tender of `lots` lots, announced, of any procedure in which bidders are reviewed before prices are opened."""

    announced: ClassVar[Doc] = {"procurementMethodType": "aboveThresholdEU"}

    def __init__(self, api: Api, lots: int = 0, **changes: Any) -> None:
        super().__init__(api, lots, **data.english(api.clock.now) | changes)

    @property
    def stored(self) -> Doc:
        """The tender as it is kept."""
        return self.api.store.get("tender", self.tender.id).body

    def open_bids(self, *amounts: float) -> Play:
        """Bids of these amounts, each for every lot that goes on, and the end of the time for bids."""
        going_on = [lot["id"] for lot in self.doc.get("lots", ()) if lot["status"] == "active"]
        for amount in amounts:
            self.bid(amount, *going_on)
        self.end_tendering()
        return self

    # --- the review of bids

    @property
    def judgements(self) -> list[Doc]:
        """The qualifications, in the order in which they were made."""
        found: list[Doc] = self.doc.get("qualifications", [])
        return found

    def at(self, place: int) -> str:
        """The address of a qualification below the tender, by its place."""
        return f"/qualifications/{self.judgements[place]['id']}"

    def judge(self, place: int, status: str) -> Doc:
        """The buyer decides on a qualification."""
        return self.act(self.at(place), PASSED if status == "active" else {"status": status})

    def judge_all(self, *rejected: int) -> Play:
        """Every qualification that waits is decided; those at these places are rejected."""
        for place, each in enumerate(self.judgements):
            if each["status"] == "pending":
                self.judge(place, "unsuccessful" if place in rejected else "active")
        return self

    def stand_still(self) -> Play:
        """The time to complain of the review begins."""
        self.act("", {"status": STAND_STILL})
        return self

    def judged(self, *amounts: float, rejected: tuple[int, ...] = ()) -> Play:
        """Bids of these amounts, all reviewed, and the time to complain of that has begun."""
        return self.open_bids(*amounts).judge_all(*rejected).stand_still()

    def complain_of(self, place: int, bid: int = 0, status: str = "pending", **changes: Any) -> Thing:
        """A complaint about a qualification, by a bidder."""
        return self.complain(self.at(place), status, self.bids[bid].token, **changes)

    # --- the auction

    def to_auction(self) -> Play:
        """The time to complain of the review is over."""
        self.api.tick(self.tender, self.doc["qualificationPeriod"]["endDate"])
        return self

    def compete(self) -> Play:
        """Auctions, of the tender or of each lot that goes on, that leave every amount as it was."""
        bids = self.api.get(f"{self.tender.path}/auction", user="auction")["bids"]
        results = [{name: bid[name] for name in ("id", "value", "lotValues") if name in bid} for bid in bids]
        going_on = [lot["id"] for lot in self.doc.get("lots", ()) if lot["status"] == "active"]
        for suffix in [f"/{lot}" for lot in going_on] or [""]:
            self.api.call("POST", f"{self.tender.path}/auction{suffix}", {"bids": results}, user="auction")
        return self

    def awarding(self, *amounts: float) -> Play:
        """Bids of these amounts, reviewed and auctioned."""
        return self.judged(*amounts).to_auction().compete()
