"""The types of fields, to be imported from here: what the wire carries, and the words a wrong value is answered with."""

from schematics.types import BooleanType as Boolean

from .compound import ListType, ModelType, Numbers, translated, unique, without
from .moments import IsoDateTime
from .numbers import Fixed, Integer, Number, Scalar
from .text import MD5, URL, Email, Hash, String, new_id

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
