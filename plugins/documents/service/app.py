"""Assembly of the document service: settings in, WSGI application out."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.events import NewResponse

from openprocurement_api.clock import Clock
from plugins.documents.accounts import Accounts
from plugins.documents.links import Links
from plugins.documents.local import LocalStore
from plugins.documents.service.failures import answer_failures
from plugins.documents.service.views import Admission, DocumentService
from plugins.documents.settings import Settings
from plugins.documents.signing import KeyRing, Signer
from plugins.documents.storage import FileStore
from plugins.documents.tickets import Tickets


def make_app(settings: Settings, store: FileStore | None = None, clock: Clock | None = None) -> Any:
    """The service alone as a WSGI application, over a local directory or another `store`.

    Raises ValueError or OSError for settings, keys or accounts that cannot be used.
    """
    clock = clock or Clock()
    signer = Signer(settings.dockey)
    own = KeyRing.of(settings.dockeys, signer)
    service = DocumentService(
        store=store or LocalStore(settings.path, clock),
        links=Links(settings.base, signer),
        tickets=Tickets(own, KeyRing.of(settings.apikeys) if settings.apikeys else own, default=signer.key_id),
        admits=by_password(Accounts.read(settings.auth_file)),
        limit=settings.max_size,
        clock=clock,
    )
    return application(service, alone=True)


def by_password(accounts: Accounts) -> Admission:
    """Lets upload whoever has one of the accounts."""
    return lambda request: accounts.admit(request.headers.get("Authorization"))


def application(service: DocumentService, *, alone: bool = False) -> Any:
    """A service at its addresses, as a WSGI application; `alone` if no API is around it that tells browsers what they may do."""
    with Configurator() as config:
        if alone:
            config.add_subscriber(share, NewResponse)
        route(config, service)
        answer_failures(config)
        return config.make_wsgi_app()


def share(event: Any) -> None:
    """Let pages of other origins read what a signed address opens; credentials of a browser are never used, nor types guessed."""
    event.response.headers["Access-Control-Allow-Origin"] = "*"
    event.response.headers["X-Content-Type-Options"] = "nosniff"


def route(config: Configurator, service: DocumentService) -> None:
    """The addresses of the service."""
    for name, pattern, method, view in (
        ("index", "/", "GET", service.index),
        ("register", "/register", "POST", service.register),
        ("upload", "/upload", "POST", service.upload),
        ("upload_file", "/upload/{doc_id}", "POST", service.upload_registered),
        ("get", "/get/{doc_id}", "GET", service.download),
    ):
        config.add_route(name, pattern)
        config.add_view(view, route_name=name, request_method=method)
