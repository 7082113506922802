"""The plugins of one application: found by entry point, loaded by name, checked against the hook specifications."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from . import hookspecs

GROUP = "openprocurement.plugins"


class PluginError(ValueError):
    """A plugin is missing, breaks a hook's signature, or claims what another one has."""


def present() -> dict[str, EntryPoint]:
    """The plugins of this Python installation by name. All of its packages are looked through."""
    return {point.name: point for point in entry_points(group=GROUP)}


def load(names: Iterable[str], known: dict[str, EntryPoint] | None = None) -> pluggy.PluginManager:
    """A manager with these plugins of those that are `present`. Raises PluginError with a sentence that names the offender."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    found = present() if known is None else known
    try:
        for name in names:
            manager.register(resolve(name, found), name=name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"plugin {manager.get_name(error.plugin)!r}: {error}") from error
    return manager


def resolve(name: str, known: dict[str, EntryPoint]) -> Any:
    """The plugin behind a name."""
    if name not in known:
        raise PluginError(f"no plugin is called {name!r}; there are: {', '.join(sorted(known))}")
    try:
        return known[name].load()
    except Exception as error:
        # Whatever the plugin's own code raises: it is the plugin's name that helps.
        raise PluginError(f"plugin {name!r} cannot be imported: {type(error).__name__}: {error}") from error


def gathered(results: Iterable[Iterable[Any] | None]) -> list[Any]:
    """What all plugins gave to one hook, in the order in which they were listed."""
    return [item for result in reversed(list(results)) for item in result or ()]


def procedures(manager: pluggy.PluginManager) -> dict[str, Any]:
    """The loaded procedures by `procurementMethodType`. Raises PluginError if two claim one."""
    found: dict[str, Any] = {}
    for procedure in gathered(manager.hook.openprocurement_procedures()):
        if procedure.method_type in found:
            raise PluginError(f"two plugins claim the procurementMethodType {procedure.method_type!r}")
        found[procedure.method_type] = procedure
    return found
