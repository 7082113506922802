"""Turns of writers who lost a race."""

from __future__ import annotations

import threading

import pytest

from openprocurement_api.http.turns import Turns


def test_one_after_the_other_and_nothing_is_kept():
    turns, inside, most = Turns(), [], []

    def go():
        with turns.of("tender"):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=go) for _ in range(20)]
    with turns.of("tender") as mine:
        assert mine
        for thread in threads:
            thread.start()
        assert most == []
    for thread in threads:
        thread.join()
    assert most == [1] * 20
    assert len(turns) == 0


def test_another_document_has_another_queue():
    turns = Turns()
    with turns.of("a"), turns.of("b", patience=0.01) as mine:
        assert mine
        assert len(turns) == 2


def test_who_has_waited_too_long_goes_all_the_same():
    turns = Turns()
    with turns.of("a"):
        with turns.of("a", patience=0.01) as mine:
            assert not mine
        with turns.of("a", patience=0.01) as mine:
            assert not mine, "the first still has its turn"
    with turns.of("a", patience=0.01) as mine:
        assert mine
    assert len(turns) == 0


def test_a_failure_gives_the_turn_on():
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.of("a"):
        raise ZeroDivisionError
    with turns.of("a", patience=0.01) as mine:
        assert mine
