"""One tender of the open procedure for defence."""

from __future__ import annotations

from openprocurement_api.testing import builders
from procedures.above_threshold_ua.tests import play

BUYER = builders.organization(kind="defense")
ANNOUNCED = {"procurementMethodType": "aboveThresholdUA.defense", "procuringEntity": BUYER}


class Play(play.Play):
    """A tender of a buyer for defence."""

    announced = ANNOUNCED
