"""What bidders say in the first stage of a dialogue: who they are and what they propose, no prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .envelope import ConfidentialDocument
from .feature import Feature, FeatureValue
from .lot import MAX_LOTS
from .reviewed_bid import ReviewedBid, ReviewedLotValue
from .types import Boolean, ListType, ModelType, Number, unique
from .value import Value

HEAVIEST = Decimal("0.99")
"""The share of the price that criteria beside it may weigh in a dialogue."""


class DialogueDocument(ConfidentialDocument):
    """A file in a bid; one that describes what is proposed may be confidential without a reason."""

    isDescriptionDecision = Boolean(default=False)

    @classmethod
    def validate_confidentialityRationale(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        if not data.get("isDescriptionDecision"):
            super().validate_confidentialityRationale(data, value, context)


class Interest(ReviewedLotValue):
    """The wish to take part in one lot. A price may be sent by custom, and is not kept."""

    value = ModelType(Value)

    @classmethod
    def validate_value(cls, _data: dict[str, Any], _value: Any, _context: Any) -> None:
        """No price is measured against the lot's."""


class DialogueBid(ReviewedBid):
    """A proposal without a price."""

    lotValues = ListType(Interest, max_size=MAX_LOTS)

    @classmethod
    def validate_value(cls, _data: dict[str, Any], _value: Any, _context: Any) -> None:
        """No price is asked for."""

    @classmethod
    def validate_parameters(cls, _data: dict[str, Any], _value: Any, _context: Any) -> None:
        """No criterion is answered yet."""


class HeavyFeatureValue(FeatureValue):
    """One answer to a criterion that may outweigh the price."""

    value = Number(required=True, min_value=Decimal("0.0"), max_value=HEAVIEST)


class HeavyFeature(Feature):
    """A criterion that may outweigh the price."""

    enum = ListType(
        HeavyFeatureValue,
        required=True,
        default=list,
        min_size=1,
        max_size=100,
        validators=[unique("Feature value should be uniq for feature", "value")],
    )
