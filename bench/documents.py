"""The documents that are measured: made by the API itself, as platforms make them, then filled up with files to a size."""

from __future__ import annotations

import tempfile
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from openprocurement_api.storage import codec
from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, Api, Thing
from openprocurement_api.testing.plugin import CONF

BROKER = "broker"
TENDERED, OPENED = timedelta(days=10), timedelta(days=15)
"""How long ago tenders were announced that now take bids, and whose bids are open."""
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
LOTS, CLAIMS = 5, 10
OPEN, OPEN_DAYS = "aboveThresholdUA", 30
"""The open procedure, and for how many days its tenders take bids: they may be changed until seven days before the end."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A stored tender, and the token of its owner."""

    body: Doc
    token: str

    def copy(self, number: int) -> Doc:
        """The same tender under another id, changed a second later than the one before; the same number gives the same copy."""
        return self.body | {
            "id": copy_id(number),
            "tenderID": f"UA-2026-01-01-{number:09}",
            "dateModified": changed(number).isoformat(),
        }


def copy_id(number: int) -> str:
    """The id of a copy: spread like random ones, and known from its number."""
    return f"{(number * 0x9E3779B97F4A7C15) % 2**64:016x}{number:016x}"


def changed(number: int) -> datetime:
    """When a copy last changed."""
    return EPOCH + timedelta(seconds=number)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes tenders of one procedure, through an API in this process."""

    procedure: str
    now: datetime

    def announced(self, **changes: Any) -> Doc:
        """The body of a POST that announces a tender of five items."""
        if self.procedure == OPEN:
            return builders.open_tender(self.now, OPEN_DAYS, items=[builders.delivered() for _ in range(5)], **changes)
        items = [builders.item() for _ in range(5)]
        return builders.tender(self.now, procurementMethodType=self.procedure, items=items, **changes)

    def enquired(self, size: int) -> Sample:
        """A tender with lots and claims that its owner may still change."""
        return self.made(timedelta(days=1), size, bids=0, lots=LOTS, claims=CLAIMS)

    def tendered(self, size: int) -> Sample:
        """A tender that takes bids and has three."""
        return self.made(TENDERED, size, bids=3)

    def opened(self, size: int) -> Sample:
        """A tender whose three bids are open."""
        return self.made(OPENED, size, bids=3, auction=True)

    def large(self, size: int) -> Sample:
        """A tender with lots, claims and twenty open bids."""
        return self.made(OPENED, size, bids=20, lots=LOTS, claims=CLAIMS, auction=True)

    def contested(self, size: int) -> Sample:
        """A tender of the open procedure with lots and claims that takes bids, has twenty and may still be changed."""
        return replace(self, procedure=OPEN).made(TENDERED, size, bids=20, lots=LOTS, claims=CLAIMS)

    def made(self, age: timedelta, size: int, *, bids: int, lots: int = 0, claims: int = 0, auction: bool = False) -> Sample:
        """A tender announced so long ago, with so much in it, filled up to a size in bytes."""
        with tempfile.TemporaryDirectory() as folder:
            api = Api.start(settings(folder, self.procedure), self.now - age)
            offered = {"lots": [builders.lot(f"Лот {n + 1}") for n in range(lots)]} if lots else {}
            tender = api.post("/tenders", replace(self, now=api.clock.now).announced(**offered))
            attach(api, tender)
            for _ in range(claims):
                api.post(f"{tender.path}/complaints", builders.claim(status="claim"))
            if bids:
                api.until(tender, "active.tendering")
                bid(api, tender, bids)
            if auction:
                hold_auction(api, tender)
            body = api.store.get("tender", tender.id).body
            api.store.close()
        return Sample(filled(body, size), tender.token)


def settings(folder: str, procedure: str) -> dict[str, str]:
    """The settings of an API in memory."""
    return {
        "storage.url": "memory:",
        "auth.file": str(CONF),
        "plugins": f"{procedure} documents",
        "documents.path": folder,
        "sandbox_mode": "true",
        "log.level": "CRITICAL",
    }


def attach(api: Api, thing: Thing) -> None:
    """Give a tender or a bid a file."""
    api.web.authorization = ("Basic", (BROKER, ""))
    files = [("file", "Документ.pdf", b"%PDF-")]
    api.web.post(f"{BASE}{thing.path}/documents", upload_files=files, headers={"X-Access-Token": thing.token}, status=201)


def bid(api: Api, tender: Thing, count: int) -> None:
    """So many bids, each for every lot there is, each with a file."""
    lots = [lot["id"] for lot in api.get(tender.path).get("lots", ())]
    for number in range(count):
        amount = 200 + number
        declared: Doc = builders.DECLARED if tender.data["procurementMethodType"] == OPEN else {}
        offer = builders.lot_bid(dict.fromkeys(lots, amount), **declared) if lots else builders.bid(amount, **declared)
        attach(api, api.post(f"{tender.path}/bids", offer))


def hold_auction(api: Api, tender: Thing) -> None:
    """The auctions of all lots, or of the tender, that leave every amount as it was; then the bids are open."""
    api.until(tender, "active.auction")
    bids = api.store.get("tender", tender.id).body["bids"]
    results = [{name: bid[name] for name in ("id", "value", "lotValues") if name in bid} for bid in bids]
    for suffix in [f"/{lot['id']}" for lot in api.get(tender.path).get("lots", ())] or [""]:
        api.call("POST", f"{tender.path}/auction{suffix}", {"bids": results}, user="auction")


def filled(body: Doc, size: int) -> Doc:
    """The tender with more files, of its bids or of its own, until its JSON has so many bytes."""
    body = deepcopy(body)
    holders = body.get("bids") or [body]
    file = holders[0]["documents"][0]
    lacking = (size - len(codec.encode(body))) // (len(codec.encode(file)) + 1)
    for number in range(max(lacking, 0)):
        holders[number % len(holders)]["documents"].append(file | {"id": uuid4().hex, "title": f"Документ {number}.pdf"})
    return body


def present() -> datetime:
    """Now."""
    return datetime.now(UTC)
