"""The API that is put through energy service tenders."""

from __future__ import annotations

import pytest


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    """Settings with this procedure alone."""
    return settings | {"plugins": "esco documents"}
