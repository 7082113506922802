"""Both kinds of dialogue keep the contract of procedures in their first stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.contract import ProcedureContract
from openprocurement_api.testing.viewers import Stage
from openprocurement_api.testing.walks import Start
from procedures.competitive_dialogue import eu, ua

from . import secrets, walks
from .borrowed import announced_as, played
from .scenarios import SCENARIOS


class FirstStage(ProcedureContract):
    """What is the same of both kinds."""

    samples = walks.SAMPLES
    wishes = walks.WISHES
    payload = staticmethod(walks.payload)

    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        """Settings with this procedure alone."""
        return settings | {"plugins": f"{self.procedure.method_type} documents"}

    def starts(self, api: Api) -> Sequence[Callable[[], Start]]:
        """Dialogues in every state that is not final."""
        return [played(self.procedure.method_type, start) for start in walks.starts(api)]

    def stages(self, api: Api) -> Iterator[Stage]:
        """Nobody is known until the review begins."""
        with announced_as(self.procedure.method_type):
            yield from secrets.stages(api)

    def sealed_changes(self, api: Api) -> Iterator[Thing]:
        """Nothing of a bid is noticed."""
        with announced_as(self.procedure.method_type):
            yield from secrets.sealed_changes(api)


class TestCompetitiveDialogueEU(FirstStage):
    procedure = eu.PROCEDURE
    scenarios: ClassVar = SCENARIOS
    snapshot_file = Path(__file__).with_name("access_eu.txt")


class TestCompetitiveDialogueUA(FirstStage):
    procedure = ua.PROCEDURE
    scenarios: ClassVar = [played("competitiveDialogueUA", life) for life in SCENARIOS]
    snapshot_file = Path(__file__).with_name("access_ua.txt")
