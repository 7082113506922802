"""The chronograph: a process that moves tenders on when their time comes and plans auctions, working on the store itself.

`clockwork` is the loop, `planner` finds starts for auctions, `plans` keeps the slots of days, `slots` reckons with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from openprocurement_api.hookspecs import hookimpl
from openprocurement_api.settings import Option, positive, seconds, whole

if TYPE_CHECKING:
    import argparse

    from openprocurement_api.clock import Clock
    from openprocurement_api.storage.base import Kind, Store

PORTS = 65_535


def port(text: str) -> int:
    """A TCP port, or zero."""
    return whole(text, most=PORTS)


OPTIONS = (
    Option("chronograph.interval", seconds, 5.0, "Seconds after which the chronograph looks again at the latest"),
    Option("chronograph.streams", positive, 10, "Auctions that may begin in the same half hour"),
    Option("chronograph.batch", positive, 100, "Documents that one look into the index finds"),
    Option("chronograph.metrics", port, 0, "Port of 127.0.0.1 where the chronograph serves its metrics; 0 for none"),
)


@hookimpl
def openprocurement_settings() -> Iterable[Option]:
    """How often to look, how many auctions at once."""
    return OPTIONS


@hookimpl
def openprocurement_kinds() -> Iterable[Kind]:
    """The plans of days, and the sign of life."""
    from .heartbeat import HEARTBEAT
    from .plans import PLAN_DAY

    return PLAN_DAY, HEARTBEAT


@hookimpl
def openprocurement_health(store: Store, clock: Clock) -> Mapping[str, Any]:
    """When a chronograph last looked at everything that was due. Its absence does not make the API ill."""
    from openprocurement_api.storage.base import StorageError

    from .heartbeat import facts

    try:
        return facts(store, clock.now)
    except StorageError:
        return {}  # the page tells of the store itself


@hookimpl
def openprocurement_commands(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `chronograph`."""
    from .command import add_command

    add_command(subcommands)


@hookimpl
def openprocurement_services(ini: str) -> Iterable[tuple[str, list[str]]]:
    """One chronograph beside the API."""
    return (("chronograph", ["chronograph", ini]),)
