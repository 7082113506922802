"""Above-threshold tenders with pre-qualification, where most of these tests begin."""

from __future__ import annotations

import pytest

from procedures.above_threshold_eu.tests.play import Play


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "aboveThresholdEU documents"}


@pytest.fixture
def play(api):
    """A tender without lots, in active.tendering."""
    return Play(api)


@pytest.fixture
def divided(api):
    """A tender with two lots, in active.tendering."""
    return Play(api, lots=2)


@pytest.fixture
def reviewed(play):
    """A tender with three bids, in active.pre-qualification."""
    return play.open_bids(450, 460, 470)
