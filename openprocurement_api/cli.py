"""The program `openprocurement`. Its commands: those below, and the ones that plugins add."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence

import pluggy

from . import __version__, commands, plugins, template
from .children import WARNING, command, environment
from .settings import OPTIONS, REQUIRED, Option, SettingsError
from .storage.base import Unavailable


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit code 2: the settings or the arguments are wrong; 1: it could not be done."""
    warnings.filterwarnings("ignore", message=WARNING, category=UserWarning)
    try:
        arguments = parser(installed()).parse_args(argv)
        return int(arguments.run(arguments) or 0)
    except (SettingsError, plugins.PluginError) as error:
        print(f"openprocurement: {error}", file=sys.stderr)
        return 2
    except Unavailable as error:
        print(f"openprocurement: the store cannot be used: {error.reason}", file=sys.stderr)
        return 1


def installed() -> pluggy.PluginManager:
    """All plugins of this Python installation; one that cannot be used is told of and left out."""
    known, good = plugins.present(), []
    for name in known:
        try:
            plugins.load([name], known)
        except plugins.PluginError as error:
            print(f"openprocurement: {error}", file=sys.stderr)
        else:
            good.append(name)
    return plugins.load(good, known)


def parser(manager: pluggy.PluginManager) -> argparse.ArgumentParser:
    """The command line: a command is a subparser whose default `run` takes the arguments and returns an exit code or None."""
    top = argparse.ArgumentParser(prog="openprocurement", description="The central procurement database.")
    top.add_argument("--version", action="version", version=f"openprocurement-api {__version__}")
    subcommands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, run in {"run": run_all, "serve": serve}.items():
        added = subcommands.add_parser(name, help=run.__doc__, description=run.__doc__)
        added.add_argument("ini", metavar="INI", help="settings, such as development.ini")
        added.set_defaults(run=run)
    for name, show in {"settings": show_settings, "procedures": show_procedures}.items():
        added = subcommands.add_parser(name, help=show.__doc__, description=show.__doc__)
        added.set_defaults(run=show, manager=manager)
    commands.add_commands(subcommands)
    template.add_command(subcommands)
    manager.hook.openprocurement_commands(subcommands=subcommands)
    return top


def run_all(arguments: argparse.Namespace) -> int:
    """Run the API and all services of the plugins, for development; Ctrl-C ends them."""
    from .supervisor import run

    return run(arguments.ini)


def serve(arguments: argparse.Namespace) -> int:
    """Serve the API alone, with gunicorn as [server:main] says."""
    from .ini import server, services_of

    server(arguments.ini)
    services_of(arguments.ini).store.close()
    line = command("openprocurement_api.server", arguments.ini)
    os.execve(line[0], line, environment())  # noqa: S606 - this program


def show_settings(arguments: argparse.Namespace) -> None:
    """List all settings of [app:main] with their defaults."""
    options: list[Option] = [*OPTIONS, *plugins.gathered(arguments.manager.hook.openprocurement_settings())]
    for option in options:
        default = (
            "required" if option.default is REQUIRED else f"default: {option.default}" if option.default != "" else "optional"
        )
        print(f"{option.name} ({default})\n    {option.doc}")


def show_procedures(arguments: argparse.Namespace) -> None:
    """List the types of procedures that are installed."""
    for name, procedure in sorted(plugins.procedures(arguments.manager).items()):
        print(f"{name:<32}{procedure.title}{' (the default)' if procedure.default else ''}")


if __name__ == "__main__":
    sys.exit(main())
