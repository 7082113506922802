"""Classifications of what is bought."""

from __future__ import annotations

from typing import Any

from schematics.exceptions import ValidationError

from ..codelists import cpv_codes
from .base import Model
from .types import URL, String, translated


@translated("description")
class Classification(Model):
    """A code of a published scheme, and its meaning in words."""

    scheme = String(required=True)
    id = String(required=True)
    description = String(required=True)
    uri = URL()


class CPVClassification(Classification):
    """A code of the Common Procurement Vocabulary. Its European name is known, but since June 2017 the Ukrainian one is used."""

    scheme = String(required=True, default="CPV", choices=("CPV", "ДК021"))

    @classmethod
    def validate_scheme(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        if value == "CPV":
            raise ValidationError("Value must be one of ['ДК021'].")

    @classmethod
    def validate_id(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        codes = cpv_codes()
        if value not in codes:  # the whole list would make an answer of 100 kB
            raise ValidationError(f"Value must be one of ['{min(codes)}', ..., '{max(codes)}'], the codes of CPV 2008.")


class AdditionalClassification(Classification):
    """A code of any other scheme."""
