"""`opt_fields=actions`: what the caller may do now, told beside the data (ADR 16)."""

from __future__ import annotations

from dataclasses import replace

from .. import writing
from ..describing import actions
from ..domain.context import Ctx
from ..domain.node import Node
from ..domain.refusal import Refusal
from ..domain.workflow import Doc
from ..errors import Forbidden
from .call import Call
from .loader import Target

WORD = "actions"


def told(call: Call, target: Target) -> Doc:
    """The member `actions` of an answer, if it was asked for: of the resource, or of a collection and each of its items."""
    if not asked(call):
        return {}
    return {WORD: of_collection(call, target) if target.collection else of_resource(call, target)}


def asked(call: Call) -> bool:
    """Whether the request asks for it."""
    return WORD in call.request.GET.get("opt_fields", "").split(",")


def of_resource(call: Call, target: Target) -> Doc:
    """What may be done with a resource."""
    return actions.available(call.ctx(target), target.path, lambda ctx, node: unaccredited(call, ctx, node))


def of_collection(call: Call, target: Target) -> Doc:
    """Whether an item may be added, and what may be done with those that are there."""
    node = target.node
    above = replace(target, collection=None)
    adding = actions.adding(call.ctx(above), node, target.path, lambda ctx, child: unaccredited(call, ctx, child))
    docs = {doc["id"]: doc for doc in target.doc.get(node.field, ())}
    items = {key: of_resource(call, replace(above, chain=(*target.chain, (node, doc)))) for key, doc in docs.items()}
    return {"add": adding, "items": items}


def unaccredited(call: Call, ctx: Ctx, node: Node) -> Refusal | None:
    """What the levels of the caller's platform do not allow."""
    try:
        writing.accredit(ctx, node, call.user, ctx.procedure.accreditation.edit)
        writing.tests_only(ctx, node, call.user)
    except Forbidden as error:
        return Refusal(error.problems[0].description)
    return None
