"""The tests measure themselves truly, and do not hold what they have used."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from pathlib import Path

from coverage import CoverageData

from openprocurement_api.testing.client import Api

ROOT = Path(__file__).parents[2]
SLOW = """
import time
from xdist.workermanage import NodeManager

NodeManager.EXIT_TIMEOUT = 0.1

def pytest_unconfigure(config):
    if hasattr(config, "workerinput"):
        time.sleep(60)
"""
TEST = "def test_something():\n    assert True\n"
CONFIG = "[run]\nparallel = true\npatch = subprocess\ndata_file = {0}/data\nsource = {0}\ndisable_warnings = no-data-collected\n"


def test_a_worker_that_is_killed_at_its_end_has_told_what_it_ran(tmp_path):
    for name, text in {"slow.py": SLOW, "test_it.py": TEST, "rc": CONFIG.format(tmp_path)}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "conftest.py").write_text((ROOT / "conftest.py").read_text())
    measured, options = ["-m", "coverage", "run", "--rcfile=rc"], ["-n1", "-p", "slow", "-p", "no:cacheprovider", "--rootdir=."]
    command = [sys.executable, *measured, "-m", "pytest", "-q", *options, "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    ran = set()
    for file in tmp_path.glob("data.*"):
        data = CoverageData(str(file))
        data.read()
        ran |= set(data.lines(str(tmp_path / "test_it.py")) or ())
    assert 2 in ran


def test_an_application_that_nobody_uses_any_more_is_gone(settings):
    api = Api.start(settings)
    api.tender()
    registry = weakref.ref(api.registry)
    del api
    Api.end_all()
    gc.collect()
    assert registry() is None
