"""One dialogue in its first stage and those who take part in it: each method is a step of the procedure."""

from __future__ import annotations

from typing import Any, ClassVar

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing
from procedures.above_threshold_eu.tests import play as base

PENDING, WAITING = "active.stage2.pending", "active.stage2.waiting"


def supplier(number: int) -> Doc:
    """A firm that is told from others by its number."""
    return builders.organization(f"ТОВ «Рішення {number}»", f"{number:08}")


def interest(number: int, *lots: str, **changes: Any) -> Doc:
    """The bid of a firm: for the tender, or for some lots, without a price."""
    offers = {"lotValues": [{"relatedLot": lot} for lot in lots]} if lots else {}
    return {"tenderers": [supplier(number)], **offers, **builders.DECLARED} | changes


class Play(base.Play):
    """A dialogue about `lots` lots, announced. Each bid is of another firm unless the test names one."""

    announced: ClassVar[Doc] = {"procurementMethodType": "competitiveDialogueEU"}

    def __init__(self, api: Api, lots: int = 0, **changes: Any) -> None:
        super().__init__(api, lots, **changes)

    def bid(self, amount: float = 0, *lots: str, **changes: Any) -> Thing:
        """A bid of one more firm for the tender, or for some lots."""
        made = self.api.post(f"{self.tender.path}/bids", interest(len(self.bids) + 11, *lots, **changes))
        self.bids.append(made)
        return made

    def talks(self, *amounts: float, rejected: tuple[int, ...] = ()) -> Play:
        """Bids, three unless said otherwise, were reviewed, and the time to complain of that is over."""
        self.judged(*(amounts or (1, 2, 3)), rejected=rejected).to_auction()
        return self

    def wait(self) -> Play:
        """The buyer ends the talks."""
        self.act("", {"status": WAITING})
        return self

    def bridge(self, **changes: Any) -> Doc:
        """The bridge between the stages says something of the first one."""
        changed: Doc = self.api.patch(self.tender.path, changes, user="competitive_dialogue")
        return changed
