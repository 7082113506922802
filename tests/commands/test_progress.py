"""What a long command says on the way, and how it ends when it is stopped."""

from __future__ import annotations

import argparse
import sys

import pytest

from openprocurement_api import commands
from openprocurement_api.commands import progress as module
from openprocurement_api.commands.progress import progress
from openprocurement_api.storage.base import Missing, Unavailable


def test_without_a_terminal_there_is_a_line_every_some_seconds(monkeypatch, capsys):
    times = iter([0, 4, 11, 12, 20])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(times))
    with progress("tender", "documents", 200) as advance:
        for _ in range(3):
            advance(10)
    assert capsys.readouterr().err == "tender: 20 of 200 documents\n"


def test_where_nobody_knows_the_end_none_is_told(monkeypatch, capsys):
    monkeypatch.setattr(module, "SECONDS", 0)
    with progress("load", "B", None) as advance:
        advance(10)
    assert capsys.readouterr().err == "load: 10 B\n"


def test_a_terminal_has_a_bar(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress("tender", "documents", 20) as advance:
        advance(20)
    assert "20/20" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted; the same command can be given again"),
        (OSError(28, "No space left on device"), 1, "No space left on device"),
        (Missing("there is no tender a"), 1, "there is no tender a"),
    ],
)
def test_what_stops_a_command_is_one_sentence(error, code, said, capsys):
    def stop(arguments):
        raise error

    assert commands.guarded(stop, argparse.Namespace()) == code
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_a_store_that_is_away_is_told_by_the_program():
    def stop(arguments):
        raise Unavailable("no connection")

    with pytest.raises(Unavailable):
        commands.guarded(stop, argparse.Namespace())
