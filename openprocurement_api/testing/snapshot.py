"""Texts that are kept beside the tests and compared with what the code says now: a change of policy is a readable diff."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..domain.procedure import Procedure

OPTION = "--update-snapshots"


@dataclass(frozen=True)
class Snapshot:
    """Compares texts with kept files; with `update`, writes the files instead."""

    update: bool

    def __call__(self, path: Path, text: str) -> None:
        """Assert that the file holds this text."""
        if self.update:
            path.write_text(text, encoding="utf-8")
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        assert kept.splitlines() == text.splitlines(), (
            f"{path.name} is out of date: if the change is meant, run pytest {OPTION} {path.parent}"
        )


def access(procedure: Procedure) -> str:
    """Who may do what in which state to which resource, one sorted line for each state, actor and verb."""
    table: dict[tuple[str, ...], list[str]] = {}
    for *row, thing in procedure.access():
        table.setdefault(tuple(row), []).append(thing)
    return "".join(f"{' | '.join(row)} | {', '.join(sorted(set(things)))}\n" for row, things in sorted(table.items()))
