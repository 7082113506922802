"""The command `openprocurement chronograph`."""

from __future__ import annotations

import argparse
from datetime import timedelta
from signal import SIGINT, SIGTERM

import structlog
from prometheus_client import start_http_server

from openprocurement_api.children import stop_on
from openprocurement_api.ini import services_of
from openprocurement_api.settings import seconds

from .clockwork import Clockwork

log = structlog.get_logger(__name__)


def add_command(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    text = "Move tenders on when their time comes, and plan auctions"
    parser = subcommands.add_parser("chronograph", help=text, description=f"{text}. Any number of copies may run.")
    parser.add_argument("ini", metavar="INI", help="settings of the installation, as the API reads them")
    parser.add_argument("--once", action="store_true", help="see to what is due now, then end")
    parser.add_argument("--interval", type=seconds, metavar="S", help="longest pause in seconds (setting chronograph.interval)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT. Raises SettingsError, PluginError, Unavailable if the store cannot be opened at the start."""
    stop = stop_on(SIGTERM, SIGINT)
    services = services_of(arguments.ini)
    try:
        clockwork = Clockwork(services, timedelta(seconds=arguments.interval) if arguments.interval else None)
        if arguments.once:
            clockwork.catch_up(stop)
            return 0
        if port := services.settings["chronograph.metrics"]:
            start_http_server(port, addr="127.0.0.1")
        log.info("chronograph_started", MESSAGE_ID="chronograph_started", interval=clockwork.interval.total_seconds())
        clockwork.run(stop)
        log.info("chronograph_stopped", MESSAGE_ID="chronograph_stopped")
    finally:
        services.store.close()
    return 0
