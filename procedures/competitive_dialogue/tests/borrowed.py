"""The lives of dialogues with publication in English, played as another kind of dialogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from unittest.mock import patch

from openprocurement_api.storage.base import Doc

from .play import Play

T = TypeVar("T")


@contextmanager
def announced_as(method_type: str) -> Iterator[None]:
    """While the block runs, dialogues are announced as this type."""
    kind: Doc = {"procurementMethodType": method_type}
    with patch.object(Play, "announced", kind):
        yield


def played(method_type: str, life: Callable[..., T]) -> Callable[..., T]:
    """The same, as this type."""

    def play(*arguments: object) -> T:
        with announced_as(method_type):
            return life(*arguments)

    play.__doc__ = life.__doc__
    return play
