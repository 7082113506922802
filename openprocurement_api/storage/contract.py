"""The tests that make a backend a store. They are shipped, so that a backend kept elsewhere can prove itself too.

A backend's test module subclasses `StoreContract` and defines two fixtures::

    class TestMine(StoreContract):
        @pytest.fixture
        def store(self): ...     # an empty store, opened with contract.KINDS

        @pytest.fixture
        def reopen(self): ...    # a callable that gives another handle on the same data, as another process would have it
"""

from __future__ import annotations

from .contract_documents import DocumentContract
from .contract_due import DueContract
from .contract_feed import FeedContract
from .contract_kinds import KINDS
from .contract_moments import MomentContract
from .contract_races import RaceContract
from .contract_wholes import WholeContract

__all__ = ["KINDS", "StoreContract"]


class StoreContract(DocumentContract, FeedContract, MomentContract, DueContract, RaceContract, WholeContract):
    """All that a store promises, one test a promise."""
