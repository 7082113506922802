"""What the contract of procedures asks of a negotiation, ordinary or quick: ways to documents, and what is secret in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.viewers import Stage
from openprocurement_api.testing.walks import Start
from procedures.reporting.tests.play import Play
from procedures.reporting.tests.secrets import stage, unnoticed
from procedures.reporting.tests.walks import began

from .scenarios import complaints_of_every_status

WISHES: Mapping[str, Doc] = {
    "active": {"qualified": True},
    "stopping": {"cancellationReason": "Помилка"},
    "cancelled": {"cancellationReason": "Помилка"},
    "resolved": {"tendererAction": "Рішення переглянуто"},
}


def starts(api: Api, kind: str) -> Sequence[Callable[[], Start]]:
    """Negotiations with and without lots, as drafts, announced, awarded, complained about."""

    def awarded(lots: int) -> Play:
        play = Play(api, kind, lots=lots)
        play.confirmed(*play.lots[:1])
        return play

    plays: list[Callable[[], Play]] = [lambda: Play(api, kind, status="draft")]
    for lots in (0, 2):
        plays += [
            lambda lots=lots: Play(api, kind, lots=lots),  # type: ignore[misc]
            lambda lots=lots: awarded(lots),  # type: ignore[misc]
            lambda lots=lots: complaints_of_every_status(Play(api, kind, lots=lots)),  # type: ignore[misc]
        ]
    return [lambda play=play: began(play()) for play in plays]  # type: ignore[misc]


def stages(api: Api, kind: str) -> Iterator[Stage]:
    """A draft, a negotiation with complaints, one that is complete."""
    yield stage(Play(api, kind, status="draft"), "draft")
    yield stage(complaints_of_every_status(Play(api, kind, lots=2)), "complained about")
    play = Play(api, kind)
    play.conclude()
    yield stage(play, "complete")


def sealed_changes(api: Api, kind: str) -> Iterator[Thing]:
    """Nothing is sealed but what is nowhere shown: nobody notices what changes nothing."""
    yield from unnoticed(Play(api, kind, lots=2))
