"""Contracts: drawn up for each award, amended downwards by the buyer, signed after the stand-still."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from ..domain.actors import ADMINS, CASCADE, OWNER
from ..domain.context import Ctx
from ..domain.guards import TENDER_OVER, in_active_lot, stamp
from ..domain.money import exact
from ..domain.node import Node, Step
from ..domain.refusal import Refusal
from ..domain.workflow import ADD, NOTHING, UPDATE, Doc, State, Transition, Workflow
from ..models.contract import Contract
from .conclusion import stand_still_over, undisputed
from .document import PLAIN
from .fields import names

GIVEN = frozenset({"id", "documents", "date", "awardID", "suppliers", "items", "contractID"})
EDITABLE = names(Contract) - GIVEN
HANDS = {OWNER: EDITABLE, ADMINS: EDITABLE}


def conclude(ctx: Ctx) -> None:
    """Draw up the contract of the award in question."""
    contracts = ctx.root.setdefault("contracts", [])
    contracts.append(drawn_up(ctx, len(contracts) + 1))


def drawn_up(ctx: Ctx, count: int) -> Doc:
    """The contract of the award in question, the tender's `count`th: its suppliers and value, and the items of its lot."""
    award, root = ctx.doc, ctx.root
    items = [item for item in root["items"] if item.get("relatedLot") == award.get("lotID")]
    carried = {name: award[name] for name in ("suppliers", "value") if name in award} | ({"items": items} if items else {})
    return carried | {
        "id": uuid4().hex,
        "status": "pending",
        "date": ctx.stamp,
        "awardID": award["id"],
        "contractID": f"{root['tenderID']}-{ctx.env.server_id}{count}",
    }


def restore_lost(ctx: Ctx) -> None:
    """a winning award whose contract was lost has one again"""
    drawn_up = {contract["awardID"] for contract in ctx.root.get("contracts", ())}
    for award in ctx.whole.below("awards"):
        if award.doc["status"] == "active" and award.doc["id"] not in drawn_up and ctx.root["status"] not in TENDER_OVER:
            conclude(award)


def award_of(ctx: Ctx) -> Doc:
    """The award of the contract in question."""
    contract = next(doc for node, doc in ctx.chain if node.name == "contract")
    return next((a for a in ctx.root.get("awards", ()) if a["id"] == contract["awardID"]), {})


def lot_of_contract(ctx: Ctx) -> str | None:
    """The lot the contract is about."""
    return award_of(ctx).get("lotID")


def value_within_award(ctx: Ctx) -> Refusal | bool:
    """a new value keeps the award's currency and tax terms and does not exceed it; it is not taken away"""
    value, before = ctx.doc.get("value"), (ctx.before or {}).get("value")
    if value == before:
        return True
    return within_award(value, award_of(ctx).get("value")) if value else Refusal("Can't delete value of contract")


def within_award(value: Doc, award: Doc | None) -> Refusal | bool:
    """Whether the value of a contract keeps to that of its award; any does if that has none."""
    if award is None:
        return True
    for name in ("valueAddedTaxIncluded", "currency"):
        if value[name] != award[name]:
            return Refusal(f"Can't update {name} for contract value")
    if exact(value["amount"]) > exact(award["amount"]):
        return Refusal(f"Value amount should be less or equal to awarded amount ({award['amount']})")
    return True


def contract_stands(ctx: Ctx) -> Refusal | bool:
    """the contract is not cancelled"""
    status = ctx.doc["status"]
    return status != "cancelled" or Refusal(f"Can't update contract in current ({status}) status")


def items_counted(ctx: Ctx) -> Refusal | bool:
    """items are neither added nor taken away"""
    counts = [len((doc or {}).get("items", ())) for doc in (ctx.before, ctx.doc)]
    return counts[0] == counts[1] or Refusal("Can't change items count")


def keep_items(ctx: Ctx) -> None:
    """of the items nothing changes but their units, with the prices of these"""
    before = (ctx.before or {}).get("items", ())
    items = [
        old | {"unit": new["unit"]} if "unit" in new else old for old, new in zip(before, ctx.doc.get("items", ()), strict=True)
    ]
    if items:
        ctx.doc["items"] = items


def date_signature(ctx: Ctx) -> None:
    """dateSigned is now, if the buyer did not give it"""
    ctx.doc.setdefault("dateSigned", ctx.stamp)


def not_cancelled(ctx: Ctx) -> Refusal | bool:
    """documents belong to a contract that stands"""
    verb = ctx.node.word(ctx.verb)
    return ctx.parent["status"] in ("pending", "active") or Refusal(f"Can't {verb} document in current contract status")


MAY_SIGN = (stand_still_over(lot_of_contract), undisputed(lot_of_contract))

WORKFLOW = Workflow(
    "contract",
    (
        State("pending", "Drawn up, not signed", edits=HANDS),
        State("active", "Signed", edits=HANDS),
        State("cancelled", "The award was taken back", final=True, edits={OWNER: NOTHING, ADMINS: NOTHING}),
    ),
    (
        Transition(None, "pending", ADMINS),
        Transition("pending", "active", OWNER, guards=MAY_SIGN, effects=(date_signature,)),
        *(Transition(s, "cancelled", CASCADE) for s in ("pending", "active")),
    ),
    deny=Refusal("Can't update contract status"),
    overrides=frozenset(),
)

DOCUMENT_GUARDS = (in_active_lot(lot_of_contract, "document"), not_cancelled)
CONTRACT = Node(
    "contract",
    "contracts",
    Contract,
    workflow=WORKFLOW,
    children=(PLAIN.but(steps={verb: Step(guards=DOCUMENT_GUARDS) for verb in (ADD, UPDATE)}),),
    accepts=names(Contract) - {"id", "documents", "date", "dateSigned", "status"},
    steps={
        ADD: Step(effects=(stamp("date"),)),
        UPDATE: Step(guards=(in_active_lot(lot_of_contract, "contract"), value_within_award)),
    },
)

PRICED_HANDS = dict.fromkeys(HANDS, EDITABLE | {"items"})
PRICED_CONTRACT = CONTRACT.but(
    workflow=WORKFLOW.but(states=[replace(WORKFLOW.state(name), edits=PRICED_HANDS) for name in ("pending", "active")]),
    steps=CONTRACT.steps
    | {
        UPDATE: Step(
            guards=(contract_stands, *CONTRACT.step(UPDATE).guards, items_counted),
            effects=(keep_items,),
        )
    },
)
"""Contracts in which the buyer writes the price of each item's unit."""
