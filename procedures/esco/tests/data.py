"""Valid data of an imagined school that wants to spend less on heating, and of service companies that help it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from procedures.above_threshold_eu.tests.data import buyer

RATE = 0.135
SAVINGS = [400, *[500] * 20]
TERMS = {"NBUdiscountRate": RATE, "minimalStepPercentage": 0.02}
BUDGET = {"fundingKind": "budget", "yearlyPaymentsPercentageRange": 0.7}


def item(**changes: Any) -> Doc:
    """A building whose heating is to cost less."""
    found = builders.item(description="Опалення школи", description_en="Heating of the school", **changes)
    return {name: value for name, value in found.items() if name != "quantity"}


def tender(now: datetime, **changes: Any) -> Doc:
    """An announcement with five weeks for bids."""
    return {
        "procurementMethodType": "esco",
        "title": "Енергосервіс школи",
        "title_en": "Energy service for a school",
        "procuringEntity": buyer(),
        "items": [item()],
        "tenderPeriod": {"startDate": now.isoformat(), "endDate": (now + timedelta(days=35)).isoformat()},
        **TERMS,
    } | changes


def lot(title: str = "Лот", **changes: Any) -> Doc:
    """A lot."""
    return {"title": title, "minimalStepPercentage": 0.02} | changes


def value(share: float = 0.9, years: int = 10, days: int = 74, **changes: Any) -> Doc:
    """Terms of a contract: the company's share of the savings, and for how long."""
    return {
        "yearlyPaymentsPercentage": share,
        "annualCostsReduction": SAVINGS,
        "contractDuration": {"years": years, "days": days},
    } | changes


def bid(share: float = 0.9, *lots: str, supplier: str = "ТОВ «Тепло»", **changes: Any) -> Doc:
    """A bid for the tender, or for some lots."""
    offers = [{"relatedLot": lot_id, "value": value(share)} for lot_id in lots]
    offer = {"lotValues": offers} if lots else {"value": value(share)}
    return {"tenderers": [builders.organization(supplier, "00000011")]} | offer | changes
