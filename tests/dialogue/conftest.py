"""An API with dialogues and the bridge between their stages plugged in, both on one store with one clock."""

from __future__ import annotations

import pytest

from openprocurement_api.testing.client import Api
from plugins.dialogue.bridge import Bridge
from procedures.competitive_dialogue.tests.play import Play

TYPES = "competitiveDialogueEU competitiveDialogueUA competitiveDialogueEU.stage2 competitiveDialogueUA.stage2"


@pytest.fixture
def settings(settings):
    return settings | {"plugins": f"{TYPES} documents dialogue"}


@pytest.fixture
def bridge(api: Api) -> Bridge:
    return Bridge(api.registry.services)


@pytest.fixture
def waiting(api: Api) -> Play:
    """A dialogue without lots whose second stage is to be opened."""
    return Play(api).talks().wait()
