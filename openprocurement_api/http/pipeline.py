"""The path of a request, top to bottom: load, permit, validate, move, settle, save, show."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from .. import engine, writing
from ..domain.actors import ADMINS
from ..domain.node import Node
from ..domain.procedure import Procedure
from ..domain.refusal import FORBIDDEN
from ..domain.workflow import ADD
from ..engine import LOST_RACE, procedure_of
from ..errors import Conflict, Problem, Stale
from ..storage.base import Stored
from . import acting, cautions, changes, files, idempotency, repeats, showing
from .body import ENCODER, answer, tag, tags
from .call import Call
from .changes import Change, Outcome
from .loader import Shape, Target, load
from .remembered import OfDocument, based_on
from .turns import Turns

STALE = Problem("header", "If-Match", "The document is not the one you have seen. Please read it again.")
STEP_ASIDE = 0.001
"""Seconds by which a writer that keeps losing races waits longer each time, at random."""
TURNS = Turns()


def locate(call: Call, shape: Shape) -> Target:
    """Load what the URL names."""
    services = call.services
    return load(services.store, services.procedures, shape.root, shape.below, call.request.matchdict)


def read(request: Request, shape: Shape) -> Response:
    """GET of a resource or a collection."""
    call = Call(request)
    target = locate(call, shape)
    showing.may_view(call, target)
    if "download" in request.GET and target.node.versioned and not target.collection:
        return files.download(call, target)
    if target.stored and not call.token and not acting.asked(call):
        based_on(request, OfDocument(shape.root, target.stored.id, target.stored.rev))
    return answer(request, {"data": showing.represent(call, target)} | acting.told(call, target))


def write(request: Request, shape: Shape, change: Change) -> Response:
    """Carry out a change of a resource."""
    idempotency.refuse(request)
    return attempts(Call(request), shape, change)


def add(request: Request, shape: Shape) -> Response:
    """Carry out a POST to a collection, or answer as an earlier one with the same key was answered."""
    call = Call(request)
    with idempotency.claimed(call):
        return attempts(call, shape, changes.create)


def attempts(call: Call, shape: Shape, change: Change) -> Response:
    """Carry out a change on the present document; again on the then present one, if another writer was faster."""
    with ExitStack() as turn:
        for attempt in range(call.services.settings["conflict_retries"] + 1):
            if attempt == 1:
                turn.enter_context(TURNS.of(call.request.matchdict[f"{shape.root}_id"]))
            if attempt:
                time.sleep(random.uniform(0, attempt) * STEP_ASIDE)  # noqa: S311 - not a secret
            target = locate(call, shape)
            if earlier := repeated(call, shape, target.node, target.stored):
                return earlier
            match(call, target)
            outcome = change(call, target)
            if save(call, target):
                return finish(call, target, outcome)
    raise Conflict(LOST_RACE)


def repeated(call: Call, shape: Shape, node: Node, stored: Stored | None) -> Response | None:
    """The answer to an earlier run of the same request; None if there was none, or if it has made nothing."""
    then = repeats.earlier(call, shape, node, stored)
    if then is None:
        return None
    access = dict(call.tokens) if call.tokens and node.owner else None
    return finish(call, then, Outcome(then.chain, 201, access, then.location))


def consult(request: Request, shape: Shape, change: Change) -> Response:
    """Answer an operation that only reads."""
    call = Call(request)
    target = locate(call, shape)
    return finish(call, target, change(call, target))


def match(call: Call, target: Target) -> None:
    """Raise Stale unless the resource is still the one whose ETag the caller sent."""
    header = call.request.headers.get("If-Match")
    if header is None:
        return
    showing.may_view(call, target)
    present = tag(ENCODER.encode({"data": showing.represent(call, target)}))
    if not tags(header) & {present, "*"}:
        raise Stale(STALE)


# --- announcing


def announce(request: Request) -> Response:
    """POST of a new root document, or the answer to an earlier one with the same key."""
    call = Call(request)
    with idempotency.claimed(call):
        procedure = procedure_of(call.services.procedures, call.body.data)
        return repeated_root(call, procedure.root) or announced(call, procedure)


def repeated_root(call: Call, node: Node) -> Response | None:
    """The answer to an earlier announcement with the same key, if it has made something."""
    made = idempotency.found(call.services.store, node.name, call.claim.id) if call.claim else None
    return repeated(call, Shape(node.name), node, made)


def announced(call: Call, procedure: Procedure) -> Response:
    """Make a new root document and answer with it."""
    node, data = procedure.root, call.body.data
    told = {name: value for name, value in data.items() if name in node.accepts}
    ctx = call.ctx(Target(procedure, None, {}, ((node, told),)), ADD)
    starts = {t.actor for t in node.workflow.exits(None)} if node.workflow else set()
    if not ctx.actors & (starts | {ADMINS}):
        writing.insist(FORBIDDEN)
    writing.accredit(ctx, node, call.user, procedure.accreditation.create)
    doc = writing.new_doc(ctx, node, data) | {"procurementMethodType": procedure.method_type}
    repeats.identify(call, node, doc)
    target = Target(procedure, None, doc, ((node, doc),))
    ctx = call.ctx(target, ADD)
    writing.tests_only(ctx, node, call.user)
    writing.right_kind(ctx)
    access = writing.endow(node, doc, call.user, call.tokens)
    doc["date"] = ctx.stamp
    if node.number not in doc:
        doc[node.number] = numbered(call, node)
    files.complete_all(call, ctx)
    writing.first_move(ctx)
    if save(call, target):
        return finish(call, target, Outcome(target.chain, 201, access, target.location))
    earlier = repeated_root(call, node)
    if earlier is None:
        raise Conflict(LOST_RACE)
    return earlier


def numbered(call: Call, node: Node) -> str:
    """The next public number of the day, counted by the name of the field that holds it: UA-2026-01-31-000001."""
    services = call.services
    day = call.now.astimezone(services.env.zone).date().isoformat()
    count = services.store.count(f"{node.number}_{services.env.server_id}_{day}")
    end = f"-{services.env.server_id}" if services.env.server_id else ""
    return f"{services.settings['tender_prefix']}-{day}-{count:06}{end}"


# --- saving, showing


def save(call: Call, target: Target) -> bool:
    """Settle the working copy and store it; False if another writer was faster."""
    root = call.ctx(Target(target.procedure, target.stored, target.root, target.chain[:1]))
    return engine.save(call.services, root, target.stored, author=call.user.name if call.user else None)


def finish(call: Call, target: Target, outcome: Outcome) -> Response:
    """The answer after the save."""
    shown = Target(target.procedure, target.stored, target.root, outcome.chain)
    fresh = outcome.status == HTTPStatus.CREATED
    data: Any = outcome.payload(call.ctx(shown)) if outcome.payload else showing.resource(call, shown, fresh=fresh)
    beside = {"access": outcome.access} if outcome.access else {}
    if call.sends_json and cautions.cautious(shown.node):
        beside |= cautions.told(call.ctx(shown))
    entity = data if outcome.payload else showing.read(call, shown, showing.resource(call, shown) if fresh else data)
    pretty = call.sends_json and call.body.pretty
    other = {"data": entity} if beside or entity is not data else None
    response = answer(call.request, {"data": data} | beside, outcome.status, pretty=pretty, entity=other)
    if outcome.location:
        response.headers["Location"] = showing.absolute(call, outcome.location)
    return response
