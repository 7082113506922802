"""The quick negotiation: a negotiation with a shorter stand-still, whose cause may be urgency."""

from __future__ import annotations

from dataclasses import replace

from openprocurement_api.domain.timing import Days
from procedures.negotiation import states as negotiation
from procedures.negotiation.rules import Rules

from .models import Tender

PROCEDURE = replace(
    negotiation.PROCEDURE,
    method_type="negotiation.quick",
    title="Quick negotiation",
    root=negotiation.ROOT.but(model=Tender),
    rules=Rules(stand_still=Days(5)),
    legal_basis="Law of Ukraine on public procurement: the negotiation procedure, where there is no time to lose",
)
