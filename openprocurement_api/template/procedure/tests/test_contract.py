"""The procedure keeps the contract of procedures."""

from __future__ import annotations

from pathlib import Path

from openprocurement_api.testing.contract import ProcedureContract

from ..states import PROCEDURE
from .scenarios import SCENARIOS
from .secrets import sealed_changes, stages
from .walks import SAMPLES, payload, starts


class TestRequestForQuotations(ProcedureContract):
    procedure = PROCEDURE
    scenarios = SCENARIOS
    snapshot_file = Path(__file__).with_name("access.txt")
    samples = SAMPLES
    payload = staticmethod(payload)
    starts = staticmethod(starts)
    stages = staticmethod(stages)
    sealed_changes = staticmethod(sealed_changes)
