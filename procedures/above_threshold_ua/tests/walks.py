"""What random walks may send about a tender of the open procedure: as below the thresholds, but for bids and complaints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.walks import Sample, Start
from procedures.below_threshold.tests import walks as base

from .play import Play
from .scenarios import Announce, stages

WISHES: Mapping[str, Doc] = base.WISHES | {
    "resolved": {"satisfied": True, "tendererAction": "Виправлено"},
    "pending": {"satisfied": False},
    "stopping": {"cancellationReason": "Помилка"},
    "active": {"qualified": True, "eligible": True},
}


def starts(api: Api, announce: Announce = Play) -> Sequence[Callable[[], Start]]:
    """Tenders with and without lots in every state that is not final, and tenders and awards with complaints about them."""

    def disputed() -> Play:
        play = announce(api)
        disputes(play, "", "")
        return play

    def disputed_award() -> Play:
        play = announce(api).awarding(450, 460)
        play.decide("unsuccessful")
        rejected = play.doc["awards"][0]["id"]
        play.decide("active")
        disputes(play, f"/awards/{rejected}", play.bids[0].token)
        return play

    plays = [stage for lots in (0, 2) for stage in stages(api, lots, announce)] + [disputed, disputed_award]
    return [lambda play=play: base.began(play()) for play in plays]  # type: ignore[misc]


def disputes(play: Play, place: str, token: str) -> None:
    """A claim in every status, and complaints before the review body."""
    play.complain(place, "draft", token)
    play.complain(place, "claim", token)
    play.answer(play.complain(place, "claim", token))
    play.complain(place, "pending", token)
    play.review(play.complain(place, "pending", token), "accepted")
    play.withdraw(play.complain(place, "pending", token), "stopping")


def bid(root: Doc, now: datetime) -> Doc:
    """A bid for all there is, every other one a draft."""
    return base.bid(root, now) | builders.DECLARED


def complaint(root: Doc, now: datetime) -> Doc:
    """A draft, a claim and a complaint in turn."""
    return builders.claim(status=("draft", "claim", "pending")[len(root.get("complaints", ())) % 3])


SAMPLES: Mapping[str, Sample] = dict(base.SAMPLES) | {
    "tender": lambda root, now: builders.open_tender(now),
    "bid": bid,
    "complaint": complaint,
}
