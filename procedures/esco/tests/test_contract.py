"""Energy service contracts keep the contract of procedures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.contract import ProcedureContract
from openprocurement_api.testing.viewers import Stage
from procedures.above_threshold_eu.tests import secrets
from procedures.esco.states import PROCEDURE

from .borrowed import offers_of_companies
from .scenarios import SCENARIOS
from .walks import SAMPLES, WISHES, payload, starts


class TestEsco(ProcedureContract):
    procedure = PROCEDURE
    scenarios = SCENARIOS
    snapshot_file = Path(__file__).with_name("access.txt")
    samples = SAMPLES
    wishes = WISHES
    payload = staticmethod(payload)
    starts = staticmethod(starts)

    def stages(self, api: Api) -> Iterator[Stage]:
        """As where prices are bid for: offers are sealed until the auction is over, those of rejected bidders for ever."""
        with offers_of_companies():
            yield from secrets.stages(api)

    def sealed_changes(self, api: Api) -> Iterator[Thing]:
        """As where prices are bid for."""
        with offers_of_companies():
            yield from secrets.sealed_changes(api)
