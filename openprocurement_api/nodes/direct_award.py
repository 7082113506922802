"""Awards without bids: the buyer names the supplier, confirms or drops it, and may then name another."""

from __future__ import annotations

from ..domain.actors import ADMINS, CASCADE, OWNER
from ..domain.context import Ctx
from ..domain.guards import has_lots, stamp
from ..domain.node import Node, Step
from ..domain.patching import merge
from ..domain.refusal import Refusal
from ..domain.workflow import ADD, EDIT, NOTHING, UPDATE, Doc, State, Transition, Workflow
from ..models.award import BaseAward
from .award import EDITABLE as WORDING
from .award import cancel_contract
from .conclusion import awards_of
from .contract import conclude
from .document import PLAIN
from .fields import names

EDITABLE = WORDING | {"suppliers", "value", "subcontractingDetails"}
LIVE = ("pending", "active")


def under_way(root: Doc, lot_id: str | None) -> list[Doc]:
    """The awards of a lot, or of a tender without lots, that are considered or have won."""
    return [award for award in awards_of(root, lot_id) if award["status"] in LIVE]


def none_under_way(ctx: Ctx) -> Refusal | bool:
    """no other award of the tender, or of the lot, is considered or has won"""
    others = under_way(ctx.root, ctx.doc.get("lotID"))
    place = "award on lot" if has_lots(ctx.root) else "award"
    return not others or Refusal(f"Can't create new {place} while any ({others[-1]['status']}) award exists")


def undecided(ctx: Ctx) -> Refusal | bool:
    """an award that was decided on is not reworded, only taken back"""
    status, wish = ctx.doc["status"], ctx.wish or {}
    if status == "pending" or wish.get("status", status) != status:
        return True
    reworded = any(merge(ctx.doc.get(name), wish[name]) != ctx.doc.get(name) for name in EDITABLE & wish.keys())
    return not reworded or Refusal(f"Can't update award in current ({status}) status")


HANDS = {OWNER: EDITABLE, ADMINS: EDITABLE}
DECIDED = dict.fromkeys(HANDS, NOTHING)
ADDING = {actor: {"documents": EDIT} for actor in HANDS}
KEEPING = {actor: {"documents": UPDATE} for actor in HANDS}

WORKFLOW = Workflow(
    "award",
    (
        State("pending", "The buyer considers the supplier", edits=HANDS, opens=ADDING),
        State("active", "The supplier is to be contracted", edits=DECIDED, opens=KEEPING),
        State("unsuccessful", "The supplier was dropped", final=True, opens=KEEPING),
        State("cancelled", "The decision was taken back", final=True, opens=KEEPING),
    ),
    (
        Transition(None, "pending", OWNER),
        Transition("pending", "active", OWNER, effects=(conclude,)),
        Transition("pending", "unsuccessful", OWNER),
        Transition("active", "cancelled", OWNER, effects=(cancel_contract,)),
        *(Transition(status, "cancelled", CASCADE, effects=(cancel_contract,)) for status in LIVE),
    ),
    overrides=frozenset(),
)

DIRECT_AWARD = Node(
    "award",
    "awards",
    BaseAward,
    workflow=WORKFLOW,
    children=(PLAIN,),
    accepts=names(BaseAward) - {"id", "date", "status", "complaintPeriod", "items", "qualified"},
    steps={ADD: Step(guards=(none_under_way,), effects=(stamp("date"),)), UPDATE: Step(guards=(undecided,))},
)
