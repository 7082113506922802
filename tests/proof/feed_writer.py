"""One of several writers of the proof: `python feed_writer.py SETTINGS SEED SHARED`, settings as JSON.

It goes through the whole stack, with an API of its own, and writes until it is killed. What was acknowledged it prints, one JSON
list a line.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import warnings
from collections.abc import Callable, Mapping

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api

Tell = Callable[[str, str, object], None]
MANY = 12
"""Tenders a writer has at most: the more it changes each, the more places of it an observer could miss."""


def start(settings: Mapping[str, str]) -> Api:
    """An API of its own, on the real clock."""
    api = Api.start(settings)
    api.clock.now = None
    return api


def write(api: Api, seed: int, shared: str, tell: Tell, go: Callable[[], bool]) -> None:
    """Announce tenders, change them in a random order, and ask questions of the shared one, which all writers do."""
    dice, things = random.Random(seed), []
    for number in itertools.count(1):
        if not go():
            return
        if len(things) < MANY:
            made = api.tender(title="0", description="0")
            things.append(made)
            tell("tender", made.id, 0)
        thing = dice.choice(things)
        api.patch(thing, {"title": str(number), "description": str(number)})
        tell("edit", thing.id, number)
        if number % 5 == 0:
            tell("question", shared, api.post(f"/tenders/{shared}/questions", builders.question()).id)


def say(kind: str, id: str, what: object) -> None:
    sys.stdout.write(f"{json.dumps([kind, id, what])}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write(start(json.loads(sys.argv[1])), int(sys.argv[2]), sys.argv[3], say, lambda: True)
