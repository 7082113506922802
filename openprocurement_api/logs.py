"""Logging: one event a line, JSON in production, always with the request's id, platform and document; never a token."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec
import structlog

ABOUT: ContextVar[Mapping[str, Any]] = ContextVar("about", default=MappingProxyType({}))
"""What every line says besides while a request is dealt with: its id, who asks."""
SECRET_NAMES = frozenset({"token", "acc_token", "transfer", "owner_token", "transfer_token", "key", "authorization", "password"})
HIDDEN = "***"


class Lines:
    """Writes the lines of one module to stderr; a line that cannot be written stops no request."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def write(self, line: str) -> None:
        """Write one line, at once and whole."""
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = write


def quick(name: str) -> Callable[..., None]:
    """The method `info` of a logger, for what is written at every request: it does not look for its settings each time."""
    if not structlog.get_logger(name).is_enabled_for(logging.INFO):
        return lambda *_, **__: None
    processors, lines = structlog.get_config()["processors"], Lines(name)

    def info(event: str, **told: Any) -> None:
        line: Any = {"event": event, **told}
        for process in processors:
            line = process(lines, "info", line)
        lines.info(line)

    return info


def complete(logger: Lines, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line with what it is about, who writes it, how severe it is and when; what is named like a secret is hidden."""
    told = {**ABOUT.get(), **event, "level": method, "logger": logger.name, "timestamp": now()}
    for name in secrets_among(tuple(told)):
        told[name] = HIDDEN
    return told


def now() -> str:
    """The present moment, UTC."""
    seconds, micros = divmod(time.time_ns() // 1000, 10**6)
    return f"{second(seconds)}.{micros:06}Z"


@lru_cache(maxsize=2)
def second(number: int) -> str:
    """A second since the epoch, in UTC; many lines are written in the same one."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(number))


@lru_cache(maxsize=1024)
def secrets_among(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the names that stand for secrets; lines have the same few sets of names again and again."""
    return tuple(name for name in names if name.lower() in SECRET_NAMES)


def as_json(event: Mapping[str, Any], **_: Any) -> str:
    """One line of JSON; what JSON does not know stands as its text."""
    return msgspec.json.encode(event, enc_hook=str).decode()


def configure(style: str, level: str) -> None:
    """Set up structlog for one process. Raises ValueError for an unknown style or level."""
    if style not in ("json", "console"):
        raise ValueError(f"log.format is console or json, not {style!r}")
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"log.level {level!r} is unknown")
    processors: list[Any] = [
        complete,
        structlog.processors.format_exc_info,
    ]
    last = (
        structlog.processors.JSONRenderer(as_json)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*processors, last],
        logger_factory=Lines,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        cache_logger_on_first_use=False,
    )
