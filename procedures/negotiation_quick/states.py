"""The quick negotiation: a negotiation with a shorter stand-still, whose cause may be urgency."""

from __future__ import annotations

from dataclasses import replace

from procedures.negotiation import states as negotiation
from procedures.negotiation.rules import Rules

from .models import Tender

PROCEDURE = replace(
    negotiation.PROCEDURE,
    method_type="negotiation.quick",
    title="Quick negotiation",
    root=negotiation.ROOT.but(model=Tender),
    rules=Rules(stand_still_days=5),
    legal_basis="Law of Ukraine on public procurement: the negotiation procedure, where there is no time to lose",
)
