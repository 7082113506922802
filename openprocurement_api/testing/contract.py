"""The tests that make a declaration a procedure. They are shipped, so that a procedure kept elsewhere can prove itself too.

A procedure's test module subclasses `ProcedureContract`::

    class TestMine(ProcedureContract):
        procedure = PROCEDURE
        scenarios = SCENARIOS                 # functions of an Api; together they reach every declared state and move
        snapshot_file = Path(...)             # who may do what, as text
        samples, wishes, payload = ...        # valid data for random walks, see `walks.Walk`
        def starts(self, api): ...            # ways to documents in different states, from which walks begin
        def stages(self, api): ...            # yields documents with sealed things in them, see `viewers.Stage`
        def sealed_changes(self, api): ...    # yields a document, then once more after each change nobody may notice

They ask for the fixtures of the pytest plugin: `settings`, `snapshot`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import msgspec
import pytest

from ..domain.procedure import Procedure
from ..hookspecs import hookimpl
from ..storage.base import Doc
from .asking import Asking
from .client import MORNING, Api, Thing
from .scenario import Scenario, Witness, declared
from .snapshot import Snapshot, access
from .viewers import Stage, Viewer, addresses
from .walks import Sample, Start, Walk

W = TypeVar("W", bound=Walk)
LENGTH = 40
"""Steps of a random walk."""
NONSENSE = {"status": "nonsense", "rogue": 1, "value": "x", "tenderers": "x", "author": 5, "bids": "x"}


class Listener:
    """A plugin that hears of every save."""

    def __init__(self) -> None:
        self.heard = ""

    @hookimpl
    def openprocurement_saved(self, kind: str, id: str, before: Any, after: Any) -> None:
        """Keep everything that is told."""
        self.heard += msgspec.json.encode([kind, id, before, after]).decode()


class ProcedureContract:
    """All that a procedure promises, one test a promise."""

    procedure: Procedure
    scenarios: Sequence[Scenario]
    snapshot_file: Path
    samples: Mapping[str, Sample]
    wishes: Mapping[str, Doc] = {}
    walks = 40

    def starts(self, api: Api) -> Sequence[Callable[[], Start]]:
        """Ways to documents in different states."""
        raise NotImplementedError

    def payload(self, root: Doc, now: Any) -> Doc:
        """A body for operations."""
        raise NotImplementedError

    def stages(self, api: Api) -> Iterator[Stage]:
        """Documents with sealed things in them."""
        raise NotImplementedError

    def sealed_changes(self, api: Api) -> Iterator[Thing]:
        """A document, before and after changes that only who made them may notice."""
        raise NotImplementedError

    # --- the declaration

    def test_every_declared_state_and_move_is_reached(self, settings: dict[str, str]) -> None:
        """What no scenario reaches is either untested or cannot happen."""
        witness = Witness(self.procedure)
        for scenario in self.scenarios:
            api = Api.start(settings | {"storage.url": "memory:"})
            with witness.watching(api):
                scenario(api)
        assert sorted(declared(self.procedure.root) - witness.seen) == []

    def test_who_may_do_what_is_as_it_was_agreed(self, snapshot: Snapshot) -> None:
        """Every change of policy shows as a difference of the kept file."""
        snapshot(self.snapshot_file, access(self.procedure))

    # --- secrecy

    @pytest.mark.exhaustive
    def test_nothing_sealed_shows_anywhere(self, settings: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
        """Whoever reads whatever there is, in every way, and whatever is logged or told to plugins."""
        api, listener = Api.start(settings | {"log.level": "DEBUG", "log.format": "json"}), Listener()
        api.registry.services.plugins.register(listener)
        for stage in self.stages(api):
            for viewer in stage.everybody():
                for address, text in seen(api, self.procedure, stage.thing.id, viewer):
                    assert not stage.vault.leaks(text, viewer.name), f"{stage.name}: {viewer.name} reads {address}"
            assert not stage.vault.leaks(listener.heard, "a plugin"), f"{stage.name}: a plugin is told"
            logged = capfd.readouterr()
            assert not stage.vault.leaks(logged.err + logged.out, "the log"), f"{stage.name}: the log says"
            assert "MESSAGE_ID" in logged.err

    @pytest.mark.exhaustive
    def test_refusals_say_nothing_sealed(self, api: Api) -> None:
        """Nonsense sent by those who may not write, or not this, is refused without a word about what is there."""
        for stage in self.stages(api):
            for viewer in (*stage.viewers, Viewer("nobody", None), Viewer("another broker", "broker1")):
                for address, text in refusals(api, self.procedure, stage.thing.id, viewer):
                    assert not stage.vault.leaks(text, viewer.name), f"{stage.name}: {viewer.name} is refused {address}"

    @pytest.mark.exhaustive
    def test_nobody_notices_a_sealed_change(self, api: Api) -> None:
        """Every text and every ETag that the public gets, the place in the feed included, stays as it was."""
        changes = self.sealed_changes(api)
        thing = next(changes)
        public = [a for a in addresses(api, self.procedure, thing.id) if self.procedure.root.plural in a]
        before, dates = [look(api, address) for address in public], api.get(thing.path)["dateModified"]
        made = 0
        for made, _ in enumerate(changes, 1):
            assert [look(api, address) for address in public] == before, f"change {made}"
            assert api.get(thing.path)["dateModified"] == dates
        assert made

    # --- random walks

    @pytest.mark.exhaustive
    def test_no_walk_leads_astray(self, settings: dict[str, str]) -> None:
        """Whatever anybody tries, in whatever order, at whatever time: answers are in order and the document is sound."""
        for _ in self.walked(Walk, settings, self.walks, LENGTH):
            pass

    @pytest.mark.exhaustive
    def test_who_asks_what_may_be_done_is_told_the_truth(self, settings: dict[str, str]) -> None:
        """What is called closed is refused, with the words that were told; what is done was called open."""
        assert sum(walk.compared for walk in self.walked(Asking, settings, self.walks // 4, LENGTH))

    def walked(self, kind: type[W], settings: dict[str, str], count: int, length: int) -> Iterator[W]:
        """Walks of one kind, each when it has been gone."""
        api = Api.start(settings | {"log.level": "ERROR"})
        for seed in range(count):
            api.clock.now = MORNING
            rng = Random(seed)  # noqa: S311 - a walk, not a secret
            start = rng.choice(self.starts(api))()
            walk = kind(api, self.procedure, start, self.samples, self.wishes, self.payload)
            for number in range(length):
                try:
                    walk.step(rng)
                except Exception as error:
                    error.add_note(f"walk {seed}, step {number}")
                    raise
            yield walk


def look(api: Api, address: str) -> tuple[str, str | None]:
    """What the public gets: the text and its ETag."""
    answer = api.web.get(address, expect_errors=True)
    return answer.text, answer.headers.get("ETag")


def seen(api: Api, procedure: Procedure, id: str, viewer: Viewer) -> Iterator[tuple[str, str]]:
    """Every address with all that a viewer gets there."""
    api.web.authorization = ("Basic", (viewer.user, "")) if viewer.user else None
    headers = {"X-Access-Token": viewer.token} if viewer.token else {}
    for address in addresses(api, procedure, id, thorough=viewer.thorough):
        for method in ("GET", "HEAD", "OPTIONS") if viewer.thorough and address.endswith("?") else ("GET",):
            answer = api.web.request(address, method=method, headers=headers, expect_errors=True)
            yield f"{method} {address}", f"{answer.text} {answer.headers}"


def refusals(api: Api, procedure: Procedure, id: str, viewer: Viewer) -> Iterator[tuple[str, str]]:
    """Every address with the answers to nonsense written there."""
    api.web.authorization = ("Basic", (viewer.user, "")) if viewer.user else None
    headers = {"X-Access-Token": viewer.token} if viewer.token else {}
    own = {address.partition("?")[0] for address in addresses(api, procedure, id) if id in address}
    for address in sorted(own):
        for method in ("post_json", "patch_json", "put_json"):
            answer = getattr(api.web, method)(address, {"data": NONSENSE}, headers=headers, expect_errors=True)
            yield f"{method} {address}", f"{answer.text} {answer.headers}"
            assert answer.json["status"] == "error", (method, address, viewer.name, answer.text)
