"""The open procedure for defence: as the open procedure, but for its durations, its buyers and a single bid that may win.

Auctions of lots may begin on the day on which bids end, those of tenders without lots on the day after.
"""

from __future__ import annotations

from dataclasses import replace

from openprocurement_api.domain.timing import Days
from openprocurement_api.nodes.amending import follow_tendering
from openprocurement_api.nodes.contract import restore_lost
from openprocurement_api.nodes.tender import count_bids, decisions_over, planning, sum_lots
from procedures.above_threshold_ua import states as base
from procedures.above_threshold_ua.rules import Rules

from .models import DefenseTender


def working(count: int) -> Days:
    """So many working days."""
    return Days(count, working=True)


PROCEDURE = replace(
    base.PROCEDURE,
    method_type="aboveThresholdUA.defense",
    title="Open procedure for defence",
    root=base.ROOT.but(model=DefenseTender),
    rules=Rules(
        least_tendering=working(6),
        extension=working(2),
        enquiries_end=working(3),
        clarifications=working(2),
        claims_end=working(3),
        complaints_end=working(2),
        stand_still=working(4),
        least_bids=1,
    ),
    kinds=("defense",),
    derive=(sum_lots, count_bids, follow_tendering, planning(decisions_over, round_lots=False), restore_lost),
    legal_basis="The law of Ukraine on the particulars of purchases for defence",
)
