"""References inside a document: what is about an item or a lot must not lose it, or nobody could change it any more."""

from __future__ import annotations

from collections.abc import Iterator

from ..domain.context import Ctx
from ..domain.workflow import Doc
from ..errors import Invalid, Problem

PLURALS = {"item": "items", "lot": "lots"}
KINDS = ("questionOf", "documentOf")
"""Fields that say of what kind the thing is whose id is in `relatedItem`."""

Subject = tuple[str, str]
"""The list and the id of an item or a lot; an item may have the id of a lot."""


def subjects(root: Doc) -> set[Subject]:
    """What questions, claims and documents may be about."""
    return {(plural, subject["id"]) for plural in PLURALS.values() for subject in root.get(plural, ()) if "id" in subject}


def references(doc: Doc) -> Iterator[tuple[str, Subject]]:
    """What a question, a claim, a document or an offer is about, with the name of the field that says so."""
    if "relatedLot" in doc:
        yield "relatedLot", ("lots", doc["relatedLot"])
    kind = next((doc[name] for name in KINDS if name in doc), None)
    if kind in PLURALS and "relatedItem" in doc:
        yield "relatedItem", (PLURALS[kind], doc["relatedItem"])


def kept(ctx: Ctx, before: set[Subject]) -> None:
    """Raise Invalid if the document holds something about an item or a lot that is no longer there."""
    gone = before - subjects(ctx.root)
    if not gone:
        return
    problems = [
        Problem("body", below.node.field, [{name: [f"{name} should be one of {subject[0]}"]}])
        for below in ctx.procedure.walk(ctx.whole)
        for name, subject in references(below.doc)
        if subject in gone
    ]
    if problems:
        raise Invalid(*problems)
