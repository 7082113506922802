"""Energy service tenders, where these tests begin."""

from __future__ import annotations

import pytest

from procedures.esco.tests import data
from procedures.esco.tests.play import Play


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "esco documents"}


@pytest.fixture
def play(api):
    """A tender without lots, in active.tendering."""
    return Play(api)


@pytest.fixture
def divided(api):
    """A tender with two lots, in active.tendering."""
    return Play(api, lots=2)


@pytest.fixture
def budgeted(api):
    """A tender financed from a budget, in active.tendering."""
    return Play(api, funding=data.BUDGET)
