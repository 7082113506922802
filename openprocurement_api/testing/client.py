"""A client for tests: the API as one platform after the other sees it, with the clock in the test's hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from webtest import TestApp, TestResponse

from ..app import main
from ..clock import Clock
from ..storage.base import Doc, Store
from .builders import tender

BASE = "/api/2.5"
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Europe/Kyiv"))
"""A Monday."""


@dataclass
class Thing:
    """A resource a test has made: its path below the API's version, its token, and what the API said of it."""

    path: str
    token: str
    data: Doc

    @property
    def id(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


class Api:
    """Requests in, JSON out. Every method takes `user` (the name of a key, None for nobody) and `status`."""

    started: ClassVar[list[Api]] = []

    def __init__(self, app: Any) -> None:
        self.registry = app.registry
        self.clock: Clock = app.registry.clock
        self.store: Store = app.registry.store
        self.web = TestApp(app)

    @classmethod
    def start(cls, settings: Mapping[str, str], now: datetime = MORNING) -> Api:
        """An API with these settings and a stopped clock."""
        api = cls(main({}, **settings))
        api.clock.now = now
        cls.started.append(api)
        return api

    @classmethod
    def end_all(cls) -> None:
        """Close the stores of all that were started."""
        while cls.started:
            cls.started.pop().store.close()

    def call(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        token: str = "",
        user: str | None = "broker",
        status: int = 200,
        **headers: str,
    ) -> TestResponse:
        """One request with a JSON body `{"data": ...}`; asserts the status."""
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            extra["X-Access-Token"] = token
        self.web.authorization = ("Basic", (user, "")) if user else None
        url = path if path.startswith("/api/") else BASE + path
        if data is None:
            return self.web.request(url, method=method, headers=extra, status=status)
        send = getattr(self.web, f"{method.lower()}_json")
        return send(url, {"data": data}, headers=extra, status=status)

    def get(self, path: str, **options: Any) -> Any:
        """The member `data` of a resource."""
        return self.call("GET", path, **options).json["data"]

    def post(self, path: str, data: Doc, **options: Any) -> Thing:
        """A new resource."""
        options.setdefault("status", 201)
        answer = self.call("POST", path, data, **options).json
        return Thing(f"{path}/{answer['data'].get('id', '')}", answer.get("access", {}).get("token", ""), answer["data"])

    def patch(self, thing: Thing | str, data: Doc, **options: Any) -> Any:
        """The resource after a change by its holder."""
        path, token = (thing, "") if isinstance(thing, str) else (thing.path, thing.token)
        return self.call("PATCH", path, data, **{"token": token, **options}).json["data"]

    def refused(self, method: str, path: str, data: Doc | None = None, status: int = 403, **options: Any) -> list[Doc]:
        """The errors of a refused request."""
        answer = self.call(method, path, data, status=status, **options).json
        assert answer["status"] == "error"
        errors: list[Doc] = answer["errors"]
        return errors

    # --- a tender's life

    def tender(self, **changes: Any) -> Thing:
        """An announced tender."""
        return self.post("/tenders", tender(self.clock.now, **changes))

    def tick(self, thing: Thing, at: datetime | str | timedelta | None = None) -> Doc:
        """Let time pass to a moment (or by a span) and let the chronograph look at the tender."""
        if isinstance(at, timedelta):
            self.clock.advance(at)
        elif at is not None:
            self.clock.now = datetime.fromisoformat(at) if isinstance(at, str) else at
        self.call("PATCH", thing.path, {"id": thing.id}, user="chronograph")
        doc: Doc = self.get(thing.path)
        return doc

    def until(self, thing: Thing, status: str) -> Doc:
        """Let the chronograph carry the tender, from one due moment to the next, to a status."""
        doc: Doc = self.get(thing.path)
        while doc["status"] != status:
            doc = self.tick(thing, max(datetime.fromisoformat(doc["next_check"]), self.clock.now))
        return doc
