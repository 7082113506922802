import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.documents.ranges import Unsatisfiable, span


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-5", (2, 6)),
        ("bytes=2-", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-300", (0, 10)),
        ("bytes=8-300", (8, 10)),
        ("Bytes = 1 - 2", (1, 3)),
        (None, None),
        ("", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=0-1,4-5", None),
        ("lines=1-2", None),
        ("bytes=a-b", None),
        (f"bytes=0-{'9' * 5000}", None),
    ],
)
def test_spans_of_ten_bytes(header, expected):
    assert span(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_outside_of_ten_bytes(header):
    with pytest.raises(Unsatisfiable) as raised:
        span(header, 10)
    assert raised.value.size == 10


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50))
def test_a_span_is_what_slicing_gives(first, last, size):
    content = bytes(range(size))
    try:
        found = span(f"bytes={first}-{last}", size)
    except Unsatisfiable:
        assert content[first : last + 1] == b""
    else:
        assert found is None if last < first else content[slice(*found)] == content[first : last + 1]
