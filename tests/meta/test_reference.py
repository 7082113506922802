"""The reference is complete: every procedure, resource, state, move, operation, field, hook, setting and error is in it."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from openprocurement_api import errors, hookspecs, plugins, settings
from openprocurement_api.domain.node import tree
from openprocurement_api.models.schema import fields_of, name_of, with_parts
from openprocurement_api.sphinxext.pages import pages, plain
from openprocurement_api.sphinxext.pieces import PIECES, installed

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs/reference"
PROCEDURES = installed()
WRITTEN = dict(pages())


def nodes(name):
    """The nodes of a procedure by their paths in its page."""
    root = PROCEDURES[name].root
    return {path.removeprefix(f"{root.plural}/"): node for node, path in tree(root)}


def parts(name):
    """The sections of a procedure's page by the paths that share each."""
    found = re.split(r"^## (.*)$", WRITTEN[name], flags=re.MULTILINE)[1:]
    sections = zip(found[::2], found[1::2], strict=True)
    return {path: text for title, text in sections for path in re.findall(r"`([\w/]+)`", title)}


def test_every_procedure_has_a_page():
    assert WRITTEN.keys() == PROCEDURES.keys() >= {"belowThreshold", "reporting"}


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_page_has_every_resource_with_its_states_and_moves(name):
    sections = parts(name)
    assert sections.keys() == nodes(name).keys()
    for path, node in nodes(name).items():
        flow = node.workflow
        for state in flow.states if flow else ():
            assert f"| `{state.name}`" in sections[path]
        for move in flow.transitions if flow else ():
            row = rf"^\| .*`?{re.escape(move.source or '(new)')}`?.* \| `{re.escape(move.target)}` \| `{move.actor}` \|"
            assert re.search(row, sections[path], re.MULTILINE), move


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_page_has_what_is_hidden(name):
    for path, node in nodes(name).items():
        hidden = [node.sealed, *(veil.fields for state in node.workflow.states for veil in state.hides)] if node.workflow else []
        for field in frozenset().union(*hidden):
            assert re.search(rf"`([\w.]+\.)?{re.escape(field)}`", parts(name)[path]), (path, field)


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_page_has_every_number_and_operation(name):
    for field in fields(PROCEDURES[name].rules):
        assert f"| `{field.name}` |" in WRITTEN[name]
    for operation in PROCEDURES[name].operations:
        assert re.search(
            rf"^\| `{operation.method} tenders/\{{id\}}/{re.escape(operation.path)}` \|", WRITTEN[name], re.MULTILINE
        )


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_page_has_every_field_of_every_model_once(name):
    said = WRITTEN[name].split("## Fields")[1]
    tables = dict(re.findall(r"^\((model-[\w-]+)\)=\n(.*?)(?=^\(model-|\Z)", said, re.DOTALL | re.MULTILINE))
    models = with_parts(node.model for node in nodes(name).values())
    assert len(tables) == len(models)
    for model, table in zip(models, tables.values(), strict=True):
        rows = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
        others = re.findall(r"`(\w+)`", " ".join(re.findall(r"translated in ((?:`\w+`,? ?)+)", table)))
        assert sorted([*rows, *others]) == sorted(fields_of(model)), model
    assert {f"#{anchor}" for anchor in tables} >= set(re.findall(r"\((#model-[\w-]+)\)", said))


def test_no_two_pages_have_the_same_anchor():
    anchors = [anchor for text in WRITTEN.values() for anchor in re.findall(r"^\((model-[\w-]+)\)=$", text, re.MULTILINE)]
    assert len(anchors) == len(set(anchors))


def test_no_two_models_have_the_same_name():
    models = with_parts(node.model for procedure in PROCEDURES.values() for node, _ in tree(procedure.root))
    assert len({name_of(model) for model in models}) == len(models)


def test_numbers_are_said_in_words():
    assert plain({"count": 2, "working": True}) == "count 2, working true"
    assert plain(["a", "b"]) == "a; b"
    assert plain([]) == "none"
    assert plain("P3D") == "P3D"


def test_every_hook_setting_and_error_has_its_place():
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    manager = plugins.load(point.name for point in entry_points(group=plugins.GROUP))
    having = {
        manager.get_name(implementation.plugin): list(implementation.function())
        for implementation in manager.hook.openprocurement_settings.get_hookimpls()
    }
    assert "documents" in having
    for name, options in having.items():
        assert f"```{{settings-table}} {name}\n" in text
        assert all(f"| `{option.name}` |" in PIECES["settings-table"](name) for option in options)
    assert "```{settings-table}\n" in text
    assert all(f"| `{option.name}` |" in PIECES["settings-table"]("") for option in settings.OPTIONS)
    hooks = [name for name in vars(hookspecs) if name.startswith("openprocurement_")]
    assert "```{hooks-table}\n" in (REFERENCE / "hooks.md").read_text(encoding="utf-8")
    assert all(f"| `{name}(" in PIECES["hooks-table"]("") for name in hooks)
    own = [error for error in errors.ApiError.__subclasses__() if error.__module__ == errors.__name__]
    assert "```{errors-table}\n" in (REFERENCE / "errors.md").read_text(encoding="utf-8")
    assert all(f"| {error.status} | {error.__name__} |" in PIECES["errors-table"]("") for error in own)
