"""What random walks may send about an energy service tender."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.walks import Sample, Start
from procedures.above_threshold_eu.tests import walks as base

from . import data
from .borrowed import played

WISHES = base.WISHES


def starts(api: Api) -> Sequence[Callable[[], Start]]:
    """Tenders in every state that is not final, and some with complaints about them."""
    return [played(start) for start in base.starts(api)]


def bid(root: Doc, now: datetime) -> Doc:
    """A bid for all there is, every other one a draft."""
    made = len(root.get("bids", ()))
    lots = [lot["id"] for lot in root.get("lots", ()) if lot["status"] == "active"]
    return data.bid(0.9 - made / 1000, *lots, status=("pending", "draft")[made % 2])


def award(root: Doc, now: datetime) -> Doc:
    """An award as the admins give one by hand."""
    return base.SAMPLES["award"](root, now) | {"value": data.value()}


def contract(root: Doc, now: datetime) -> Doc:
    """A contract as the admins draw one up by hand."""
    return base.SAMPLES["contract"](root, now) | {"value": data.value()}


def payload(root: Doc, now: datetime) -> Doc:
    """Results of an auction in which everybody asks for less time."""
    bids = [{name: bid[name] for name in ("id", "value", "lotValues") if name in bid} for bid in root.get("bids", ())]
    for offer in [offer for bid in bids for offer in (*bid.get("lotValues", ()), *([bid] if "value" in bid else []))]:
        offer["value"] = offer["value"] | {"contractDuration": {"years": 3, "days": 100}}
    return {"bids": bids}


SAMPLES: Mapping[str, Sample] = {
    **base.SAMPLES,
    "tender": lambda root, now: data.tender(now),
    "lot": lambda root, now: data.lot(),
    "bid": bid,
    "award": award,
    "contract": contract,
}
