"""What the contract's tests share: kinds of documents, short ways to save and list them, settings of generated examples."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

from .base import Kind, Store, Stored

KINDS = (
    Kind("tender", unlisted={"status": frozenset({"draft", "terminated"})}, summary=("status", "lots")),
    Kind("asset", stamp="changed", feed="registry", due="wake"),
)

# One store serves all examples of a test, each backend's class runs the same test, a slow machine is no failure: all are meant.
EXAMPLES = settings(
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors, HealthCheck.too_slow],
)


def create(store: Store, id: str, kind: str = "tender", /, **body: Any) -> Stored:
    """Save a new document whose fields are the keyword arguments."""
    return store.put(kind, id, body, expect=None)


def replace(store: Store, id: str, kind: str = "tender", /, **body: Any) -> Stored:
    """Save another body of a document that exists."""
    return store.put(kind, id, body, expect=store.get(kind, id).rev)


def listed(store: Store, kind: str = "tender", **options: Any) -> list[str]:
    """The ids of one page of a feed."""
    return [change.id for change in store.changes(kind, **options)]
