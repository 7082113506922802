"""Code lists: the values that a standard or a law allows.

The data files beside this module hold codes only; `python -m openprocurement_api.codelists.derive` makes them anew and names
their sources. Each list is read when first asked for, and once.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

__all__ = ["cpv_codes", "holidays", "identifier_schemes", "working_weekends"]


class _Calendar(msgspec.Struct, rename="kebab"):
    weekends_on: frozenset[date]
    workdays_off: frozenset[date]


@cache
def cpv_codes() -> frozenset[str]:
    """Codes of the Common Procurement Vocabulary 2008 with their check digit, such as `44617100-9` (in Ukraine: ДК021)."""
    return _lines("cpv.txt")


@cache
def identifier_schemes() -> frozenset[str]:
    """Registers that identify organizations, such as `UA-EDR` (the list OrganisationRegistrationAgency)."""
    return _lines("identifier_schemes.txt")


def holidays() -> frozenset[date]:
    """Days from Monday to Friday on which Ukraine does not work."""
    return _calendar().workdays_off


def working_weekends() -> frozenset[date]:
    """Saturdays and Sundays on which Ukraine works."""
    return _calendar().weekends_on


@cache
def _calendar() -> _Calendar:
    return msgspec.json.decode(_read("working_days.json"), type=_Calendar)


def _lines(name: str) -> frozenset[str]:
    return frozenset(_read(name).split())


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
