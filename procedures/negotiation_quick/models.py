"""What a quick negotiation says: the cause may be urgency, and may be left out."""

from __future__ import annotations

from openprocurement_api.models.types import String
from procedures.negotiation import models


class Tender(models.Tender):
    """A purchase that cannot wait."""

    cause = String(choices=("quick", *models.CAUSES))
