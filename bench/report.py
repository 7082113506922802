"""What is made of a run: the table on the terminal and for the docs, results.json, a picture."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from pathlib import Path

import msgspec
from msgspec.structs import replace

from .measure import Cell
from .verdicts import Row

HEADS = ("job", "where", "measured", "limit", "ratio", "with L2", "target", "")
BAR, LINE, LABEL, TOP = 420, 22, 330, 46
"""Pixels of the picture: a bar that doubles its target, the height of a line, the space for names, for the title."""
GOOD, AFAR, BAD, PLAIN = "#2e7d32", "#f9a825", "#c62828", "#78909c"


class Results(msgspec.Struct, frozen=True):
    """A whole run."""

    machine: str
    date: str
    effort: str
    rows: list[Row]
    cells: list[Cell]


def row(cells: Sequence[Cell], notes: Mapping[str, str]) -> Row:
    """The line of one job on one store: its worst load stands for all of them."""
    return min((of_cell(cell, notes.get(cell.job, "")) for cell in cells), key=goodness)


def goodness(row: Row) -> tuple[bool, bool, float]:
    """The higher, the better: a target that is missed is worse than one that is out of reach, and this than one that is not."""
    return row.passed, not row.out_of_reach, -row.judged if row.most else row.judged


def of_cell(cell: Cell, note: str) -> Row:
    """The line of one job under one load."""
    load = f"{cell.store}, {cell.workers} w, {cell.connections} c"
    measured, limit = f"{cell.cost:.0f} µs, {cell.rate:.0f}/s", f"{cell.limit_cost:.0f} + {cell.store_cost:.0f} µs"
    line = Row(cell.job, load, measured, limit, cell.ratio, cell.target, cell.most, note)
    if cell.most:
        return line
    reach = cell.limit_cost / (cell.limit_cost + cell.check_cost) if cell.check_cost else None
    return replace(line, ratio_l2=cell.ratio_l2, reach=reach)


def rows(cells: Sequence[Cell], notes: Mapping[str, str]) -> list[Row]:
    """One line a job and store."""
    ordered = sorted(cells, key=lambda cell: (cell.store, cell.job))
    found = [row(list(group), notes) for _, group in groupby(ordered, key=lambda cell: (cell.store, cell.job))]
    places = {(cell.store, cell.job): place for place, cell in reversed(list(enumerate(cells)))}
    return sorted(found, key=lambda row: places[row.where.partition(",")[0], row.job])


def results(rows: list[Row], cells: list[Cell], effort: str) -> Results:
    """The run with the machine it was made on."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return Results(machine, datetime.now(UTC).date().isoformat(), effort, rows, cells)


def fields(row: Row) -> tuple[str, ...]:
    """A line of the table as texts."""
    sign = "≤" if row.most else "≥"
    target = f"{sign} {row.target:g}" if row.target is not None else ""
    with_store = "" if row.ratio_l2 is None else f"{row.ratio_l2:.2f}"
    return row.job, row.where, row.measured, row.limit, f"{row.ratio:.2f}", with_store, target, row.verdict


def text(found: Results) -> str:
    """The table for the terminal."""
    lines = [HEADS, *map(fields, found.rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    made = ["  ".join(f"{value:<{width}}" for value, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join(
        line if not row or not row.note else f"{line}\n    {row.note}"
        for line, row in zip(made, [None, *found.rows], strict=True)
    )


def summary(rows: Sequence[Row]) -> str:
    """How many targets are missed, and which; those that are out of reach of the limit alone are told of apart."""
    missed = [named(row) for row in rows if not row.passed]
    far = [named(row) for row in rows if row.out_of_reach]
    said = [f"{len(missed)} of {len(rows)} rows miss their target: {'; '.join(missed)}" if missed else "No target is missed."]
    if far:
        said.append(f"{len(far)} are out of reach of L1 and judged against L1 + L2: {'; '.join(far)}")
    return "\n".join(said)


def named(row: Row) -> str:
    """What tells a row from all others."""
    return f"{row.job} ({row.where.partition(',')[0]})"


def markdown(found: Results) -> str:
    """The table for the docs."""
    heads = (*HEADS[:-1], "verdict", "where the time goes")
    lines = [heads, ("---",) * len(heads), *((*fields(row), row.note) for row in found.rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{found.effort.capitalize()} run of {found.date}; {found.machine}.\n\n{table}\n"


def picture(found: Results) -> str:
    """The judged rows as bars, in SVG: a bar that reaches the line reaches its target; yellow ones against L1 + L2."""
    judged = [row for row in found.rows if row.target is not None]
    width, height = LABEL + BAR + 90, TOP + LINE * len(judged) + 12
    line = LABEL + BAR // 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{line}" y="20" text-anchor="middle">target</text>',
        *(part for place, row in enumerate(judged) for part in bar(row, TOP + LINE * place)),
        f'<line x1="{line}" y1="26" x2="{line}" y2="{height - 8}" stroke="black" stroke-dasharray="4 3"/>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def bar(row: Row, y: int) -> tuple[str, str, str]:
    """One line of the picture."""
    length = round(min(row.share, 2.0) * BAR / 2)
    colour = BAD if not row.passed else AFAR if row.out_of_reach else GOOD
    return (
        f'<text x="{LABEL - 8}" y="{y}" text-anchor="end">{escape(named(row))}</text>',
        f'<rect x="{LABEL}" y="{y - 12}" width="{length}" height="15" fill="{colour}"/>',
        f'<text x="{LABEL + length + 6}" y="{y}" fill="{PLAIN}">{row.judged:.2f}</text>',
    )


def write(found: Results, folder: Path) -> None:
    """results.json, results.md and results.svg."""
    (folder / "results.json").write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    (folder / "results.md").write_text(markdown(found), encoding="utf-8")
    (folder / "results.svg").write_text(picture(found), encoding="utf-8")
