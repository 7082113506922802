"""What holds for every test of this repository, wherever it stands."""

from __future__ import annotations

import sys

import hypothesis
import pytest

# A slow machine is no failure of what is tested, and what fails, fails for everybody: the examples are the same in each run.
# `pytest --hypothesis-profile=default` tries others.
PATIENCE = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("patient", deadline=None, derandomize=True, suppress_health_check=PATIENCE)
hypothesis.settings.load_profile("patient")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Save what a worker of pytest-xdist measured before the worker says that it has finished.

    From then on it has ten seconds to end, with a last collection of garbage in them, and is killed after that. What coverage
    saves at the end of a process would be lost, without a word.
    """
    if hasattr(session.config, "workerinput") and "coverage" in sys.modules:
        measured = sys.modules["coverage"].Coverage.current()
        if measured:
            measured.stop()
            measured.save()
