"""The second stage of a dialogue: a tender for which only the firms that took part in the first one may bid."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from schematics.exceptions import ValidationError

from .base import Model
from .dialogue import HeavyFeature
from .lot import MAX_LOTS
from .open_tender import TenderPeriod
from .organization import Identifier
from .related import node
from .types import ListType, ModelType, String, unique

LEAST_FIRMS = 3
STATUSES = (
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
    "draft.stage2",
)
M = TypeVar("M", bound=Model)


class LotId(Model):
    """A lot for which a firm may bid."""

    id = String()

    @classmethod
    def validate_id(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if value and node(context, "lots", value) is None:
            raise ValidationError("id should be one of lots")


class Firm(Model):
    """A firm that took part in the first stage; with lots, those for which it may bid."""

    CALLED: ClassVar = "Firms"

    identifier = ModelType(Identifier, required=True)
    name = String(required=True)
    lots = ListType(LotId, max_size=MAX_LOTS)


def second_stage(model: type[M]) -> type[M]:
    """Give the model of a tender what a second stage says of the first, and what it says otherwise."""
    for name, field in {
        "status": String(default="active.tendering", choices=STATUSES),
        "procurementMethod": String(default="selective", choices=("open", "selective", "limited")),
        "dialogue_token": String(required=True),
        "dialogueID": String(),
        "shortlistedFirms": ListType(Firm, required=True, min_size=LEAST_FIRMS),
        "features": ListType(HeavyFeature, validators=[unique("Feature code should be uniq for all features", "code")]),
        "tenderPeriod": ModelType(TenderPeriod),
    }.items():
        model._append_field(name, field)  # noqa: SLF001 - the way schematics adds a field to a model
    return model
