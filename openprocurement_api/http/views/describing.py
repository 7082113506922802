"""Pages on which the API describes itself: procedures, and the whole of it as OpenAPI; JSON, or a page for who prefers HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from pyramid.request import Request
from pyramid.response import FileResponse, Response

from ...describing import openapi, procedures
from ...domain.procedure import Procedure
from ...domain.workflow import Doc
from ...errors import NotFound, Problem
from ..body import CHARSET, answer, tag

HTML = "text/html"
OFFERS = ("application/json", HTML)
NO_SUCH = "Not Found"
ASSETS = Path(__file__).parent.parent / "assets"
SERVED = frozenset(path.name for path in ASSETS.iterdir() if path.suffix != ".md")
HOUR = 3600
DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
UNITS = ("day", "hour", "minute", "second")


def index(request: Request) -> Response:
    """Every type of procedure this server has."""
    found = [listed(request, procedure) for procedure in known(request).values()]
    if wants_page(request):
        return page(request, "procedures.html", procedures=found)
    return varied(answer(request, {"data": found}))


def one(request: Request) -> Response:
    """Everything that is declared of one type of procedure. Raises NotFound."""
    procedure = known(request).get(request.matchdict["procedure_type"])
    if procedure is None:
        raise NotFound(Problem("url", "procedure_type", NO_SUCH))
    told = procedures.description(procedure)
    if wants_page(request):
        return page(request, "procedure.html", procedure=told)
    return varied(answer(request, {"data": told}))


def document(request: Request) -> Response:
    """The whole API as OpenAPI 3.1."""
    services = request.registry.services
    return answer(request, openapi.document(services.procedures, services.base))


def browse(request: Request) -> Response:
    """A page on which the OpenAPI document is read and tried out."""
    return page(request, "openapi.html")


def asset(request: Request) -> Response:
    """A file that a page needs. Raises NotFound."""
    path = ASSETS / request.matchdict["asset"]
    if path.name not in SERVED:
        raise NotFound(Problem("url", "asset", NO_SUCH))
    return FileResponse(str(path), request=request, cache_max_age=HOUR)


def known(request: Request) -> dict[str, Procedure]:
    """The procedures of this server by type, in alphabetical order."""
    return dict(sorted(request.registry.services.procedures.items()))


def listed(request: Request, procedure: Procedure) -> Doc:
    """A procedure in the list, with its address."""
    uri = f"{request.host_url}{request.registry.services.base}/procedures/{procedure.method_type}"
    return procedures.summary(procedure) | {"uri": uri}


def wants_page(request: Request) -> bool:
    """Whether the caller prefers HTML to JSON: a browser does, a client that says nothing, or `format=json`, does not."""
    if request.GET.get("format") == "json":
        return False
    found = request.accept.acceptable_offers(OFFERS) if request.headers.get("Accept") else []
    return bool(found) and found[0][0] == HTML


def varied(response: Response) -> Response:
    """An answer that depends on what the caller accepts."""
    response.vary = ("Accept",)
    return response


def page(request: Request, template: str, **values: Any) -> Response:
    """A page made of a template."""
    text = templates().get_template(template).render(base=request.registry.services.base, **values)
    response = Response(body=text.encode(), content_type=f"{HTML}; {CHARSET}")
    response.headers["ETag"] = f'"{tag(response.body)}"'
    response.headers["Content-Security-Policy"] = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    return varied(response)


def spoken(text: str) -> str:
    """A duration of ISO 8601 in words; any other text as it is."""
    found = DURATION.fullmatch(text)
    if found is None:
        return text
    sign, *counts = found.groups()
    words = [f"{count} {unit}{'' if count == '1' else 's'}" for count, unit in zip(counts, UNITS, strict=True) if count]
    return f"{'minus ' if sign else ''}{' '.join(words)}"


@cache
def templates() -> jinja2.Environment:
    """The templates of this package; every value is escaped."""
    made = jinja2.Environment(loader=jinja2.PackageLoader("openprocurement_api.http"), autoescape=True, trim_blocks=True)
    made.filters["spoken"] = spoken
    return made


PAGES: Mapping[str, Callable[[Request], Response]] = {
    "procedures": index,
    "procedures/{procedure_type}": one,
    "openapi.json": document,
    "openapi": browse,
    "assets/{asset}": asset,
}
