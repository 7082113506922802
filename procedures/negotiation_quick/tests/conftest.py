"""The API with this procedure."""

from __future__ import annotations

import pytest


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "negotiation.quick documents"}
