"""The command `openprocurement dialogue`, in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from openprocurement_api.settings import seconds
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.processes import PATIENCE
from plugins.dialogue import openprocurement_services
from procedures.competitive_dialogue.tests.play import Play


@pytest.fixture
def ini(settings: dict[str, str], tmp_path: Path) -> Path:
    settings |= {"storage.url": f"sqlite:///{tmp_path}/store.db", "log.level": "INFO"}
    path = tmp_path / "installation.ini"
    lines = "\n".join(f"{name} = {value}" for name, value in settings.items())
    path.write_text(f"[app:main]\nuse = egg:openprocurement-api#main\n{lines}\n")
    return path


def command(ini: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "openprocurement_api", "dialogue", str(ini), *options]


def test_once(ini: Path, settings: dict[str, str]):
    play = Play(Api.start(settings)).talks().wait()
    subprocess.run(command(ini, "--once"), check=True, timeout=PATIENCE, capture_output=True)
    assert play.status == "complete"


def test_until_it_is_told_to_stop(ini: Path):
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command(ini, "--interval", "0.1"), **piped) as process:
        try:
            assert any("dialogue_started" in line for line in process.stdout)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


def test_it_runs_beside_the_api():
    assert openprocurement_services(ini="x.ini") == (("dialogue", ["dialogue", "x.ini"]),)


@pytest.mark.parametrize("text", ["0", "-1", "inf", "soon"])
def test_an_interval_is_a_number_above_zero(text: str):
    with pytest.raises(ValueError, match=r"^it is not a number( above zero)?$"):
        seconds(text)
