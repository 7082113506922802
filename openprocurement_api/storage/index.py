"""What the indexes keep of a document: its feed, stamp, summary and due time, read from the body by its `Kind`.

Backends that number saves themselves also share the forms of cursor and revision.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from . import codec
from .base import BadCursor, Doc, Kind, Rev, RevConflict

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# The letter keeps a cursor from being read as a date or a number, and tells a place ("s") from the gap before one ("g");
# 15 hexadecimal digits fit a signed 64-bit integer. The last eight name the store: the same number is another place in one that
# was loaded from a dump of it.
_CURSOR = re.compile(r"([sg])([0-9a-f]{15})([0-9a-f]{8})")


class Kinds(dict[str, Kind]):
    """Declared kinds by name; an undeclared one has the defaults."""

    def __missing__(self, name: str) -> Kind:
        return Kind(name)


@dataclass(frozen=True, slots=True)
class Entry:
    """The indexed part of one document. `instant` (the stamp) and `due` are microseconds since the epoch, UTC."""

    listed: bool
    feed: str
    stamp: str | None
    instant: int | None
    summary: bytes
    due: int | None

    def stays(self, feed: str, stamp: str | None) -> bool:
        """Whether a document listed in `feed` with `stamp` keeps its place when this entry replaces the old one.

        It gets a new place in a feed where it was not before, since observers who are past the old one would never see it.
        """
        return self.listed and self.stamp is not None and (self.feed, self.stamp) == (feed, stamp)


def entry_of(kind: Kind, body: Doc) -> Entry:
    """Read the declared fields of `body`; ValueError names the field that is not of its type."""
    stamp = _text(body, kind.stamp)
    due = _text(body, kind.due)
    return Entry(
        listed=not any(_hides(body.get(name), values) for name, values in kind.unlisted.items()),
        feed=_text(body, kind.feed) or "",
        stamp=stamp,
        instant=None if stamp is None else _parsed(kind.stamp, stamp),
        summary=codec.excerpt(body, kind.summary),
        due=None if due is None else _parsed(kind.due, due),
    )


def declared(kind: Kind) -> dict[str, Any]:
    """What the indexes of a kind depend on, as plain JSON: stores keep it, and index anew what was indexed by another one."""
    unlisted = {name: sorted(values) for name, values in sorted(kind.unlisted.items())}
    return {"stamp": kind.stamp, "unlisted": unlisted, "feed": kind.feed, "summary": list(kind.summary), "due": kind.due}


def microseconds(moment: datetime) -> int:
    """Microseconds since the epoch; a naive moment is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // MICROSECOND


def moment_of(instant: int) -> datetime:
    """The inverse of `microseconds`, in UTC; OverflowError outside the years 1-9999."""
    return EPOCH + instant * MICROSECOND


def cursor_of(sequence: int, store: str) -> str:
    """The cursor of the place with this number in the store of this name, eight hexadecimal digits."""
    return f"s{sequence:015x}{store}"


def gap_before(sequence: int, store: str) -> str:
    """The cursor of the gap before the place with this number: that place is read forward from it, all before it backwards."""
    return f"g{sequence:015x}{store}"


def bound_of(cursor: str, store: str, newest: int, *, descending: bool) -> int:
    """The number of the place from which to read on, without that place itself.

    BadCursor if malformed, of another store, or beyond `newest`: then it is of a later copy. Reading on from such a cursor would
    silently skip documents.
    """
    found = _CURSOR.fullmatch(cursor)
    if found is None or found[3] != store:
        raise BadCursor(f"{cursor!r} is not a cursor of this store")
    sequence = int(found[2], 16)
    before = sequence - 1 if found[1] == "g" else sequence
    if before > newest:
        raise BadCursor(f"the cursor {cursor} is ahead of the newest save")
    return sequence if descending else before


def next_rev(rev: Rev | None) -> Rev:
    """The revision that follows `rev`: one more save, another random part. RevConflict if `rev` is none of ours."""
    try:
        saves = int(rev.partition("-")[0]) if rev is not None else 0
    except ValueError:
        raise RevConflict(f"{rev!r} is not a revision") from None
    return Rev(f"{saves + 1}-{secrets.token_hex(16)}")


def _text(body: Doc, name: str) -> str | None:
    value = body.get(name)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{name} must be a string, not {value!r}")


def _hides(value: object, values: frozenset[str]) -> bool:
    return isinstance(value, str) and value in values


def _parsed(name: str, text: str) -> int:
    try:
        instant = microseconds(datetime.fromisoformat(text))
        moment_of(instant)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name} must be an ISO 8601 date and time, not {text!r}") from error
    return instant
