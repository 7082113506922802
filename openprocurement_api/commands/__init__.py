"""Commands for whoever keeps the store: `init-db`, `dump`, `load`, `migrate`. Each takes the INI file of the installation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

from ..storage.base import StorageError, Unavailable
from .failures import Failed

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


def add_commands(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
    text = "Make the databases, indexes and the user of a store; what is there already is brought up to date"
    made = _command(subcommands, "init-db", "preparing", text)
    made.add_argument("--admin-url", metavar="URL", help="couchdb://ADMIN:PASSWORD@HOST:PORT (OPENPROCUREMENT_ADMIN_URL)")
    text = "Write documents, history and counters of a store to a file of JSON lines"
    dump = _command(subcommands, "dump", "dumping", text)
    dump.add_argument("file", metavar="FILE", help="a new file, compressed if its name ends in .gz; - is standard output")
    dump.add_argument("--resume", action="store_true", help="go on with a dump that was cut off")
    text = "Take a dump into an empty store"
    load = _command(subcommands, "load", "loading", text)
    load.add_argument("file", metavar="FILE", help="the dump; - is standard input, not compressed")
    load.add_argument("--resume", action="store_true", help="go on with the same dump after the load was cut off")
    text = "Save documents that have an older shape in the current one"
    migrate = _command(subcommands, "migrate", "migrating", text)
    migrate.add_argument("--dry-run", action="store_true", help="try it on every document and save none")


def _command(
    subcommands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, module: str, text: str
) -> argparse.ArgumentParser:
    """A subcommand that is carried out by the function `run` of a module of this package."""
    parser = subcommands.add_parser(name, help=text, description=f"{text}.")
    parser.add_argument("ini", metavar="INI", help="settings, such as production.ini")
    parser.set_defaults(run=lambda arguments: guarded(import_module(f".{module}", __name__).run, arguments))
    return parser


def guarded(run: Callable[[argparse.Namespace], None], arguments: argparse.Namespace) -> int:
    """Run a command; what stops it is one sentence and an exit code. Raises Unavailable, SettingsError, PluginError."""
    try:
        run(arguments)
    except Unavailable:
        raise
    except (Failed, StorageError, OSError) as error:
        print(f"openprocurement: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("openprocurement: interrupted; the same command can be given again (dump and load: with --resume)", file=sys.stderr)
        return INTERRUPTED
    return 0
