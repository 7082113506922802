"""Energy service contracts: what is bid for is a share of the savings and a duration, not a price; lots and tenders have none."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from schematics.exceptions import CompoundError, ValidationError

from openprocurement_api.domain.money import exact
from openprocurement_api.models import contract, english, feature, lot
from openprocurement_api.models.base import Model, scope
from openprocurement_api.models.item import DeliveryPeriod
from openprocurement_api.models.lot import MAX_LOTS, SAME_ID
from openprocurement_api.models.open_tender import same_group
from openprocurement_api.models.organization import Address
from openprocurement_api.models.related import node
from openprocurement_api.models.reviewed_bid import ReviewedBid, ReviewedLotValue
from openprocurement_api.models.types import (
    Boolean,
    Fixed,
    Integer,
    IsoDateTime,
    ListType,
    ModelType,
    Number,
    Numbers,
    String,
    unique,
    without,
)
from openprocurement_api.models.value import Value
from procedures.above_threshold_eu import models as base

from .npv import PERIODS

SHARE = "yearlyPaymentsPercentage"
RANGE = "yearlyPaymentsPercentageRange"
LEAST_SHARE = Decimal("0.8")
"""The least share of the savings that a private investor is paid, and the largest that a budget pays."""
FUNDING = ("budget", "other")
MOST_SAVED = 10**11
"""Savings of a year, in money: 21 of them have hundredths in a number of 15 digits."""
LONGEST = 15
"""Years of the longest contract."""


# --- what is offered


class ContractDuration(Model):
    """How long the buyer pays: at least a day, at most fifteen years."""

    years = Integer(required=True, min_value=0, max_value=LONGEST)
    days = Integer(default=0, min_value=0, max_value=364)

    @classmethod
    def validate_days(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        if value and data["years"] == LONGEST:
            raise ValidationError(f"max contract duration {LONGEST} years")
        if not value and not data["years"]:
            raise ValidationError("min contract duration 1 day")


class EscoValue(Value):
    """The terms of a contract, and what follows from them: `amount`, its price, and `amountPerformance`, what it is worth."""

    CALLED: ClassVar = "ESCOValue"

    amount = Fixed(min_value=0, places=2)
    amountPerformance = Fixed(places=2)
    yearlyPaymentsPercentage = Fixed(required=True, min_value=0, max_value=1, places=5)
    annualCostsReduction = Numbers(Fixed(required=True, min_value=0, max_value=MOST_SAVED), required=True)
    contractDuration = ModelType(ContractDuration, required=True)

    @classmethod
    def validate_annualCostsReduction(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        if len(value) != PERIODS:
            raise ValidationError(f"annual costs reduction should be set for {PERIODS} period")


def check_terms(value: Mapping[str, Any], terms: Mapping[str, Any], whole: str) -> None:
    """What is offered is in the currency of the tender or lot (`terms`, called `whole`), and in its range; raises an error."""
    for field in ("currency", "valueAddedTaxIncluded"):
        if value[field] != terms["minValue"][field]:
            raise ValidationError(f"{field} of bid should be identical to {field} of minValue of {whole}")
    share, limit = value[SHARE], exact(terms[RANGE])
    if terms["fundingKind"] == "other" and share < LEAST_SHARE:
        raise CompoundError({SHARE: ValidationError(f"{SHARE} should be greater than {LEAST_SHARE} and less than 1")})
    if terms["fundingKind"] == "budget" and share > limit:
        raise CompoundError({SHARE: ValidationError(f"{SHARE} should be greater than 0 and less than {limit}")})


class LotValue(ReviewedLotValue):
    """What is offered for one lot."""

    value = ModelType(EscoValue, required=True)

    @classmethod
    def validate_value(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        about = node(context, "lots", data.get("relatedLot", ""))
        if about and not scope(context).lenient:
            check_terms(value, about, "lot")


class Bid(ReviewedBid):
    """A proposal of a service company."""

    value = ModelType(EscoValue)
    lotValues = ListType(LotValue, max_size=MAX_LOTS)
    selfQualified = Boolean()
    selfEligible = Boolean()

    @classmethod
    def check_value(cls, value: dict[str, Any], tender: Mapping[str, Any]) -> None:
        check_terms(value, tender, "tender")


# --- what is announced


class FeatureValue(feature.FeatureValue):
    """One answer to a criterion, and its weight as a share of the performance."""

    value = Number(required=True, min_value=Decimal("0.0"), max_value=Decimal("0.25"))


class Feature(feature.Feature):
    """A criterion with its answers."""

    enum = ListType(
        FeatureValue,
        required=True,
        default=list,
        min_size=1,
        max_size=100,
        validators=[unique("Feature value should be uniq for feature", "value")],
    )


class Item(english.Item):
    """What is to consume less. When it is delivered is nobody's question."""

    deliveryDate = ModelType(DeliveryPeriod)
    deliveryAddress = ModelType(Address)


