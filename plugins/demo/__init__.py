"""Whole procedures, played against a running server over HTTP as platforms and services would.

It knows nothing of the server but the wire contract and this hook. `command` names the plays; `stage` is where they play, `wire`
speaks for a platform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openprocurement_api.hookspecs import hookimpl

if TYPE_CHECKING:
    import argparse


@hookimpl
def openprocurement_commands(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `demo`."""
    from .command import add_command

    add_command(subcommands)
