"""The lives, secrets and walks of tenders whose bidders are reviewed first, played with offers of service companies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar
from unittest.mock import patch

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Thing
from openprocurement_api.testing.viewers import Vault
from procedures.above_threshold_eu.tests import scenarios, secrets, walks
from procedures.below_threshold.tests.secrets import document

from . import data
from .play import Play

T = TypeVar("T")


@contextmanager
def offers_of_companies() -> Iterator[None]:
    """While the block runs, tenders are for energy services, and secret bids have savings nobody may read."""
    with ExitStack() as stack:
        for module in (scenarios, secrets, walks):
            stack.enter_context(patch.object(module, "Play", Play))
        stack.enter_context(patch.object(secrets, "secret_bid", secret_bid))
        yield


def played(life: Callable[..., T]) -> Callable[..., T]:
    """The same, with offers of service companies."""

    def play(*arguments: object) -> T:
        with offers_of_companies():
            return life(*arguments)

    play.__doc__ = life.__doc__
    return play


def secret_bid(play: Play, vault: Vault, who: str) -> Thing:
    """A bid with a marker in every field that can hold one; what follows from them is a secret too."""
    name, street, person = (vault.text(f"{what} of {who}", who) for what in ("name", "street", "contact"))
    tenderer = builders.organization(name, "00000041")
    tenderer["address"] |= {"streetAddress": street}
    tenderer["contactPoint"] |= {"name": person}
    values = [secret_value(vault, who) for _ in play.lots or [""]]
    offers = [{"relatedLot": lot, "value": value} for lot, value in zip(play.lots, values, strict=False)]
    offer = {"lotValues": offers} if offers else {"value": values[0]}
    answers = [{"code": "years", "value": 0.03}]
    bid = play.api.post(f"{play.tender.path}/bids", offer | {"tenderers": [tenderer], "parameters": answers})
    play.bids.append(bid)
    vault.keep(bid.token, f"token of {who}")
    vault.keep(bid.id, f"id of {who}", who, "the log")
    for value in [each["value"] for each in (bid.data, *bid.data.get("lotValues", ())) if "value" in each]:
        for follows in ("amount", "amountPerformance"):
            vault.keep(f'"{follows}":{value[follows]}', f"amount of {who}", who)
    title = vault.text(f"document of {who}", who)
    play.api.post(f"{bid.path}/documents", document(play.api, title), token=bid.token)
    return bid


def secret_value(vault: Vault, who: str) -> Doc:
    """Terms that occur nowhere else, and from which other numbers follow than from those before."""
    savings = [vault.amount(f"amount of {who}", who), *data.SAVINGS[1:]]
    return data.value(0.9 + len(vault.secrets) / 10_000, annualCostsReduction=savings)
