"""JSON text and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openprocurement_api.domain.patching import changed
from openprocurement_api.storage.codec import decode, decode_beside, encode

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2), max_leaves=5
)
DOCS = st.dictionaries(st.sampled_from("abc"), VALUES)


@given(DOCS, DOCS)
def test_a_document_read_beside_another_is_the_same_document(doc, other):
    raw = encode(doc)
    found = decode_beside(raw, other)
    assert encode(found) == raw
    assert changed(found, other) == changed(decode(raw), other)


def test_what_is_written_alike_is_shared_and_nothing_else():
    other = {"same": {"a": [1]}, "like": 1.0, "other": [2], "more": None}
    found = decode_beside(b'{"same": {"a":[1]}, "like": 1, "other": [1], "less": null}', other)
    assert found == {"same": {"a": [1]}, "like": 1, "other": [1], "less": None}
    assert found["same"] is other["same"]
    assert isinstance(found["like"], int)
