"""The public feed: every document once, at the place of its last public change, in the order in which changes were committed.

An observer that follows `next_page` sees each document's last public state at least once, whatever the number of writers and
restarts. Offsets are opaque; an ISO 8601 date is accepted as the offset to begin with.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pyramid.request import Request
from pyramid.response import Response

from ..domain import rendering
from ..domain.workflow import Doc
from ..engine import procedure_of
from ..errors import NotFound, Problem, Unsupported
from ..storage.base import BadCursor, Change, Missing, Stored
from . import showing
from .body import answer
from .call import Call
from .loader import Target
from .remembered import OfKind, based_on

DEFAULT_LIMIT, MAX_LIMIT, MAX_LOADED = 100, 1000, 100
MAX_BYTES = 1 << 24
"""Bytes of the index after which a page ends, however many rows were asked for; of documents, if it is made from these."""
SLICE = DEFAULT_LIMIT
"""Rows of the index that are read at once, if more than ids are wanted."""
BASE_FIELDS = ("id", "dateModified")
EXPIRED = Problem("params", "offset", "Offset expired/invalid")
FEEDS = ("changes", "dateModified")
MODES: Mapping[str, str | None] = {"test": "test", "_all_": None}


@dataclass(frozen=True, slots=True)
class Query:
    """What a page of the feed was asked for; what is echoed in the links is kept as it was written."""

    limit: int
    descending: bool
    feed: str | None
    offset: str
    fields: tuple[str, ...]
    echoed: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, params: Mapping[str, str], indexed: frozenset[str]) -> Query:
        """Read the query string; what makes no sense is as if it were not there."""
        fields = tuple(f for f in params.get("opt_fields", "").split(",") if f)
        most = MAX_LIMIT if indexed.issuperset(fields) else MAX_LOADED
        return cls(
            limit=number(params.get("limit"), most),
            descending=bool(params.get("descending")),
            feed=MODES.get(params.get("mode", ""), ""),
            offset=params.get("offset", ""),
            fields=fields,
            echoed=tuple(echoed(params)),
        )

    def page(self, cursor: str, *, back: bool) -> list[tuple[str, str]]:
        """The query of a neighbouring page."""
        turned = self.descending != back
        return [*self.echoed, *([("descending", "1")] if turned else []), ("offset", cursor)]


def number(text: str | None, most: int) -> int:
    """A limit between 1 and `most`; the default for anything else."""
    limit = int(text) if text and text.isdecimal() and text.isascii() and len(text) <= len(str(MAX_LIMIT)) else 0
    return limit if 1 <= limit <= most else min(DEFAULT_LIMIT, most)


def echoed(params: Mapping[str, str]) -> list[tuple[str, str]]:
    """The parameters that links to further pages repeat."""
    kept = [(name, params[name]) for name in ("opt_fields", "limit") if params.get(name)]
    if params.get("feed") in FEEDS:
        kept.append(("feed", params["feed"]))
    if params.get("mode") in MODES:
        kept.append(("mode", params["mode"]))
    return kept


def page(request: Request, kind: str, summary: frozenset[str]) -> Response:
    """GET of a root collection. Raises NotFound for an offset that is neither a cursor of ours nor a date."""
    call = Call(request)
    query = Query.of(request.GET, summary | set(BASE_FIELDS))
    state = call.services.store.state(kind)
    since = start(call, kind, query.offset)
    wanted = [name for name in query.fields if name not in BASE_FIELDS]
    indexed = summary.issuperset(wanted)
    gather = from_index if indexed else from_documents
    rows, data = gather(call, kind, query, since, wanted)
    first, last = (rows[0].cursor, rows[-1].cursor) if rows else (since, since)
    body: dict[str, Any] = {"data": data, "next_page": link(request, query, last, back=False)}
    if query.descending or query.offset:
        body["prev_page"] = link(request, query, first, back=True)
    if state:
        based_on(request, OfKind(kind, state))
    return answer(request, body)


def changes(call: Call, kind: str, query: Query, since: str, limit: int, *, summaries: bool) -> list[Change]:
    """Rows from the store's index."""
    try:
        return call.services.store.changes(
            kind, since=since, limit=limit, descending=query.descending, feed=query.feed, summaries=summaries
        )
    except BadCursor:
        raise NotFound(EXPIRED) from None


def start(call: Call, kind: str, offset: str) -> str:
    """The cursor an offset stands for: itself, or the place before the first change at or after a date."""
    if len(offset) < len("2026-01-01") or not offset[:4].isdecimal():
        return offset
    try:
        moment = call.moment(offset)
    except ValueError:
        return offset
    return call.services.store.cursor_at(kind, moment)


def link(request: Request, query: Query, cursor: str, *, back: bool) -> dict[str, str]:
    """The address of a neighbouring page."""
    path = f"{request.path}?{urlencode(query.page(cursor, back=back))}"
    return {"offset": cursor, "path": path, "uri": f"{request.host_url}{path}"}


def entry(change: Change, wanted: list[str], source: Mapping[str, Any]) -> Doc:
    """One row: id and dateModified, and the wanted fields from the index or the document."""
    row: Doc = {"id": change.id, "dateModified": change.stamp}
    for name in wanted:
        if name in source:
            row[name] = source[name]
    return row


def from_index(call: Call, kind: str, query: Query, since: str, wanted: list[str]) -> tuple[list[Change], list[Doc]]:
    """As much of a page as MAX_BYTES of the index are enough for, read slice by slice if more than ids are wanted."""
    if not wanted:
        rows = changes(call, kind, query, since, query.limit, summaries=False)
        return rows, [entry(change, wanted, {}) for change in rows]
    rows, size = [], 0
    while len(rows) < query.limit and size < MAX_BYTES:
        asked = min(SLICE, query.limit - len(rows))
        found = changes(call, kind, query, rows[-1].cursor if rows else since, asked, summaries=True)
        rows += found
        size += sum(len(change.text) for change in found)
        if len(found) < asked:
            break
    return rows, [entry(change, wanted, change.summary) for change in rows]


def from_documents(call: Call, kind: str, query: Query, since: str, wanted: list[str]) -> tuple[list[Change], list[Doc]]:
    """As much of a page as MAX_BYTES of documents are enough for, and its rows; of what has gone there is no row."""
    rows, data, size = changes(call, kind, query, since, query.limit, summaries=False), [], 0
    for number, change in enumerate(rows, 1):
        with suppress(Missing):
            stored = call.services.store.get(kind, change.id)
            data.append(entry(change, wanted, public(call, stored)))
            size += len(stored.raw)
        if size >= MAX_BYTES:
            return rows[:number], data
    return rows, data


def public(call: Call, stored: Stored) -> Doc:
    """The public view of a document; its type alone if this server does not know its procedure."""
    body = stored.body
    try:
        procedure = procedure_of(call.services.procedures, body)
    except Unsupported:
        return {"procurementMethodType": body["procurementMethodType"]}
    target = Target(procedure, stored, body, ((procedure.root, body),))
    return rendering.public(procedure, body, showing.linker(call, target))
