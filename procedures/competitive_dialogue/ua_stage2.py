"""The plugin of dialogues in the language of the country, second stage: goes on as the open procedure does."""

from openprocurement_api.hookspecs import hookimpl
from procedures.above_threshold_ua import PROCEDURE as BASE

from . import ua
from .second import second
from .second_models import NationalSecondTender

PROCEDURE = second(BASE, NationalSecondTender, ua.PROCEDURE.method_type, "Competitive dialogue")


@hookimpl
def openprocurement_procedures() -> tuple[object, ...]:
    """This module brings one procedure."""
    return (PROCEDURE,)


__all__ = ["PROCEDURE", "openprocurement_procedures"]
