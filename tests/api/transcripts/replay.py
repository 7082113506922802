"""Playing recorded exchanges, in their order, on an API whose clock shows what the recording's showed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import Api, Thing

from .likeness import Names, differences
from .recording import Exchange, read

FORM = "multipart/form-data"
STAMPS = re.compile(r'"date(?:Modified|Published|Submitted|Answered|Canceled|Decision)?": "([^"]+)"')
"""The moments an answer says something happened at."""


class Replay:
    """Recorded exchanges against `api`. `played` names those that were played, `names` what the recorded ids are here."""

    def __init__(self, api: Api, folder: Path) -> None:
        self.api = api
        self.folder = folder
        self.names = Names()
        self.played: list[str] = []

    def read(self, name: str) -> Exchange:
        """The exchange in `<name>.http`."""
        return read(self.folder / f"{name}.http")

    def play(self, *wanted: str, newer: frozenset[str] = frozenset(), older: frozenset[str] = frozenset()) -> None:
        """Send each recorded request; assert that the answer is like the recorded one.

        `newer` are keys of answers that the toolkit learned to send after the recording, `older` those that it sends no more.
        """
        expected = {f"{name} is not recorded" for name in newer} | {f"{name} is missing" for name in older}
        for name in wanted:
            exchange = self.read(name)
            self.wind(exchange)
            answer = self.send(exchange)
            headers = {name: answer.headers.get(name) for name in exchange.headers}
            found = [*differences({"status": exchange.status}, {"status": answer.status_int}, self.names)]
            found += differences(exchange.answer, answer.json, self.names)
            found += differences(exchange.headers, headers, self.names)
            found = [sentence for sentence in found if sentence not in expected]
            assert not found, f"{name}: " + "; ".join(found)
            self.played.append(name)

    def wind(self, exchange: Exchange) -> None:
        """Set the clock to the moment of the recording; it never goes back."""
        stamps = [datetime.fromisoformat(text) for text in STAMPS.findall(json.dumps(exchange.answer))]
        if stamps:
            self.api.clock.now = max([self.api.clock.now, *stamps])

    def send(self, exchange: Exchange) -> Any:
        """The recorded request, with the ids of this run and files that our document service knows."""
        api = self.api
        api.web.authorization = ("Basic", (exchange.user, "")) if exchange.user else None
        if exchange.content_type.startswith(FORM):
            return self.upload(exchange)
        body = self.names.translate(exchange.body)
        if body:
            sent = json.loads(body)
            for document in files(sent):
                document["url"] = self.register(document)
            body = json.dumps(sent)
        return api.web.request(
            self.names.translate(exchange.path),
            method=exchange.method,
            body=body.encode(),
            headers={"Content-Type": exchange.content_type} if exchange.content_type else {},
            expect_errors=True,
        )

    def upload(self, exchange: Exchange) -> Any:
        """The recorded request with a file in a form: of the form nothing but its type was recorded."""
        file = ("file", exchange.answer["data"]["title"], b"content", exchange.answer["data"]["format"])
        send = getattr(self.api.web, exchange.method.lower())
        return send(self.names.translate(exchange.path), upload_files=[file], expect_errors=True)

    def register(self, document: Doc) -> str:
        """The address of a file of ours in place of a recorded one."""
        api = self.api
        api.web.authorization, before = ("Basic", ("broker", "")), api.web.authorization
        url = str(api.web.post("/docservice/register", {"hash": document["hash"]}).json["data"]["url"])
        api.web.authorization = before
        self.names.learn(document["url"].partition("?")[0], url.partition("?")[0])
        return url

    # --- what the recordings leave out

    def made(self, recorded: str, thing: Thing, token: str = "") -> Thing:
        """Remember that a recorded id, and its token, are those of something made without a recorded request."""
        self.names[recorded] = thing.id
        if token:
            self.names[token] = thing.token
        return thing

    def tender(self, recorded: str) -> Doc:
        """A tender as it is stored, by its recorded id."""
        return self.api.store.get("tender", self.names[recorded]).body

    def forge(self, recorded: str, change: Callable[[Doc], None]) -> None:
        """Change a stored tender behind the API's back, as the old suites did to travel in time."""
        stored = self.api.store.get("tender", self.names[recorded])
        body = stored.body
        change(body)
        self.api.store.put("tender", body["id"], body, expect=stored.rev)


def files(value: Any) -> Iterator[Doc]:
    """Every document in a request's body."""
    if isinstance(value, dict):
        if "hash" in value and "url" in value:
            yield value
        for item in value.values():
            yield from files(item)
    elif isinstance(value, list):
        for item in value:
            yield from files(item)
