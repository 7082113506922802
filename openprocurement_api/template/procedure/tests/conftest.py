"""The API of these tests serves this procedure alone."""

from __future__ import annotations

import pytest

from ..states import PROCEDURE


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    """The name of the plugin is the type of the procedure."""
    return settings | {"plugins": f"{PROCEDURE.method_type} documents"}
