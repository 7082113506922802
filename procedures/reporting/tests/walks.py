"""What random walks may send about a purchase without competition: valid data of every kind, made to fit what is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.walks import Sample, Start
from procedures.below_threshold.tests import walks as base

from .play import Play, recorded


def award(root: Doc, now: datetime) -> Doc:
    """An award to a supplier, for the first lot without one."""
    taken = {given.get("lotID") for given in root.get("awards", ()) if given["status"] in ("pending", "active")}
    free = [lot["id"] for lot in root.get("lots", ()) if lot["id"] not in taken]
    return builders.supplier(100, **({"lotID": free[0]} if free else {}))


def contract(root: Doc, now: datetime) -> Doc:
    """A contract as the admins draw one up by hand, or as the buyer amends one."""
    return base.contract(root, now) | {"suppliers": builders.supplier()["suppliers"]}


def payload(root: Doc, now: Any) -> Doc:
    """A body for operations that take none."""
    return {}


SAMPLES: Mapping[str, Sample] = {
    "tender": lambda root, now: builders.purchase(root["procurementMethodType"]),
    "lot": lambda root, now: builders.part(),
    "award": award,
    "contract": contract,
    "complaint": lambda root, now: builders.claim(status=("draft", "pending")[len(str(root)) % 2]),
    "cancellation": base.cancellation,
    "document": base.document,
}


def began(play: Play) -> Start:
    """The tender and all tokens."""
    return play.tender, {thing.id: thing.token for thing in play.complaints}


def starts(api: Api) -> Sequence[Callable[[], Start]]:
    """Purchases in every state."""

    def awarded() -> Play:
        play = Play(api)
        play.confirmed()
        return play

    plays = (lambda: Play(api, status="draft"), lambda: Play(api), awarded, lambda: recorded(api))
    return [lambda play=play: began(play()) for play in plays]  # type: ignore[misc]
