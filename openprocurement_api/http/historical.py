"""GET of a root document as it was: by the number of a version, or at a moment.

A version is a save after which the public saw something else; saves that nobody could notice have no number of their own, so
that numbers and dates tell nothing of what was sealed. Numbers begin with 1, the document as it was published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.response import Response

from ..domain import rendering
from ..domain.timing import moment
from ..domain.workflow import Doc
from ..engine import procedure_of
from ..errors import Invalid, NotFound, Problem
from ..storage.base import Kind, Revision, Stored
from . import showing
from .body import answer, tags
from .call import Call
from .loader import Target, load
from .revisions import recorded, state_after


@dataclass(frozen=True, slots=True)
class Version:
    """What the public saw from `date` on; `last` is the store's number of the last revision in it, None for the present one."""

    number: int
    date: str
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """One way to name a version: where and under which name it was sent, the text, and how that is looked up."""

    location: str
    name: str
    text: str
    find: Callable[[Call, Sequence[Version], str], Version | None]


def read(request: Request, kind: str) -> Response:
    """The version that was asked for, or the present one. Raises NotFound for one that does not exist, Invalid for nonsense."""
    call = Call(request)
    target = load(call.services.store, call.services.procedures, kind, (), request.matchdict)
    # Every document that is loaded was stored.
    stored: Stored = target.stored  # type: ignore[assignment]
    known = versions(call.services.kinds[kind], stored, recorded(call.services.store, kind, stored))
    version = chosen(call, known)
    doc = target.root if version.last is None else state_after(call.services.store, kind, stored, version.last)
    response = answer(request, {"data": shown(call, target, doc)})
    (digest,) = tags(response.headers["ETag"])
    named = {"X-Revision-N": str(version.number), "X-Revision-Date": version.date, "X-Revision-Hash": digest}
    response.headers.update(named)
    return response


def shown(call: Call, present: Target, doc: Doc) -> Any:
    """One state as its own status shows it, to the one that the caller is now.

    Patches know no order of fields. Sorted ones keep the bytes of a version, and so its ETag, as they are for ever.
    """
    procedure, actors = procedure_of(call.services.procedures, doc), showing.viewers(call, present)
    then = Target(procedure, present.stored, doc, ((procedure.root, doc),))
    visible = showing.filter_of(then).show(doc, partial(addressed, call), actors=actors)
    limited = rendering.limited(visible, doc, procedure.root, actors)
    return msgspec.to_builtins(limited, order="sorted")


def addressed(call: Call, doc: Doc, _hidden: bool) -> Doc:  # noqa: FBT001 - a Link
    """A document with its address in this API, where it is given out as the present allows."""
    return {**doc, "url": showing.absolute(call, doc["url"])} if showing.DOWNLOAD in doc.get("url", "") else doc


# --- the versions there are


def versions(kind: Kind, stored: Stored, revisions: Iterable[Revision]) -> list[Version]:
    """All versions, first to present. What a document was before it was published belongs to no version."""
    ended: list[tuple[str, int]] = []
    for revision in revisions:
        old = {op["path"][1:]: op.get("value") for op in revision.body["changes"]}
        if unlisted(kind, old):
            ended.clear()
        elif isinstance(date := old.get(kind.stamp), str):
            ended.append((date, revision.number - 1))
    body = stored.body
    past = [] if unlisted(kind, body) else [Version(number, *end) for number, end in enumerate(ended, 1)]
    return [*past, Version(len(past) + 1, body[kind.stamp])]


def unlisted(kind: Kind, fields: Doc) -> bool:
    """Whether these fields keep a document out of the feed."""
    return any(isinstance(fields.get(name), str) and fields[name] in values for name, values in kind.unlisted.items())


# --- the version that is meant


def chosen(call: Call, known: Sequence[Version]) -> Version:
    """The version the request names; the present one if it names none."""
    given = wishes(call.request)
    if not given:
        return known[-1]
    wish = given[-1]
    if len(given) > 1:
        raise Invalid(Problem(wish.location, wish.name, "Please name one version, by its number or by a date."))
    try:
        version = wish.find(call, known, wish.text)
    except ValueError:
        raise Invalid(Problem(wish.location, wish.name, "The version should be a number, or a date in ISO 8601.")) from None
    if version is None:
        raise NotFound(Problem(wish.location, wish.name, "Not Found"))
    return version


def wishes(request: Request) -> list[Wish]:
    """Everything in the request that names a version."""
    headers, query = request.headers, request.GET
    return [
        Wish(location, name, sent[name], find)
        for location, sent, name, find in (
            ("header", headers, "X-Revision-N", numbered),
            ("header", headers, "X-Revision-Date", dated),
            ("querystring", query, "revision", numbered),
            ("querystring", query, "date", dated),
        )
        if name in sent
    ]


def numbered(_call: Call, known: Sequence[Version], text: str) -> Version | None:
    """The version with this number. Raises ValueError for what is no number."""
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    number = int(text)
    return known[number - 1] if 1 <= number <= len(known) else None


def dated(call: Call, known: Sequence[Version], text: str) -> Version | None:
    """The version that stood at this moment. Raises ValueError for what is no date."""
    at = call.moment(text)
    return next((version for version in reversed(known) if (date := moment(version.date)) and date <= at), None)
