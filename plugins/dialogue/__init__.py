"""The bridge between the stages of dialogues: a process that opens each second stage exactly once, working on the store itself.

`carrying` says what a second stage has from the first, `bridge` opens one, `follower` finds those that are to be opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from openprocurement_api.hookspecs import hookimpl
from openprocurement_api.settings import Option, seconds

if TYPE_CHECKING:
    import argparse


@hookimpl
def openprocurement_settings() -> Iterable[Option]:
    """How often to look."""
    return (
        Option("dialogue.interval", seconds, 5.0, "Seconds between two looks for dialogues whose second stage is to be opened"),
    )


@hookimpl
def openprocurement_commands(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `dialogue`."""
    from .command import add_command

    add_command(subcommands)


@hookimpl
def openprocurement_services(ini: str) -> Iterable[tuple[str, list[str]]]:
    """One bridge beside the API."""
    return (("dialogue", ["dialogue", ini]),)
