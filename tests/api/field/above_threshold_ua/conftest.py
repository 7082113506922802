"""The open procedure in the hands of the tests of this folder."""

from __future__ import annotations

import pytest

from openprocurement_api.testing import builders
from procedures.above_threshold_ua.tests.play import Play


@pytest.fixture
def settings(settings):
    """Settings with this procedure alone."""
    return settings | {"plugins": "aboveThresholdUA documents"}


@pytest.fixture
def play(api):
    """A tender that is open to bids for 16 days: from Monday, 2 March, to Wednesday, 18 March 2026, at nine."""
    return Play(api)


@pytest.fixture
def lots(api):
    """The same with two lots."""
    return Play(api, lots=2)


@pytest.fixture
def awarding(play):
    """Two bids were opened: the first, of 440, is considered."""
    return play.awarding(440, 450)


@pytest.fixture
def refused(api):
    """Asserts that a request is refused with one sentence about `name`."""

    def check(message, method, path, data=None, *, status=403, name="data", location="body", **options):
        errors = api.refused(method, path, data, status=status, **options)
        assert errors == [builders.problem(name, message, location)]

    return check
