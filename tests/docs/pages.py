"""Blocks of code on pages, and exchanges in the short form of pages that can include none."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "docs/recorded"
SHOWN = ("X-Access-Token:",)
"""Headers that the short form has."""
WIDEST = 120
LONG = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24}\b")
"""Ids and tokens; the short form has their beginning."""


def fence(language: str) -> re.Pattern[str]:
    """A block of a language: its first line, what is in it, its last line. In an item of a list it stands further right."""
    return re.compile(rf"^( *)(```{language}\n)(.*?)^\1```$", re.DOTALL | re.MULTILINE)


def blocks(page: str, language: str) -> list[str]:
    """What is in the blocks of a language on a page, which is named by its path below the root."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [textwrap.dedent(found[3]) for found in fence(language).finditer(text)]


def with_block(text: str, language: str, content: str) -> str:
    """A page with something else in its first block of a language."""
    return fence(language).sub(lambda found: f"{found[2]}{content}```", text, count=1)


def brief(exchange: str) -> str:
    """A recorded exchange with short ids, without the headers that are alike in all, and with bodies on few lines."""
    request, answer = re.split(r"\n(?=HTTP/1\.1 )", LONG.sub(r"\1", exchange))
    return f"{short(request)}\n{short(answer)}"


def short(message: str) -> str:
    """A request or an answer: first line, shown headers, body."""
    head, _, body = message.partition("\n\n")
    first, *headers = head.splitlines()
    lines = [first, *(line for line in headers if line.startswith(SHOWN))]
    return "\n".join([*lines, "", *([laid_out(json.loads(body)), ""] if body else [])])


def laid_out(value: object, indent: int = 0) -> str:
    """JSON on one line if it fits there, else with a line for each member; numbers fill their lines."""
    flat = json.dumps(value, ensure_ascii=False)
    if indent + len(flat) <= WIDEST or not isinstance(value, dict | list):
        return flat
    deeper = indent + 2
    margin = "\n" + " " * deeper
    if isinstance(value, dict):
        lines = [f"{json.dumps(name, ensure_ascii=False)}: {laid_out(each, deeper)}" for name, each in value.items()]
    elif isinstance(value[0], int | float):
        return f"[{margin}{margin.join(textwrap.wrap(flat[1:-1], WIDEST - deeper))}\n{' ' * indent}]"
    else:
        lines = [laid_out(each, deeper) for each in value]
    return f"{flat[0]}{margin}{f',{margin}'.join(lines)}\n{' ' * indent}{flat[-1]}"
