"""Durations of the below-threshold procedure, and what happens in it alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from openprocurement_api.domain.context import Ctx
from openprocurement_api.domain.timing import at


@dataclass(frozen=True)
class Rules:
    """What the law, or a country's profile, may change.

    stand_still_working_days: between a decision on an award and the contract. claim_reply: for the complainant to say whether an
    answer settles the claim. least_bids: with fewer there is nothing to choose from, and the tender, or the lot, is unsuccessful.
    disputes: statuses of claims with which no contract is signed.
    """

    stand_still_working_days: int = 2
    claim_reply: timedelta = timedelta(days=3)
    least_bids: int = 1
    disputes: frozenset[str] = frozenset({"answered", "pending"})


def open_enquiries(ctx: Ctx) -> None:
    """questions may be asked from now, and bids made when the enquiry period ends, unless the buyer said otherwise"""
    ctx.root["enquiryPeriod"].setdefault("startDate", ctx.stamp)
    ctx.root["tenderPeriod"].setdefault("startDate", ctx.root["enquiryPeriod"]["endDate"])


def tendering_begins(ctx: Ctx) -> datetime | None:
    """tenderPeriod.startDate, or enquiryPeriod.endDate if there is none"""
    return at("tenderPeriod.startDate")(ctx) or at("enquiryPeriod.endDate")(ctx)
