"""Both kinds of dialogue keep the contract of procedures in their second stage: what it goes on as, and a bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

import pytest

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.contract import ProcedureContract
from openprocurement_api.testing.scenario import Scenario
from openprocurement_api.testing.viewers import Stage
from openprocurement_api.testing.walks import Start
from procedures.above_threshold_eu.tests import scenarios as eu_lives
from procedures.above_threshold_eu.tests import secrets as eu_secrets
from procedures.above_threshold_eu.tests import walks as eu_walks
from procedures.above_threshold_ua.tests import scenarios as ua_lives
from procedures.above_threshold_ua.tests import walks as ua_walks
from procedures.below_threshold.tests import secrets
from procedures.competitive_dialogue import eu_stage2, ua_stage2

from .second_play import BRIDGE, DRAFT, Second, SecondEU, SecondUA, announcement, take_over


def opened(kind: str) -> Sequence[Scenario]:
    """How second stages of this type begin, and how they end before that."""

    def begun_in_every_way(api: Api) -> None:
        """A bridge writes a draft and hands it over, or begins at once."""
        made = api.post("/tenders", announcement(api, kind, status="draft"), user=BRIDGE)
        assert "shortlistedFirms" not in api.get(made.path)
        assert api.patch(made.path, {"status": DRAFT}, user=BRIDGE)["shortlistedFirms"]
        buyers = take_over(api, made)
        assert api.patch(buyers, {"status": "active.tendering"})["status"] == "active.tendering"
        assert api.post("/tenders", announcement(api, kind), user=BRIDGE).data["status"] == "active.tendering"

    def given_up_before_it_began(api: Api) -> None:
        """The bridge's draft is given up, as a whole or lot by lot."""
        for lots in (0, 2):
            made = api.post("/tenders", announcement(api, kind, lots, status="draft"), user=BRIDGE)
            for about in [{"cancellationOf": "lot", "relatedLot": lot["id"]} for lot in made.data.get("lots", ())] or [{}]:
                api.post(f"{made.path}/cancellations", {"reason": "Помилка", "status": "active", **about}, token=made.token)
            assert api.get(made.path)["status"] == "cancelled"

    return begun_in_every_way, given_up_before_it_began


class SecondStage(ProcedureContract):
    """What is the same of both kinds."""

    play: ClassVar[type[Second]]

    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        """Settings with this procedure alone."""
        return settings | {"plugins": f"{self.procedure.method_type} documents"}


# --- with a review of bidders


@contextmanager
def second_of_eu() -> Iterator[None]:
    """While the block runs, the plays of the procedure with publication in English are of second stages."""
    with ExitStack() as stack:
        for module in (eu_lives, eu_secrets, eu_walks):
            stack.enter_context(patch.object(module, "Play", SecondEU))
        yield


def played(life: Callable[..., object]) -> Callable[..., object]:
    """The same, of second stages."""

    def play(*arguments: object) -> object:
        with second_of_eu():
            return life(*arguments)

    play.__doc__ = life.__doc__
    return play


class TestSecondEU(SecondStage):
    procedure = eu_stage2.PROCEDURE
    scenarios: ClassVar = [*map(played, eu_lives.SCENARIOS), *opened(SecondEU.kind)]
    snapshot_file = Path(__file__).with_name("access_eu_stage2.txt")
    samples = eu_walks.SAMPLES
    wishes = eu_walks.WISHES

    def payload(self, root: Doc, now: object) -> Doc:
        """As in the procedure it goes on as."""
        return eu_walks.payload(root, now)  # type: ignore[arg-type]

    def starts(self, api: Api) -> Sequence[Callable[[], Start]]:
        """As in the procedure it goes on as."""
        return [played(start) for start in eu_walks.starts(api)]  # type: ignore[misc]

    def stages(self, api: Api) -> Iterator[Stage]:
        """As in the procedure it goes on as."""
        with second_of_eu():
            yield from eu_secrets.stages(api)

    def sealed_changes(self, api: Api) -> Iterator[Thing]:
        """As in the procedure it goes on as."""
        with second_of_eu():
            yield from eu_secrets.sealed_changes(api)


# --- without one


class TestSecondUA(SecondStage):
    procedure = ua_stage2.PROCEDURE
    scenarios: ClassVar = [*ua_lives.scenarios(SecondUA), *opened(SecondUA.kind)]
    snapshot_file = Path(__file__).with_name("access_ua_stage2.txt")
    samples = ua_walks.SAMPLES
    wishes = ua_walks.WISHES

    def payload(self, root: Doc, now: object) -> Doc:
        """As in the procedure it goes on as."""
        return eu_walks.payload(root, now)  # type: ignore[arg-type]

    def starts(self, api: Api) -> Sequence[Callable[[], Start]]:
        """As in the procedure it goes on as."""
        return ua_walks.starts(api, SecondUA)

    def stages(self, api: Api) -> Iterator[Stage]:
        """As in the procedure it goes on as."""
        return secrets.stages(api, SecondUA)

    def sealed_changes(self, api: Api) -> Iterator[Thing]:
        """As in the procedure it goes on as."""
        return secrets.sealed_changes(api, SecondUA)
