"""Logging: one event a line, JSON in production, always with the request's id, platform and document; never a token."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any

import msgspec
import structlog

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


def censor(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Hide the values of whatever is named like a secret."""
    return {name: HIDDEN if name.lower() in SECRET_NAMES else value for name, value in event.items()}


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
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        censor,
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
