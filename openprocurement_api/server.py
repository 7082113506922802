"""The API's HTTP server: gunicorn, told everything by `[server:main]`. `python -m openprocurement_api.server INI` is the process.

It is a process of its own so that gevent finds nothing imported that it has to replace.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from paste.deploy import loadapp

from . import ini, unread


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one installation's API."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__()

    def load_config(self) -> None:
        """Hand the settings to gunicorn; it raises for one it does not know."""
        unread.speak_json()
        own = {"proc_name": "openprocurement", "control_socket_disable": True}
        known = {name: value for name, value in own.items() if name in self.cfg.settings}
        for name, value in {**known, **ini.server(self.path)}.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application; made in each worker."""
        conf, _ = ini.application(self.path)
        app = loadapp(f"config:{conf['__file__']}")
        # What the application is made of lives as long as the process: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        return unread.reading(app)


if __name__ == "__main__":
    Server(sys.argv[1]).run()
