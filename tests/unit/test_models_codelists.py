"""Code lists: loaded once, derived from published files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from openprocurement_api import codelists
from openprocurement_api.codelists.derive import derive


def test_cpv_codes_have_a_check_digit():
    assert {"44617100-9", "99999999-9", "33695000-8"} <= codelists.cpv_codes()
    assert "44617100" not in codelists.cpv_codes()
    assert len(codelists.cpv_codes()) == 9458


def test_identifier_schemes():
    assert {"UA-EDR", "XM-DAC", "GB-COH"} <= codelists.identifier_schemes()
    assert "UA" not in codelists.identifier_schemes()


def test_holidays_fall_on_weekdays_and_working_weekends_on_weekends():
    assert date(2018, 8, 24) in codelists.holidays()
    assert date(2018, 12, 29) in codelists.working_weekends()
    assert {day.isoweekday() for day in codelists.holidays()} <= {1, 2, 3, 4, 5}
    assert {day.isoweekday() for day in codelists.working_weekends()} <= {6, 7}


def test_lists_are_read_once():
    assert codelists.cpv_codes() is codelists.cpv_codes()
    assert codelists.holidays() is codelists.holidays()


def test_derive(tmp_path: Path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    (source / "cpv_2008_en_fr_uk_ro.csv").write_text("code,en\n03100000-2,b\n03000000-1,a\n03000000-1,a\n")
    (source / "prozorro_identifier_scheme.json").write_text('{"data": [{"code": "UA-EDR", "name": "x"}]}')
    (source / "prozorro_weekends_on.json").write_text('["2016-03-12", "2016-01-16"]')
    (source / "prozorro_workdays_off.json").write_text('["2016-01-01"]')
    derive(source, target)
    assert (target / "cpv.txt").read_text() == "03000000-1\n03100000-2\n"
    assert (target / "identifier_schemes.txt").read_text() == "UA-EDR\n"
    days = msgspec.json.decode((target / "working_days.json").read_bytes())
    assert days["weekends-on"] == ["2016-01-16", "2016-03-12"]
    assert days["workdays-off"] == ["2016-01-01"]
    assert days["source"]
