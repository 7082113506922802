"""Many documents into a store at once: the fast way, for loading a dump and for benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import codec
from .base import Doc, Store, Whole

BATCH_DOCUMENTS, BATCH_BYTES = 2000, 8 * 2**20
"""What is written in one go; one document that is larger is written alone."""


def batches(wholes: Iterable[Whole]) -> Iterator[list[Whole]]:
    """The documents in groups whose size is bounded, so that memory is."""
    batch: list[Whole] = []
    size = 0
    for whole in wholes:
        weight = len(whole.raw) + sum(map(len, whole.revisions))
        if batch and (len(batch) == BATCH_DOCUMENTS or size + weight > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(whole)
        size += weight
    if batch:
        yield batch


def fill(store: Store, kind: str, documents: Iterable[Doc], *, first: int = 1) -> int:
    """Save new documents, each under its `id`, without history; how many there were.

    They are listed in the order given. `first` is as in `Store.restore`: whoever fills a store in several calls counts on. Raises
    RevConflict if one exists and differs, ValueError as `Store.put`, `Unavailable`; the batches before stay.
    """
    number = first
    for batch in batches(Whole(document["id"], codec.encode(document)) for document in documents):
        store.restore(kind, batch, first=number)
        number += len(batch)
    return number - first
