"""The API with the purchases without competition."""

from __future__ import annotations

import pytest


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "belowThreshold reporting negotiation negotiation.quick documents"}
