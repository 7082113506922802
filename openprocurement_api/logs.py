"""Logging: one event a line, JSON in production, always with the request's id, platform and document; never a token."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

SECRET_NAMES = frozenset({"token", "acc_token", "transfer", "owner_token", "transfer_token", "key", "authorization", "password"})
HIDDEN = "***"
OURS = ("openprocurement_api", "procedures", "plugins")
"""The packages whose loggers are set up; everybody else's are left alone."""


def censor(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Hide the values of whatever is named like a secret."""
    return {name: HIDDEN if name.lower() in SECRET_NAMES else value for name, value in event.items()}


def configure(style: str, level: str) -> None:
    """Set up structlog and the standard logging for one process. Raises ValueError for an unknown style or level."""
    if style not in ("json", "console"):
        raise ValueError(f"log.format is console or json, not {style!r}")
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"log.level {level!r} is unknown")
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        censor,
    ]
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(number),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    )
    handler.setFormatter(formatter)
    for name in OURS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(number)
