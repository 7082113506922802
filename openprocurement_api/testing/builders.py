"""Valid data of an imagined buyer and imagined suppliers, small enough to read; every function takes changes by name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..storage.base import Doc

WEEK = timedelta(days=7)


def organization(name: str = "Школа № 1", code: str = "00000001", **changes: Any) -> Doc:
    """An organization with address and contact."""
    return {
        "name": name,
        "identifier": {"scheme": "UA-EDR", "id": code},
        "address": {"countryName": "Україна", "postalCode": "01001", "locality": "Київ", "streetAddress": "вул. Шкільна, 1"},
        "contactPoint": {"name": "Канцелярія", "telephone": "+380440000001"},
    } | changes


def item(**changes: Any) -> Doc:
    """Something bought by the piece."""
    return {
        "description": "Парти учнівські",
        "classification": {"scheme": "ДК021", "id": "39161000-8", "description": "Меблі для дитячих садків"},
        "unit": {"code": "H87", "name": "штука"},
        "quantity": 20,
    } | changes


def value(amount: float, **changes: Any) -> Doc:
    """An amount in hryvnias, tax included."""
    return {"amount": amount, "currency": "UAH", "valueAddedTaxIncluded": True} | changes


def tender(now: datetime, **changes: Any) -> Doc:
    """A below-threshold tender: a week of questions, a week of bids."""
    return {
        "procurementMethodType": "belowThreshold",
        "title": "Парти для школи",
        "procuringEntity": organization(kind="general"),
        "value": value(500),
        "minimalStep": value(15),
        "items": [item()],
        "enquiryPeriod": {"endDate": (now + WEEK).isoformat()},
        "tenderPeriod": {"endDate": (now + 2 * WEEK).isoformat()},
    } | changes


def delivered(**changes: Any) -> Doc:
    """Something bought by the piece, with when and where it is delivered."""
    period = {"startDate": "2026-09-01T00:00:00+03:00", "endDate": "2026-09-15T00:00:00+03:00"}
    return item(deliveryDate=period, deliveryAddress=organization()["address"]) | changes


CAUSE = {"cause": "noCompetition", "causeDescription": "Інших постачальників немає"}


def purchase(kind: str = "reporting", **changes: Any) -> Doc:
    """A purchase without competition; a negotiation names its cause."""
    cause = {} if kind == "reporting" else CAUSE
    return {
        "procurementMethodType": kind,
        "title": "Парти для школи",
        "procuringEntity": organization(kind="general"),
        "value": value(500),
        "items": [delivered()],
        **cause,
    } | changes


def supplier(amount: float = 450, **changes: Any) -> Doc:
    """An award to a supplier whom the buyer names, qualified."""
    return {"suppliers": [organization("ТОВ «Майстер»", "00000011")], "value": value(amount), "qualified": True} | changes


def part(title: str = "Лот", amount: float = 250, **changes: Any) -> Doc:
    """A lot that nobody bids for."""
    return {"title": title, "value": value(amount)} | changes


DECLARED = {"selfQualified": True, "selfEligible": True}
"""What a bidder above the thresholds declares."""


def open_tender(now: datetime, days: float = 16, **changes: Any) -> Doc:
    """A tender of the open procedure, open to bids for some days from now."""
    shared = {name: value for name, value in tender(now).items() if name != "enquiryPeriod"}
    period = {"startDate": now.isoformat(), "endDate": (now + timedelta(days=days)).isoformat()}
    return shared | {"procurementMethodType": "aboveThresholdUA", "items": [delivered()], "tenderPeriod": period} | changes


def lot(title: str = "Лот", amount: float = 250, **changes: Any) -> Doc:
    """A lot."""
    return {"title": title, "value": value(amount), "minimalStep": value(5)} | changes


def bid(amount: float = 450, supplier: str = "ТОВ «Майстер»", **changes: Any) -> Doc:
    """A bid for a tender without lots."""
    return {"tenderers": [organization(supplier, "00000011")], "value": value(amount)} | changes


def lot_bid(offers: dict[str, float], supplier: str = "ТОВ «Майстер»", **changes: Any) -> Doc:
    """A bid for some lots: amounts by lot id."""
    values = [{"relatedLot": lot_id, "value": value(amount)} for lot_id, amount in offers.items()]
    return {"tenderers": [organization(supplier, "00000011")], "lotValues": values} | changes


def claim(**changes: Any) -> Doc:
    """A claim."""
    return {"title": "Вимога", "description": "Опис вимоги", "author": organization("ТОВ «Сумнів»", "00000021")} | changes


def question(**changes: Any) -> Doc:
    """A question."""
    return {"title": "Питання", "description": "Який колір?", "author": organization("ТОВ «Сумнів»", "00000021")} | changes


def problem(name: str, description: Any, location: str = "body") -> Doc:
    """An item of the error envelope."""
    return {"location": location, "name": name, "description": description}
