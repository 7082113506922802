"""Below-threshold procurement: questions, bids, an electronic auction, awards, contracts; one clock, optional lots."""

from openprocurement_api.hookspecs import hookimpl

from .states import PROCEDURE


@hookimpl
def openprocurement_procedures() -> tuple[object, ...]:
    """This package brings one procedure."""
    return (PROCEDURE,)


__all__ = ["PROCEDURE", "openprocurement_procedures"]
