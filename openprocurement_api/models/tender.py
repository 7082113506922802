"""The tender itself: the root of the document, without the nodes that live in it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from schematics.exceptions import ValidationError

from .base import Model
from .feature import Feature, applicable, weight
from .item import Item, check_same_class
from .lot import MAX_LOTS, SAME_ID, Lot, check_guarantees
from .organization import Organization, ProcuringEntity
from .period import Period, PeriodEndRequired, TenderAuctionPeriod, check_after
from .related import nodes
from .types import (
    MD5,
    URL,
    Boolean,
    Integer,
    IsoDateTime,
    ListType,
    ModelType,
    String,
    new_id,
    translated,
    unique,
)
from .value import Guarantee, Value, check_within


@translated("title", "description", "procurementMethodRationale")
class BaseTender(Model):
    """What every tender says, whether suppliers bid or not."""

    FUNDERS: ClassVar = frozenset({("XM-DAC", "44000")})
    """Scheme and id of who may finance a tender: the World Bank."""

    TRAINING: ClassVar = frozenset({"procurementMethodDetails"})

    id = MD5(required=True, default=new_id)
    tenderID = String()
    owner = String()
    date = IsoDateTime()
    dateModified = IsoDateTime()
    next_check = IsoDateTime()

    title = String(required=True)
    description = String()
    mode = String(choices=("test",))
    procurementMethod = String(default="open", choices=("open", "selective", "limited"))
    procurementMethodType = String()
    procurementMethodDetails = String()
    procurementMethodRationale = String()

    procuringEntity = ModelType(ProcuringEntity, required=True)
    funders = ListType(Organization, max_size=100)
    items = ListType(Item, required=True, min_size=1, validators=[unique("Item id should be uniq for all items")])
    value = ModelType(Value, required=True)

    @classmethod
    def validate_funders(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        funders = [(funder["identifier"]["scheme"], str(funder["identifier"]["id"])) for funder in value or ()]
        if len(set(funders)) != len(funders):
            raise ValidationError("Funders' identifier should be unique")
        if not cls.FUNDERS.issuperset(funders):
            raise ValidationError("Funder identifier should be one of the values allowed")


@translated("awardCriteriaDetails", "submissionMethodDetails", "eligibilityCriteria")
class Tender(BaseTender):
    """A call for bids.

    `lots` is here because a tender may be created together with them; once stored they are nodes of their own, and the rules
    below find them in the scope. Bids, questions, complaints, awards, contracts, cancellations and documents are never here.
    """

    FEATURES_MAX: ClassVar = Decimal("0.3")
    """The share of the price that criteria beside it may weigh together."""

    status = String(
        default="active.enquiries",
        choices=(
            "draft",
            "active.enquiries",
            "active.tendering",
            "active.auction",
            "active.qualification",
            "active.awarded",
            "complete",
            "cancelled",
            "unsuccessful",
        ),
    )

    awardCriteria = String(default="lowestCost", choices=("lowestCost", "bestProposal", "bestValueToGovernment", "singleBidOnly"))
    awardCriteriaDetails = String()
    submissionMethod = String(
        default="electronicAuction", choices=("electronicAuction", "electronicSubmission", "written", "inPerson")
    )
    submissionMethodDetails = String()
    eligibilityCriteria = String()

    lots = ListType(Lot, max_size=MAX_LOTS, validators=[unique(SAME_ID)])
    features = ListType(Feature, validators=[unique("Feature code should be uniq for all features", "code")])

    minimalStep = ModelType(Value, required=True)
    guarantee = ModelType(Guarantee)

    enquiryPeriod = ModelType(PeriodEndRequired, required=True)
    tenderPeriod = ModelType(PeriodEndRequired, required=True)
    auctionPeriod = ModelType(TenderAuctionPeriod)
    awardPeriod = ModelType(Period)
    auctionUrl = URL()

    hasEnquiries = Boolean()
    numberOfBidders = Integer()
    numberOfBids = Integer()

    @classmethod
    def validate_items(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        check_same_class(value)

    @classmethod
    def validate_lots(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        check_guarantees(value or [])

    @classmethod
    def validate_features(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        features, items, lots = value or [], data.get("items") or [], lots_of(data, context)
        limit = f"should be less then or equal to {cls.FEATURES_MAX:.0%}"
        if any(weight(applicable(features, items, [lot["id"]])) > cls.FEATURES_MAX for lot in lots):
            raise ValidationError(f"Sum of max value of all features for lot {limit}")
        if not lots and weight(features) > cls.FEATURES_MAX:
            raise ValidationError(f"Sum of max value of all features {limit}")

    @classmethod
    def validate_minimalStep(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        if data.get("value"):
            check_within(value, data["value"], "tender")

    @classmethod
    def validate_tenderPeriod(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        check_after(value, data.get("enquiryPeriod"), "enquiryPeriod")

    @classmethod
    def validate_awardPeriod(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        check_after(value, data.get("auctionPeriod"), "auctionPeriod")
        check_after(value, data.get("tenderPeriod"), "tenderPeriod")

    @classmethod
    def validate_auctionUrl(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        if value and lots_of(data, context):
            raise ValidationError("url should be posted for each lot")


def lots_of(data: dict[str, Any], context: Any) -> list[dict[str, Any]]:
    """The lots sent with the tender, or else those that are stored."""
    sent: list[dict[str, Any]] | None = data.get("lots")
    return [lot for lot in nodes(context, "lots") if "id" in lot] if sent is None else sent
