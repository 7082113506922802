"""The negotiation keeps the contract of procedures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.contract import ProcedureContract
from openprocurement_api.testing.viewers import Stage
from openprocurement_api.testing.walks import Start
from procedures.negotiation.states import PROCEDURE
from procedures.reporting.tests.walks import SAMPLES, payload

from . import data
from .scenarios import scenarios


class NegotiationContract(ProcedureContract):
    """What is the same for both kinds of negotiation."""

    samples = SAMPLES
    wishes = data.WISHES
    payload = staticmethod(payload)

    def starts(self, api: Api) -> Sequence[Callable[[], Start]]:
        return data.starts(api, self.procedure.method_type)

    def stages(self, api: Api) -> Iterator[Stage]:
        return data.stages(api, self.procedure.method_type)

    def sealed_changes(self, api: Api) -> Iterator[Thing]:
        return data.sealed_changes(api, self.procedure.method_type)


class TestNegotiation(NegotiationContract):
    procedure = PROCEDURE
    scenarios = scenarios(PROCEDURE.method_type)
    snapshot_file = Path(__file__).with_name("access.txt")
