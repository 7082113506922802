"""What random walks may send: valid data of every kind, made to fit what is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.walks import Sample, Start

from .play import Play, tender
from .scenarios import STAGES


def starts(api: Api) -> Sequence[Callable[[], Start]]:
    """Tenders in every state that is not an end."""
    return [lambda stage=stage: began(stage(api)) for stage in STAGES]  # type: ignore[misc]


def began(play: Play) -> Start:
    """The tender and all tokens."""
    return play.tender, {bid.id: bid.token for bid in play.bids}


def cancellation(root: Doc, now: datetime) -> Doc:
    """Every other one is carried out at once."""
    return {"reason": "Кошти скорочено", "status": ("pending", "active")[len(root.get("cancellations", ())) % 2]}


def award(root: Doc, now: datetime) -> Doc:
    """An award as nobody here may add one."""
    return {"suppliers": [builders.organization()], "value": builders.value(100), "bid_id": "0" * 32}


def contract(root: Doc, now: datetime) -> Doc:
    """A contract as nobody here may add one."""
    return {"awardID": "0" * 32, "title": "Договір", "suppliers": [builders.organization()], "value": builders.value(100)}


def document(root: Doc, now: datetime) -> Doc:
    """A document whose address nobody has signed."""
    return {"title": "Умови.pdf", "format": "application/pdf", "url": "http://localhost/get/0", "hash": f"md5:{'0' * 32}"}


def payload(root: Doc, now: datetime) -> Doc:
    """What is sent to operations: there are none that read it."""
    return {}


SAMPLES: Mapping[str, Sample] = {
    "tender": lambda root, now: tender(now),
    "bid": lambda root, now: builders.bid(400 + len(root.get("bids", ()))),
    "cancellation": cancellation,
    "award": award,
    "contract": contract,
    "document": document,
}
