"""The plugin of dialogues in the language of the country, first stage: as those with publication in English, with less to say."""

from __future__ import annotations

from dataclasses import replace

from openprocurement_api.hookspecs import hookimpl

from . import states
from .models import NationalDialogueTender

PROCEDURE = replace(
    states.PROCEDURE,
    method_type="competitiveDialogueUA",
    title="Competitive dialogue, first stage",
    root=states.ROOT.but(model=NationalDialogueTender),
    legal_basis="The law of Ukraine on public procurement, article 33: competitive dialogue",
)


@hookimpl
def openprocurement_procedures() -> tuple[object, ...]:
    """This module brings one procedure."""
    return (PROCEDURE,)


__all__ = ["PROCEDURE", "openprocurement_procedures"]
