"""Who asks: the platform behind an API key, its accreditation, and the actors its tokens make it."""

from __future__ import annotations

import base64
import configparser
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha512
from pathlib import Path
from secrets import compare_digest
from typing import TYPE_CHECKING, Any

from ..domain.actors import (
    ADMINISTRATOR,
    ADMINS,
    AUCTION,
    BIDDER,
    BODY,
    BOT,
    BROKER,
    CLOCK,
    CONTRACTING,
    DIALOGUE,
    EVERYONE,
    OWNER,
    PARTICIPANT,
    REVIEWER,
    Actor,
)  # fmt: skip
from ..settings import SettingsError

if TYPE_CHECKING:
    from pyramid.request import Request

    from ..domain.procedure import Node
    from ..domain.workflow import Doc

GROUPS: Mapping[str, Actor] = {
    "brokers": BROKER,
    "chronograph": CLOCK,
    "auction": AUCTION,
    "Administrator": ADMINISTRATOR,
    "admins": ADMINS,
    "reviewers": REVIEWER,
    "aboveThresholdReviewers": BODY,
    "bots": BOT,
    "contracting": CONTRACTING,
    "competitive_dialogue": DIALOGUE,
}
ALSO: Mapping[Actor, frozenset[Actor]] = {REVIEWER: frozenset({BODY})}
"""What the members of a group are besides."""
TAKING_PART = frozenset({"active", "unsuccessful"})
"""Statuses of bids whose holders may complain of what the buyer decides about bids."""
ALL_LEVELS = "1234"
TEST_LEVEL = "t"
HASHED = "sha512:"
CALLER = "openprocurement.caller"
"""Where a request's environment has the holder of its key, or None; the key is looked up once, before Pyramid."""


@dataclass(frozen=True, slots=True)
class User:
    """The holder of a key: name, actor of its group, accreditation levels (one character each)."""

    name: str
    actor: Actor
    levels: str

    def accredited(self, any_of: str) -> bool:
        """Whether it has one of these levels; a procedure that names none asks for none."""
        return not any_of or bool(set(any_of) & set(self.levels))

    @property
    def test_only(self) -> bool:
        """Whether it may only handle tenders with `mode=test`."""
        return TEST_LEVEL in self.levels


def digest(token: str) -> str:
    """What is kept of a key or token: its SHA-512, in hex."""
    return sha512(token.encode()).hexdigest()


class Keys:
    """The keys of `auth.file`: sections are groups, lines `name = key[,levels]`, a key may stand as `sha512:<hex>`.

    Raises SettingsError for an unreadable file, an unknown group, a key used twice, or a key in clear where that is not allowed.
    """

    def __init__(self, path: Path, *, groups: Mapping[str, Actor] = GROUPS, clear: bool = True) -> None:
        self._users: dict[str, User] = {}
        parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        try:
            parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
        except (OSError, configparser.Error) as error:
            raise SettingsError(f"auth.file cannot be read: {error}") from error
        for group in parser.sections():
            if group not in groups:
                raise SettingsError(f"auth.file {path}: unknown group [{group}]")
            for name, line in parser.items(group):
                self._add(path, name, line, groups[group], clear=clear)

    def _add(self, path: Path, name: str, line: str, actor: Actor, *, clear: bool) -> None:
        key, _, levels = (part.strip() for part in line.partition(","))
        if not key.startswith(HASHED) and not clear:
            raise SettingsError(f"auth.file {path}: the key of {name!r} stands in clear; write {HASHED}<hex of its SHA-512>")
        kept = key.removeprefix(HASHED) if key.startswith(HASHED) else digest(key)
        if kept in self._users:
            raise SettingsError(f"auth.file {path}: {name!r} and {self._users[kept].name!r} have the same key")
        self._users[kept] = User(name, actor, levels or ALL_LEVELS)

    def user(self, key: str) -> User | None:
        """The holder of a key. Keys are looked up by digest, so that the time it takes says nothing about them."""
        return self._users.get(digest(key)) if key else None


def key_of(environ: Mapping[str, Any]) -> str:
    """The API key of a request: user name of Basic, or Bearer token; empty if there is none that can be read."""
    scheme, _, value = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


def token_of(request: Request, body: object) -> str:
    """The access token of a request: query `acc_token`, header `X-Access-Token`, or `access.token` of the JSON body."""
    token = request.GET.get("acc_token") or request.headers.get("X-Access-Token")
    if not token and isinstance(body, dict) and isinstance(body.get("access"), dict):
        token = body["access"].get("token")
    return token if isinstance(token, str) else ""


def owns(doc: Doc, user: User | None, proof: str, kept_in: str = "owner_token") -> bool:
    """Whether the user holds the document: the token is its token, or that in another field, and the platform is its platform."""
    kept = doc.get(kept_in)
    mine = user is not None and doc.get("owner") == user.name
    return bool(mine and proof and isinstance(kept, str) and compare_digest(kept, digest(proof)))


def actors(user: User | None, proof: str, chain: Iterable[tuple[Node, Doc]]) -> frozenset[Actor]:
    """Everything the caller is, with respect to one chain of nodes."""
    links = list(chain)
    found = {EVERYONE} | ({user.actor, *ALSO.get(user.actor, ())} if user else set())
    for node, doc in links:
        if node.owner and owns(doc, user, proof):
            found.add(node.owner)
        found |= {actor for name, actor in node.proofs.items() if owns(doc, user, proof, name)}
    if links and OWNER not in found and BIDDER not in found and bids_of(user, proof, links[0][1]):
        found.add(PARTICIPANT)
    return frozenset(found)


def bids_of(user: User | None, proof: str, root: Doc) -> frozenset[str]:
    """The ids of the tender's bids that the user holds and that take part, or were rejected, not those taken back."""
    if not proof:
        return frozenset()
    bids = [bid for bid in root.get("bids", ()) if bid["status"] in TAKING_PART]
    return frozenset(bid["id"] for bid in bids if owns(bid, user, proof))
