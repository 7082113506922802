"""Turning what a caller sent into a change of the working copy: what is taken, what is left as it was, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from secrets import token_hex
from typing import Any
from uuid import uuid4

from .domain.actors import BROKER
from .domain.context import Ctx, apply
from .domain.node import Node
from .domain.patching import compact, merge_fields
from .domain.refusal import FORBIDDEN, Refusal
from .domain.workflow import Doc, Transition, Workflow
from .errors import ApiError, Conflict, Forbidden, Invalid, NotFound, Problem
from .keys import User, digest
from .models.base import MAX_REFUSED, Unreadable, check
from .models.compound import objects
from .nodes.fields import names, scope_of

STATUSES: Mapping[int, type[ApiError]] = {403: Forbidden, 404: NotFound, 409: Conflict, 422: Invalid}


def insist(verdict: object) -> None:
    """Raise the refusal, if it is one."""
    if isinstance(verdict, Refusal):
        raise refused(verdict)


def refused(refusal: Refusal) -> ApiError:
    """The error that a refusal is answered with."""
    return STATUSES[refusal.status](Problem(refusal.location, refusal.name, refusal.description))


# --- creating


def new_doc(ctx: Ctx, node: Node, data: Doc) -> Doc:
    """A document of this kind made of what was sent: validated, with an id and its first status, children included.

    `ctx` is the context of the parent (of the new root itself, for a root). Raises Invalid with every error.
    """
    children, errors = embedded(ctx, node, data)
    own = {name: value for name, value in data.items() if node.child_field(name) is None}
    try:
        doc = validated(ctx, node, own | inside(node, children), node.accepts)
    except Invalid as error:
        errors.append(error)
    if errors:
        raise together(errors)
    doc = {name: value for name, value in doc.items() if name not in children} | children
    return begin(node, doc, data.get("status"))


def together(errors: list[Invalid]) -> Invalid:
    """Several errors as one: those that say what cannot be read, if there are any, else all; of each field the first."""
    first = [error for error in errors if isinstance(error, Unreadable)]
    problems: dict[str, Problem] = {}
    for problem in (problem for error in first or errors for problem in error.problems):
        problems.setdefault(problem.name, problem)
    return (Unreadable if first else Invalid)(*problems.values())


def embedded(ctx: Ctx, node: Node, data: Doc) -> tuple[dict[str, list[Doc]], list[Invalid]]:
    """The children that came with the body, and what is wrong with them."""
    found: dict[str, list[Doc]] = {}
    errors: list[Invalid] = []
    for child in node.children:
        sent = data.get(child.field)
        if child.embedded and child.field in (node.accepts | {"documents"}) and sent is not None:
            try:
                found[child.field] = new_docs(ctx, child, sent)
            except Invalid as error:
                errors.append(error)
    return found, errors


def new_docs(ctx: Ctx, node: Node, sent: Any) -> list[Doc]:
    """Documents of one kind that came in a list. Raises Invalid, with everything under the name of their field."""
    made: list[Doc] = []
    refused: list[Doc] = []
    for item in objects(node.model, node.field, sent):
        try:
            made.append(new_doc(ctx, node, item))
        except Unreadable as error:
            raise Unreadable(Problem("body", node.field, {p.name: p.description for p in error.problems})) from None
        except Invalid as error:
            refused.append({p.name: p.description for p in error.problems})
            if len(refused) == MAX_REFUSED:
                break
    if refused:
        raise Invalid(Problem("body", node.field, refused))
    return made


def inside(node: Node, children: dict[str, list[Doc]]) -> dict[str, Any]:
    """Those children the model of the parent looks at."""
    return {name: docs for name, docs in children.items() if name in names(node.model)}


def begin(node: Node, doc: Doc, wanted: object) -> Doc:
    """Give the new document an id and its first status."""
    doc.setdefault("id", uuid4().hex)
    if node.workflow:
        doc["status"] = node.workflow.begin(wanted).target
    return doc


def first_move(ctx: Ctx) -> None:
    """Let a new node begin, and those that came with it: the effects of the verb, then the guards and effects of its status."""
    for child in ctx.node.children:
        if child.embedded:
            for below in ctx.below(child.plural):
                first_move(below)
    follow(ctx)
    if ctx.node.workflow:
        start = ctx.node.workflow.begin(ctx.doc["status"])
        insist(start.refusal(ctx))
        for effect in start.effects:
            effect(ctx)


def endow(node: Node, doc: Doc, user: User | None, tokens: Mapping[str, str] | None = None) -> dict[str, str] | None:
    """Give a new node its holder and tokens; returns the tokens, which are shown once. The document keeps their digests.

    Tokens that are not given are random. The holder is who made it, unless the document was made for another platform.
    """
    if node.owner is None or user is None:
        return None
    access = dict(tokens) if tokens else {"token": token_hex(16), "transfer": token_hex(16)}
    doc.setdefault("owner", user.name)
    doc.update(owner_token=digest(access["token"]), transfer_token=digest(access["transfer"]))
    return access


def validated(ctx: Ctx, node: Node, data: Doc, accepted: frozenset[str]) -> Doc:
    """What was sent, checked whole, then cut down to the accepted fields and checked again if any were cut."""
    passed = heard(node, data)
    doc = check(node.model, passed, scope_of(ctx))
    if passed.keys() - accepted:
        doc = check(node.model, {name: value for name, value in passed.items() if name in accepted}, scope_of(ctx))
    return compact(doc)  # type: ignore[no-any-return]


def heard(node: Node, data: Doc) -> Doc:
    """The fields of a body that the model is to judge."""
    beside = beside_model(node)
    return {name: value for name, value in data.items() if name not in beside}


@cache
def beside_model(node: Node) -> frozenset[str]:
    """The fields that exist beside the model: collections, and what the server keeps or passes over."""
    return (node.private | {child.field for child in node.children}) - names(node.model) | node.ignores


# --- changing


def amend(ctx: Ctx, data: Doc, step: Callable[[Ctx], None] = lambda _: None) -> frozenset[str]:
    """Lay what was sent over the node in question: merge, validate, keep what may be edited, move.

    Returns the fields that could be edited. Raises Invalid for data that breaks the model, Forbidden for what may not happen now.
    """
    node, doc = ctx.node, ctx.doc
    before = dict(doc)
    state = node.state(doc)
    ctx = replace(ctx, before=before, wish=data)
    if state and state.moves_only:
        data = only_move(ctx, data)
    wanted = data.get("status", doc.get("status"))
    editable = node.editable(ctx)
    merged = revised(ctx, data, names(node.model) if isinstance(editable, Refusal) else editable)
    fields = names(node.model) - {"status"} - {c.field for c in node.children}
    asked = ctx.along((*ctx.chain[:-1], (node, laid(before, merged, fields))))
    step(asked)
    insist(ctx.procedure.prepare(asked))
    if isinstance(editable, Refusal):
        raise refused(over(ctx) if state and state.final else editable)
    doc.clear()
    doc.update(asked.doc)
    if node.workflow and wanted != doc["status"]:
        move(ctx, node.workflow, wanted)
    follow(ctx)
    return editable


def follow(ctx: Ctx) -> None:
    """Carry out what the context's verb brings about."""
    for effect in ctx.node.step(ctx.verb).effects:
        effect(ctx)


