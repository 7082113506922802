"""The command ``python -m plugins.documents``: serve files, clean up, make keys and passwords."""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

from openprocurement_api.clock import Clock
from plugins.documents.accounts import digest_of
from plugins.documents.local import LocalStore
from plugins.documents.settings import Settings, environment, section
from plugins.documents.signing import Signer
from plugins.documents.storage import StorageFailed


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 2 when settings are wrong."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], None] = arguments.command
    try:
        command(arguments)
    except (OSError, ValueError, StorageFailed) as error:
        print(f"documents: {error}", file=sys.stderr)
        return 2
    return 0


def serve(arguments: argparse.Namespace) -> None:
    """Serve files until told to stop."""
    from plugins.documents.server import run

    run(Settings.of(_given(arguments)))


def collect(arguments: argparse.Namespace) -> None:
    """Forget what was registered more than DAYS ago and never uploaded; of the settings only `path` is needed."""
    path = _given(arguments).get("path")
    if not path:
        raise ValueError("[documents] path: is needed")
    clock = Clock()
    store = LocalStore(Path(path), clock)
    print(store.collect(clock.now - timedelta(days=arguments.days)), "registrations removed")


def make_key(_arguments: argparse.Namespace) -> None:
    """Print a new signing key."""
    seed = secrets.token_hex(32)
    print(f"seed (secret, dockey): {seed}\npublic (dockeys, apikeys): {Signer(seed).verify_key}")


def make_digest(arguments: argparse.Namespace) -> None:
    """Ask for a password and print the line for the file of accounts."""
    print(f"{arguments.name} = {digest_of(getpass.getpass())}")


def _given(arguments: argparse.Namespace) -> dict[str, str]:
    """Flags over environment over the INI file."""
    from_file = section(arguments.config) if arguments.config else {}
    flags = {field.name: getattr(arguments, field.name) for field in fields(Settings)}
    given = {name: value for name, value in flags.items() if value is not None}
    return {**from_file, **environment(os.environ), **given}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="documents", description="The document service.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command, name in ((serve, "serve"), (collect, "collect")):
        configured = commands.add_parser(name, help=command.__doc__, epilog="Settings: flag, else environment, else INI file.")
        configured.add_argument("--config", type=Path, metavar="INI", help="file with a section [documents]")
        for field in fields(Settings):
            configured.add_argument(f"--{field.name.replace('_', '-')}", dest=field.name, metavar="VALUE")
        configured.set_defaults(command=command)
    configured.add_argument("--days", type=int, default=7, help="7 by default")
    commands.add_parser("key", help=make_key.__doc__).set_defaults(command=make_key)
    password = commands.add_parser("password", help=make_digest.__doc__)
    password.add_argument("name")
    password.set_defaults(command=make_digest)
    return parser


if __name__ == "__main__":
    sys.exit(main())
