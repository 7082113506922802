"""The commands of the client in the program `openprocurement`. This module alone needs pluggy."""

from __future__ import annotations

import argparse

import pluggy

from .mirror.command import add_command

hookimpl = pluggy.HookimplMarker("openprocurement")


@hookimpl
def openprocurement_commands(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `mirror`."""
    add_command(subcommands)
