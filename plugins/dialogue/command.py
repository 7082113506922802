"""The command `openprocurement dialogue`."""

from __future__ import annotations

import argparse
from signal import SIGINT, SIGTERM

import structlog

from openprocurement_api.children import stop_on
from openprocurement_api.ini import services_of
from openprocurement_api.settings import seconds

from .follower import Follower

log = structlog.get_logger(__name__)


def add_command(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    text = "Open the second stages of dialogues"
    parser = subcommands.add_parser("dialogue", help=text, description=f"{text}. Any number of copies may run.")
    parser.add_argument("ini", metavar="INI", help="settings of the installation, as the API reads them")
    parser.add_argument("--once", action="store_true", help="see to those that wait now, then end")
    parser.add_argument("--interval", type=seconds, metavar="S", help="pause in seconds (setting dialogue.interval)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT. Raises SettingsError, PluginError, Unavailable if the store cannot be opened at the start."""
    stop = stop_on(SIGTERM, SIGINT)
    services = services_of(arguments.ini)
    try:
        follower = Follower(services, arguments.interval)
        if arguments.once:
            follower.turn(stop)
            return 0
        log.info("dialogue_started", MESSAGE_ID="dialogue_started", interval=follower.interval)
        follower.run(stop)
        log.info("dialogue_stopped", MESSAGE_ID="dialogue_stopped")
    finally:
        services.store.close()
    return 0
