"""Valid data of an above-threshold tender for readers from abroad too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders

TENDERING = timedelta(days=35)
SELF = {"selfQualified": True, "selfEligible": True}
RATIONALE = "Розрахунок ціни є комерційною таємницею"
"""Why a document is for the buyer only, at sufficient length."""


def buyer(**changes: Any) -> Doc:
    """The buyer, with English names."""
    entity = builders.organization(kind="general", name_en="School No. 1")
    entity["identifier"] |= {"legalName_en": "School No. 1 of Kyiv"}
    entity["contactPoint"] |= {"name_en": "Office"}
    return entity | changes


def item(**changes: Any) -> Doc:
    """Something bought by the piece, delivered to the school."""
    delivery = {"deliveryDate": {"endDate": "2026-09-01T00:00:00+03:00"}, "deliveryAddress": {"countryName": "Україна"}}
    return builders.item(description_en="School desks", **delivery) | changes


def tender(now: datetime, **changes: Any) -> Doc:
    """A tender with five weeks for bids."""
    return {
        "procurementMethodType": "aboveThresholdEU",
        "title": "Парти для школи",
        "title_en": "Desks for a school",
        "procuringEntity": buyer(),
        "value": builders.value(500),
        "minimalStep": builders.value(15),
        "items": [item()],
        "tenderPeriod": {"endDate": (now + TENDERING).isoformat()},
    } | changes


def bid(amount: float = 450, *lots: str, **changes: Any) -> Doc:
    """A bid for the tender, or for some lots."""
    offer = builders.lot_bid(dict.fromkeys(lots, amount)) if lots else builders.bid(amount)
    return offer | SELF | changes
