"""The places in a tender's life where most of the field's tests begin."""

from __future__ import annotations

import pytest


@pytest.fixture
def enquiries(api):
    """A tender in active.enquiries."""
    return api.tender()


@pytest.fixture
def tender(enquiries):
    """An announced tender without lots; a test takes it where it likes."""
    return enquiries


@pytest.fixture
def tendering(api, enquiries):
    """A tender in active.tendering."""
    api.until(enquiries, "active.tendering")
    return enquiries
