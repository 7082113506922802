"""Answers that a test makes up."""

from __future__ import annotations

import httpx
import msgspec

from openprocurement_client import Client, Connection, Retries

HOST = "http://127.0.0.1:6543"


class Script:
    """A server that answers what the test says, in that order, and remembers what it was asked.

    An answer is a status with body and headers, an exception to raise, or a function of the request.
    """

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def client(self, **options) -> Client:
        retries = options.pop("retries", Retries(sleep=self.pauses.append))
        connection = Connection(transport=httpx.MockTransport(self))
        return Client(HOST, key="broker", retries=retries, connection=connection, **options)

    @property
    def bodies(self) -> list[dict]:
        return [msgspec.json.decode(request.content) for request in self.asked]


def said(data, status: int = 200, **headers: str) -> httpx.Response:
    """An answer with data."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"data": data}, headers=extra)


def refused(status: int, name: str = "data", description="No.", **headers: str) -> httpx.Response:
    """An answer with one error."""
    extra = {key.replace("_", "-"): value for key, value in headers.items()}
    errors = [{"location": "body", "name": name, "description": description}]
    return httpx.Response(status, json={"status": "error", "errors": errors}, headers=extra)


def page(rows, offset: str, before: str = "") -> httpx.Response:
    """A page of a feed."""
    links = {"next_page": {"offset": offset}} | ({"prev_page": {"offset": before}} if before else {})
    return httpx.Response(200, json={"data": rows, **links})
