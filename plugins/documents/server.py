"""The production server of the document service: gunicorn with threads.

Threads and not greenlets: the work here is reading, hashing and syncing files, and a greenlet that waits for a disk stops all
the others of its process.
"""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

from openprocurement_api import unread
from plugins.documents.service import make_app
from plugins.documents.settings import Settings

#: Seconds that running transfers get after the signal to stop.
_GRACE = 30


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, told everything by our settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.application = make_app(settings)
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to gunicorn."""
        unread.speak_json()
        for name, value in {
            "bind": self.settings.listen,
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": self.settings.threads,
            "graceful_timeout": _GRACE,
            "proc_name": "documents",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made before the workers are: wrong settings are told once, at the start."""
        return unread.reading(self.application)


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; gunicorn then leaves the process. Raises ValueError, OSError for wrong settings."""
    Server(settings).run()
