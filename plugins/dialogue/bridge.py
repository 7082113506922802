"""Opening a second stage, in three saves that may be repeated in any order of failures: it is named, made, and said to be there.

The first stage is saved with the id of the second, from when on it is not cancelled; the second one is made under that id,
which is taken once; the first is complete. Whoever comes after a crash, or at the same time, finds what was done and goes on.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import structlog

from openprocurement_api import engine, writing
from openprocurement_api.domain.actors import DIALOGUE
from openprocurement_api.domain.context import Ctx, apply
from openprocurement_api.domain.procedure import Procedure
from openprocurement_api.domain.workflow import ADD, Doc, Transition
from openprocurement_api.keys import User
from openprocurement_api.nodes.dialogue import WAITING
from openprocurement_api.storage.base import Missing

from .carrying import announcement, second_id

AUTHOR = "dialogue"
NAME = "stage2TenderID"
NOBODY = User(AUTHOR, DIALOGUE, "")
"""Who makes a second stage: its tokens are told to nobody, its owner gets others."""
log = structlog.get_logger(__name__)


class Bridge:
    """Opens second stages; everything it must remember is in the store."""

    def __init__(self, services: engine.Services) -> None:
        self.services = services

    def open(self, kind: str, id: str) -> bool:
        """Open the second stage of a dialogue that waits for it; False if it does not, or somebody else sees to it.

        Raises Unavailable, Unsupported if the procedure of the second stage is not loaded, Invalid if it cannot be announced so.
        """
        second = second_id(id)
        named = engine.rewrite(self.services, kind, id, partial(name, second=second), AUTHOR)
        if not is_mine(named.root, second):
            return False
        self.make(named.root, second)
        engine.rewrite(self.services, kind, id, partial(complete, second=second), AUTHOR)
        log.info("second_stage_opened", MESSAGE_ID="second_stage_opened", document_id=id, second=second)
        return True

    def make(self, first: Doc, id: str) -> None:
        """Make the second stage, unless it is there."""
        data = announcement(first)
        procedure = engine.procedure_of(self.services.procedures, data)
        if not self.exists(procedure.root.name, id):
            engine.save(self.services, self.announced(procedure, data, id), None, author=AUTHOR)

    def exists(self, kind: str, id: str) -> bool:
        """Whether a document is there."""
        try:
            self.services.store.get(kind, id)
        except Missing:
            return False
        return True

    def announced(self, procedure: Procedure, data: Doc, id: str) -> Ctx:
        """The new document. Raises Invalid."""
        node, services = procedure.root, self.services
        told = {field: value for field, value in data.items() if field in node.accepts}
        ctx = Ctx(procedure, ((node, told),), frozenset({DIALOGUE}), services.clock.now, services.env, ADD)
        doc = writing.new_doc(ctx, node, data) | {"id": id, "date": ctx.stamp}
        writing.endow(node, doc, NOBODY)
        ctx = replace(ctx, chain=((node, doc),))
        writing.first_move(ctx)
        return ctx


def is_mine(first: Doc, second: str) -> bool:
    """Whether a dialogue waits for the second stage of this id."""
    return bool(first["status"] == WAITING and first.get(NAME) == second)


def name(ctx: Ctx, second: str) -> None:
    """Name the second stage, unless it is named: then whoever named it, perhaps another bridge, sees to it."""
    if ctx.root["status"] == WAITING:
        ctx.root.setdefault(NAME, second)


def complete(ctx: Ctx, second: str) -> None:
    """Move the first stage to its end."""
    bridging = replace(ctx, actors=frozenset({DIALOGUE}))
    move = ctx.node.workflow.move(bridging, "complete") if ctx.node.workflow and is_mine(ctx.root, second) else None
    if isinstance(move, Transition):
        apply(bridging, move)
