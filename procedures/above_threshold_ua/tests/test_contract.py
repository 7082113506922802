"""The open procedure keeps the contract of procedures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.contract import ProcedureContract
from openprocurement_api.testing.viewers import Stage
from procedures.above_threshold_ua.states import PROCEDURE
from procedures.below_threshold.tests import secrets
from procedures.below_threshold.tests.walks import payload

from .play import Play
from .scenarios import SCENARIOS
from .walks import SAMPLES, WISHES, starts


class TestOpenProcedure(ProcedureContract):
    procedure = PROCEDURE
    scenarios = SCENARIOS
    snapshot_file = Path(__file__).with_name("access.txt")
    samples = SAMPLES
    wishes = WISHES
    payload = staticmethod(payload)
    starts = staticmethod(starts)

    def stages(self, api: Api) -> Iterator[Stage]:
        """As below the thresholds: bids are sealed until they are opened."""
        return secrets.stages(api, Play)

    def sealed_changes(self, api: Api) -> Iterator[Thing]:
        """As below the thresholds."""
        return secrets.sealed_changes(api, Play)
