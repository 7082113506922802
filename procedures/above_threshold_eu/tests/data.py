"""What a tender for readers from abroad says besides: names in English, and five weeks for bids."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders

RATIONALE = "Розрахунок ціни є комерційною таємницею"
"""Why a document is for the buyer only, at sufficient length."""
CONFIDENTIAL = {"confidentiality": "buyerOnly", "confidentialityRationale": RATIONALE}


def buyer(**changes: Any) -> Doc:
    """The buyer, with English names."""
    entity = builders.organization(kind="general", name_en="School No. 1")
    entity["identifier"] |= {"legalName_en": "School No. 1 of Kyiv"}
    entity["contactPoint"] |= {"name_en": "Office"}
    return entity | changes


def english(now: datetime) -> Doc:
    """What is said in English, and when bids are made."""
    return {
        "title_en": "Desks for a school",
        "procuringEntity": buyer(),
        "items": [builders.delivered(description_en="School desks")],
        "tenderPeriod": {"startDate": now.isoformat(), "endDate": (now + timedelta(days=35)).isoformat()},
    }


def tender(now: datetime, **changes: Any) -> Doc:
    """The whole announcement."""
    return builders.open_tender(now, **{"procurementMethodType": "aboveThresholdEU"} | english(now) | changes)
