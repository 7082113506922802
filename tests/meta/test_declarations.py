"""What the documentation says of the code is what the code is."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from openprocurement_api import errors, hookspecs

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
HOOKS = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("openprocurement_") and callable(hook)}


def test_the_table_of_errors_names_every_error_class():
    rows = re.findall(r"^\| (\d{3})\s+\| (\w+)\s+\| (.+?)\s+\|$", errors.__doc__ or "", re.MULTILINE)
    classes = {kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, errors.ApiError)}
    classes.remove(errors.ApiError)
    assert {(int(status), name) for status, name, _ in rows} == {(kind.status, kind.__name__) for kind in classes}
    assert all(text for _, _, text in rows)
    assert all(inspect.getdoc(kind) for kind in classes)


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_explained(name):
    hook = HOOKS[name]
    assert len((inspect.getdoc(hook) or "").split()) >= 5
    signature = inspect.signature(hook)
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in signature.parameters.values())
    assert signature.return_annotation is not inspect.Signature.empty


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_called(name):
    sources = [path for path in (ROOT / "openprocurement_api").rglob("*.py") if path.name != "hookspecs.py"]
    assert any(f".hook.{name}(" in path.read_text(encoding="utf-8") for path in sources)


LEVELS = ("debug", "info", "warning", "error", "exception")


def log_lines() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a module's `log`, with the place of it."""
    named = tuple(f"log.{level}" for level in LEVELS)
    for path in sorted((*(ROOT / "openprocurement_api").rglob("*.py"), *(ROOT / "plugins").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in named:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_line_of_the_log_has_its_message_id_and_what_is_wrong_is_explained():
    page, lines = (ROOT / "docs/operators.md").read_text(encoding="utf-8"), list(log_lines())
    ids = {place: next((k.value for k in call.keywords if k.arg == "MESSAGE_ID"), None) for place, call in lines}
    assert [place for place, name in ids.items() if name is None] == []
    wrong = {place for place, call in lines if call.func.attr in LEVELS[2:]}
    assert wrong
    assert [ids[place].value for place in wrong if f"`{ids[place].value}`" not in page] == []


def test_commands_in_the_documentation_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        command
        for page in PAGES
        for text in re.findall(r"`([^`]+)`|^\s*(make [a-z]+.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        for command in re.findall(r"^make ([a-z]+)", text[0] or text[1])
    }
    assert {"run", "demo", "test"} <= targets
    assert named
    assert named <= targets
