"""Durations of the below-threshold procedure, and the guards and effects that belong to it alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from openprocurement_api.domain.context import Ctx
from openprocurement_api.domain.guards import has_lots, lot_of, lots
from openprocurement_api.domain.timing import at, auction_end_estimate, moment
from openprocurement_api.domain.workflow import Doc, Guard, When
from openprocurement_api.nodes import conclusion
from openprocurement_api.nodes.award import award_next, won
from openprocurement_api.nodes.complaint import while_the_tender_lasts
from openprocurement_api.nodes.conclusion import awards_of, last_stand_still
from openprocurement_api.nodes.tender import bids_for


@dataclass(frozen=True)
class Rules:
    """What the law, or a country's profile, may change."""

    stand_still_working_days: int = 2
    claim_reply: timedelta = timedelta(days=3)


# --- announcing


def open_enquiries(ctx: Ctx) -> None:
    """questions may be asked from now, and bids made when the enquiry period ends, unless the buyer said otherwise"""
    ctx.root["enquiryPeriod"].setdefault("startDate", ctx.today)
    ctx.root["tenderPeriod"].setdefault("startDate", ctx.root["enquiryPeriod"]["endDate"])


def tendering_begins(ctx: Ctx) -> datetime | None:
    """tenderPeriod.startDate, or enquiryPeriod.endDate if there is none"""
    return at("tenderPeriod.startDate")(ctx) or at("enquiryPeriod.endDate")(ctx)


# --- tendering ends


def drop_drafts(ctx: Ctx) -> None:
    """bids that were never activated go"""
    keep(ctx.root, "bids", lambda bid: bid["status"] != "draft")


def drop_cancelled_lots(ctx: Ctx) -> None:
    """what bids offer for cancelled lots goes, and bids that offer nothing else go with it"""
    root = ctx.root
    gone = {lot["id"] for lot in lots(root, "cancelled")}
    if not gone:
        return
    codes = {f["code"] for f in root.get("features", ()) if lot_of(root, f["featureOf"], f.get("relatedItem")) in gone}
    for bid in root.get("bids", ()):
        keep(bid, "lotValues", lambda offer: offer["relatedLot"] not in gone)
        keep(bid, "parameters", lambda answer: answer["code"] not in codes)
        keep(bid, "documents", lambda file: lot_of(root, file["documentOf"], file.get("relatedItem")) not in gone)
    keep(root, "bids", lambda bid: "lotValues" in bid)


def keep(doc: Doc, name: str, wanted: Callable[[Doc], bool]) -> None:
    """Leave only what is wanted in a list of the document, and no list if nothing is."""
    doc[name] = [item for item in doc.get(name, ()) if wanted(item)]
    if not doc[name]:
        del doc[name]


def close_empty_lots(ctx: Ctx) -> None:
    """lots nobody bid for are unsuccessful"""
    for lot in ctx.whole.below("lots"):
        if lot.doc["status"] == "active" and not bids_for(ctx.root, lot.doc["id"]):
            lot.move("unsuccessful")


def drop_needless_auctions(ctx: Ctx) -> None:
    """where fewer than two bids stand there is no auction to plan"""
    holders = [(None, ctx.root)] if not has_lots(ctx.root) else [(lot["id"], lot) for lot in ctx.root["lots"]]
    for lot_id, holder in holders:
        if bids_for(ctx.root, lot_id) <= 1 and "auctionPeriod" in holder:
            holder["auctionPeriod"].pop("startDate", None)


def award_without_auction(ctx: Ctx) -> None:
    """if nothing is left to auction, the only bids are considered at once"""
    if anything_stands(ctx) and nothing_left_to_auction(ctx):
        award_next(ctx)


def anything_stands(ctx: Ctx) -> bool:
    """a bid stands for the tender, or for one of its active lots"""
    return any(count for _, count in contests(ctx.root))


def nothing_stands(ctx: Ctx) -> bool:
    """no bid stands for a tender without lots"""
    return not has_lots(ctx.root) and not bids_for(ctx.root, None)


