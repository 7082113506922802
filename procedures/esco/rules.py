"""What belongs to energy service contracts alone: what an offer is worth, and what of a tender follows from its lots.

Durations are those of the open procedure with publication in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from openprocurement_api.domain.context import Ctx
from openprocurement_api.domain.money import exact
from openprocurement_api.domain.workflow import Doc
from openprocurement_api.nodes.tender import set_aside, sum_guarantees

from .npv import YEAR, Terms, performance, price, rounded

FREE: Doc = {"currency": "UAH", "amount": 0, "valueAddedTaxIncluded": True}
"""The value of a tender that costs the buyer nothing but what it saves."""
SMALLEST_OF_LOTS = ("minimalStepPercentage", "yearlyPaymentsPercentageRange")


# --- what is offered


def values_of(bid: Doc) -> Iterator[Doc]:
    """What a bid offers, for the tender or for lots."""
    return (offer["value"] for offer in (bid, *bid.get("lotValues", ())) if "value" in offer)


@lru_cache(maxsize=10_000)
def worth(terms: Terms, announced: date, rate: Decimal) -> tuple[float, float]:
    """Price and performance of an offer, in hundredths of the currency."""
    return float(rounded(price(terms, announced))), float(rounded(performance(terms, announced, rate)))


def value_offers(ctx: Ctx) -> None:
    """amount and amountPerformance of each offer follow from its terms"""
    announced = datetime.fromisoformat(ctx.root["noticePublicationDate"]).astimezone(ctx.env.zone).date()
    rate = exact(ctx.root["NBUdiscountRate"])
    for value in values_of(ctx.doc):
        duration = value["contractDuration"]
        terms = Terms(
            exact(value["yearlyPaymentsPercentage"]),
            duration["years"] * YEAR + duration["days"],
            tuple(map(exact, value["annualCostsReduction"])),
        )
        value["amount"], value["amountPerformance"] = worth(terms, announced, rate)


def value_bids(ctx: Ctx) -> None:
    """amount and amountPerformance of every offer follow from its terms"""
    for bid in ctx.whole.below("bids"):
        value_offers(bid)


# --- what is announced


def date_notice(ctx: Ctx) -> None:
    """noticePublicationDate is when the tender was published"""
    if ctx.root["status"] == "active.tendering":
        ctx.root.setdefault("noticePublicationDate", ctx.stamp)


def drop_deliveries(ctx: Ctx) -> None:
    """how much is delivered, and when, is not said of items"""
    for item in ctx.doc.get("items", ()):
        item.pop("quantity", None)
        item.pop("deliveryDate", None)


def follow_lots(ctx: Ctx) -> None:
    """minValue is nothing; the least steps and ranges of the lots, and the sum of their guarantees, are the tender's"""
    root = ctx.root
    root["minValue"] = FREE | root.get("minValue", {}) | {"amount": 0}
    if not set_aside(root, SMALLEST_OF_LOTS):
        return
    for lot in root["lots"]:
        lot["minValue"], lot["fundingKind"] = dict(root["minValue"]), root["fundingKind"]
    for name in SMALLEST_OF_LOTS:
        root[name] = min((lot[name] for lot in root["lots"]), key=exact)
    sum_guarantees(root, [lot for lot in root["lots"] if "guarantee" in lot])


def follow_tender(ctx: Ctx) -> None:
    """a lot is funded as its tender is"""
    ctx.doc["fundingKind"] = ctx.root["fundingKind"]