def check_range(kind: Any, limit: Any, whose: str = "") -> None:
    """Raises ValidationError for a range of shares that does not go with the kind of funding; `whose` is "tender " in a lot."""
    if kind == "other" and exact(limit) != LEAST_SHARE:
        raise ValidationError(f"when {whose}fundingKind is other, {RANGE} should be equal {LEAST_SHARE}")
    if kind == "budget" and exact(limit) > LEAST_SHARE:
        budget = f"{RANGE} should be less or equal {LEAST_SHARE}, and more or equal 0"
        raise ValidationError(f"when {whose}fundingKind is budget, {budget}")


@without("value", "minimalStep")
class Lot(lot.Lot):
    """A part of a tender that is auctioned on its own, by steps of performance."""

    minValue = ModelType(Value)
    minimalStepPercentage = Fixed(required=True, min_value=Decimal("0.005"), max_value=Decimal("0.03"), places=5)
    fundingKind = String(required=True, default="other", choices=FUNDING)
    yearlyPaymentsPercentageRange = Fixed(required=True, default=LEAST_SHARE, min_value=0, max_value=1, places=5)

    @classmethod
    def validate_yearlyPaymentsPercentageRange(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        check_range(scope(context).root.get("fundingKind", "other"), value, "tender ")


@without("value", "minimalStep")
class Tender(base.Tender):
    """A call for service companies that lower the costs of a building and are paid from what is saved."""

    FEATURES_MAX: ClassVar = Decimal("0.25")

    awardCriteria = String(default="ratedCriteria")
    items = ListType(
        Item,
        required=True,
        min_size=1,
        validators=[same_group, unique("Item id should be uniq for all items")],
    )
    features = ListType(Feature, validators=[unique("Feature code should be uniq for all features", "code")])
    lots = ListType(Lot, max_size=MAX_LOTS, validators=[unique(SAME_ID)])
    minValue = ModelType(Value)
    minimalStepPercentage = Fixed(required=True, min_value=Decimal("0.005"), max_value=Decimal("0.03"), places=5)
    NBUdiscountRate = Fixed(required=True, min_value=0, max_value=Decimal("0.99"), places=5)
    fundingKind = String(required=True, default="other", choices=FUNDING)
    yearlyPaymentsPercentageRange = Fixed(required=True, default=LEAST_SHARE, min_value=0, max_value=1, places=5)
    noticePublicationDate = IsoDateTime()

    @classmethod
    def validate_yearlyPaymentsPercentageRange(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        check_range(data["fundingKind"], value)

    @classmethod
    def validate_lots(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        super().validate_lots(data, value, context)
        if any(each["fundingKind"] != data["fundingKind"] for each in value or ()):
            raise ValidationError("lot funding kind should be identical to tender funding kind")


# --- what is decided


class Award(base.Award):
    """The decision whether a service company wins."""

    value = ModelType(EscoValue)
    items = ListType(Item)


class Contract(contract.Contract):
    """An energy service contract."""

    value = ModelType(EscoValue)
    items = ListType(Item)
