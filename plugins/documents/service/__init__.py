"""The document service over HTTP, as a WSGI application."""

from plugins.documents.service.app import make_app

__all__ = ["make_app"]
