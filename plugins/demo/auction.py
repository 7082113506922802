"""A stand-in for the auction module: reads the sealed bids, lets them fall in three rounds, reports the results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .parties import hryvnias
from .stage import Stage
from .wire import Doc, Platform

ROUNDS = 3
ROOMS = "https://auctions.example.org"


@dataclass(slots=True)
class Bidder:
    """One bidder in the auction of a lot. `lowest` is how far it goes, `said` its amount at first and after each round."""

    id: str
    lowest: float
    said: list[float]

    @property
    def amount(self) -> float:
        """What it offers now."""
        return self.said[-1]


def hold(stage: Stage, module: Platform, tender: str, lot: Doc, lowest: Sequence[float]) -> None:
    """Hold the auction of a lot. `tender` is its address; `lowest` how far each bidder would go, in the order of the bids."""
    bids = module.get(f"{tender}/auction")["bids"]
    bidders = [Bidder(bid["id"], low, [offer_for(bid, lot)["value"]["amount"]]) for bid, low in zip(bids, lowest, strict=True)]
    open_rooms(module, tender, lot, bids)
    fall(bidders, lot["minimalStep"]["amount"])
    stage.tell(f"Auction of {lot['title']!r}: {len(bidders)} bidders, {ROUNDS} rounds", f"{tender}/lots/{lot['id']}")
    stage.table([("bidder", "sealed bid", *(f"round {n + 1}" for n in range(ROUNDS))), *map(line, bidders)])
    report(module, tender, lot, bids, {bidder.id: bidder.amount for bidder in bidders})


def offer_for(bid: Doc, lot: Doc) -> Doc:
    """What a bid offers for a lot."""
    offer: Doc = next(offer for offer in bid["lotValues"] if offer["relatedLot"] == lot["id"])
    return offer


def fall(bidders: Sequence[Bidder], step: float) -> None:
    """Play the rounds: the dearest speaks first, and whoever can beats the best by a step."""
    for _ in range(ROUNDS):
        for bidder in sorted(bidders, key=lambda b: b.amount, reverse=True):
            best = min(b.amount for b in bidders)
            wish = best - step if bidder.amount > best else bidder.amount
            bidder.said.append(wish if wish >= bidder.lowest else bidder.amount)


def line(bidder: Bidder) -> tuple[str, ...]:
    """A bidder's row: the auction knows its id, no name."""
    return (f"bid {bidder.id[:6]}", *map(hryvnias, bidder.said))


def open_rooms(module: Platform, tender: str, lot: Doc, bids: Sequence[Doc]) -> None:
    """Tell the API where the auction of the lot can be watched, and each bidder's door to it."""
    room = f"{ROOMS}/{lot['id']}"
    lots = [
        {"id": lot["id"], "auctionUrl": room} if known["id"] == lot["id"] else {"id": known["id"]}
        for known in lots_of(module, tender)
    ]
    doors = [
        {"id": bid["id"], "lotValues": [door(offer, lot, f"{room}?bidder={bid['id']}") for offer in bid["lotValues"]]}
        for bid in bids
    ]
    module.patch(f"{tender}/auction/{lot['id']}", {"lots": lots, "bids": doors})


def lots_of(module: Platform, tender: str) -> list[Doc]:
    """The lots of the tender, in its order."""
    found: list[Doc] = module.get(f"{tender}/auction")["lots"]
    return found


def door(offer: Doc, lot: Doc, url: str) -> Doc:
    """What is said about one offer of a bid: the door, if it is for this lot."""
    about = {"relatedLot": offer["relatedLot"]}
    return {**about, "participationUrl": url} if offer["relatedLot"] == lot["id"] else about


def report(module: Platform, tender: str, lot: Doc, bids: Sequence[Doc], amounts: dict[str, float]) -> None:
    """Post the final amounts of a lot."""
    results = [
        {"id": bid["id"], "lotValues": [final(offer, lot, amounts[bid["id"]]) for offer in bid["lotValues"]]} for bid in bids
    ]
    module.post(f"{tender}/auction/{lot['id']}", {"bids": results})


def final(offer: Doc, lot: Doc, amount: float) -> Doc:
    """What is said about one offer of a bid: the final amount, if it is for this lot."""
    return {**offer, "value": {**offer["value"], "amount": amount}} if offer["relatedLot"] == lot["id"] else offer
