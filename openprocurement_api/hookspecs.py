"""Every point where a plugin joins the system, one function each. Procedures are plugins too.

A plugin is a module (or object) named by an entry point of the group `openprocurement.plugins`; the operator lists the ones to
load in the setting `plugins`. It implements any of these with `@hookimpl`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    import argparse

    from pyramid.config import Configurator

    from .clock import Clock
    from .documents import Documents
    from .domain.procedure import Procedure
    from .settings import Option, Settings
    from .storage.base import Kind, Store

PROJECT = "openprocurement"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def openprocurement_settings() -> Iterable[Option]:  # type: ignore[empty-body]
    """Settings the plugin reads: name, type, default, what for. A key nobody declares stops the start."""


@hookspec
def openprocurement_procedures() -> Iterable[Procedure]:  # type: ignore[empty-body]
    """Types of procedures. Two plugins that claim one `procurementMethodType` stop the start."""


@hookspec
def openprocurement_kinds() -> Iterable[Kind]:  # type: ignore[empty-body]
    """Kinds of documents the plugin keeps in the store, with what is indexed of them."""


@hookspec
def openprocurement_configure(config: Configurator) -> None:
    """Add routes and views of the plugin's own; called once, before the application is made.

    A tween or subscriber sees only requests that are not answered from memory (`http/remembered.py`); one that makes answers
    depend on more than `subject` names there must take the key `BASIS` out of the request's environment.
    """


@hookspec(firstresult=True)
def openprocurement_documents(settings: Settings) -> Documents | None:
    """The document service to use, of the Protocol in `documents.py`; the first plugin that has one decides.

    Answers are remembered: its public addresses depend on nothing but the key of the file, and work for ever.
    """


@hookspec
def openprocurement_groups() -> Mapping[str, str]:  # type: ignore[empty-body]
    """Actors that keys of further groups of `auth.file` stand for."""


@hookspec
def openprocurement_saved(kind: str, id: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """A document was saved. Both are the public views, nothing sealed is in them; an error here is logged, the save stands.

    They are to be read only: the two share values that are alike.
    """


@hookspec
def openprocurement_health(settings: Settings, store: Store, clock: Clock) -> Mapping[str, Any]:  # type: ignore[empty-body]
    """Facts for the health page; a fact named `error` makes the answer 503."""


@hookspec
def openprocurement_commands(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add subcommands to the program `openprocurement`."""


@hookspec
def openprocurement_services(settings: Settings, ini: str) -> Iterable[tuple[str, list[str]]]:  # type: ignore[empty-body]
    """Processes that `openprocurement run` keeps running beside the API: a name and the arguments of the program."""
