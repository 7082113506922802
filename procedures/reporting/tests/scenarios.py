"""Lives of purchases that were reported; together they pass through every state and every move that is declared."""

from __future__ import annotations

from openprocurement_api.testing.client import Api
from openprocurement_api.testing.scenario import Scenario

from .play import Play, recorded


def a_contract_is_signed(api: Api) -> None:
    """A draft is published, a supplier is dropped, another one confirmed, its contract signed."""
    play = Play(api, status="draft")
    play.act("", {"status": "active"})
    play.decide(play.name(), "unsuccessful")
    play.conclude()
    assert play.status == "complete"


def a_contract_is_reported(api: Api) -> None:
    """A concluded contract is reported in one go."""
    assert recorded(api).status == "complete"


def a_decision_is_taken_back(api: Api) -> None:
    """A confirmed award is taken back, and its contract with it."""
    play = Play(api)
    play.decide(play.confirmed(), "cancelled")
    assert play.doc["contracts"][0]["status"] == "cancelled"


def a_signed_contract_is_cancelled_with_its_award(api: Api) -> None:
    """Documents of the old toolkit may hold a signed contract in a tender that goes on; its award may still be taken back."""
    play = Play(api)
    play.confirmed()
    (contract,) = play.doc["contracts"]
    play.forge(contracts=[contract | {"status": "active"}])
    award = play.doc["awards"][0]
    play.act(f"/awards/{award['id']}", {"status": "cancelled"})
    assert play.doc["contracts"][0]["status"] == "cancelled"


def the_purchase_is_given_up(api: Api) -> None:
    """A purchase is given up: as a draft, with a supplier under consideration, and with a confirmed one."""
    draft = Play(api, status="draft")
    draft.cancel()
    considering, confirming = Play(api), Play(api)
    considering.name()
    considering.act(f"/cancellations/{considering.cancel(status='pending').id}", {"status": "active"})
    confirming.confirmed()
    confirming.cancel()
    assert {play.status for play in (draft, considering, confirming)} == {"cancelled"}


SCENARIOS: tuple[Scenario, ...] = (
    a_contract_is_signed,
    a_contract_is_reported,
    a_decision_is_taken_back,
    a_signed_contract_is_cancelled_with_its_award,
    the_purchase_is_given_up,
)
