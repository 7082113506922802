"""What random walks may send about a below-threshold tender: valid data of every kind, made to fit what is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.walks import Sample, Start

from .play import Play
from .scenarios import stages

WISHES: Mapping[str, Doc] = {
    "answered": {"resolution": "Умови змінено на конкурентні", "resolutionType": "declined"},
    "resolved": {"satisfied": False},
    "cancelled": {"cancellationReason": "Помилка"},
}


def starts(api: Api) -> Sequence[Callable[[], Start]]:
    """Tenders with and without lots in every state that is not final, and tenders and awards with claims about them."""

    def disputed() -> Play:
        play = Play(api)
        play.claims_of_every_status()
        return play

    def disputed_award() -> Play:
        play = Play(api).open_bids(450, 460).hold_auction()
        rejected = play.award["id"]
        play.decide("unsuccessful")
        play.claims_of_every_status(f"/awards/{rejected}", play.bids[0].token)
        return play

    plays = [stage for lots in (0, 2) for stage in stages(api, lots)] + [disputed, disputed_award]
    return [lambda play=play: began(play()) for play in plays]  # type: ignore[misc]


def began(play: Play) -> Start:
    """The tender and all tokens."""
    return play.tender, {thing.id: thing.token for thing in (*play.bids, *play.claims)}


def bid(root: Doc, now: datetime) -> Doc:
    """A bid for all there is, every other one a draft."""
    made = len(root.get("bids", ()))
    lots = {lot["id"]: 100.0 + made for lot in root.get("lots", ()) if lot["status"] == "active"}
    offer = builders.lot_bid(lots) if lots else builders.bid(100 + made)
    return offer | {"status": ("active", "draft")[made % 2]}


def cancellation(root: Doc, now: datetime) -> Doc:
    """A cancellation of the first lot that is active, else of the tender, every other one carried out at once."""
    lots = [lot["id"] for lot in root.get("lots", ()) if lot["status"] == "active"]
    about = {"cancellationOf": "lot", "relatedLot": lots[0]} if lots else {}
    return {"reason": "Кошти скорочено", "status": ("pending", "active")[len(root.get("cancellations", ())) % 2], **about}


def award(root: Doc, now: datetime) -> Doc:
    """An award as the admins give one by hand."""
    lots = [lot["id"] for lot in root.get("lots", ())]
    bids = [bid["id"] for bid in root.get("bids", ())]
    about = ({"lotID": lots[0]} if lots else {}) | ({"bid_id": bids[0]} if bids else {})
    return {"suppliers": [builders.organization()], "value": builders.value(100), **about}


def contract(root: Doc, now: datetime) -> Doc:
    """A contract as the admins draw one up by hand."""
    awards = [award["id"] for award in root.get("awards", ())] or ["0" * 32]
    return {"awardID": awards[0], "title": "Договір", "suppliers": [builders.organization()], "value": builders.value(100)}


def document(root: Doc, now: datetime) -> Doc:
    """A document whose address nobody has signed."""
    return {"title": "Умови.pdf", "format": "application/pdf", "url": "http://localhost/get/0", "hash": f"md5:{'0' * 32}"}


def payload(root: Doc, now: datetime) -> Doc:
    """Results of an auction in which everybody has come down a little."""
    bids = [{name: bid[name] for name in ("id", "value", "lotValues") if name in bid} for bid in root.get("bids", ())]
    for offer in [offer for bid in bids for offer in (*bid.get("lotValues", ()), *([bid] if "value" in bid else []))]:
        offer["value"] = offer["value"] | {"amount": offer["value"]["amount"] - 1}
    return {"bids": bids}


SAMPLES: Mapping[str, Sample] = {
    "tender": lambda root, now: builders.tender(now),
    "bid": bid,
    "lot": lambda root, now: builders.lot(),
    "question": lambda root, now: builders.question(),
    "complaint": lambda root, now: builders.claim(status=("draft", "claim")[len(root.get("complaints", ())) % 2]),
    "cancellation": cancellation,
    "award": award,
    "contract": contract,
    "document": document,
}
