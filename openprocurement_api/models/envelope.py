"""Documents of procedures that are held in several languages, and those of a bid which only the buyer may read."""

from __future__ import annotations

from typing import Any

from schematics.exceptions import ValidationError

from .document import Document
from .types import String

LANGUAGES = ("uk", "en", "ru")
PUBLIC = "public"
RATIONALE_LENGTH = 30


class SpokenDocument(Document):
    """A file with its language."""

    language = String(required=True, default="uk", choices=LANGUAGES)


class ConfidentialDocument(SpokenDocument):
    """A file in a bid: for everybody, or for the buyer only, and why."""

    confidentiality = String(default=PUBLIC, choices=(PUBLIC, "buyerOnly"))
    confidentialityRationale = String()

    @classmethod
    def validate_confidentialityRationale(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        if data.get("confidentiality") == PUBLIC:
            return
        if not value:
            raise ValidationError("confidentialityRationale is required")
        if len(value) < RATIONALE_LENGTH:
            raise ValidationError(f"confidentialityRationale should contain at least {RATIONALE_LENGTH} characters")
