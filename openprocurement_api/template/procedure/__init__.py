"""Requests for quotations: sealed prices until a moment, the best one is considered, a contract; no lots, no auction."""

from openprocurement_api.hookspecs import hookimpl

from .states import PROCEDURE


@hookimpl
def openprocurement_procedures() -> tuple[object, ...]:
    """This package brings one procedure."""
    return (PROCEDURE,)


__all__ = ["PROCEDURE", "openprocurement_procedures"]
