"""What each kind of change does to the working copy, and what is then to be shown: adding, changing, replacing, taking away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .. import engine, writing
from ..domain.actors import CLOCK
from ..domain.context import Ctx
from ..domain.node import Node
from ..domain.procedure import Operation
from ..domain.refusal import FORBIDDEN
from ..domain.workflow import ADD, DELETE, UPDATE, Doc, objection
from ..nodes.fields import stay_valid
from . import files, references, repeats
from .call import Call
from .loader import Target


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change leads to: the chain of the resource to show, and what goes with the answer."""

    chain: tuple[tuple[Node, Doc], ...]
    status: int = 200
    access: dict[str, str] | None = None
    location: str | None = None
    payload: Callable[[Ctx], Doc] | None = None


Change = Callable[[Call, Target], Outcome]


def create(call: Call, target: Target) -> Outcome:
    """POST to a collection."""
    node, parent = target.node, call.ctx(target, ADD)
    writing.permitted(parent, target.path)
    writing.accredit(parent, node, call.user, target.procedure.accreditation.edit)
    upload = None
    if node.versioned:
        insist_open(parent, target, parent.along((*parent.chain, (node, {}))))
        upload = files.taken_in(call)
        parent = call.ctx(target, ADD)
    data = upload.data if upload else call.body.data
    doc = writing.new_doc(parent, node, data)
    repeats.identify(call, node, doc)
    writing.tests_only(parent, node, call.user)
    ctx = replace(parent, chain=(*parent.chain, (node, doc)), wish=data)
    insist_open(parent, target, ctx)
    access = writing.endow(node, doc, call.user, call.tokens)
    if upload:
        files.complete(ctx, upload.key)
    else:
        attach(ctx, files.accompanying(call, node))
    writing.first_move(ctx)
    target.doc.setdefault(node.field, []).append(doc)
    recheck(ctx)
    location = f"{target.location}/{node.plural}/{doc['id']}"
    return Outcome(ctx.chain, 201, access, location)


def attach(ctx: Ctx, uploads: Mapping[str, list[files.Upload]]) -> None:
    """Complete the documents that came inside the body of a new node, by their collections."""
    for plural, sent in uploads.items():
        for below, upload in zip(ctx.below(plural), sent, strict=True):
            files.complete(below, upload.key)


def insist_open(ctx: Ctx, target: Target, item: Ctx) -> None:
    """Raise the objection of the present states to what `ctx` wants of the target, then that of the item's own guards."""
    writing.insist(target.procedure.closed(ctx, target.node, target.path))
    writing.insist(target.procedure.prepare(item))


def update(call: Call, target: Target) -> Outcome:
    """PATCH of a resource."""
    ctx = call.ctx(target, UPDATE)
    node, path = target.node, target.path
    writing.permitted(ctx, path)
    data = call.body.data
    if not path:
        writing.insist(objection(node.step(UPDATE).first, replace(ctx, wish=data)))
    known, subjects = siblings(ctx), references.subjects(ctx.root)
    editable = writing.amend(ctx, data, lambda c: writing.insist(target.procedure.closed(c, node, path) if path else None))
    writing.amend_children(ctx, data, editable)
    if not path and CLOCK in ctx.actors:
        engine.tick(ctx)
    recheck(ctx)
    references.kept(ctx, subjects)
    new = [each for each in siblings(ctx) if each not in known]
    location = f"{target.location.rpartition('/')[0]}/{new[-1]}" if new else None
    return Outcome(ctx.chain, location=location)


def siblings(ctx: Ctx) -> list[str]:
    """The ids of the collection the resource is in: a decision that adds another item to it answers with that one's address."""
    return [doc["id"] for doc in ctx.parent.get(ctx.node.field, ())] if len(ctx.chain) > 1 else []


def replace_file(call: Call, target: Target) -> Outcome:
    """PUT of a document: a new version under the same id."""
    ctx = call.ctx(target, UPDATE)
    node = target.node
    writing.permitted(ctx, target.path)
    insist_open(ctx, target, ctx)
    upload = files.taken_in(call, ctx.doc["title"])
    ctx = replace(call.ctx(target, UPDATE), wish=upload.data)
    insist_open(ctx, target, ctx)
    data = files.successor(ctx.doc, upload.data)
    doc = writing.new_doc(ctx.along(ctx.chain[:-1]), node, data)
    doc |= {name: ctx.doc[name] for name in ("id", "datePublished", "author") if name in ctx.doc}
    new = ctx.along((*ctx.chain[:-1], (node, doc)))
    files.complete(new, upload.key)
    ctx.parent[node.field].append(doc)
    writing.follow(new)
    return Outcome(new.chain)


def remove(call: Call, target: Target) -> Outcome:
    """DELETE of a resource; the answer shows what was taken away."""
    ctx = call.ctx(target, DELETE)
    writing.permitted(ctx, target.path)
    insist_open(ctx, target, ctx)
    subjects = references.subjects(ctx.root)
    if not target.node.deleted:
        take_out(ctx)
    elif ctx.doc["status"] != target.node.deleted:
        ctx.move(target.node.deleted)
    writing.follow(ctx)
    recheck(ctx)
    references.kept(ctx, subjects)
    return Outcome(ctx.chain)


def take_out(ctx: Ctx) -> None:
    """Take the resource out of its collection."""
    left = [doc for doc in ctx.parent[ctx.node.field] if doc is not ctx.doc]
    ctx.parent[ctx.node.field] = left
    if not left:
        del ctx.parent[ctx.node.field]


def recheck(ctx: Ctx) -> None:
    """Validate the parent again, where the declaration says that it depends on this node. Raises Invalid."""
    if ctx.node.binding:
        stay_valid(ctx.along(ctx.chain[:-1]))


def operate(operation: Operation) -> Change:
    """The change that an operation declares."""

    def change(call: Call, target: Target) -> Outcome:
        lot_id = call.request.matchdict.get("auction_lot_id")
        ctx = replace(call.ctx(target), wish={"lot_id": lot_id})
        if not ctx.actors & operation.actors:
            writing.insist(FORBIDDEN)
        data = call.body.data if operation.run else {}
        writing.insist(objection(operation.guards, ctx))
        if operation.run:
            operation.run(ctx, data, lot_id)
        access = writing.endow(ctx.node, ctx.doc, call.user) if operation.endows else None
        return Outcome(ctx.chain, access=access, payload=operation.view)

    return change
