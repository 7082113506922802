"""Durations and numbers of the first stage of a dialogue, where they differ from those of the open procedure."""

from __future__ import annotations

from dataclasses import dataclass

from procedures.above_threshold_eu import rules as base


@dataclass(frozen=True)
class Rules(base.Rules):
    """What the law, or a country's profile, may change. least_bids: different bidders who have to be left to go on with."""

    least_bids: int = 3
