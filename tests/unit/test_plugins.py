"""Plugins: found by name, checked against the hooks, at odds with nobody."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from types import SimpleNamespace
from typing import Any

import pytest

from openprocurement_api import plugins
from openprocurement_api.hookspecs import hookimpl


def use(monkeypatch: pytest.MonkeyPatch, **found: Any) -> None:
    """Pretend that these plugins are installed."""
    points = [SimpleNamespace(name=name, load=lambda thing=thing: thing) for name, thing in found.items()]
    monkeypatch.setattr(plugins, "entry_points", lambda group: points)


class Brings:
    """A plugin with some procedures."""

    def __init__(self, *types: str) -> None:
        self.types = types

    @hookimpl
    def openprocurement_procedures(self) -> list[Any]:
        return [SimpleNamespace(method_type=name) for name in self.types]


class Misspelt:
    """A plugin that implements a hook nobody has."""

    @hookimpl
    def openprocurement_procedurs(self) -> list[Any]:
        return []


class Greedy:
    """A plugin that asks a hook for what it does not give."""

    @hookimpl
    def openprocurement_saved(self, request: Any) -> None:
        return None


def test_procedures_of_all_plugins_in_the_order_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, one=Brings("a", "b"), two=Brings("c"), three=object())
    assert list(plugins.procedures(plugins.load(["one", "two", "three"]))) == ["a", "b", "c"]


def test_two_claims_on_one_type_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, one=Brings("a"), two=Brings("a"))
    with pytest.raises(plugins.PluginError, match="two plugins claim the procurementMethodType 'a'"):
        plugins.procedures(plugins.load(["one", "two"]))


def test_an_unknown_plugin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, one=Brings())
    with pytest.raises(plugins.PluginError, match="no plugin is called 'tow'; there are: one"):
        plugins.load(["tow"])


@pytest.mark.parametrize("plugin", [Misspelt(), Greedy()])
def test_a_hook_that_does_not_fit_stops_the_start(monkeypatch: pytest.MonkeyPatch, plugin: Any) -> None:
    use(monkeypatch, odd=plugin)
    with pytest.raises(plugins.PluginError, match="odd"):
        plugins.load(["odd"])


def test_a_plugin_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint(name="lost", value="no.such.module", group=plugins.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point])
    with pytest.raises(plugins.PluginError, match="plugin 'lost' cannot be imported: ModuleNotFoundError: No module named 'no'"):
        plugins.load(["lost"])
