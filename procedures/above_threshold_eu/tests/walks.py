"""What random walks may send about a tender whose bidders are reviewed first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.walks import Sample, Start
from procedures.below_threshold.tests import walks as base

from . import data
from .disputes import RESOLUTIONS
from .play import PASSED, Play
from .scenarios import stages

STATUSES = ("draft", "claim", "pending")
WITHDRAWN = {"cancellationReason": "Помилка"}
WISHES: Mapping[str, Doc] = {
    "answered": {"resolution": "Умови змінено на конкурентні", "resolutionType": RESOLUTIONS[0]},
    "resolved": {"satisfied": True, "tendererAction": "Виконано"},
    "pending": {"satisfied": False},
    "active": PASSED,
    "cancelled": WITHDRAWN,
    "stopping": WITHDRAWN,
}
payload = base.payload


def starts(api: Api) -> Sequence[Callable[[], Start]]:
    """Tenders with and without lots in every state that is not final, and some with complaints about them."""

    def disputed() -> Play:
        play = Play(api)
        for status in STATUSES:
            play.complain(status=status)
        return play

    def disputed_review() -> Play:
        play = Play(api, lots=2).judged(200, 210, 220, rejected=(0,))
        for status in STATUSES:
            play.complain_of(0, status=status)
        return play

    plays = [stage for lots in (0, 2) for stage in stages(api, lots)] + [disputed, disputed_review, disputed_review]
    return [lambda play=play: base.began(play()) for play in plays]  # type: ignore[misc]


def bid(root: Doc, now: datetime) -> Doc:
    """A bid for all there is, every other one a draft."""
    return base.bid(root, now) | builders.DECLARED | {"status": ("pending", "draft")[len(root.get("bids", ())) % 2]}


def complaint(root: Doc, now: datetime) -> Doc:
    """A draft, a claim or a complaint."""
    return builders.claim(status=STATUSES[len(root.get("complaints", ())) % 3])


SAMPLES: Mapping[str, Sample] = {
    **base.SAMPLES,
    "tender": lambda root, now: data.tender(now),
    "bid": bid,
    "complaint": complaint,
    "qualification": lambda root, now: {"title": "Допуск", **PASSED},
}
