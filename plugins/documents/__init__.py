"""The document service and its client: files of tenders, kept apart from the database and reached by signed addresses.

This module plugs them into the API. `service` is the HTTP service itself, `client` what the API uses of it, `__main__` the
command that serves it alone. What is heavy is imported inside the hooks: a start without documents does not load it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openprocurement_api.hookspecs import hookimpl
from openprocurement_api.settings import Option, flag, positive

if TYPE_CHECKING:
    import argparse

    from pyramid.config import Configurator

    from openprocurement_api.clock import Clock
    from openprocurement_api.documents import Documents
    from openprocurement_api.settings import Settings


def http_url(text: str) -> str:
    """An http or https URL; empty text stays empty."""
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).netloc):
        raise ValueError("it is not an http or https URL")
    return text


OPTIONS = (
    Option("documents.path", str, "var/documents", "The directory where the API keeps files when no outside service does"),
    Option("documents.strict", flag, default=False, doc="Refuse what was registered here while its content has not come"),
    Option("documents.max_size", positive, 1024**3, "Bytes a file may have"),
    Option("documents.auth_file", str, "", "Accounts that may upload to the API's files; else all keys of auth.file"),
    Option("dockey", str, "", "Seed of the key that signs addresses, 64 hex digits; else one is made and kept in documents.path"),
    Option("dockeys", str, "", "Public keys whose proofs of upload are believed besides the API's own"),
    Option("apikeys", str, "", "Public keys whose addresses open files for good, besides the API's own; else those of dockeys"),
    Option("docservice_url", http_url, "", "Public base of files' addresses; else the host that was asked, and /docservice"),
    Option("docservice_upload_url", http_url, "", "Where an outside service takes uploads; else the API keeps files itself"),
    Option("docservice_username", str, "", "The API's account at the outside document service"),
    Option("docservice_password", str, "", "Its password"),
)


@hookimpl
def openprocurement_settings() -> tuple[Option, ...]:
    """What the API must know of documents; all of it may be left out."""
    return OPTIONS


@hookimpl
def openprocurement_documents(settings: Settings) -> Documents:
    """Files in a directory, or at an outside service if there is a docservice_upload_url. Raises SettingsError."""
    from .client import connect

    return connect(settings)


@hookimpl
def openprocurement_configure(config: Configurator) -> None:
    """Serve the files under /docservice/, unless an outside service does. Raises SettingsError."""
    from .embedded import Embedded

    services = config.registry.services
    if isinstance(services.documents, Embedded):
        from .service.mounted import mount

        mount(config, services, services.documents)


@hookimpl
def openprocurement_health(settings: Settings, clock: Clock) -> Mapping[str, Any]:
    """Whether files can be written here; an outside service has a health of its own."""
    if settings["docservice_upload_url"]:
        return {}
    writable = os.access(settings.path("documents.path") / "incoming", os.W_OK | os.X_OK)
    return {"documents": "ok"} if writable else dict.fromkeys(("documents", "error"), "documents.path cannot be written")


@hookimpl
def openprocurement_commands(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `documents`, whose own commands serve files, clean up, make keys and passwords."""
    import argparse

    def run(arguments: argparse.Namespace) -> int:
        from .__main__ import main

        return main(arguments.arguments)

    # No prefix_chars: here nothing is an option, not even a leading --help; the command reads its options itself.
    text = "Serve files alone, clean up, make keys and passwords"
    parser = subcommands.add_parser("documents", help=text, add_help=False, prefix_chars="\0")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    parser.set_defaults(run=run)
