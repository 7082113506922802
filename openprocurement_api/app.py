"""The WSGI application, put together; reads as a table of contents."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pluggy import PluginManager
from pyramid.config import Configurator

from . import logs, plugins, settings
from .clock import Clock
from .domain.context import Env
from .engine import DUE, Services
from .http import idempotency, resources, tweens, views
from .http.noting import Notes
from .http.remembered import Answers, Front
from .keys import GROUPS, Keys
from .storage import Kind, open_store
from .storage.index import Kinds

SUMMARY = ("auctionPeriod", "status", "tenderID", "lots", "procurementMethodType", "next_check")
TENDER = Kind("tender", unlisted={"status": frozenset({"draft"})}, summary=SUMMARY, due=DUE)


def main(global_config: Mapping[str, str] | None = None, **given: Any) -> Any:
    """The WSGI application (PasteDeploy's `app_factory`).

    Raises SettingsError, PluginError, WorkflowError or Unavailable with a sentence that says what to mend.
    """
    services = assemble(global_config, given)
    config = Configurator(settings={"handle_exceptions": False}, exceptionresponse_view=None)
    # Pyramid makes views and tweens itself, and hands them nothing but the registry; outside programs count on store and clock.
    config.registry.services = services
    config.registry.store, config.registry.clock = services.store, services.clock
    config.registry.answers = answers = Answers(services.store, services.settings["answers.megabytes"])
    config.registry.notes = notes = Notes(reads=services.settings["log.reads"])
    config.add_tween(f"{tweens.__name__}.factory")
    resources.register(config, services.base, services.procedures.values(), frozenset(SUMMARY))
    config.add_route("metrics", "/metrics")
    config.add_view(views.metrics, route_name="metrics")
    services.plugins.hook.openprocurement_configure(config=config)
    return Front(config.make_wsgi_app(), services.keys, answers, notes)


def assemble(global_config: Mapping[str, str] | None, given: Mapping[str, Any]) -> Services:
    """Everything an application is made of, without the web: also what commands use."""
    manager, values, kinds = configured(global_config, given)
    clock = Clock(values["timezone"])
    return Services(
        settings=values,
        store=open_store(values["storage.url"], kinds),
        kinds=Kinds({kind.name: kind for kind in kinds}),
        clock=clock,
        keys=Keys(values.path("auth.file"), groups=groups(manager), clear=values["sandbox_mode"]),
        procedures=plugins.procedures(manager),
        plugins=manager,
        documents=manager.hook.openprocurement_documents(settings=values),
        env=Env(values["timezone"], values["sandbox_mode"], values["server_id"]),
        base=f"/api/{values['api_version']}",
    )


def configured(
    global_config: Mapping[str, str] | None, given: Mapping[str, Any]
) -> tuple[PluginManager, settings.Settings, list[Kind]]:
    """The plugins, the settings and the kinds of documents; nothing is opened yet. Raises SettingsError, PluginError."""
    ini = (global_config or {}).get("__file__")
    named = settings.overridden(given, os.environ).get("plugins", "")
    manager = plugins.load(settings.words(str(named)))
    options = plugins.gathered(manager.hook.openprocurement_settings())
    values = settings.read(given, options, ini=ini, environment=os.environ)
    logs.configure(values["log.format"], values["log.level"])
    return manager, values, [TENDER, idempotency.KIND, *plugins.gathered(manager.hook.openprocurement_kinds())]


def groups(manager: PluginManager) -> dict[str, Any]:
    """The groups of `auth.file` with the actors their keys stand for."""
    found: dict[str, Any] = dict(GROUPS)
    for more in manager.hook.openprocurement_groups():
        found |= more
    return found
