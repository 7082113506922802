"""References inside a document: what is about an item or a lot must not lose it, or nobody could change it any more."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.context import Ctx
from ..domain.workflow import Doc
from ..errors import Invalid, Problem

SUBJECTS = ("items", "lots")
REFERENCES = ("relatedItem", "relatedLot")


def subjects(root: Doc) -> dict[str, str]:
    """What questions, claims and documents may be about: the name of the list by the id of the item or lot."""
    return {subject["id"]: plural for plural in SUBJECTS for subject in root.get(plural, ()) if "id" in subject}


def kept(ctx: Ctx, before: Mapping[str, str]) -> None:
    """Raise Invalid if the document holds something about an item or a lot that is no longer there."""
    left = subjects(ctx.root)
    gone = {key: plural for key, plural in before.items() if key not in left}
    if not gone:
        return
    problems = [
        Problem("body", below.node.field, [{name: [f"{name} should be one of {gone[below.doc[name]]}"]}])
        for below in ctx.procedure.walk(ctx.whole)
        for name in REFERENCES
        if below.doc.get(name) in gone
    ]
    if problems:
        raise Invalid(*problems)
