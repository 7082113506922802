"""`python -m openprocurement_api.sphinxext readme [--check] [FOLDER]`: write what is declared into the README files.

A marked place is `<!-- procedure-diagram: belowThreshold -->`, whatever was written there before, and `<!-- end -->`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .pieces import PIECES

MARKED = re.compile(rf"<!-- (?P<piece>{'|'.join(PIECES)}): (?P<argument>[^\n]*?) -->\n.*?<!-- end -->", re.DOTALL)
READMES = ("README.md", "*/README.md", "procedures/*/README.md")


def renewed(text: str) -> str:
    """The text of a README with all marked places as the declarations have them."""

    def place(found: re.Match[str]) -> str:
        piece, argument = found["piece"], found["argument"]
        return f"<!-- {piece}: {argument} -->\n{PIECES[piece](argument)}\n<!-- end -->"

    return MARKED.sub(place, text)


def stale(folder: Path) -> Iterator[tuple[Path, str]]:
    """The README files that say something else than the declarations, with what they should say."""
    for path in sorted(path for pattern in READMES for path in folder.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        if (new := renewed(text)) != text:
            yield path, new


def main(argv: Sequence[str] | None = None) -> int:
    """Write the files, or with `--check` only name those that are out of date; then the exit code is 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m openprocurement_api.sphinxext", description=__doc__)
    parser.add_argument("command", choices=["readme"])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="root of the source tree; here by default")
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if something is out of date")
    arguments = parser.parse_args(argv)
    found = list(stale(arguments.folder))
    for path, new in found:
        print(path)
        if not arguments.check:
            path.write_text(new, encoding="utf-8")
    return int(bool(found) and arguments.check)


if __name__ == "__main__":
    sys.exit(main())
