"""The API that is put through the open procedure."""

from __future__ import annotations

import pytest


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    """Settings with this procedure alone."""
    return settings | {"plugins": "aboveThresholdUA documents"}