def contests(root: Doc) -> Iterator[tuple[Doc, int]]:
    """What is auctioned separately, with the number of bids that stand for it."""
    if not has_lots(root):
        yield root, bids_for(root, None)
    for lot in lots(root):
        yield lot, bids_for(root, lot["id"])


def nothing_left_to_auction(ctx: Ctx) -> bool:
    """every auction between two or more bids is over"""
    return all("endDate" in holder.get("auctionPeriod", {}) for holder, count in contests(ctx.root) if count > 1)


def drop_sealed_bids(ctx: Ctx) -> None:
    """bids that were never opened go"""
    ctx.root.pop("bids", None)


# --- the auction


def auction_start(ctx: Ctx) -> datetime | None:
    """the planned start of the next auction"""
    return min(planned(ctx), default=None)


def auction_end(ctx: Ctx) -> datetime | None:
    """when the next planned auction should be over"""
    ends = [auction_end_estimate(count, start) for start, count in waiting(ctx.root)]
    return min((end for end in ends if end > ctx.now), default=None)


def planned(ctx: Ctx) -> Iterator[datetime]:
    """Planned starts that are still to come."""
    return (start for start, _ in waiting(ctx.root) if start > ctx.now)


def waiting(root: Doc) -> Iterator[tuple[datetime, int]]:
    """Auctions that have a start and no end."""
    for holder, count in contests(root):
        period = holder.get("auctionPeriod", {})
        if "startDate" in period and "endDate" not in period:
            yield moment(period["startDate"]), count  # type: ignore[misc]


# --- awarding


def award_pending(ctx: Ctx) -> bool:
    """an award waits for the buyer's decision"""
    return any(given and given[-1]["status"] == "pending" for given in current_awards(ctx.root))


def nothing_pending(ctx: Ctx) -> bool:
    """awards are given, and none waits for the buyer's decision"""
    return bool(ctx.root.get("awards")) and not award_pending(ctx)


def current_awards(root: Doc) -> Iterator[list[Doc]]:
    """The awards of each active lot, or of the tender."""
    for lot_id in [lot["id"] for lot in lots(root)] if has_lots(root) else [None]:
        yield awards_of(root, lot_id)


def end_award_period(ctx: Ctx) -> None:
    """awardPeriod ends now"""
    ctx.root.setdefault("awardPeriod", {})["endDate"] = ctx.today


def reopen_award_period(ctx: Ctx) -> None:
    """awardPeriod is open again"""
    ctx.root.get("awardPeriod", {}).pop("endDate", None)


# --- the end


def its_lot(ctx: Ctx) -> str | None:
    """The lot in question; None for the tender."""
    return ctx.doc["id"] if ctx.node.name == "lot" else None


@while_the_tender_lasts
def stand_still_ends(ctx: Ctx) -> datetime | None:
    """the end of the last stand-still of the lot, or of the tender"""
    return last_stand_still(ctx.root, its_lot(ctx))


def last_award_failed(ctx: Ctx) -> bool:
    """the last award is unsuccessful, and none is active"""
    given = awards_of(ctx.root, its_lot(ctx))
    return bool(given) and given[-1]["status"] == "unsuccessful" and not won(given)


def contract_signed(ctx: Ctx) -> bool:
    """the contract of the active award is signed"""
    winners = [award["id"] for award in won(awards_of(ctx.root, its_lot(ctx)))]
    return any(c["status"] == "active" and c["awardID"] in winners for c in ctx.root.get("contracts", ()))


def undivided(ctx: Ctx) -> bool:
    """the tender has no lots"""
    return not has_lots(ctx.root)


def lots_all(*statuses: str, some: str) -> Guard:
    """Guard factory: every lot is in one of these statuses, and one of them in `some`."""
    allowed = {*statuses, some}

    def guard(ctx: Ctx) -> bool:
        found = {lot["status"] for lot in ctx.root.get("lots", ())}
        return bool(found) and found <= allowed and some in found

    guard.__doc__ = f"all lots are {' or '.join(sorted(allowed))}, one of them {some}"
    return guard


stand_still_over, undisputed = conclusion.stand_still_over(its_lot), conclusion.undisputed(its_lot)
TENDERING_ENDS: When = at("tenderPeriod.endDate")
