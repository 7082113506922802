"""The second stage of a dialogue: as the procedure it follows, but opened by a bridge, to the firms of the first stage alone."""

from __future__ import annotations

from dataclasses import replace

from openprocurement_api.domain.actors import ADMINS, AUTO, BROKER, CASCADE, DIALOGUE, OWNER, Actor
from openprocurement_api.domain.node import SECRETS, Node
from openprocurement_api.domain.procedure import Accreditation, Procedure
from openprocurement_api.domain.workflow import ADD, NOTHING, UPDATE, State, Transition, Veil, Workflow
from openprocurement_api.models.tender import Tender
from openprocurement_api.nodes import second_stage
from openprocurement_api.nodes.ending import lots_all
from openprocurement_api.nodes.second_stage import DRAFT, HEIR, TAKE_OVER, TOKEN, author_invited, firm_invited, guarded
from openprocurement_api.nodes.tender import EVERYWHERE
from procedures.below_threshold import states as simple

# --- states and moves

SHORTLIST = Veil("", frozenset({"shortlistedFirms"}))
PREPARED: dict[Actor, frozenset[str]] = EVERYWHERE | dict.fromkeys((OWNER, ADMINS, DIALOGUE), NOTHING)
PERIOD = frozenset({"tenderPeriod"})
OPENED = frozenset({"tenderPeriod", "items"})

DRAFTS = (
    State(
        "draft",
        "Being written by the bridge: seen by nobody in the feed",
        moves_only=True,
        edits=PREPARED,
        opens=simple.CANCELLING,
        hides=(simple.NOTHING_TO_COUNT, SHORTLIST),
    ),
    State(
        DRAFT,
        "The buyer takes the second stage over, and says until when bids are made",
        edits=PREPARED | {OWNER: PERIOD, ADMINS: PERIOD},
        opens=simple.CANCELLING,
        hides=(simple.SEALED_BIDS,),
    ),
)
MOVES = (
    *(Transition(None, status, DIALOGUE) for status in ("active.tendering", "draft", DRAFT)),
    Transition(None, "active.tendering", BROKER, doc="A platform that is accredited as a bridge"),
    Transition("draft", DRAFT, DIALOGUE),
    Transition(DRAFT, "active.tendering", OWNER, effects=(second_stage.begin_now,)),
    Transition(DRAFT, "cancelled", CASCADE),
    Transition(DRAFT, "cancelled", AUTO, guards=(lots_all(some="cancelled"),)),
)


def opened_by_bridge(workflow: Workflow) -> Workflow:
    """The same workflow, begun by a bridge, taken over by the buyer, who may change little of it."""
    tendering = workflow.state("active.tendering")
    return workflow.but(
        states=(*DRAFTS, replace(tendering, edits={**tendering.edits, OWNER: OPENED, ADMINS: OPENED})),
        drop=[(None, "active.tendering"), (None, "draft"), ("draft", "active.tendering")],
        transitions=MOVES,
    )


# --- the tree

CARRIED = frozenset({"owner", "tenderID", TOKEN, "dialogueID", "shortlistedFirms"})
"""What the bridge carries over from the first stage."""


def invited(root: Node, model: type[Tender]) -> Node:
    """The tree of a procedure in which only the firms of the first stage take part."""
    bids, lots, questions, complaints = (root.collection(plural) for plural in ("bids", "lots", "questions", "complaints"))
    adding, updating = root.step(ADD), root.step(UPDATE)
    return root.but(
        model=model,
        workflow=opened_by_bridge(root.flow),
        accepts=(root.accepts | CARRIED) - PERIOD,
        steps={
            ADD: replace(adding, effects=(second_stage.give_time, *adding.effects)),
            UPDATE: replace(updating, effects=(second_stage.keep_items, *updating.effects)),
        },
        proofs={TOKEN: HEIR},
        private=SECRETS | {TOKEN},
    ).having(
        guarded(bids, firm_invited, ADD, UPDATE),
        guarded(questions, author_invited, ADD),
        guarded(complaints, author_invited, ADD),
        second_stage.standing(lots),
    )


def second(base: Procedure, model: type[Tender], first: str, title: str) -> Procedure:
    """The second stage of the dialogues of type `first`, which goes on as `base` does."""
    return replace(
        base,
        method_type=f"{first}.stage2",
        title=f"{title}, second stage",
        root=invited(base.root, model),
        accreditation=Accreditation(create="c", edit=base.accreditation.edit),
        operations=(*base.operations, TAKE_OVER),
    )
