"""Settings: what is unknown, missing or malformed stops the start with the line of the ini file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from openprocurement_api import settings

LEAST = {"storage.url": "memory:", "auth.file": "auth.ini", "plugins": "a, b\nc"}


def test_defaults_and_conversion() -> None:
    read = settings.read(LEAST, ())
    assert read["plugins"] == ("a", "b", "c")
    assert read["timezone"] == ZoneInfo("Europe/Kyiv")
    assert read["sandbox_mode"] is False
    assert set(read) == {option.name for option in settings.OPTIONS}
    assert len(read) == len(settings.OPTIONS)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("sandbox_mode", "perhaps", "setting 'sandbox_mode' ({ini}, line 2): 'perhaps': it is neither true nor false"),
        ("timezone", "Europe/Nowhere", "setting 'timezone' ({ini}, line 2): 'Europe/Nowhere': there is no such time zone"),
        ("conflict_retries", "many", "setting 'conflict_retries' ({ini}, line 2): 'many': it is not a whole number"),
        ("conflict_retries", "-1", "setting 'conflict_retries' ({ini}, line 2): '-1': it is less than 0"),
        ("answers.megabytes", "-1", "setting 'answers.megabytes' ({ini}, line 2): '-1': it is less than 0"),
        ("max_body", "0", "setting 'max_body' ({ini}, line 2): '0': it is less than 1"),
        ("storage.ulr", "memory:", "unknown setting 'storage.ulr' ({ini}, line 2)"),
    ],
)
def test_a_wrong_key_is_named_with_its_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    ini = tmp_path / "x.ini"
    ini.write_text(f"[app:main]\n{name} = {text}\n")
    with pytest.raises(settings.SettingsError) as caught:
        settings.read({**LEAST, name: text}, (), ini=str(ini))
    assert str(caught.value) == message.format(ini=ini)


def test_a_key_that_is_not_in_the_file_is_named_with_the_file(tmp_path: Path) -> None:
    ini = tmp_path / "x.ini"
    ini.write_text("[app:main]\n")
    with pytest.raises(settings.SettingsError, match=r"unknown setting 'odd' \(.*x.ini\)"):
        settings.read({**LEAST, "odd": "1"}, (), ini=str(ini))


def test_a_wrong_value_of_the_environment_is_named_with_its_variable(tmp_path: Path) -> None:
    ini = tmp_path / "x.ini"
    ini.write_text("[app:main]\ntimezone = Europe/Kyiv\n")
    told = r"setting 'timezone' \(OPENPROCUREMENT_TIMEZONE\): 'Europe/Nowhere': there is no such time zone"
    with pytest.raises(settings.SettingsError, match=told):
        settings.read(LEAST, (), ini=str(ini), environment={"OPENPROCUREMENT_TIMEZONE": "Europe/Nowhere"})


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(settings.SettingsError, match=r"setting 'auth.file' is missing in dev.ini: The INI file"):
        settings.read({"storage.url": "memory:", "plugins": ""}, (), ini="dev.ini")


def test_the_environment_goes_before_the_file() -> None:
    environment = {"OPENPROCUREMENT_STORAGE_URL": "sqlite:///x.db", "OPENPROCUREMENT_X_COUNT": "4", "OTHER": "1"}
    option = settings.Option("x.count", settings.whole, 3, "A number")
    found = settings.overridden(LEAST, environment, [option])
    assert found == {**LEAST, "storage.url": "sqlite:///x.db", "x.count": "4"}


def test_relative_paths_start_at_the_ini_file(tmp_path: Path) -> None:
    ini = tmp_path / "x.ini"
    ini.write_text("")
    assert settings.read(LEAST, (), ini=str(ini)).path("auth.file") == tmp_path / "auth.ini"


def test_a_plugins_option_is_known() -> None:
    option = settings.Option("x.count", settings.whole, 3, "A number")
    assert settings.read(LEAST, [option])["x.count"] == 3
    assert settings.read({**LEAST, "x.count": "4"}, [option])["x.count"] == 4
    assert settings.read({**LEAST, "x.count": 5}, [option])["x.count"] == 5


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (settings.seconds, "soon", "it is not a number"),
        (settings.seconds, "0", "it is not a number above zero"),
        (settings.seconds, "nan", "it is not a number above zero"),
        (settings.seconds, "inf", "it is not a number above zero"),
        (settings.whole, "1.5", "it is not a whole number"),
        (settings.whole, "", "it is not a whole number"),
        (lambda text: settings.whole(text, most=65_535), "65536", "it is more than 65535"),
    ],
)
def test_a_number_that_cannot_be_is_told_in_a_sentence(read: Callable[[str], float], text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        read(text)


def test_numbers_at_their_bounds() -> None:
    assert (settings.whole("0"), settings.positive(" 1 "), settings.whole("7", 7, 7), settings.seconds("0.5")) == (0, 1, 7, 0.5)
