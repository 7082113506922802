"""The plans of days in the store, changed by compare-and-swap: any number of planners may work on them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from openprocurement_api.domain.workflow import Doc
from openprocurement_api.storage.base import Kind, Missing, RevConflict, Store, Stored

from . import slots
from .slots import Booking

PLAN_DAY = Kind("plan_day", stamp="date")
HORIZON = 366
"""Working days ahead that are looked at; beyond them, something is wrong."""
RACES = 100
SWEEP = timedelta(minutes=10)
"""How often a full day is searched for slots whose tenders moved on."""
T = TypeVar("T")


class NoSlot(Exception):
    """No slot is free within the horizon, or others were faster again and again."""


class Plans:
    """Books and frees slots. `stale(booking)` tells whether a slot is kept by an auction that will not use it."""

    def __init__(self, store: Store, streams: int, stale: Callable[[Booking], bool]) -> None:
        self.store = store
        self.streams = streams
        self.stale = stale
        self._swept: dict[str, datetime] = {}

    def take(self, mode: str, key: str, days: Iterable[date], now: datetime) -> Booking:
        """The slot of an auction on one of these days: the one it has, else the first free one. Raises NoSlot."""
        days = tuple(islice(days, HORIZON))
        for _ in range(RACES):
            day = self._find(mode, key, days, now)
            slot = self._change(mode, day, lambda plan: slots.book(plan, key, self.streams))
            if slot:
                return Booking(mode, day, slot, key)
        raise NoSlot(f"others were faster {RACES} times")

    def release(self, booking: Booking) -> None:
        """Free a slot, if it is booked so."""
        self._change(booking.mode, booking.day, lambda plan: slots.free(plan, booking))

    def _find(self, mode: str, key: str, days: Iterable[date], now: datetime) -> date:
        """The day on which the auction is booked already, else the first one with room. Raises NoSlot.

        A slot is taken on the first day with room: a booking of an earlier attempt lies before the first day without a plan.
        """
        room: date | None = None
        for day in days:
            plan = self._plan(mode, day)
            if plan is None:
                return room or day
            if slots.slot_of(plan, key):
                return day
            if room is None and (slots.vacancy(plan, self.streams) or self._sweep(mode, day, plan, now)):
                room = day
        if room is None:
            raise NoSlot(f"no slot is free on the next {HORIZON} working days")
        return room

    def _sweep(self, mode: str, day: date, plan: Doc, now: datetime) -> bool:
        """Free the slots of a full day whose auctions moved on; whether there were any."""
        if plan["id"] in self._swept and now < self._swept[plan["id"]] + SWEEP:
            return False
        bookings = [Booking(mode, day, slot, key) for _, slot, key in slots.booked(plan)]
        gone = [booking for booking in bookings if self.stale(booking)]
        for booking in gone:
            self.release(booking)
        self._swept = {name: at for name, at in self._swept.items() if now < at + SWEEP} | {plan["id"]: now}
        return bool(gone)

    def _plan(self, mode: str, day: date) -> Doc | None:
        stored = self._stored(mode, day)
        return stored.body if stored else None

    def _stored(self, mode: str, day: date) -> Stored | None:
        try:
            return self.store.get(PLAN_DAY.name, slots.plan_id(mode, day))
        except Missing:
            return None

    def _change(self, mode: str, day: date, edit: Callable[[Doc], T]) -> T:
        """Carry out an edit on the present plan of a day and save it, again if others were faster; returns what the edit did."""
        for _ in range(RACES):
            stored = self._stored(mode, day)
            before = stored.body if stored else slots.empty(mode, day)
            plan = stored.body if stored else slots.empty(mode, day)
            result = edit(plan)
            if plan == before:
                return result
            try:
                self.store.put(PLAN_DAY.name, plan["id"], plan, expect=stored.rev if stored else None)
            except RevConflict:
                continue
            return result
        raise NoSlot(f"others were faster {RACES} times")
