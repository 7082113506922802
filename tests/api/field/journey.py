"""Short cuts through a tender's life for the field's suite: bids, auction, documents, and forged states of old documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from webtest import TestResponse

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, Api, Thing

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
STAND_STILL = timedelta(days=2, hours=1)
"""From a working day's morning to when a contract may be signed."""
UNKNOWN = "0" * 32
FORBIDDEN = [{"location": "url", "name": "permission", "description": "Forbidden"}]
NO_ROLE = [{"location": "url", "name": "role", "description": "Forbidden"}]
NOT_AUTHOR = [{"location": "url", "name": "role", "description": "Can update document only author"}]
NO_DATA = builders.problem("data", "Data not available")
WRONG_TYPE = builders.problem("Content-Type", "Content-Type header should be one of ['application/json']", "header")
BAD_BODIES = pytest.mark.parametrize(
    ("body", "content_type", "status", "error"),
    [
        ("data", "text/plain", 415, WRONG_TYPE),
        ("data", "application/json", 422, builders.problem("data", "No JSON object could be decoded")),
        ('"data"', "application/json", 422, NO_DATA),
        ('{"not_data": {}}', "application/json", 422, NO_DATA),
    ],
)
"""For tests of what cannot be a body, whatever it is sent to."""


def said(text: str) -> list[Doc]:
    """The errors of a refusal that only says why."""
    return [{"location": "body", "name": "data", "description": text}]


def wrong(name: str, description: Any) -> list[Doc]:
    """The errors of one invalid field."""
    return [{"location": "body", "name": name, "description": description}]


def unknown(kind: str) -> list[Doc]:
    """The errors of an id that nothing has."""
    return [{"location": "url", "name": f"{kind}_id", "description": "Not Found"}]


# --- the life of a tender


def with_lots(api: Api, count: int, **changes: Any) -> tuple[Thing, list[str]]:
    """An announced tender with so many lots, and their ids."""
    tender = api.tender(lots=[builders.lot(f"Лот {number}") for number in range(count)], **changes)
    return tender, [lot["id"] for lot in tender.data["lots"]]


def bidding(api: Api, tender: Thing, *amounts: float) -> list[Thing]:
    """Bids of these amounts for each active lot, or for a tender without lots; tendering is open then."""
    lots = [lot["id"] for lot in api.until(tender, "active.tendering").get("lots", ()) if lot["status"] == "active"]
    made = [builders.lot_bid(dict.fromkeys(lots, a)) if lots else builders.bid(a) for a in amounts]
    return [api.post(f"{tender.path}/bids", bid) for bid in made]


def hold_auction(api: Api, tender: Thing) -> None:
    """Report the results of every auction: the amounts stay as they are."""
    doc = api.until(tender, "active.auction")
    bids = api.get(f"{tender.path}/auction", user="auction")["bids"]
    for part in [f"/{lot['id']}" for lot in doc.get("lots", ()) if lot["status"] == "active"] or [""]:
        api.call("POST", f"{tender.path}/auction{part}", {"bids": bids}, user="auction")


def to_qualification(api: Api, tender: Thing, *amounts: float) -> list[Thing]:
    """Bring a tender to active.qualification with these bids; returns the bids."""
    bids = bidding(api, tender, *amounts)
    if len(bids) > 1:
        hold_auction(api, tender)
    api.until(tender, "active.qualification")
    return bids


def awards(api: Api, tender: Thing) -> list[Thing]:
    """The awards of a tender, in the order they were given, in the hand of the buyer."""
    found = api.get(f"{tender.path}/awards", user=None)
    return [Thing(f"{tender.path}/awards/{doc['id']}", tender.token, doc) for doc in found]


def contracts(api: Api, tender: Thing) -> list[Thing]:
    """The contracts of a tender, in the hand of the buyer."""
    found = api.get(f"{tender.path}/contracts", user=None)
    return [Thing(f"{tender.path}/contracts/{doc['id']}", tender.token, doc) for doc in found]


def claim(api: Api, place: str, token: str = "", **changes: Any) -> Thing:
    """A claim about a tender or an award, filed at once."""
    return api.post(f"{place}/complaints", builders.claim(**{"status": "claim", **changes}), token=token)


def answer(api: Api, filed: Thing, tender: Thing, kind: str = "resolved") -> Doc:
    """The buyer's answer to a claim."""
    news = {"status": "answered", "resolutionType": kind, "resolution": "Умови змінено, як ви просили"}
    changed: Doc = api.patch(filed, news, token=tender.token)
    return changed


def cancel(api: Api, tender: Thing, lot_id: str | None = None, **changes: Any) -> Thing:
    """A cancellation of the tender or of a lot, carried out at once."""
    about = {"cancellationOf": "lot", "relatedLot": lot_id} if lot_id else {}
    return api.post(
        f"{tender.path}/cancellations", {"reason": "Немає коштів", "status": "active"} | about | changes, token=tender.token
    )


@contextmanager
def forged(api: Api, tender: Thing) -> Iterator[Doc]:
    """The stored document itself, to be changed as no request could: states of documents of the old toolkit."""
    stored = api.store.get("tender", tender.id)
    body = stored.body
    yield body
    api.store.put("tender", tender.id, body, expect=stored.rev)


def forge_status(api: Api, tender: Thing, status: str) -> None:
    """Put a tender into a status by hand."""
    with forged(api, tender) as body:
        body["status"] = status


# --- documents


def upload(  # noqa: PLR0913 - every part of a form's request is an argument
    api: Api,
    path: str,
    *,
    token: str = "",
    method: str = "POST",
    user: str = "broker",
    name: str = "звіт.doc",
    content: bytes = b"content",
    field: str = "file",
    status: int | None = None,
) -> TestResponse:
    """Send a file as a form; asserts the status: 201 of a POST, 200 of a PUT unless another is named."""
    api.web.authorization = ("Basic", (user, ""))
    send = api.web.post if method == "POST" else api.web.put
    expected = status or (201 if method == "POST" else 200)
    return send(BASE + path, headers={"X-Access-Token": token}, upload_files=[(field, name, content)], status=expected)


def add_file(api: Api, path: str, **options: Any) -> Doc:
    """The document that a form made."""
    made: Doc = upload(api, path, **options).json["data"]
    return made


def registered(api: Api, content: bytes = b"content", **changes: Any) -> Doc:
    """The description of a file that the document service has, as platforms send it."""
    kept = api.registry.services.documents.upload(BytesIO(content), "звіт.doc", "application/msword")
    url = kept.url if kept.url.startswith("http") else f"http://localhost{kept.url}"
    return {"title": "звіт.doc", "url": url, "hash": kept.hash, "format": "application/msword"} | changes


def key_of(doc: Doc) -> str:
    """The key under which the document service keeps a shown document."""
    url: str = doc["url"]
    return url.partition("?")[0].rpartition("/")[2] if "Signature" in url else url.partition("?download=")[2]
