"""Who looks, and what they may not see: marker values in sealed fields, and every address at which they might show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from ..domain.node import Node
from ..domain.procedure import Procedure
from ..storage.base import Doc
from .client import BASE, Api, Thing

OUTSIDERS = {
    "nobody": None,
    "another broker": "broker1",
    "the platform itself": "broker",
    "the Administrator": "administrator",
    "the chronograph": "chronograph",
    "a reviewer": "reviewer",
    "a bot": "bot",
    "the admins": "token",
    "the contracting bridge": "contracting",
    "the dialogue bridge": "competitive_dialogue",
    "the auction": "auction",
}
"""Keys without a token, by what their holders are."""
NUMBERS = count()
FEEDS = ("", "descending=1", "limit=1", "mode=test", "mode=_all_", "feed=changes", "feed=changes&descending=1", "opt_jsonp=show")
VARIANTS = ("", "opt_jsonp=show", "opt_pretty=1", "all=1", "opt_fields=bids,value,owner_token")


@dataclass(frozen=True)
class Viewer:
    """Somebody with a key and a token, or without; `thorough` if it tries every way to ask."""

    name: str
    user: str | None
    token: str = ""
    thorough: bool = False


@dataclass
class Vault:
    """Marker values: what each is, and the names of the viewers who may see it."""

    secrets: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def text(self, what: str, *seen_by: str) -> str:
        """A text that occurs nowhere else."""
        return self.keep(f"marker{next(NUMBERS):05}x", what, *seen_by)

    def amount(self, what: str, *seen_by: str) -> float:
        """An amount of about 400 that occurs nowhere else."""
        return float(self.keep(f"417.{100000 + next(NUMBERS)}1", what, *seen_by))

    def keep(self, marker: str, what: str, *seen_by: str) -> str:
        """Seal something that is there already; sealing it again says anew who may see it."""
        self.secrets[marker] = (what, frozenset(seen_by))
        return marker

    def show(self, what: str, *names: str) -> None:
        """Let more viewers see everything of this sort."""
        for marker, (text, seen_by) in self.secrets.items():
            if text.startswith(what):
                self.secrets[marker] = (text, seen_by | set(names))

    def forget(self, what: str) -> None:
        """Everything of this sort is public from now on."""
        self.secrets = {marker: kept for marker, kept in self.secrets.items() if not kept[0].startswith(what)}

    def shut(self) -> None:
        """Let nobody see anything any more."""
        self.secrets = {marker: (what, frozenset()) for marker, (what, _) in self.secrets.items()}

    def leaks(self, text: str, viewer: str) -> list[str]:
        """What this viewer sees in a text though it is sealed."""
        return [f"{what} ({m})" for m, (what, seen) in self.secrets.items() if viewer not in seen and m in text]


@dataclass(frozen=True)
class Stage:
    """A document with sealed things in it, at one moment of its life, and who looks at it."""

    name: str
    thing: Thing
    vault: Vault
    viewers: tuple[Viewer, ...]

    def everybody(self) -> Iterator[Viewer]:
        """The stage's own viewers and all who have a key but no token."""
        yield from self.viewers
        yield from (Viewer(name, user, thorough=user is None) for name, user in OUTSIDERS.items())


def addresses(api: Api, procedure: Procedure, id: str, *, thorough: bool = True) -> Iterator[str]:
    """Everything that can be read: the feed, the document with all that is in it, and the pages that belong to no document.

    `thorough` adds every way to ask for each.
    """
    root, body = procedure.root, api.store.get(procedure.root.name, id).body
    every = f"opt_fields={','.join(sorted({*body, 'revisions', 'numberOfBids'}))}"
    feeds, variants = (FEEDS, VARIANTS) if thorough else ((), ("",))
    yield from (f"{BASE}/{root.plural}?{query}" for query in (*feeds, every, f"mode=_all_&{every}"))
    for path in (f"/{root.plural}/{id}", *below(root, body, f"/{root.plural}/{id}"), *operations(procedure, body)):
        yield from (f"{BASE}{path}?{query}" for query in variants)
    yield from (f"{BASE}/{root.plural}/{id}/{query}" for query in ("revisions", "historical", "historical?revision=1"))
    if thorough:  # these are the same for everybody
        yield from (f"{BASE}/{page}" for page in ("health", "version", "spore"))
        yield "/metrics"


def below(node: Node, doc: Doc, path: str) -> Iterator[str]:
    """The collections and items below a document."""
    for child in node.children:
        here = f"{path}/{child.plural}"
        yield here
        for item in doc.get(child.field, ()):
            yield f"{here}/{item['id']}"
            yield from below(child, item, f"{here}/{item['id']}")


def operations(procedure: Procedure, body: Doc) -> Iterator[str]:
    """The addresses of what is not create, read, update or delete."""
    for operation in procedure.operations:
        for lot in body.get("lots", ({"id": "nowhere"},)):
            path = operation.path.replace("{auction_lot_id}", lot["id"])
            yield f"/{procedure.root.plural}/{body['id']}/{path}"


def secrets_of(value: Any) -> Iterator[str]:
    """Every digest of a credential in a stored document."""
    if isinstance(value, dict):
        yield from (item for name, item in value.items() if name in ("owner_token", "transfer_token"))
        for item in value.values():
            yield from secrets_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_of(item)
