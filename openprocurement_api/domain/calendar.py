"""Working days, and moments reckoned in local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: all but Saturdays, Sundays and `holidays`; `workdays` are worked though they are week-end days."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether the day is a working day."""
        return day in self.workdays or (day.weekday() < SATURDAY and day not in self.holidays)

    def add(self, moment: datetime, days: int, zone: ZoneInfo) -> datetime:
        """The moment `days` working days later (earlier, if negative), at the same time of day in the zone.

        A moment on a day off first moves to the midnight that ends the days off (begins them, going back).
        """
        local = moment.astimezone(zone)
        step = DAY if days >= 0 else -DAY
        if not self.works(local.date()):
            local = midnight(self.next_working(local.date(), step) + (DAY * 0 if days >= 0 else DAY), zone)
        day = local.date()
        for _ in range(abs(days)):
            day = self.next_working(day + step, step)
        return local.replace(year=day.year, month=day.month, day=day.day)

    def next_working(self, day: date, step: timedelta) -> date:
        """The day itself if it is worked, else the first worked one in the direction of `step`."""
        while not self.works(day):
            day += step
        return day


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day in the zone."""
    return datetime.combine(day, time(), zone)


def midnight_after(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself if it is midnight in the zone, else the next midnight."""
    local = moment.astimezone(zone)
    start = midnight(local.date(), zone)
    return start if local == start else midnight(local.date() + DAY, zone)
