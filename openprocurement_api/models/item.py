"""Goods, services and works."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from schematics.exceptions import ValidationError

from .base import REQUIRED, Model
from .classification import AdditionalClassification, CPVClassification
from .organization import Address
from .period import Period
from .related import check_exists
from .types import MD5, Integer, IsoDateTime, ListType, ModelType, Scalar, String, new_id, translated
from .value import Value

COORDINATE = re.compile(r"-?\d{1,3}(\.\d+)?", re.ASCII)

PHARMACEUTICALS = "336"
"""CPV group whose items name the international nonproprietary name, and which compares three digits, not four."""

UNCLASSIFIED = "99999999-9"
"""The code of what the vocabulary does not know."""


@translated("name")
class Unit(Model):
    """The unit of the quantity, and the price of one."""

    name = String()
    value = ModelType(Value)
    code = String(required=True)  # UN/CEFACT Recommendation 20 by custom, any code in fact


class Location(Model):
    """Geographical coordinates in degrees, as numbers or text."""

    latitude = Scalar(required=True)
    longitude = Scalar(required=True)
    elevation = Scalar()

    @classmethod
    def validate_latitude(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        check_coordinate("latitude", value, 90)

    @classmethod
    def validate_longitude(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        check_coordinate("longitude", value, 180)


def check_coordinate(name: str, value: Any, limit: int) -> None:
    """Raises ValidationError unless `value` is a plain decimal number of degrees in -limit..limit."""
    if not COORDINATE.fullmatch(str(value)):
        raise ValidationError(f"Invalid value. Required {name} format 12.0123456789")
    if abs(float(value)) > limit:
        raise ValidationError(f"Invalid value. {name.capitalize()} must be between -{limit} and {limit} degree.")


@translated("description")
class Item(Model):
    """What is bought, where and when it is delivered."""

    CALLED: ClassVar = "Item"

    UNCLASSIFIED_SCHEMES: ClassVar = ("ДК003", "ДК015", "ДК018", "specialNorms")
    WITHOUT_INN: ClassVar = ("33695000-8",)

    id = String(required=True, min_length=1, default=new_id)
    description = String(required=True)
    classification = ModelType(CPVClassification, required=True)
    additionalClassifications = ListType(AdditionalClassification, max_size=100)
    unit = ModelType(Unit)
    quantity = Integer()
    deliveryDate = ModelType(Period)
    deliveryAddress = ModelType(Address)
    deliveryLocation = ModelType(Location)
    relatedLot = MD5()

    @classmethod
    def validate_relatedLot(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        check_exists(context, "lots", "relatedLot", value)

    @classmethod
    def validate_additionalClassifications(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        code = (data.get("classification") or {}).get("id", "")
        schemes = {classification["scheme"] for classification in value or ()}
        if code == UNCLASSIFIED and schemes and schemes.isdisjoint(cls.UNCLASSIFIED_SCHEMES):
            allowed = ", ".join(cls.UNCLASSIFIED_SCHEMES)
            raise ValidationError(f"One of additional classifications should be one of [{allowed}].")
        if code.startswith(PHARMACEUTICALS) and code not in cls.WITHOUT_INN and "INN" not in schemes:
            raise ValidationError("One of additional classifications should be INN." if schemes else REQUIRED)


class DeliveryPeriod(Period):
    """By when something is delivered."""

    CALLED: ClassVar = "PeriodEndRequired"

    endDate = IsoDateTime(required=True)


class DeliveredItem(Item):
    """What is bought where the law wants to know when and where it is delivered."""

    deliveryDate = ModelType(DeliveryPeriod, required=True)
    deliveryAddress = ModelType(Address, required=True)


def check_same_class(items: list[dict[str, Any]]) -> None:
    """Items of one tender belong together: one CPV class, or one group for pharmaceuticals; raises ValidationError."""
    codes = [item["classification"]["id"] for item in items]
    grouped = codes[0].startswith(PHARMACEUTICALS)
    if len({code[: 3 if grouped else 4] for code in codes}) > 1:
        raise ValidationError("CPV group of items be identical" if grouped else "CPV class of items should be identical")
