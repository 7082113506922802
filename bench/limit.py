"""The limit L1: a bare Pyramid view that returns the bytes it was given, on the same server with the same settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response


class Answer(msgspec.Struct, frozen=True):
    """An answer as it was recorded."""

    status: int
    content_type: str
    body: bytes


Answers = dict[str, Answer]


def main(global_config: Any, *, answers: str) -> Any:
    """The WSGI application; `answers` is the file with the recorded answers, by the name of the job."""
    known = msgspec.msgpack.decode(Path(answers).read_bytes(), type=Answers)

    def view(request: Request) -> Response:
        answer = known[request.matchdict["job"]]
        if request.content_length:
            _ = request.body
        if answer.status == 304:
            return Response(status=304)
        return Response(body=answer.body, status=answer.status, content_type=answer.content_type)

    config = Configurator()
    config.add_route("limit", "/limit/{job}")
    config.add_view(view, route_name="limit")
    return config.make_wsgi_app()
