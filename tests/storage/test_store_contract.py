"""The contract suite itself."""

from __future__ import annotations

from collections import Counter

from openprocurement_api.storage.contract import StoreContract


def test_no_part_of_the_contract_hides_a_test_of_another():
    names = Counter(name for part in StoreContract.__bases__ for name in vars(part) if name.startswith("test_"))
    assert names
    assert [name for name, times in names.items() if times > 1] == []
