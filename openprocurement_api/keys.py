"""The keys of `auth.file`: which platforms and services may act, as what, and on which levels."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha512
from pathlib import Path

from .domain.actors import (
    ADMINISTRATOR,
    ADMINS,
    AUCTION,
    BODY,
    BOT,
    BROKER,
    CLOCK,
    CONTRACTING,
    DIALOGUE,
    REVIEWER,
    Actor,
)  # fmt: skip
from .settings import SettingsError

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
ALL_LEVELS = "1234"
TEST_LEVEL = "t"
HASHED = "sha512:"


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
