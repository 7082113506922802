"""Derive the data files of this package from the published code lists.

Usage: `python -m openprocurement_api.codelists.derive FOLDER`, where FOLDER holds

- `cpv_2008_en_fr_uk_ro.csv`: the Common Procurement Vocabulary, Commission Regulation (EC) No 213/2008, column `code`;
- `prozorro_identifier_scheme.json`: the registers of organizations collected by org-id.guide, in the shape of the IATI list
  OrganisationRegistrationAgency;
- `prozorro_workdays_off.json`, `prozorro_weekends_on.json`: ISO dates from the calendar of the government of Ukraine (its
  yearly orders on moving working days), as Prozorro publishes them.

Only codes and dates are taken; names and descriptions stay with their publishers.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

CALENDAR_NOTE = "Government of Ukraine, orders on moving working days; as published by Prozorro. ISO dates."


def derive(source: Path, target: Path) -> None:
    """Write the data files to `target`; raises OSError, KeyError or ValueError when a source is missing or misshapen."""
    with (source / "cpv_2008_en_fr_uk_ro.csv").open(encoding="utf-8", newline="") as rows:
        write_codes(target / "cpv.txt", (row["code"] for row in csv.DictReader(rows)))
    registers = read_json(source / "prozorro_identifier_scheme.json")["data"]
    write_codes(target / "identifier_schemes.txt", (register["code"] for register in registers))
    days = {
        "source": CALENDAR_NOTE,
        "weekends-on": sorted(read_json(source / "prozorro_weekends_on.json")),
        "workdays-off": sorted(read_json(source / "prozorro_workdays_off.json")),
    }
    (target / "working_days.json").write_bytes(msgspec.json.encode(days) + b"\n")


def write_codes(path: Path, codes: Iterable[str]) -> None:
    """One code a line, sorted, each once."""
    path.write_text("".join(f"{code}\n" for code in sorted(set(codes))), encoding="utf-8")


def read_json(path: Path) -> Any:
    """The decoded file."""
    return msgspec.json.decode(path.read_bytes())


if __name__ == "__main__":
    derive(Path(sys.argv[1]), Path(__file__).parent)
