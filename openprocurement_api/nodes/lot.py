"""Lots: parts of a tender that are bid for, auctioned, awarded and cancelled each on its own."""

from __future__ import annotations

from ..domain.actors import ADMINISTRATOR, ADMINS, BROKER, CASCADE, CLOCK, OWNER
from ..domain.guards import stamp
from ..domain.node import SECRETS, Node, Step
from ..domain.workflow import ADD, UPDATE, State, Transition, Workflow
from ..models.lot import Lot
from .award import take_back_awards
from .fields import names
from .tender import bids_for, keep_plan

EDITABLE = names(Lot) - {"id", "date", "status", "auctionPeriod", "auctionUrl", "numberOfBids"}
PERIOD = frozenset({"auctionPeriod"})

ACTIVE = State(
    "active",
    "The lot takes part in the tender",
    edits={OWNER: EDITABLE, ADMINS: EDITABLE, CLOCK: PERIOD, ADMINISTRATOR: PERIOD},
)

WORKFLOW = Workflow(
    "lot",
    (
        ACTIVE,
        State("unsuccessful", "Nobody won it", final=True),
        State("cancelled", "The buyer gave it up", final=True),
    ),
    (
        Transition(None, "active", BROKER),
        Transition("active", "cancelled", CASCADE, effects=(take_back_awards,)),
        Transition("active", "unsuccessful", CASCADE),
    ),
    deny=None,
)
"""How a lot ends with a contract is for the procedure to add."""

LOT = Node(
    "lot",
    "lots",
    Lot,
    workflow=WORKFLOW,
    accepts=EDITABLE | {"id"},
    steps={ADD: Step(effects=(stamp("date"),)), UPDATE: Step(effects=(keep_plan,))},
    private=SECRETS | {"numberOfBids"},
    reckoned={"numberOfBids": lambda tender, lot: bids_for(tender, lot["id"])},
    embedded=True,
    binding=True,
)
