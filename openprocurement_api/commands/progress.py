"""How far a long command is: a bar on a terminal, else a line every some seconds. Both on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

SECONDS = 10.0


@contextmanager
def progress(title: str, unit: str, total: int | None) -> Iterator[Callable[[int], object]]:
    """A function to be told how much more was done. `total` is None where nobody knows it."""
    if sys.stderr.isatty():
        with tqdm(desc=title, unit=f" {unit}", unit_scale=unit == "B", total=total, file=sys.stderr) as bar:
            yield bar.update
        return
    done, said = 0, time.monotonic()

    def add(more: int) -> None:
        nonlocal done, said
        done += more
        if time.monotonic() - said >= SECONDS:
            said = time.monotonic()
            print(f"{title}: {done}{f' of {total}' if total else ''} {unit}", file=sys.stderr, flush=True)

    yield add
