"""The commands of the client where the server is not installed: `python -m openprocurement_client mirror URL TARGET`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .mirror.command import add_command


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="openprocurement-client", description="A client of the OpenProcurement API.")
    add_command(parser.add_subparsers(title="commands", required=True, metavar="COMMAND"))
    arguments = parser.parse_args(argv)
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
