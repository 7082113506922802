"""The negotiation, state by state: a purchase without competition, but with a cause, lots, and complaints about awards."""

from __future__ import annotations

from dataclasses import replace

from openprocurement_api.domain.actors import ADMINISTRATOR, ADMINS, AUTO, BODY, BROKER, CASCADE, COMPLAINANT, OWNER
from openprocurement_api.domain.guards import in_active_lot, put, stamp
from openprocurement_api.domain.node import Step
from openprocurement_api.domain.procedure import Accreditation, Procedure
from openprocurement_api.domain.workflow import ADD, ALL, DELETE, EDIT, UPDATE, State, Transition, Workflow, opens
from openprocurement_api.models.award import LotAward
from openprocurement_api.models.cancellation import ReasonedCancellation
from openprocurement_api.models.lot import BaseLot
from openprocurement_api.nodes import credentials
from openprocurement_api.nodes.award import TAKEN_BACK, open_complaint_period, take_back_awards
from openprocurement_api.nodes.complaint import award_lot, in_complaint_period
from openprocurement_api.nodes.contract import MAY_SIGN, PRICED_CONTRACT, conclude, date_signature, lot_of_contract, restore_lost
from openprocurement_api.nodes.direct_award import DIRECT_AWARD, EDITABLE, LIVE
from openprocurement_api.nodes.disputes import note_lot, still_complained
from openprocurement_api.nodes.document import PLAIN
from openprocurement_api.nodes.ending import contract_signed, lots_all
from openprocurement_api.nodes.fields import names
from openprocurement_api.nodes.lot import LOT
from openprocurement_api.nodes.review import Filing, review
from openprocurement_api.nodes.reviewed_award import start_stand_still
from openprocurement_api.nodes.tender import EVERYWHERE, SYSTEM, price_lots
from procedures.reporting import states as reporting
from procedures.reporting.models import SignedContract

from . import rules
from .models import Tender
from .rules import Rules

ANNOUNCED = names(Tender) - SYSTEM
AMENDED = ANNOUNCED - {"mode", "lots", "procurementMethodType"}

DIVIDING = {who: {"lots": ALL} for who in (OWNER, ADMINS)}
REPAIRING = {ADMINISTRATOR: {"awards": UPDATE}}
COMPLAINING = {who: {"awards/complaints": UPDATE, "awards/complaints/documents": EDIT} for who in (OWNER, COMPLAINANT, BODY)} | {
    BROKER: {"awards/complaints": ADD},
    ADMINS: {"awards/complaints": EDIT},
}

ACTIVE = reporting.LIMITED.state("active")
GIVEN_UP = (lots_all(some="cancelled"),)

TENDER = reporting.LIMITED.but(
    states=[
        replace(
            ACTIVE,
            edits={**ACTIVE.edits, OWNER: AMENDED, ADMINS: AMENDED},
            opens=opens(ACTIVE.opens, DIVIDING, REPAIRING, COMPLAINING),
        ),
        State("unsuccessful", "No lot was contracted, and not all were given up", final=True, edits=EVERYWHERE),
    ],
    transitions=[
        Transition("draft", "cancelled", AUTO, guards=GIVEN_UP),
        Transition("active", "cancelled", AUTO, guards=GIVEN_UP, effects=(take_back_awards,)),
        Transition("active", "unsuccessful", AUTO, guards=(lots_all("cancelled", some="unsuccessful"),)),
        Transition("active", "complete", AUTO, guards=(lots_all("cancelled", "unsuccessful", some="complete"),)),
    ],
)

# --- what it is made of

LOT_FIELDS = names(BaseLot) - {"id", "date", "status"}
DIVIDED = LOT.but(
    model=BaseLot,
    workflow=LOT.flow.but(
        states=[
            State("active", "The lot takes part in the tender", edits=dict.fromkeys((OWNER, ADMINS), LOT_FIELDS)),
            State("complete", "The contract is signed", final=True),
        ],
        transitions=[Transition("active", "complete", AUTO, guards=(contract_signed,))],
    ),
    accepts=LOT_FIELDS | {"id"},
    reckoned={},
    steps={
        ADD: Step(guards=(rules.no_award_yet,), effects=(stamp("date"),)),
        UPDATE: Step(guards=(rules.no_award_yet, rules.not_being_cancelled)),
        DELETE: Step(guards=(rules.no_award_yet,)),
    },
)

