"""Durations of the procedure, and the guards and effects that belong to it alone."""

from __future__ import annotations

from dataclasses import dataclass

from openprocurement_api.domain.context import Ctx
from openprocurement_api.domain.refusal import Refusal
from openprocurement_api.domain.timing import Days, at, shifted


@dataclass(frozen=True)
class Rules:
    """What the law, or a country's profile, may change.

    least_tendering: the shortest time for quotations. least_bids: with fewer there is nothing to choose from.
    stand_still_working_days: between a decision and the contract. disputes: statuses of claims with which no contract is
    signed; there are no claims here.
    """

    least_tendering: Days = Days(2, working=True)
    least_bids: int = 1
    stand_still_working_days: int = 1
    disputes: frozenset[str] = frozenset()


def time_enough(ctx: Ctx) -> Refusal | bool:
    """there is time enough to quote"""
    least, end = ctx.procedure.rules.least_tendering, at("tenderPeriod.endDate")(ctx)
    enough = end is not None and end >= shifted(ctx.now, least, ctx)
    return enough or Refusal(f"tenderPeriod should be greater than {least.words}", "tenderPeriod")


def open_tendering(ctx: Ctx) -> None:
    """tenderPeriod begins now"""
    ctx.root["tenderPeriod"]["startDate"] = ctx.stamp
