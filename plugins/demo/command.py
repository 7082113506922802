"""The command `openprocurement demo`. A play of another procedure is one more entry of `PLAYS`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from importlib import import_module

from .failures import Failed

PLAYS: Mapping[str, str] = {
    "belowThreshold": "below_threshold",
    "aboveThresholdUA": "above_threshold_ua",
    "aboveThresholdUA.defense": "above_threshold_ua_defense",
    "aboveThresholdEU": "above_threshold_eu",
    "esco": "esco",
    "competitiveDialogueEU": "competitive_dialogue_eu",
    "competitiveDialogueUA": "competitive_dialogue_ua",
    "reporting": "reporting",
    "negotiation": "negotiation",
    "negotiation.quick": "negotiation_quick",
}
"""The modules of this package that play a procedure, by `procurementMethodType`; each has a function `play(stage)`."""
FIRST = next(iter(PLAYS))
SLOWEST, FASTEST = 0.1, 4.0


def add_command(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    text = "Play one procedure against a running sandbox server, from draft to complete"
    parser = subcommands.add_parser("demo", help=text, description=f"{text}. It takes about a minute.")
    parser.add_argument("procedure", nargs="?", default=FIRST, choices=sorted(PLAYS), help=f"procurementMethodType ({FIRST})")
    parser.add_argument("--url", default="http://127.0.0.1:6543", help="address of the server (%(default)s)")
    parser.add_argument("--documents", metavar="URL", help="address of the document service (/docservice of the server)")
    parser.add_argument(
        "--speed", type=speed, default=1.0, help=f"how many times faster, {SLOWEST:g} to {FASTEST:g} (%(default)g)"
    )
    parser.set_defaults(run=run)


def speed(text: str) -> float:
    """A factor the demo can keep up with."""
    factor = float(text)
    if not SLOWEST <= factor <= FASTEST:
        raise argparse.ArgumentTypeError(f"it is not between {SLOWEST:g} and {FASTEST:g}")
    return factor


def run(arguments: argparse.Namespace) -> int:
    """Play. Exit code 0: to the end; 1: something was refused or did not come, a sentence says what; 130: interrupted."""
    from .stage import Stage

    stage = Stage(arguments.url, documents=arguments.documents, speed=arguments.speed)
    try:
        import_module(f".{PLAYS[arguments.procedure]}", __package__).play(stage)
    except Failed as error:
        sys.stderr.write(f"demo: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\ndemo: interrupted; the tender stays as it is\n")
        return 130
    return 0
