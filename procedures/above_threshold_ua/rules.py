"""Durations and numbers of the open procedure."""

from __future__ import annotations

from dataclasses import dataclass

from openprocurement_api.domain.timing import Days


@dataclass(frozen=True)
class Rules:
    """What the law, or a country's profile, may change.

    least_tendering: how long bids are made at least. extension: what is left of that time after a change. enquiries_end,
    claims_end, complaints_end: so long before its end the last question, claim and complaint come. clarifications: so long after
    the last question they are answered. stand_still: from the midnight after a decision on an award. least_bids: with fewer the
    tender, or the lot, is unsuccessful. tender_disputes, disputes: statuses of complaints with which bids are not opened, and
    contracts not signed.
    """

    least_tendering: Days = Days(15)
    extension: Days = Days(7)
    enquiries_end: Days = Days(10)
    clarifications: Days = Days(3, working=True)
    claims_end: Days = Days(10)
    complaints_end: Days = Days(4)
    stand_still: Days = Days(10)
    least_bids: int = 2
    tender_disputes: frozenset[str] = frozenset({"claim", "pending", "accepted", "satisfied", "stopping"})
    disputes: frozenset[str] = frozenset({"pending", "accepted", "satisfied", "stopping"})
