"""The reporting procedure, state by state: who may do what, and what moves it on."""

from __future__ import annotations

from dataclasses import replace

from openprocurement_api.domain.actors import ADMINS, AUTO, BOT, BROKER, CASCADE, CLOCK, OWNER
from openprocurement_api.domain.node import Node, Step
from openprocurement_api.domain.procedure import Accreditation, Procedure
from openprocurement_api.domain.workflow import ADD, EDIT, NOTHING, UPDATE, State, Transition, Workflow, opens
from openprocurement_api.nodes import credentials
from openprocurement_api.nodes.award import take_back_awards
from openprocurement_api.nodes.cancellation import CANCELLATION, REASONED_CANCELLATION
from openprocurement_api.nodes.contract import PRICED_CONTRACT, date_signature, restore_lost
from openprocurement_api.nodes.direct_award import DIRECT_AWARD
from openprocurement_api.nodes.document import DOCUMENT, PLAIN
from openprocurement_api.nodes.ending import contract_signed, undivided
from openprocurement_api.nodes.fields import names
from openprocurement_api.nodes.tender import CHRONOGRAPH_VIEW, EVERYWHERE, STORED, SYSTEM, keep_kind, mark_test, name_parts

from . import rules
from .models import Cancellation, Contract, Tender
from .rules import Rules

ANNOUNCED = names(Tender) - SYSTEM
AMENDED = ANNOUNCED - {"mode", "procurementMethodType"}

# --- what is open to whom

CANCELLING = {who: {"cancellations": EDIT, "cancellations/documents": EDIT} for who in (OWNER, ADMINS)}
DESCRIBING = {who: {"documents": EDIT} for who in (OWNER, BOT, ADMINS)}
AWARDING = {who: {"awards": EDIT, "awards/documents": EDIT} for who in (OWNER, ADMINS)}
CONTRACTING = {
    OWNER: {"contracts": UPDATE, "contracts/documents": EDIT},
    ADMINS: {"contracts": EDIT, "contracts/documents": EDIT},
}

STATES = (
    State(
        "draft",
        "Being written: seen by nobody in the feed, until the buyer's platform publishes it",
        moves_only=True,
        edits=EVERYWHERE | {OWNER: NOTHING, ADMINS: NOTHING, CLOCK: NOTHING},
        opens=CANCELLING,
    ),
    State(
        "active",
        "The buyer names a supplier, confirms it, and signs the contract",
        edits=EVERYWHERE | {OWNER: AMENDED, ADMINS: AMENDED, CLOCK: NOTHING},
        opens=opens(DESCRIBING, AWARDING, CONTRACTING, CANCELLING),
    ),
    State("complete", "The contract is signed", final=True, edits=EVERYWHERE),
    State("cancelled", "The buyer gave it up", final=True, edits=EVERYWHERE),
)

LIMITED = Workflow(
    "tender",
    STATES,
    (
        Transition(None, "active", BROKER),
        Transition(None, "draft", BROKER),
        Transition("draft", "active", OWNER),
        Transition("draft", "cancelled", CASCADE),
        Transition("active", "cancelled", CASCADE, effects=(take_back_awards,)),
        Transition("active", "complete", AUTO, guards=(undivided, contract_signed)),
    ),
    deny=None,
)
"""Every purchase without competition."""

TENDER = LIMITED.but(
    drop=[(None, start.target) for start in LIMITED.exits(None)],
    transitions=[
        *LIMITED.exits(None),
        Transition(
            None,
            "complete",
            BROKER,
            guards=(rules.one_award_one_contract, rules.contract_keeps_to_award),
            effects=(rules.record,),
            doc="A contract that was concluded is reported in one go",
        ),
    ],
)

# --- what it is made of

AWARD = DIRECT_AWARD.but(
    workflow=DIRECT_AWARD.flow.but(
        transitions=[Transition("pending", "active", CASCADE, doc="It came with a concluded contract")]
    ),
    embedded=True,
    cautions=(rules.plausible,),
)
SIGNING = Transition("pending", "active", OWNER, effects=(date_signature,))
CONTRACT = PRICED_CONTRACT.but(
    model=Contract,
    workflow=PRICED_CONTRACT.flow.but(
        drop=[("pending", "active")],
        transitions=[SIGNING, Transition("pending", "active", CASCADE, effects=(date_signature,))],
    ),
    children=(DOCUMENT.but(steps=PRICED_CONTRACT.children[0].steps),),
    accepts=PRICED_CONTRACT.accepts | {"dateSigned"},
    embedded=True,
)
REASONED = REASONED_CANCELLATION.but(model=Cancellation, steps=CANCELLATION.steps)

OPENING = Step(effects=(name_parts, mark_test))
AMENDING = Step(guards=(rules.clock_has_no_power, rules.no_award_yet), effects=(keep_kind, name_parts, mark_test))
ROOT = Node(
    "tender",
    "tenders",
    Tender,
    workflow=TENDER,
    children=(PLAIN, REASONED, AWARD, CONTRACT),
    accepts=ANNOUNCED | {"awards", "contracts"},
    ignores=STORED,
    steps={ADD: replace(OPENING, effects=(rules.forget_record, *OPENING.effects)), UPDATE: AMENDING},
    owner=OWNER,
    views={CLOCK: CHRONOGRAPH_VIEW},
    accredited="tender",
)

PROCEDURE = Procedure(
    "reporting",
    "Report on a purchase without competition",
    ROOT,
    rules=Rules(),
    accreditation=Accreditation(create="13", edit="2"),
    kinds=("general", "special", "defense", "other"),
    derive=(restore_lost,),
    operations=credentials.OPERATIONS,
    legal_basis="Law of Ukraine on public procurement: contracts concluded without a competitive procedure below its thresholds",
)
