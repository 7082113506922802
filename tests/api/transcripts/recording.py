"""Reading recorded exchanges: raw HTTP text, a request and the answer to it.

The folder with the recordings is named by the environment variable OPENPROCUREMENT_REFERENCE, or lies beside the repository
as `shared/reference`.
"""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VARIABLE = "OPENPROCUREMENT_REFERENCE"
BESIDE = Path(__file__).resolve().parents[4] / "shared" / "reference"
HEADERS = ("Content-Type", "Location")
"""Of an answer; the recordings have no others."""
STATUS = re.compile(r"^(?:Response: )?(\d{3}) [A-Z].*$", re.MULTILINE)
BODY = re.compile(r"\n+(?=[{\[]|null)")
"""What comes before the JSON of an answer; some were recorded without the empty line."""
DATA = "\nDATA:\n"
"""What parts some recorded headers from the body, in place of an empty line."""


@dataclass(frozen=True)
class Exchange:
    """One recorded request (`body` is its text, `user` the key) and what was answered: status, `headers`, JSON."""

    name: str
    method: str
    path: str
    user: str | None
    content_type: str
    body: str
    status: int
    headers: dict[str, str | None]
    answer: Any


def folder(family: str) -> Path | None:
    """The recordings of one family of documents; None where there are none."""
    found = Path(os.environ.get(VARIABLE, BESIDE)) / "transcripts" / family
    return found if found.is_dir() else None


def read(path: Path) -> Exchange:
    """One recorded exchange. Raises ValueError for a file that holds no answer."""
    text = path.read_text(encoding="utf-8").replace(DATA, "\n\n")
    answered = STATUS.search(text)
    if not answered:
        raise ValueError(f"{path.name}: no answer was recorded")
    first, headers, body = split(text[: answered.start()])
    method, target, _ = first.split(" ")
    _, answer_headers, answer = split(BODY.sub("\n\n", text[answered.start() :], count=1))
    return Exchange(
        name=path.stem,
        method=method,
        path=target,
        user=user(headers),
        content_type=headers.get("content-type", ""),
        body=body.strip(),
        status=int(answered[1]),
        headers={name: answer_headers.get(name.lower()) for name in HEADERS},
        answer=json.loads(answer),
    )


def split(text: str) -> tuple[str, dict[str, str], str]:
    """The first line, the headers with their names in lower case, and the rest."""
    head, _, rest = text.partition("\n\n")
    first, *lines = head.splitlines()
    headers = (line.partition(":") for line in lines)
    return first, {name.lower(): value.strip() for name, _, value in headers}, rest


def user(headers: dict[str, str]) -> str | None:
    """The API key the request came with."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return base64.b64decode(value).decode().partition(":")[0] if scheme == "Basic" else None
