"""The open procedure with publication in English: bidders are reviewed first, then the prices of those who passed are opened."""

from openprocurement_api.hookspecs import hookimpl

from .states import PROCEDURE


@hookimpl
def openprocurement_procedures() -> tuple[object, ...]:
    """This package brings one procedure."""
    return (PROCEDURE,)


__all__ = ["PROCEDURE", "openprocurement_procedures"]
