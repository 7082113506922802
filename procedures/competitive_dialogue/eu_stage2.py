"""The plugin of dialogues with publication in English, second stage: goes on as the open procedure of that sort does."""

from openprocurement_api.hookspecs import hookimpl
from procedures.above_threshold_eu import PROCEDURE as BASE

from . import eu
from .second import second
from .second_models import SecondTender

PROCEDURE = second(BASE, SecondTender, eu.PROCEDURE.method_type, "Competitive dialogue with publication in English")


@hookimpl
def openprocurement_procedures() -> tuple[object, ...]:
    """This module brings one procedure."""
    return (PROCEDURE,)


__all__ = ["PROCEDURE", "openprocurement_procedures"]
