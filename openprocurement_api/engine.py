"""What requests and the clock do alike: move a document on, settle it, save it by compare-and-swap. Knows nothing of the web."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from .domain import rendering
from .domain.actors import CLOCK
from .domain.context import Ctx, Env
from .domain.patching import changed, difference
from .domain.planning import unplanned
from .domain.procedure import Procedure
from .domain.timing import moment
from .domain.workflow import Doc
from .errors import Conflict, Problem, Unsupported
from .storage import codec
from .storage.base import RevConflict, Store, Stored
from .storage.shapes import SHAPE, current

if TYPE_CHECKING:
    from pluggy import PluginManager

    from .clock import Clock
    from .documents import Documents
    from .keys import Keys
    from .settings import Settings
    from .storage.base import Kind

LOST_RACE = Problem("body", "data", "The document was changed by others meanwhile. Please repeat your request.")
DUE = "_due"
"""Private field of a stored root: when the chronograph must look at it, for its `next_check` or to plan its auctions."""
STEP = timedelta(microseconds=1)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Services:
    """What one application is made of; `registry.services`."""

    settings: Settings
    store: Store
    kinds: Mapping[str, Kind]
    clock: Clock
    keys: Keys
    procedures: Mapping[str, Procedure]
    plugins: PluginManager
    documents: Documents | None
    env: Env
    base: str


def procedure_of(procedures: Mapping[str, Procedure], data: Mapping[str, Any]) -> Procedure:
    """The procedure a document follows; the default one if it names none. Raises Unsupported if it is not loaded."""
    name = data.get("procurementMethodType")
    default = next((p for p in procedures.values() if p.default), None)
    found = default if name is None else procedures.get(name) if isinstance(name, str) else None
    if found is None:
        raise Unsupported(Problem("data", "procurementMethodType", "Not implemented"))
    return found


def opened(services: Services, stored: Stored) -> Ctx:
    """A working copy of a stored root, as the clock sees it now. Raises Unsupported."""
    root = stored.body
    procedure = procedure_of(services.procedures, root)
    return Ctx(procedure, ((procedure.root, root),), frozenset({CLOCK}), services.clock.now, services.env)


def rewrite(services: Services, kind: str, id: str, step: Callable[[Ctx], None], author: str) -> Ctx:
    """Carry out a step of the clock on a stored document; again on the then present one, if another writer was faster.

    Returns the context of what is now stored. Raises Missing, Unavailable, Unsupported, and Conflict if too many races are lost.
    """
    for _ in range(services.settings["conflict_retries"] + 1):
        stored = services.store.get(kind, id)
        ctx = opened(services, stored)
        step(ctx)
        if save(services, ctx, stored, author=author):
            return ctx
    raise Conflict(LOST_RACE)


def tick(ctx: Ctx) -> None:
    """Bring the working copy up to the present moment: every move that is due, and everything that follows from it."""
    ctx.procedure.settle(ctx)
    ctx.procedure.derived(ctx)
    ctx.procedure.tick(ctx)


def save(services: Services, ctx: Ctx, stored: Stored | None, *, author: str | None) -> bool:
    """Settle the working copy of a root and store it; False if another writer was faster. What changed nothing is not stored."""
    ctx.procedure.settle(ctx)
    ctx.procedure.derived(ctx)
    root = ctx.root
    original = before = codec.decode_beside(stored.raw, root) if stored else {}
    if stored and original.get(SHAPE) != root.get(SHAPE):
        # Of an older shape: the history leads to what is kept, but readers have seen it in the shape of today.
        before = stored.body
    if stored is None:
        root[SHAPE] = current(services.kinds[ctx.node.name].steps)
    settle_stamps(ctx, before)
    if before == root:
        return True
    revision = {"date": ctx.stamp, "author": author, "changes": difference(root, original)}
    try:
        services.store.put(
            ctx.node.name,
            root["id"],
            root,
            expect=stored.rev if stored else None,
            revision=revision | ({"rev": stored.rev} if stored else {}),
        )
    except RevConflict:
        return False
    announce(services, ctx, before)
    return True


def settle_stamps(ctx: Ctx, before: Doc) -> None:
    """When the clock must look again; and when the tender last changed, as far as the public can see."""
    root, procedure = ctx.root, ctx.procedure
    for name in [name for name, value in root.items() if value in (None, [], {})]:
        del root[name]
    due = procedure.next_check(ctx)
    check = due.astimezone(ctx.env.zone) if due else None
    write(root, "next_check", check)
    write(root, DUE, planning_since(ctx, before) if unplanned(ctx) else check)
    if not before or rendering.looks_changed(procedure, before, root, changed(before, root)):
        last = moment(before.get("dateModified"))
        write(root, "dateModified", max(ctx.now, last + STEP) if last else ctx.now)


def planning_since(ctx: Ctx, before: Doc) -> datetime:
    """Since when an auction waits to be planned: since now, unless the document was due already."""
    due = moment(before.get(DUE))
    return due if due and due < ctx.now else ctx.now


def write(root: Doc, name: str, when: datetime | None) -> None:
    """Put a moment into a field, or take the field away. The same moment in another zone stays as it is: nothing has changed."""
    if when is None:
        root.pop(name, None)
    elif moment(root.get(name)) != when:
        root[name] = when.isoformat()


def announce(services: Services, ctx: Ctx, before: Doc) -> None:
    """Tell the log and the plugins of a save; what they do with it cannot undo it."""
    after, procedure = ctx.root, ctx.procedure
    kind, doc_id = ctx.node.name, after["id"]
    log.info("saved", MESSAGE_ID=f"{kind}_{'patch' if before else 'create'}", document_id=doc_id)
    if before and before["status"] != after["status"]:
        log.info("switched", MESSAGE_ID=f"switched_{kind}_{after['status']}", document_id=doc_id, status=after["status"])
    plugins = services.plugins
    if not plugins.hook.openprocurement_saved.get_hookimpls():
        return
    seen = rendering.public(procedure, before) if before else None
    try:
        plugins.hook.openprocurement_saved(kind=kind, id=doc_id, before=seen, after=rendering.public(procedure, after))
    except Exception:
        log.exception("plugin_failed", MESSAGE_ID="plugin_failed", hook="openprocurement_saved", document_id=doc_id)
