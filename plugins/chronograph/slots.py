"""Slots: half hours of working days in which auctions begin, some streams side by side. Pure functions on the plan of a day.

The plan of a day is a document `{"id", "date", "mode", "stream_1": {"11:00:00": key, ...}, "stream_2": ...}`; a key is the id of
a tender, or `<tender>_<lot>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from openprocurement_api.domain.calendar import DAY, Calendar
from openprocurement_api.domain.workflow import Doc

OPENS, CLOSES = time(11), time(16)
SLOT = timedelta(minutes=30)
NOTICE = timedelta(hours=1)
"""Auctions are planned no sooner than this from now, and from shouldStartAfter."""
STREAM = "stream_"
NIGHT = datetime.combine(date.min, time())


def times() -> Iterator[time]:
    """When the slots of a day begin, local time."""
    begin, end = datetime.combine(date.min, OPENS), datetime.combine(date.min, CLOSES)
    while begin < end:
        yield begin.time()
        begin += SLOT


TIMES = tuple(slot.isoformat() for slot in times())


@dataclass(frozen=True, slots=True)
class Booking:
    """One auction's slot: `mode` is that of the tender, `slot` one of TIMES."""

    mode: str
    day: date
    slot: str
    key: str

    def start(self, zone: ZoneInfo) -> datetime:
        """When the auction begins: some seconds into the slot, spread evenly over auctions, always the same for this one."""
        digest = sha256(f"{self.day}{self.slot}{self.key}".encode()).digest()
        seconds = int.from_bytes(digest[:8]) % int(SLOT.total_seconds())
        return datetime.combine(self.day, time.fromisoformat(self.slot), zone) + timedelta(seconds=seconds)


def booking_of(mode: str, key: str, start: datetime, zone: ZoneInfo) -> Booking:
    """The slot in which a start lies, whether that is inside working hours or not."""
    local = start.astimezone(zone)
    since_midnight = timedelta(hours=local.hour, minutes=local.minute)
    return Booking(mode, local.date(), (NIGHT + since_midnight // SLOT * SLOT).time().isoformat(), key)


def days(earliest: datetime, calendar: Calendar, zone: ZoneInfo) -> Iterator[date]:
    """The working days on which an auction may be held that must not begin before `earliest`, endlessly."""
    local = (earliest + NOTICE).astimezone(zone)
    day = local.date() if local.time() < OPENS else local.date() + DAY
    while True:
        day = calendar.next_working(day, DAY)
        yield day
        day += DAY


def plan_id(mode: str, day: date) -> str:
    """The id of the plan of a day."""
    return f"plan{mode}_{day.isoformat()}"


def empty(mode: str, day: date) -> Doc:
    """The plan of a day on which nothing is booked."""
    return {"id": plan_id(mode, day), "date": day.isoformat()} | ({"mode": mode} if mode else {})


def booked(plan: Doc) -> Iterator[tuple[str, str, str]]:
    """Stream, slot and key of everything that is booked."""
    for stream, taken in plan.items():
        if stream.startswith(STREAM):
            yield from ((stream, slot, key) for slot, key in taken.items())


def slot_of(plan: Doc, key: str) -> str | None:
    """The slot that is booked for a key; None if there is none."""
    return next((slot for _, slot, holder in booked(plan) if holder == key), None)


def vacancy(plan: Doc, streams: int) -> tuple[str, str] | None:
    """The first free stream and slot, stream by stream; None on a full day."""
    names = [f"{STREAM}{number}" for number in range(1, streams + 1)]
    return next(((name, slot) for name in names for slot in TIMES if slot not in plan.get(name, {})), None)


def book(plan: Doc, key: str, streams: int) -> str | None:
    """The slot of a key, booked in the plan unless it was before; None on a full day."""
    if had := slot_of(plan, key):
        return had
    if free := vacancy(plan, streams):
        stream, slot = free
        plan.setdefault(stream, {})[slot] = key
        return slot
    return None


def free(plan: Doc, booking: Booking) -> None:
    """Take a booking out of the plan, if it is there."""
    for stream, slot, key in tuple(booked(plan)):
        if (slot, key) == (booking.slot, booking.key):
            del plan[stream][slot]
