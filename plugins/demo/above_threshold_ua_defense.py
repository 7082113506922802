"""The demo of aboveThresholdUA.defense: as that of aboveThresholdUA, of a buyer for defence; no day off delays it."""

from __future__ import annotations

from . import above_threshold_ua as base
from .below_threshold import compete, conclude, moment, sign, wait
from .parties import BUYER
from .stage import Stage

STAND_STILL = 6.4
"""Seconds of four working days, as fast as the open procedure is played."""


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    data = base.announcement(stage, procurementMethodType="aboveThresholdUA.defense", procuringEntity=BUYER | {"kind": "defense"})
    tender = base.announce(stage, data)
    bids = base.bid(stage, tender)
    base.amend(stage, tender, bids)
    base.complain(stage, tender)
    ends = moment(data["tenderPeriod"]["endDate"])
    wait(stage, tender, "active.auction", ends, "waiting for the end of the period of bids")
    compete(stage, tender)
    base.confirmed(stage, tender)
    sign(stage, tender, "four working days", STAND_STILL)
    conclude(stage, tender)