def over(ctx: Ctx) -> Refusal:
    """The answer to a change of something that has ended."""
    return Refusal(f"Can't update {ctx.node.name} in current ({ctx.doc['status']}) status")


def only_move(ctx: Ctx, data: Doc) -> Doc:
    """In a state that knows nothing but moves: the move alone, or a refusal."""
    flow = ctx.node.flow
    if ctx.actors & flow.overrides:
        return data
    if data.get("status") not in [t.target for t in flow.choices(ctx.doc["status"], ctx.actors)]:
        insist(over(ctx))
    return {"status": data["status"]}


def revised(ctx: Ctx, data: Doc, editable: frozenset[str]) -> Doc:
    """The node's own fields with what was sent laid over them, valid, fields that may not be edited as they were."""
    node = ctx.node
    kept = {name: ctx.doc[name] for name in names(node.model) & ctx.doc.keys()}
    sent = {name: value for name, value in heard(node, data).items() if node.child_field(name) is None}
    merged = merge_fields(kept, sent)
    if merged == kept:
        return kept
    checked = judged(ctx, merged)
    allowed = editable | {"status"} if in_reach(ctx, sent.get("status")) else editable - {"status"}
    if sent.keys() - allowed:
        merged = merge_fields(kept, {name: value for name, value in sent.items() if name in allowed})
        checked = judged(ctx, merged) if merged != kept else kept
    return compact(checked)  # type: ignore[no-any-return]


