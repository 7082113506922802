"""What a negotiation says beyond a report on a purchase: the cause, and lots."""

from __future__ import annotations

from openprocurement_api.models.lot import MAX_LOTS, SAME_ID, BaseLot
from openprocurement_api.models.types import ListType, String, translated, unique
from procedures.reporting.models import LimitedTender

CAUSES = (
    "artContestIP",
    "noCompetition",
    "twiceUnsuccessful",
    "additionalPurchase",
    "additionalConstruction",
    "stateLegalServices",
)


@translated("causeDescription")
class Tender(LimitedTender):
    """A purchase from the one supplier that will do, with the cause that the law allows."""

    cause = String(required=True, choices=CAUSES)
    causeDescription = String(required=True, min_length=1)
    lots = ListType(BaseLot, max_size=MAX_LOTS, validators=[unique(SAME_ID)])
