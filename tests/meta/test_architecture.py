"""Who may import whom, as pyproject.toml says, and what import-linter cannot see: whom the kernel may not even name."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openprocurement_api import plugins

ROOT = Path(__file__).resolve().parents[2]
KERNEL = ROOT / "openprocurement_api"
EXAMPLES = KERNEL / "testing"
"""What tests are written with, which the kernel never imports: a valid tender is of some type."""


def texts(source: str) -> Iterator[tuple[int, str]]:
    """The text constants of a module with their lines; docstrings, which do nothing, are none."""
    nodes = list(ast.walk(ast.parse(source)))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def names(source: str, types: set[str]) -> list[tuple[int, str]]:
    """The types of procedures that a module names, by line: as a whole text or as a word of one."""
    found = {(line, word.strip(".")) for line, text in texts(source) for word in re.findall(r"[\w.]+", text)}
    return sorted((line, word) for line, word in found if word in types)


@pytest.fixture(scope="module")
def types() -> set[str]:
    """Of the procedures that are installed."""
    return set(plugins.procedures(plugins.load(plugins.present())))


def test_the_kernel_names_no_type_of_procedure(types):
    modules = [path for path in sorted(KERNEL.rglob("*.py")) if EXAMPLES not in path.parents]
    assert KERNEL / "cli.py" in modules
    named = {str(path.relative_to(ROOT)): names(path.read_text(encoding="utf-8"), types) for path in modules}
    assert {path: found for path, found in named.items() if found} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('PLAYS = {"aboveThresholdUA.defense": 1}', [(1, "aboveThresholdUA.defense")]),
        ('plugins = "reporting documents"', [(1, "reporting")]),
        ('import x\nraise ValueError(f"not for belowThreshold. {x}")', [(2, "belowThreshold")]),
        ("match kind:\n    case 'esco':\n        pass", [(2, "esco")]),
        ('BODY = "aboveThresholdReviewers"', []),
        ('"""Such as `belowThreshold`."""\nKINDS: dict = {}  # belowThreshold\n"""By belowThreshold."""', []),
    ],
)
def test_a_type_is_found_in_what_a_module_does_not_in_what_it_says_of_itself(types, source, found):
    assert names(source, types) == found


def test_imports_go_one_way():
    pytest.importorskip("importlinter")
    command = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_pytest_runs_where_the_extra_for_tests_is_not_installed():
    without = "import sys; sys.modules['webtest'] = None; import openprocurement_api.testing.plugin"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", without], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
