"""The types of fields, to be imported from here: what the wire carries, and the words a wrong value is answered with."""

from schematics.types import BooleanType as Boolean

from openprocurement_api.models.compound import ListType, ModelType, Numbers, translated, unique, without
from openprocurement_api.models.moments import IsoDateTime
from openprocurement_api.models.numbers import Fixed, Integer, Number, Scalar
from openprocurement_api.models.text import MD5, URL, Email, Hash, String, new_id

__all__ = [
    "MD5",
    "URL",
    "Boolean",
    "Email",
    "Fixed",
    "Hash",
    "Integer",
    "IsoDateTime",
    "ListType",
    "ModelType",
    "Number",
    "Numbers",
    "Scalar",
    "String",
    "new_id",
    "translated",
    "unique",
    "without",
]
