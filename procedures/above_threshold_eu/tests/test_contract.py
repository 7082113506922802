"""The open procedure with publication in English keeps the contract of procedures."""

from __future__ import annotations

from pathlib import Path

import pytest

from openprocurement_api.testing.contract import ProcedureContract
from procedures.above_threshold_eu.states import PROCEDURE

from .scenarios import SCENARIOS
from .secrets import sealed_changes, stages
from .walks import SAMPLES, WISHES, payload, starts


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "aboveThresholdEU documents"}


class TestAboveThresholdEU(ProcedureContract):
    procedure = PROCEDURE
    scenarios = SCENARIOS
    snapshot_file = Path(__file__).with_name("access.txt")
    samples = SAMPLES
    wishes = WISHES
    payload = staticmethod(payload)
    starts = staticmethod(starts)
    stages = staticmethod(stages)
    sealed_changes = staticmethod(sealed_changes)