def in_reach(ctx: Ctx, wanted: object) -> bool:
    """Whether the caller has a move to this status. What goes with a status that is out of reach is not asked for."""
    workflow = ctx.node.workflow
    if workflow is None:
        return False
    status = ctx.doc["status"]
    mine = [move.target for move in workflow.choices(status, ctx.actors)]
    return wanted in (status, *mine) or bool(ctx.actors & workflow.overrides)


def judged(ctx: Ctx, merged: Doc) -> Doc:
    """The merged fields as the model has them. Raises Invalid. What they refer to is looked for in the document as it will be."""
    own = names(ctx.node.model)
    beside = {name: value for name, value in ctx.doc.items() if name not in own}
    after = ctx.along((*ctx.chain[:-1], (ctx.node, beside | merged)))
    return check(ctx.node.model, merged, scope_of(after))


def laid(doc: Doc, merged: Doc, fields: frozenset[str]) -> Doc:
    """The document with these fields as they were merged."""
    kept = {name: value for name, value in doc.items() if name not in fields or name in merged}
    return kept | {name: value for name, value in merged.items() if name in fields}


def move(ctx: Ctx, workflow: Workflow, wanted: Any) -> None:
    """Carry out the wanted move, or raise its refusal; pass it over where the declaration says so."""
    verdict = workflow.move(ctx, wanted)
    if isinstance(verdict, Transition):
        apply(ctx, verdict)
    else:
        insist(verdict)


def amend_children(ctx: Ctx, data: Doc, editable: frozenset[str]) -> None:
    """Changes of embedded children that came with a change of the parent, by index, as services that plan auctions send them."""
    for child in ctx.node.children:
        if child.embedded and child.field in editable and isinstance(data.get(child.field), list):
            for below, part in zip(ctx.below(child.plural), data[child.field], strict=False):
                if isinstance(part, dict) and part:
                    amend(below, {name: value for name, value in part.items() if name != "status"})


def permitted(ctx: Ctx, path: str) -> None:
    """Raise Forbidden unless the caller may ever do this."""
    if not ctx.procedure.permitted(path, ctx.verb, ctx.actors):
        insist(FORBIDDEN)


def accredit(ctx: Ctx, node: Node, user: User | None, needed: str) -> None:
    """Raise Forbidden if the platform's levels do not allow it to create this."""
    if node.accredited and user and user.actor == BROKER and not user.accredited(needed):
        text = f"Broker Accreditation level does not permit {node.accredited} creation"
        raise Forbidden(Problem("procurementMethodType", "accreditation", text))


def tests_only(ctx: Ctx, node: Node, user: User | None) -> None:
    """Raise Forbidden if a platform that only tests would touch a real tender."""
    if node.accredited and user and user.test_only and ctx.root.get("mode") != "test":
        text = f"Broker Accreditation level does not permit {node.accredited} creation"
        raise Forbidden(Problem("procurementMethodType", "mode", text))


def right_kind(ctx: Ctx) -> None:
    """Raise Forbidden if buyers of this kind may not use the procedure."""
    kinds, kind = ctx.procedure.kinds, (ctx.root.get("procuringEntity") or {}).get("kind")
    if kinds and kind is not None and kind not in kinds:
        allowed = ", ".join(kinds)
        text = f"'{kind}' procuringEntity cannot publish this type of procedure. Only {allowed} are allowed."
        raise Forbidden(Problem("procuringEntity", "kind", text))
