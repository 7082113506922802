"""The command `mirror`."""

from __future__ import annotations

import argparse
import signal
import sys
from _thread import start_new_thread
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event
from types import FrameType

from ..client import Client
from ..cursor import Place
from ..errors import ClientError, CursorLost
from ..retry import Retries
from .copies import CopyError, Origin, OtherCopy, kind_of, open_copy
from .follow import Mirror, Stopped
from .watch import Watch, watching

DONE, FAILED, WRONG, LOST, INTERRUPTED = 0, 1, 2, 3, 130
MODES = ("", "test", "_all_")


def add_command(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    text = "Keep a copy of a public feed current"
    parser = subcommands.add_parser(
        "mirror",
        help=text,
        description=f"{text}. It goes on where it ended, whatever ended it.",
        epilog="exit codes: 0 done, or stopped while it followed; 1 the server or the disk failed; 2 wrong arguments, or a copy"
        " of something else; 3 the server no longer knows the place in the feed; 130 interrupted before --once was done",
    )
    parser.add_argument("url", metavar="URL", help="address of the server, or of its API")
    parser.add_argument("target", metavar="TARGET", help="*.jsonl, a document a line; *.db, *.sqlite or sqlite:PATH, SQLite")
    parser.add_argument("--kind", default="tenders", help="feed to copy (%(default)s)")
    parser.add_argument("--mode", default="", choices=MODES, help="'test' for tests, '_all_' for all; only real ones otherwise")
    parser.add_argument("--once", action="store_true", help="end at the end of the feed; else wait for news")
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument("--since", default="", metavar="DATE", help="where a new copy begins; at the beginning otherwise")
    begin.add_argument("--newest-first", action="store_true", help="a new copy: news first, the history between them, backwards")
    parser.add_argument("--restart", action="store_true", help="begin again, with --since if given; documents in the copy stay")
    parser.add_argument("--connections", type=positive, default=4, metavar="N", help="documents fetched at once (%(default)s)")
    parser.add_argument("--page", type=positive, default=100, metavar="N", help="documents kept in one step (%(default)s)")
    parser.add_argument("--pause", type=seconds, default=10.0, metavar="S", help="seconds between two looks (%(default)g)")
    parser.set_defaults(run=run)


def positive(text: str) -> int:
    """A number between 1 and 1000, the most rows that a server gives at once."""
    number = int(text)
    if not 1 <= number <= 1000:  # noqa: PLR2004
        raise argparse.ArgumentTypeError("it is not between 1 and 1000")
    return number


def seconds(text: str) -> float:
    """A number of seconds above zero."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("it is not a number above zero")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Mirror; returns the exit code, having said why on stderr."""
    if kind_of(arguments.target) is None:
        return said(WRONG, f"{arguments.target!r} is no target: it should end in .jsonl or .db, or be sqlite:PATH")
    stop = Event()
    with closing(watching(sys.stderr)) as watch, stopped_by_signals(stop):
        try:
            count = mirrored(arguments, stop, watch)
        except ValueError as error:
            return said(WRONG, str(error))
        except Stopped:
            return INTERRUPTED if arguments.once else DONE
        except CursorLost as error:
            return said(LOST, f"{error}. Run it again with --restart --since DATE, a date safely before the last run.")
        except (ClientError, CopyError) as error:
            return said(WRONG if isinstance(error, OtherCopy) else FAILED, str(error))
        watch.say(f"done: {count} {arguments.kind} in {arguments.target}")
    return DONE


def said(code: int, text: str) -> int:
    """Say what happened; returns the code."""
    sys.stderr.write(f"mirror: {text}\n")
    return code


def mirrored(arguments: argparse.Namespace, stop: Event, watch: Watch) -> int:
    """Run the mirror to its end; returns how many documents the copy has. Raises Stopped, ClientError, CopyError, ValueError."""

    def wait(pause: float) -> None:
        if stop.wait(pause):
            raise Stopped

    def told(error: ClientError, pause: float) -> None:
        watch.say(f"{error}; again in {pause:.0f} s")

    retries = Retries(attempts=5 if arguments.once else None, sleep=wait, told=told)
    with Client(arguments.url, retries=retries) as client:
        origin = Origin(client.wire.base, arguments.kind, arguments.mode)
        with closing(open_copy(arguments.target, origin, moved=arguments.restart)) as copy:
            start = None if arguments.restart else copy.place
            if start is None and not arguments.newest_first:
                start = Place(arguments.since)
            feed = client.feed(arguments.kind, mode=arguments.mode, limit=arguments.page, pause=arguments.pause)
            watch.say(f"{len(copy)} {arguments.kind} in {arguments.target}; Ctrl-C ends it")
            mirror = Mirror(client, feed, copy, watch, stop, arguments.connections)
            mirror.run(start, follow=not arguments.once, newest_first=arguments.newest_first)
            return len(copy)


@contextmanager
def stopped_by_signals(stop: Event) -> Iterator[None]:
    """While this lasts, SIGINT and SIGTERM ask for the end; a second one no longer asks."""

    def ask(number: int, _frame: FrameType | None) -> None:
        # Not in the handler: where it interrupts `stop.wait`, which holds the lock of the event, `stop.set` waits for ever.
        start_new_thread(stop.set, ())
        signal.signal(number, kept[signal.Signals(number)])

    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in kept:
        signal.signal(number, ask)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
