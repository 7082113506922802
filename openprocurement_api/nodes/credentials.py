"""Credentials: what bridges that carry a tender on, into contracts or a second stage, are told of its owner."""

from __future__ import annotations

from ..domain.actors import CONTRACTING, DIALOGUE
from ..domain.context import Ctx
from ..domain.procedure import Operation
from ..domain.workflow import Doc


def holder(ctx: Ctx) -> Doc:
    """Whose the tender is: its platform, and the digest of its token; the token itself is kept nowhere."""
    return {"owner": ctx.root["owner"], "id": ctx.root["id"], "tender_token": ctx.root["owner_token"]}


OPERATIONS = (Operation("credentials", "GET", "extract_credentials", frozenset({CONTRACTING, DIALOGUE}), view=holder),)
