"""Dialogues in their first stage, and second stages that a bridge has opened, where most of these tests begin."""

from __future__ import annotations

import pytest

from procedures.competitive_dialogue.tests.play import Play
from procedures.competitive_dialogue.tests.second_play import SecondEU, SecondUA

KINDS = ("competitiveDialogueEU", "competitiveDialogueUA")


@pytest.fixture
def settings(settings):
    types = " ".join(f"{kind} {kind}.stage2" for kind in KINDS)
    return settings | {"plugins": f"{types} documents"}


@pytest.fixture(params=KINDS)
def play(api, request):
    """A first stage of each kind, without lots, in active.tendering."""
    return Play(api, procurementMethodType=request.param)


@pytest.fixture
def divided(api):
    """A first stage with two lots, in active.tendering."""
    return Play(api, lots=2)


@pytest.fixture(params=[SecondEU, SecondUA])
def second(api, request):
    """A second stage of each kind, without lots, in active.tendering."""
    return request.param(api)


@pytest.fixture(params=[SecondEU, SecondUA])
def draft(api, request):
    """A second stage of each kind that its buyer has taken over and not begun."""
    return request.param(api, status="draft")
