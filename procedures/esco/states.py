"""Energy service contracts: as the open procedure with publication in English, but the offer that is worth most wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from openprocurement_api.domain.actors import ADMINISTRATOR, Actor
from openprocurement_api.domain.node import Node
from openprocurement_api.domain.ranking import Criterion
from openprocurement_api.domain.workflow import ADD, UPDATE, Effect, Workflow
from openprocurement_api.models.base import Model
from openprocurement_api.nodes import auction, credentials
from openprocurement_api.nodes.amending import follow_tendering
from openprocurement_api.nodes.contract import restore_lost
from openprocurement_api.nodes.fields import names
from openprocurement_api.nodes.tender import count_bids
from procedures.above_threshold_eu import states as base

from . import models, rules

# --- what the buyer says instead of a value and a step

OF_A_PRICE = frozenset({"value", "minimalStep"})
TERMS = frozenset({"minValue", "minimalStepPercentage", "NBUdiscountRate", "fundingKind", "yearlyPaymentsPercentageRange"})
OF_A_LOT = TERMS & names(models.Lot) - {"minValue"}
RANGE = frozenset({"yearlyPaymentsPercentageRange"})
"""What an operator may repair, too."""
STEP = frozenset({"minimalStep"})
"""What clients send by custom, and nobody reads: the step is a percentage."""

Edits = Callable[[Actor, frozenset[str]], frozenset[str]]


def termed(fields: frozenset[str], terms: frozenset[str]) -> frozenset[str]:
    """The same fields, with terms instead of a price if there was one."""
    return (fields - OF_A_PRICE) | terms if fields & OF_A_PRICE else fields


def edited(workflow: Workflow, edits: Edits) -> Workflow:
    """The same states, in which each actor may change other fields."""
    return workflow.but(
        states=[
            replace(state, edits={actor: edits(actor, fields) for actor, fields in state.edits.items()})
            for state in workflow.states
        ]
    )


def part(plural: str, model: type[Model], edits: Edits = lambda _, fields: fields) -> Node:
    """A collection of the open procedure with another model, and other fields to change."""
    node = base.ROOT.collection(plural)
    return node.but(model=model, workflow=edited(node.flow, edits))


def of_tender(actor: Actor, fields: frozenset[str]) -> frozenset[str]:
    """What an actor may change of a tender."""
    return fields | RANGE if actor == ADMINISTRATOR else termed(fields, TERMS)


def of_lot(actor: Actor, fields: frozenset[str]) -> frozenset[str]:
    """What an actor may change of a lot."""
    return fields | RANGE if actor == ADMINISTRATOR else termed(fields, OF_A_LOT)


def of_contract(_actor: Actor, fields: frozenset[str]) -> frozenset[str]:
    """What an actor may change of a contract: its value is what was awarded."""
    return fields - OF_A_PRICE


# --- the tree


def after_each(node: Node, effect: Effect) -> Node:
    """The same kind of resource, where adding or changing one brings this about before anything else."""
    steps = {verb: node.step(verb) for verb in (ADD, UPDATE)}
    news = {verb: replace(step, effects=(effect, *step.effects)) for verb, step in steps.items()}
    return node.but(steps={**node.steps, **news})


LOTS = part("lots", models.Lot, of_lot)
LOT = LOTS.but(accepts=termed(LOTS.accepts, OF_A_LOT), ignores=STEP)
EU = base.ROOT.but(
    model=models.Tender,
    workflow=edited(base.TENDER, of_tender),
    accepts=termed(base.ROOT.accepts, TERMS),
    ignores=base.ROOT.ignores | STEP,
)
ROOT = after_each(EU, rules.drop_deliveries).having(
    after_each(LOT, rules.follow_tender),
    after_each(part("bids", models.Bid), rules.value_offers),
    part("awards", models.Award),
    part("contracts", models.Contract, of_contract),
)

# --- the auction

OFFERED = frozenset({"yearlyPaymentsPercentage", "contractDuration"})
"""What bidders change in the auction."""
SEEN = OFFERED | {"amountPerformance", "annualCostsReduction", "currency", "valueAddedTaxIncluded"}
TALK = auction.Talk(
    tender=(*auction.SHOWN, *sorted(TERMS - {"minValue"}), "procurementMethodType", "noticePublicationDate"),
    bid=(*auction.SHOWN_OF_BID, "status"),
    value=SEEN,
    result=OFFERED,
    after=(rules.value_bids,),
)

PROCEDURE = replace(
    base.PROCEDURE,
    method_type="esco",
    title="Energy service contracts",
    root=ROOT,
    derive=(rules.date_notice, rules.follow_lots, count_bids, follow_tendering, base.PLANS, restore_lost),
    operations=(*auction.operations(TALK), *credentials.OPERATIONS),
    criterion=Criterion("amountPerformance", highest=True),
    legal_basis="The law of Ukraine on energy service contracts (new conditions for energy modernisation); open tender as in "
    "the law on public procurement, articles 10 and 18-32",
)
