"""Lives of negotiations; together they pass through every state and every move that is declared, of the quick form too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.scenario import Scenario
from procedures.reporting.tests.play import Play


def a_contract_is_signed(api: Api, kind: str) -> None:
    """A draft is published, a supplier is dropped, another confirmed, its contract signed after the stand-still."""
    play = Play(api, kind, status="draft")
    play.act("", {"status": "active"})
    play.decide(play.name(), "unsuccessful")
    play.conclude()
    assert play.status == "complete"


def a_decision_is_taken_back(api: Api, kind: str) -> None:
    """A confirmed award is taken back, and its contract with it, also a signed one of an old document."""
    for status in ("pending", "active"):
        play = Play(api, kind, lots=2)
        award = play.confirmed(play.lots[0])
        play.forge(contracts=[contract | {"status": status} for contract in play.doc["contracts"]])
        if status == "pending":
            play.decide(award, "cancelled")
        else:
            play.cancel(play.lots[0])
        assert play.doc["contracts"][0]["status"] == "cancelled"


def lots_end_each_in_its_way(api: Api, kind: str) -> None:
    """One lot is contracted, one fails with that, one is given up with a supplier under consideration."""
    play = Play(api, kind, lots=3)
    failed, won, given_up = play.lots
    play.decide(play.name(failed), "unsuccessful")
    play.conclude(won)
    play.name(given_up)
    play.cancel(given_up)
    assert [lot["status"] for lot in play.doc["lots"]] == ["unsuccessful", "complete", "cancelled"]
    assert play.status == "complete"


def no_lot_is_contracted(api: Api, kind: str) -> None:
    """In documents of the old toolkit a lot could fail though no other was contracted; the last one is given up."""
    play = Play(api, kind, lots=2)
    lots = play.doc["lots"]
    play.forge(lots=[lots[0] | {"status": "unsuccessful"}, lots[1]])
    play.cancel(lots[1]["id"])
    assert play.status == "unsuccessful"


def the_purchase_is_given_up(api: Api, kind: str) -> None:
    """A purchase is given up as a whole or lot by lot, as a draft and later, with what was awarded."""
    for lots in (0, 2):
        for status in ("draft", "active"):
            play = Play(api, kind, lots=lots, status=status)
            if status == "active":
                play.confirmed(*play.lots[:1])
            for lot in play.lots or [""]:
                play.cancel(lot)
            assert play.status == "cancelled"
    play = Play(api, kind)
    play.name()
    play.act(f"/cancellations/{play.cancel(status='pending').id}", {"status": "active"})
    assert play.status == "cancelled"


def complaints_end_in_every_way(api: Api, kind: str) -> None:
    """Complaints are withdrawn, turned away, decided, stopped; an upheld one is settled by the buyer."""
    play = Play(api, kind)
    award = play.confirmed()
    for statuses in WAYS:
        complaint = play.complain(award)
        play.rule(complaint, *statuses)
    for statuses in STOPPED:
        complaint = play.rule(play.complain(award), *statuses[:-1])
        api.patch(complaint, {"status": "stopping", "cancellationReason": "Помилка"})
        play.rule(complaint, statuses[-1])
    settle(play, play.rule(play.complain(award), "accepted", "satisfied"))
    draft = play.complain(award, "draft")
    api.patch(draft, {"status": "pending"})
    play.rule(draft, "stopped")
    api.patch(play.complain(award, "draft"), {"status": "cancelled", "cancellationReason": "Помилка"})
    play.decide(award, "cancelled")


WAYS = (("invalid",), ("mistaken",), ("stopped",), ("accepted", "declined"), ("accepted", "stopped"))
STOPPED = (
    ("stopped",),
    ("invalid",),
    ("mistaken",),
    ("accepted", "stopped"),
    ("accepted", "declined"),
    ("accepted", "satisfied"),
)
"""What the review body does before and after it was asked to stop."""


def settle(play: Play, complaint: Thing) -> None:
    """The buyer says what it did about an upheld complaint."""
    news = {"tendererAction": "Рішення переглянуто", "status": "resolved"}
    play.api.patch(complaint.path, news, token=play.tender.token)


def complaints_of_every_status(play: Play) -> Play:
    """An award with complaints that are not closed, one in each status."""
    award = play.confirmed(*play.lots[:1])
    play.complain(award, "draft")
    play.complain(award)
    play.rule(play.complain(award), "accepted")
    play.rule(play.complain(award), "accepted", "satisfied")
    stopping = play.complain(award)
    play.api.patch(stopping, {"status": "stopping", "cancellationReason": "Помилка"})
    return play


LIVES: tuple[Callable[[Api, str], None], ...] = (
    a_contract_is_signed,
    a_decision_is_taken_back,
    lots_end_each_in_its_way,
    no_lot_is_contracted,
    the_purchase_is_given_up,
    complaints_end_in_every_way,
)


def scenarios(kind: str) -> tuple[Scenario, ...]:
    """All lives, of one kind of negotiation."""
    return tuple(partial(life, kind=kind) for life in LIVES)
