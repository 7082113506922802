"""Energy service contracts keep the contract of procedures."""

from __future__ import annotations

from pathlib import Path

from openprocurement_api.testing.contract import ProcedureContract
from procedures.esco.states import PROCEDURE

from .scenarios import SCENARIOS


class TestEsco(ProcedureContract):
    procedure = PROCEDURE
    scenarios = SCENARIOS
    snapshot_file = Path(__file__).with_name("access.txt")
