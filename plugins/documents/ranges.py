"""The `Range` header (RFC 9110, 14.2): one range of bytes."""

from __future__ import annotations

import re

from openprocurement_api.errors import ApiError, Problem

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(ApiError):
    """The range lies outside the file of `size` bytes."""

    status = 416

    def __init__(self, size: int) -> None:
        super().__init__(Problem("header", "Range", "Requested range not satisfiable"))
        self.size = size


def span(header: str | None, size: int) -> tuple[int, int] | None:
    """First and one-past-last byte that are asked for; None if the whole file is to be sent.

    So it is without a header, and with one that is malformed or asks for several ranges: a server may ignore those.
    Raises Unsatisfiable for a range outside the file.
    """
    match = _ONE_RANGE.fullmatch(header or "")
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise Unsatisfiable(size)
    return start, end
