"""The quick negotiation keeps the contract of procedures."""

from __future__ import annotations

from pathlib import Path

from procedures.negotiation.tests import test_contract
from procedures.negotiation.tests.scenarios import scenarios
from procedures.negotiation_quick.states import PROCEDURE


class TestQuickNegotiation(test_contract.NegotiationContract):
    procedure = PROCEDURE
    scenarios = scenarios(PROCEDURE.method_type)
    snapshot_file = Path(__file__).with_name("access.txt")
