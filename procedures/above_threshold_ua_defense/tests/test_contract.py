"""The open procedure for defence keeps the contract of procedures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.contract import ProcedureContract
from openprocurement_api.testing.viewers import Stage
from openprocurement_api.testing.walks import Start
from procedures.above_threshold_ua.tests import walks
from procedures.above_threshold_ua.tests.scenarios import scenarios
from procedures.above_threshold_ua_defense.states import PROCEDURE
from procedures.below_threshold.tests import secrets
from procedures.below_threshold.tests.walks import payload

from .play import ANNOUNCED, Play


class TestDefense(ProcedureContract):
    procedure = PROCEDURE
    scenarios = scenarios(Play)
    snapshot_file = Path(__file__).with_name("access.txt")
    samples = walks.SAMPLES | {"tender": lambda root, now: builders.open_tender(now, **ANNOUNCED)}
    wishes = walks.WISHES
    payload = staticmethod(payload)

    def starts(self, api: Api) -> Sequence[Callable[[], Start]]:
        """As in the open procedure."""
        return walks.starts(api, Play)

    def stages(self, api: Api) -> Iterator[Stage]:
        """As below the thresholds: bids are sealed until they are opened."""
        return secrets.stages(api, Play)

    def sealed_changes(self, api: Api) -> Iterator[Thing]:
        """As below the thresholds."""
        return secrets.sealed_changes(api, Play)