AWARD_HANDS = dict.fromkeys((OWNER, ADMINS), EDITABLE | {"qualified", "lotID"})
REPAIR = {ADMINISTRATOR: frozenset({"complaintPeriod"})}
DIRECT = DIRECT_AWARD.flow
AWARD_WORKFLOW = Workflow(
    "award",
    (
        replace(DIRECT.state("pending"), edits=AWARD_HANDS | REPAIR),
        *(replace(state, edits={**state.edits, **REPAIR}) for state in DIRECT.states[1:]),
    ),
    (
        Transition(None, "pending", OWNER),
        Transition("pending", "active", OWNER, guards=(rules.qualified,), effects=(start_stand_still, conclude)),
        Transition("pending", "unsuccessful", OWNER, effects=(start_stand_still,)),
        Transition("active", "cancelled", OWNER, effects=TAKEN_BACK),
        *(Transition(status, "cancelled", CASCADE, effects=TAKEN_BACK) for status in LIVE),
    ),
    overrides=frozenset(),
)
NOT_CANCELLED = rules.no_cancellation(award_lot, "award")
LOT_OF_AWARD = in_active_lot(award_lot, "award")
LOT_OF_COMPLAINT = in_active_lot(award_lot, "complaint")
COMPLAINT = review(
    Filing(write=(still_complained,)),
    claims=False,
    adding=(LOT_OF_COMPLAINT, in_complaint_period),
    updating=(LOT_OF_COMPLAINT,),
    documenting=(in_active_lot(award_lot, "document"),),
    noting=(note_lot, put("type", "complaint")),
)
AWARD = DIRECT_AWARD.but(
    model=LotAward,
    workflow=AWARD_WORKFLOW,
    children=(PLAIN, COMPLAINT),
    accepts=DIRECT_AWARD.accepts | {"qualified", "lotID"},
    steps={
        ADD: Step(
            guards=(NOT_CANCELLED, LOT_OF_AWARD, *DIRECT_AWARD.step(ADD).guards),
            effects=(*DIRECT_AWARD.step(ADD).effects, open_complaint_period),
        ),
        UPDATE: Step(guards=(NOT_CANCELLED, LOT_OF_AWARD, *DIRECT_AWARD.step(UPDATE).guards, rules.lot_free)),
    },
)

SIGNING = Transition("pending", "active", OWNER, guards=MAY_SIGN, effects=(date_signature, rules.close_failed_lots))
CONTRACT = PRICED_CONTRACT.but(
    model=SignedContract,
    workflow=PRICED_CONTRACT.flow.but(drop=[("pending", "active")], transitions=[SIGNING]),
    steps={
        ADD: PRICED_CONTRACT.step(ADD),
        UPDATE: replace(
            PRICED_CONTRACT.step(UPDATE),
            guards=(rules.no_cancellation(lot_of_contract, "contract"), *PRICED_CONTRACT.step(UPDATE).guards),
        ),
    },
)

ROOT = reporting.ROOT.but(
    model=Tender,
    workflow=TENDER,
    children=(PLAIN, DIVIDED, reporting.REASONED.but(model=ReasonedCancellation), AWARD, CONTRACT),
    accepts=ANNOUNCED,
    steps={ADD: reporting.OPENING, UPDATE: reporting.AMENDING},
)

PROCEDURE = Procedure(
    "negotiation",
    "Negotiation",
    ROOT,
    rules=Rules(),
    accreditation=Accreditation(create="3", edit="4"),
    kinds=("general", "special", "defense"),
    derive=(price_lots, restore_lost),
    operations=credentials.OPERATIONS,
    legal_basis="Law of Ukraine on public procurement: the negotiation procedure, in the cases that the law lists",
)
