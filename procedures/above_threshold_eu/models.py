"""The tender as it is announced in two languages, and an award that need not say again what the review of bids has said."""

from __future__ import annotations

from openprocurement_api.models import award
from openprocurement_api.models.english import Item, ProcuringEntity
from openprocurement_api.models.open_tender import OpenTender, same_group
from openprocurement_api.models.period import Period
from openprocurement_api.models.types import Boolean, ListType, ModelType, String, unique


class Tender(OpenTender):
    """A call for bids of bidders who are reviewed first."""

    status = String(
        default="active.tendering",
        choices=(
            "draft",
            "active.tendering",
            "active.pre-qualification",
            "active.pre-qualification.stand-still",
            "active.auction",
            "active.qualification",
            "active.awarded",
            "complete",
            "cancelled",
            "unsuccessful",
        ),
    )
    title_en = String(required=True, min_length=1)
    items = ListType(
        Item,
        required=True,
        min_size=1,
        validators=[same_group, unique("Item id should be uniq for all items")],
    )
    procuringEntity = ModelType(ProcuringEntity, required=True)
    qualificationPeriod = ModelType(Period)


class Award(award.Award):
    """The decision whether a bid wins, of a bidder who passed the review."""

    eligible = Boolean()
