"""Random walks on which everybody asks first what they may do (`opt_fields=actions`), then finds out whether that was true."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ..storage.base import Doc
from .client import BASE
from .walks import CREATED, Walk, place


class Asking(Walk):
    """A walk that compares what the API told with what it did. `compared` counts how often there was something to compare."""

    compared = 0

    def send(self, method: str, path: str, data: Doc | None, user: str | None, token: str = "") -> Any:
        """One request, after a question what may be done."""
        told = self.told(method, path, data or {}, user, token)
        before = self.status_of(path)
        answer = super().send(method, path, data, user, token)
        if told is not None:
            self.compared += 1
            done = answer.status_int <= CREATED and (method != "PATCH" or self.status_of(path) != before)
            self.compare(method, told, answer, done=done)
        return answer

    def told(self, method: str, path: str, data: Doc, user: str | None, token: str) -> Doc | None:
        """The verdict on what is about to be tried; None where there is none, or where the asker may not look."""
        asked, _, plural = path.rpartition("/") if method == "POST" else (path, "", "")
        if method == "GET" or path.count("/") % 2 == (method != "POST"):  # an operation is no resource
            return None
        web = self.api.web
        web.authorization = ("Basic", (user, "")) if user else None
        headers = {"X-Access-Token": token} if token else {}
        found = web.get(f"{BASE}{asked}?opt_fields=actions", headers=headers, expect_errors=True)
        if found.status_int != HTTPStatus.OK:
            return None
        actions: Doc = found.json["actions"]
        if method in ("POST", "DELETE"):
            return actions["add"].get(plural) if method == "POST" else actions.get("delete")
        moves = [move for move in actions["moves"] if move["to"] == data.get("status")]
        return next((move for move in moves if move["open"]), moves[0] if moves else None)

    def status_of(self, path: str) -> str | None:
        """The present status of a resource."""
        found = (ctx.doc.get("status") for ctx in self.procedure.walk(self.ctx(self.stored.body)) if place(ctx) == path)
        return next(found, None)

    def compare(self, method: str, told: Doc, answer: Any, *, done: bool) -> None:
        """Nothing is done that was called closed for good; what is refused for now is refused with the words that were told."""
        if done:
            assert told["open"] or "needs" in told or told.get("actor") == "chronograph", (method, told, answer.json)
        elif method != "PATCH" and not told["open"] and answer.status_int == HTTPStatus.FORBIDDEN:
            said = answer.json["errors"][0]["description"]
            assert said == told["reason"] or told["reason"].startswith("Forbidden"), (method, told, said)
