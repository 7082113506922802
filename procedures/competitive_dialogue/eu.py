"""The plugin of dialogues with publication in English, first stage."""

from openprocurement_api.hookspecs import hookimpl

from .states import PROCEDURE


@hookimpl
def openprocurement_procedures() -> tuple[object, ...]:
    """This module brings one procedure."""
    return (PROCEDURE,)


__all__ = ["PROCEDURE", "openprocurement_procedures"]
