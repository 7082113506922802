"""Energy service contracts: companies bid for a share of what they save; the offer that leaves most to the buyer wins."""

from openprocurement_api.hookspecs import hookimpl

from .states import PROCEDURE


@hookimpl
def openprocurement_procedures() -> tuple[object, ...]:
    """This package brings one procedure."""
    return (PROCEDURE,)


__all__ = ["PROCEDURE", "openprocurement_procedures"]
