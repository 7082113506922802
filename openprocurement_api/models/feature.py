"""Criteria beside the price, and what a bid offers on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from schematics.exceptions import ValidationError

from ..domain.money import exact
from .base import Model, scope
from .related import check_related, nodes
from .types import ListType, Number, String, new_id, translated, unique


@translated("title", "description")
class FeatureValue(Model):
    """One answer to a criterion, and its weight as a share of the price."""

    CALLED: ClassVar = "FeatureValue"

    value = Number(required=True, min_value=Decimal("0.0"), max_value=Decimal("0.3"))
    title = String(required=True, min_length=1)
    description = String()


@translated("title", "description")
class Feature(Model):
    """A criterion with its answers, about the tenderer, one lot or one item."""

    CALLED: ClassVar = "Feature"

    code = String(required=True, min_length=1, default=new_id)
    featureOf = String(required=True, default="tenderer", choices=("tenderer", "lot", "item"))
    relatedItem = String(min_length=1)
    title = String(required=True, min_length=1)
    description = String()
    enum = ListType(
        FeatureValue,
        required=True,
        default=list,
        min_size=1,
        max_size=100,
        validators=[unique("Feature value should be uniq for feature", "value")],
    )

    @classmethod
    def validate_relatedItem(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        check_related(context, data.get("featureOf"), "relatedItem", value)


class Parameter(Model):
    """The answer of a bid to a criterion: the value of one of its answers."""

    code = String(required=True)
    value = Number(required=True)

    @classmethod
    def validate_code(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if not scope(context).lenient and value not in [feature["code"] for feature in nodes(context, "features")]:
            raise ValidationError("code should be one of feature code.")

    @classmethod
    def validate_value(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        feature = next((each for each in nodes(context, "features") if each["code"] == data.get("code")), None)
        if feature and not scope(context).lenient and value not in [exact(answer["value"]) for answer in feature["enum"]]:
            raise ValidationError("value should be one of feature value.")


def applicable(
    features: Iterable[Mapping[str, Any]], items: Iterable[Mapping[str, Any]], lots: Collection[str]
) -> list[Mapping[str, Any]]:
    """The criteria that concern a bid for these lots (ids): the tenderer's, the lots' and those of the lots' items."""
    subjects = {"lot": lots, "item": [item["id"] for item in items if item.get("relatedLot") in lots]}
    return [
        feature
        for feature in features
        if feature["featureOf"] == "tenderer" or feature.get("relatedItem") in subjects[feature["featureOf"]]
    ]


def weight(features: Iterable[Mapping[str, Any]]) -> Decimal:
    """The sum of the best answers, exactly."""
    return sum((max(exact(answer["value"]) for answer in feature["enum"]) for feature in features), Decimal(0))
