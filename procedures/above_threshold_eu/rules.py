"""Durations of the open procedure with publication in English, where they differ from those of the open procedure."""

from __future__ import annotations

from dataclasses import dataclass

from openprocurement_api.domain.timing import Days
from procedures.above_threshold_ua import rules as base


@dataclass(frozen=True)
class Rules(base.Rules):
    """What the law, or a country's profile, may change.

    review_stand_still: from the midnight after the review of bids, the time to complain of it. before_auction: so long after the
    end of tendering an auction may be planned while nobody knows how long the review will take.
    """

    least_tendering: Days = Days(30)
    review_stand_still: Days = Days(5)
    before_auction: Days = Days(35)
