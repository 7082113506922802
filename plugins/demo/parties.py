"""The imagined buyer and suppliers of the demos, and what is bought."""

from __future__ import annotations

from dataclasses import dataclass

from .wire import Doc


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who bids: through which platform, what for each lot, and how far it would go down."""

    name: str
    code: str
    key: str
    offers: tuple[float, ...]
    lowest: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A lot: what it is called, what it may cost, and the least step of its auction; one item."""

    title: str
    amount: float
    step: float
    cpv: str
    goods: str
    quantity: int


PARTS = (
    Part("Laptops for two classes", 400_000, 4_000, "30213100-6", "Laptop, 14 inches", 40),
    Part("Scanners for the library", 90_000, 900, "30216110-0", "Flatbed scanner", 6),
)
SUPPLIERS = (
    Supplier("Obrii LLC", "00000011", "broker", (396_000, 88_000), (352_000, 81_000)),
    Supplier("Svitanok LLC", "00000012", "broker", (389_000, 89_500), (361_000, 78_500)),
    Supplier("Krynytsia LLC", "00000013", "broker2", (392_500, 86_900), (348_000, 84_000)),
    Supplier("Dzherelo LLC", "00000014", "broker2", (398_000, 87_500), (372_000, 79_900)),
)


def money(amount: float) -> Doc:
    """An amount in hryvnias, tax included."""
    return {"amount": amount, "currency": "UAH", "valueAddedTaxIncluded": True}


def organization(name: str, code: str, **more: object) -> Doc:
    """An organization with its address and contact."""
    return {
        "name": name,
        "identifier": {"scheme": "UA-EDR", "id": code, "legalName": name},
        "address": {"countryName": "Ukraine", "postalCode": "01001", "locality": "Kyiv", "streetAddress": "1 Shkilna Street"},
        "contactPoint": {"name": "Office", "telephone": "+380440000001"},
        **more,
    }


BUYER = organization("School No. 1", "00000001", kind="general")


def item(part: Part, lot_id: str) -> Doc:
    """What a lot is about."""
    return {
        "description": part.goods,
        "classification": {"scheme": "ДК021", "id": part.cpv, "description": part.goods},
        "unit": {"code": "H87", "name": "piece"},
        "quantity": part.quantity,
        "relatedLot": lot_id,
    }


def lot(part: Part, lot_id: str) -> Doc:
    """A lot as it is announced."""
    return {"id": lot_id, "title": part.title, "value": money(part.amount), "minimalStep": money(part.step)}


def hryvnias(amount: float) -> str:
    """An amount as people read it."""
    return f"{amount:,.2f}"
