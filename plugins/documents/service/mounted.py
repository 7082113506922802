"""The document service inside the API: the same addresses, under /docservice/ of the API's own host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from openprocurement_api.engine import Services
from openprocurement_api.http.identity import key_of
from openprocurement_api.keys import Keys
from plugins.documents.accounts import Accounts
from plugins.documents.client import usable
from plugins.documents.embedded import Embedded
from plugins.documents.links import MOUNT
from plugins.documents.service.app import application, by_password
from plugins.documents.service.views import Admission, DocumentService
from plugins.documents.signing import KeyRing
from plugins.documents.tickets import Tickets

_CACHES = ("webob.", "bfg.")
"""Keys under which the API's framework keeps what it found out about the request: its route and its attributes."""


def mount(config: Configurator, services: Services, documents: Embedded) -> None:
    """Add the service for the files that the API keeps itself. Raises SettingsError."""
    with usable():
        app = application(embedded_service(services, documents))
    config.add_route("documents", f"{MOUNT}/*path")
    config.add_view(passing_on(app), route_name="documents")


def embedded_service(services: Services, documents: Embedded) -> DocumentService:
    """The service over the API's files, keys and clock. Raises ValueError or OSError."""
    settings, signer = services.settings, documents.links.signer
    readable = KeyRing.of(settings["apikeys"], signer) if settings["apikeys"] else documents.ring
    return DocumentService(
        store=documents.store,
        links=documents.links,
        tickets=Tickets(documents.ring, readable, default=signer.key_id),
        admits=admission(services),
        limit=settings["documents.max_size"],
        clock=services.clock,
    )


def admission(services: Services) -> Admission:
    """Who may upload: the accounts of documents.auth_file, or without that file the keys of the API."""
    if services.settings["documents.auth_file"]:
        return by_password(Accounts.read(services.settings.path("documents.auth_file")))
    return by_key(services.keys)


def by_key(keys: Keys) -> Admission:
    """Lets upload whoever holds a key of the API: who may add documents to which tender, the API decides later."""

    def admits(request: Any) -> str | None:
        user = keys.user(key_of(request.environ))
        return user.name if user else None

    return admits


def passing_on(app: Any) -> Callable[[Any], Any]:
    """A view that lets another WSGI application answer.

    Not `pyramid.wsgi.wsgiapp2`: that copies the body before anybody has looked whether it is welcome, or too large.
    """

    def view(request: Any) -> Any:
        environ = {name: value for name, value in request.environ.items() if not name.startswith(_CACHES)}
        environ["SCRIPT_NAME"] += MOUNT
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(MOUNT)
        return Request(environ).get_response(app)

    return view
