"""What random walks may send about a dialogue in its first stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.walks import Sample, Start
from procedures.above_threshold_eu.tests import data
from procedures.above_threshold_eu.tests import walks as base

from .play import Play, interest
from .scenarios import SECOND, stages

WISHES = base.WISHES | {"complete": {"stage2TenderID": SECOND}}


def payload(_root: Doc, _now: datetime) -> Doc:
    """No operation of the first stage reads a body."""
    return {}


def starts(api: Api) -> Sequence[Callable[[], Start]]:
    """Dialogues with and without lots in every state that is not final, and one with complaints about its review."""

    def disputed_review() -> Play:
        play = Play(api, lots=2).judged(1, 2, 3, rejected=(0,))
        for status in base.STATUSES:
            play.complain_of(0, status=status)
        return play

    plays = [stage for lots in (0, 2) for stage in stages(api, lots)] + [disputed_review]
    return [lambda play=play: base.base.began(play()) for play in plays]  # type: ignore[misc]


def bid(root: Doc, _now: datetime) -> Doc:
    """A bid of one more firm for all there is, every other one a draft."""
    made = len(root.get("bids", ()))
    lots = [lot["id"] for lot in root.get("lots", ()) if lot["status"] == "active"]
    return interest(made + 11, *lots, status=("pending", "draft")[made % 2])


SAMPLES: Mapping[str, Sample] = {
    **base.SAMPLES,
    "tender": lambda root, now: data.tender(now, procurementMethodType=root["procurementMethodType"]),
    "bid": bid,
}
