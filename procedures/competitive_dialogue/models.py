"""The tender of the first stage, for readers from abroad and for those at home."""

from __future__ import annotations

from typing import ClassVar

from openprocurement_api.models.dialogue import HEAVIEST, HeavyFeature
from openprocurement_api.models.item import DeliveredItem
from openprocurement_api.models.open_tender import same_group
from openprocurement_api.models.organization import ProcuringEntity
from openprocurement_api.models.types import ListType, ModelType, String, unique
from procedures.above_threshold_eu.models import Tender as EnglishTender


class DialogueTender(EnglishTender):
    """A call for those who can propose a solution."""

    FEATURES_MAX: ClassVar = HEAVIEST

    status = String(
        default="active.tendering",
        choices=(
            "draft",
            "active.tendering",
            "active.pre-qualification",
            "active.pre-qualification.stand-still",
            "active.stage2.pending",
            "active.stage2.waiting",
            "complete",
            "cancelled",
            "unsuccessful",
        ),
    )
    features = ListType(HeavyFeature, validators=[unique("Feature code should be uniq for all features", "code")])
    TenderID = String()
    stage2TenderID = String()


class NationalDialogueTender(DialogueTender):
    """The same, said in the language of the country alone."""

    title_en = String()
    items = ListType(
        DeliveredItem,
        required=True,
        min_size=1,
        validators=[same_group, unique("Item id should be uniq for all items")],
    )
    procuringEntity = ModelType(ProcuringEntity, required=True)
