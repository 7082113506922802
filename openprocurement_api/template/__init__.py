"""A new procedure, made from a small complete one: `openprocurement new-procedure NAME`.

The pattern is the package `procedure` beside this module. It is code like any other, formatted, linted and typed; a copy of it
has another name and nothing else. What the copy is then changed into is its author's work.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
PATTERN = HERE / "procedure"
PACKAGE = HERE / "package.toml"
TYPE = "requestForQuotations"
"""The `procurementMethodType` of the pattern."""
NAME = re.compile(r"[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*")
LONGEST = 40
TABLE = '[project.entry-points."openprocurement.plugins"]'


class NotMade(ValueError):
    """A new procedure cannot be made: a sentence says why."""


def add_command(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    text = "Make the folder of a new procedure, complete with tests that pass"
    parser = subcommands.add_parser("new-procedure", help=text, description=f"{text}, and name it in pyproject.toml.")
    parser.add_argument("name", help="its procurementMethodType, such as priceInquiry")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("procedures"),
        help="where its folder is made: a package of procedures, or an empty folder for a package of its own (%(default)s)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make it and say what comes next. Exit code 2: the name or the place will not do."""
    try:
        made = make(arguments.name, arguments.folder)
    except NotMade as error:
        sys.stderr.write(f"openprocurement: {error}\n")
        return 2
    root = project(arguments.folder)
    sys.stdout.write(f"Made {made}; {root / 'pyproject.toml'} names it as the plugin {arguments.name}.\n")
    sys.stdout.write(f"Next: pip install -e {root}, then pytest {made}; to serve it, add {arguments.name} to `plugins`.\n")
    return 0


def make(name: str, folder: Path) -> Path:
    """Write a procedure of this type below `folder`, and the entry point that brings it. Returns its folder; raises NotMade."""
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise NotMade(f"{name!r} is no procurementMethodType: letters and digits, a small letter first, at most {LONGEST}")
    module = snake(name)
    target = folder / module
    if target.exists():
        raise NotMade(f"{target} is there already")
    declare(project(folder) / "pyproject.toml", name, f"{folder.name}.{module}" if is_package(folder) else module)
    for path, text in copied(name):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text, encoding="utf-8")
    return target


def snake(name: str) -> str:
    """A name as folders have it: `priceInquiry` is `price_inquiry`, `price.inquiry` too."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\.", "_", name).lower()


def is_package(folder: Path) -> bool:
    """Whether a folder is a package that holds procedures, as `procedures` does."""
    return (folder / "__init__.py").exists()


def project(folder: Path) -> Path:
    """Where the pyproject.toml of what is made in this folder stands."""
    return folder.parent if is_package(folder) else folder


def copied(name: str) -> Iterator[tuple[Path, str]]:
    """The files of the pattern, with another name."""
    for path in sorted(PATTERN.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            yield path.relative_to(PATTERN), renamed(path.read_text(encoding="utf-8"), name)


def renamed(text: str, name: str) -> str:
    """A text of the pattern for a procedure of another name."""
    title = "".join(part[0].upper() + part[1:] for part in name.split("."))
    package = snake(name).replace("_", "-")
    for old, new in ((TYPE, name), (TYPE[0].upper() + TYPE[1:], title), ("request-for-quotations", package)):
        text = text.replace(old, new)
    return text


def declare(path: Path, name: str, module: str) -> None:
    """Write the entry point into a pyproject.toml, which is made if there is none. Raises NotMade if the name is taken."""
    text = path.read_text(encoding="utf-8") if path.exists() else renamed(PACKAGE.read_text(encoding="utf-8"), name)
    head, found, rest = text.partition(f"{TABLE}\n")
    entries, end, tail = rest.partition("\n[")
    key = f'"{name}"' if "." in name else name
    if any(line.split("=")[0].strip().strip('"') == name for line in entries.splitlines()):
        raise NotMade(f"{path} has a plugin {name} already")
    if not found:
        head = f"{text.rstrip()}\n\n"
    lines = "\n".join([*entries.rstrip().splitlines(), f'{key} = "{module}"'])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{head}{TABLE}\n{lines}\n{end}{tail}", encoding="utf-8")
