"""What the reporting procedure doubts, and the guards and effects of a purchase without competition."""

from __future__ import annotations

from dataclasses import dataclass

from openprocurement_api.domain.actors import CLOCK
from openprocurement_api.domain.context import Ctx
from openprocurement_api.domain.guards import TENDER_OVER
from openprocurement_api.domain.money import exact
from openprocurement_api.domain.refusal import Refusal
from openprocurement_api.domain.workflow import Doc
from openprocurement_api.nodes.contract import EDITABLE, drawn_up, within_award

TELLING = EDITABLE - {"status"} | {"id", "documents"}
"""What a contract that comes with its tender says itself; the rest follows from the tender and the award."""


@dataclass(frozen=True)
class Rules:
    """What the law, or a country's profile, may change."""

    plausible_factor: int = 5
    """An award of more than so many times the expected value is probably a slip of the pen."""


# --- changing the tender


def clock_has_no_power(ctx: Ctx) -> Refusal | bool:
    """time changes nothing in a purchase without competition"""
    mine = CLOCK in ctx.actors and ctx.root["status"] not in TENDER_OVER
    return not mine or Refusal("Chronograph has no power over me!")


def no_award_yet(ctx: Ctx) -> Refusal | bool:
    """no award has been given"""
    open_ = not ctx.root.get("awards") or ctx.root["status"] in TENDER_OVER
    return open_ or Refusal("Can't update tender when there is at least one award.")


# --- what is reported as concluded


def forget_record(ctx: Ctx) -> None:
    """awards and contracts that came with it are left out: only what is announced as complete has them"""
    for name in ("awards", "contracts") if ctx.root["status"] != "complete" else ():
        ctx.root.pop(name, None)


def one_award_one_contract(ctx: Ctx) -> Refusal | bool:
    """one award and its contract came with the tender"""
    counts = [len(ctx.root.get(name, ())) for name in ("awards", "contracts")]
    return counts == [1, 1] or Refusal("A complete tender comes with exactly one award and its contract")


def contract_keeps_to_award(ctx: Ctx) -> Refusal | bool:
    """the value of the contract is not above that of the award, in its currency and with its tax"""
    value = ctx.root["contracts"][0].get("value")
    return value is None or within_award(value, ctx.root["awards"][0].get("value"))


def record(ctx: Ctx) -> None:
    """the award is active and the contract signed"""
    (award,), (contract,) = ctx.whole.below("awards"), ctx.whole.below("contracts")
    award.move("active")
    told = {name: value for name, value in contract.doc.items() if name in TELLING}
    contract.doc.clear()
    contract.doc.update(drawn_up(award, 1) | told)
    contract.move("active")


# --- what is doubted


def plausible(ctx: Ctx) -> Refusal | bool:
    """the award does not exceed the expected value many times"""
    given, expected, factor = ctx.doc.get("value"), ctx.root["value"], ctx.procedure.rules.plausible_factor
    if given is None or given["currency"] != expected["currency"]:
        return True
    if exact(given["amount"]) <= factor * exact(expected["amount"]):
        return True
    much = f"The award ({amount(given)}) is more than {factor} times the expected value ({amount(expected)})"
    return Refusal(f"{much}. Is it a slip of the pen?", "value")


def amount(value: Doc) -> str:
    """An amount with its currency."""
    return f"{value['amount']} {value['currency']}"
