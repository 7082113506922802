"""Whether an answer is like a recorded one: same keys, same values, but for what no two runs have in common.

What differs from run to run is held together all the same: an id or token that stood in the recording stands for one and the
same id of ours wherever it comes up again, and moments are equal to the minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

HEX = re.compile(r"[0-9a-f]{32}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+\d\d:\d\d)?")
SIGNATURE = re.compile(r"(KeyID|Signature)=[^&]*")
HOSTS = {
    "http://api-sandbox.openprocurement.org/api/2.3": "http://localhost/api/2.5",
    "http://public.docs-sandbox.openprocurement.org": "http://localhost/docservice",
    "/api/2.3": "/api/2.5",
}
KEPT_INSIDE = re.compile(r"/documents/[0-9a-f]{32}\?download=[0-9a-f]{32}$")
"""Ends of recorded addresses of files that the API kept itself; SIGNED begins ours, of the document service."""
SIGNED = "/docservice/get/"
ADDED = frozenset({"access.transfer"})
"""Keys that this API answers with and the recorded one did not."""
CURSORS = re.compile(r"^(next|prev)_page\.")
"""Opaque in this API, dates in the recorded one."""
TOLERANCE = timedelta(minutes=1)


class Names(dict[str, str]):
    """Recorded ids, tokens and keys, and what they are in this run."""

    def translate(self, text: str) -> str:
        """A recorded text with the hosts and the ids of this run."""
        for there, here in HOSTS.items():
            text = text.replace(there, here)
        return HEX.sub(lambda found: self.get(found[0], found[0]), text)

    def learn(self, recorded: str, ours: str) -> bool:
        """Take one as standing for the other; False if it stands for something else already."""
        theirs, mine = HEX.findall(recorded), HEX.findall(ours)
        return len(theirs) == len(mine) and all(self.setdefault(a, b) == b for a, b in zip(theirs, mine, strict=True))


def differences(recorded: Any, ours: Any, names: Names, path: str = "") -> Iterator[str]:
    """Every way in which our answer is unlike the recorded one, one sentence each."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        yield from in_keys(recorded, ours, names, path)
    elif isinstance(recorded, list) and isinstance(ours, list):
        if len(recorded) != len(ours):
            yield f"{path}: {len(ours)} elements, not {len(recorded)}"
        for place, (one, other) in enumerate(zip(recorded, ours, strict=False)):
            yield from differences(one, other, names, f"{path}[{place}]")
    elif isinstance(recorded, str) and isinstance(ours, str):
        if not (CURSORS.match(path) or alike(recorded, ours, names)):
            yield f"{path}: {ours!r}, not {recorded!r}"
    elif type(recorded) is not type(ours) or recorded != ours:
        yield f"{path}: {ours!r}, not {recorded!r}"


def in_keys(recorded: dict[str, Any], ours: dict[str, Any], names: Names, path: str) -> Iterator[str]:
    """The differences of two objects."""
    places = {name: f"{path}.{name}".lstrip(".") for name in (*recorded, *ours)}
    yield from (f"{places[name]} is missing" for name in recorded if name not in ours)
    added = ADDED | ({f"{path}.hash"} if KEPT_INSIDE.search(str(recorded.get("url"))) else set())
    yield from (f"{places[name]} is not recorded" for name in ours if name not in recorded and places[name] not in added)
    for name, value in recorded.items():
        if name in ours:
            yield from differences(value, ours[name], names, places[name])


def alike(recorded: str, ours: str, names: Names) -> bool:
    """Whether two texts are equal but for ids, hosts, signatures, and a minute."""
    if KEPT_INSIDE.search(recorded) and SIGNED in ours:
        return True
    if MOMENT.fullmatch(recorded):
        return bool(MOMENT.fullmatch(ours)) and abs(moment(recorded) - moment(ours)) < TOLERANCE
    return names.learn(recorded, ours) and plain(names.translate(recorded)) == plain(ours)


def moment(text: str) -> datetime:
    """A recorded moment."""
    return datetime.fromisoformat(text)


def plain(text: str) -> str:
    """A text without the values of signatures."""
    return SIGNATURE.sub(r"\1", text)
