"""What a supplier offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from schematics.exceptions import ValidationError

from .base import NOW, REQUIRED, Model, scope
from .feature import Parameter, applicable
from .lot import MAX_LOTS
from .organization import Organization
from .related import check_exists, node, nodes
from .types import MD5, URL, Boolean, IsoDateTime, ListType, ModelType, String, new_id, unique
from .value import Value, check_within


class LotValue(Model):
    """The price for one lot."""

    CALLED: ClassVar = "LotValue"

    value = ModelType(Value, required=True)
    relatedLot = MD5(required=True)
    participationUrl = URL()
    date = IsoDateTime(default=NOW)

    @classmethod
    def validate_relatedLot(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if not scope(context).lenient:
            check_exists(context, "lots", "relatedLot", value)

    @classmethod
    def validate_value(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        lot = node(context, "lots", data.get("relatedLot", ""))
        if lot and "value" in lot and not scope(context).lenient:
            check_within(value, lot["value"], "lot", " of bid")


class Bid(Model):
    """A proposal: one price, or one for each lot it is about, and an answer to each criterion that concerns it."""

    id = MD5(required=True, default=new_id)
    date = IsoDateTime(default=NOW)
    status = String(default="active", choices=("active", "draft"))
    tenderers = ListType(Organization, required=True, min_size=1, max_size=1)
    value = ModelType(Value)
    lotValues = ListType(LotValue, max_size=MAX_LOTS)
    parameters = ListType(Parameter, validators=[unique("Parameter code should be uniq for all parameters", "code")])
    participationUrl = URL()
    owner = String()

    @classmethod
    def validate_participationUrl(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if value and nodes(context, "lots") and not scope(context).lenient:
            raise ValidationError("url should be posted for each lot of bid")

    @classmethod
    def validate_lotValues(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if scope(context).lenient:
            return
        if nodes(context, "lots") and not value:
            raise ValidationError(REQUIRED)
        lots = [lot_value["relatedLot"] for lot_value in value or ()]
        if len(set(lots)) != len(lots):
            raise ValidationError("bids don't allow duplicated proposals")

    @classmethod
    def validate_value(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if scope(context).lenient:
            return
        if nodes(context, "lots"):
            if value:
                raise ValidationError("value should be posted for each lot of bid")
            return
        if not value:
            raise ValidationError(REQUIRED)
        cls.check_value(value, scope(context).root)

    @classmethod
    def check_value(cls, value: dict[str, Any], tender: Mapping[str, Any]) -> None:
        """What is offered for a tender without lots keeps to what the buyer expects; raises ValidationError."""
        if tender.get("value"):
            check_within(value, tender["value"], "tender", " of bid")

    @classmethod
    def validate_parameters(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        if scope(context).lenient:
            return
        features = nodes(context, "features")
        if nodes(context, "lots"):
            lots = [lot_value["relatedLot"] for lot_value in data.get("lotValues") or ()]
            expected = {feature["code"] for feature in applicable(features, nodes(context, "items"), lots)}
        elif features and not value:
            raise ValidationError(REQUIRED)
        else:
            expected = {feature["code"] for feature in features}
        if {parameter["code"] for parameter in value or ()} != expected:
            raise ValidationError("All features parameters is required.")


class DetailedLotValue(LotValue):
    """The price for one lot, and who else works for it."""

    subcontractingDetails = String()


class Declaration(Boolean):
    """What a bidder has to affirm."""

    MESSAGES: ClassVar = {"choices": "Value must be one of {1}."}

    def __init__(self) -> None:
        super().__init__(required=True, choices=[True])


class DeclaredBid(Bid):
    """A proposal of a bidder who declares that it may take part."""

    LENIENT: ClassVar[frozenset[str]] = frozenset({"draft", "invalid", "deleted"})
    """Statuses of bids that need not fit the tender: not yet, or no more."""

    lotValues = ListType(DetailedLotValue, max_size=MAX_LOTS)
    subcontractingDetails = String()
    selfQualified = Declaration()
    selfEligible = Declaration()

    @classmethod
    def is_lenient(cls, raw: Mapping[str, Any]) -> bool:
        status = raw.get("status")
        return isinstance(status, str) and status in cls.LENIENT


class ConfirmedBid(DeclaredBid):
    """A proposal that is to be confirmed when the tender changes."""

    status = String(default="active", choices=("draft", "active", "invalid", "deleted"))
