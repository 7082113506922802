"""Reading request bodies and writing answers: JSON in, JSON out, nothing lost between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any

import msgspec
from pyramid.response import Response

from ..errors import BadRequest, Invalid, Problem, TooLarge, Unsupported

if TYPE_CHECKING:
    from pyramid.request import Request

JSON_TYPE = "application/json"
CHARSET = "charset=UTF-8"
CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,127}")
DECODER = msgspec.json.Decoder(float_hook=Decimal)
ENCODER = msgspec.json.Encoder(decimal_format="number")
NO_JSON = Problem("body", "data", "No JSON object could be decoded")
NO_DATA = Problem("body", "data", "Data not available")
MAX_DEPTH = 64
"""Levels of objects and lists in a body, the outermost one included."""
TOO_DEEP = Problem("body", "data", f"The body is nested more than {MAX_DEPTH} levels deep.")
BROKEN = Problem("body", "data", "The body is malformed or incomplete.")
WRONG_TYPE = Problem("header", "Content-Type", "Content-Type header should be one of ['application/json']")


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded JSON body: `data` as sent, `access` and `options` beside it. Numbers with a fraction are Decimal.

    empty: nothing was sent, which is wrong only where data are asked for.
    """

    whole: dict[str, Any]
    empty: bool = False

    @property
    def data(self) -> dict[str, Any]:
        """The member `data`. Raises Invalid if there is none."""
        if self.empty:
            raise Invalid(NO_JSON)
        data = self.whole.get("data")
        if not isinstance(data, dict):
            raise Invalid(NO_DATA)
        return data

    @property
    def pretty(self) -> bool:
        """Whether the body asks for an indented answer."""
        options = self.whole.get("options")
        return isinstance(options, dict) and bool(options.get("pretty"))


@dataclass(frozen=True, slots=True)
class Stream:
    """The bytes of a body as they come. Raises BadRequest when they break off or come in malformed chunks."""

    source: IO[bytes]

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at the end."""
        try:
            return self.source.read(size)
        except Exception:  # noqa: BLE001 - every server has its own exceptions for that
            raise BadRequest(BROKEN) from None


def raw(request: Request, limit: int) -> bytes:
    """The bytes of the body. Raises TooLarge beyond the limit, BadRequest when it breaks off."""
    too_large = TooLarge(Problem("body", "data", f"The body is larger than {limit} bytes."))
    if (request.content_length or 0) > limit:
        raise too_large
    text = Stream(request.body_file).read(limit + 1)
    if len(text) > limit:
        raise too_large
    return text


def parse(request: Request, limit: int) -> Body:
    """The JSON body of a request. Raises Unsupported, TooLarge, BadRequest or Invalid."""
    if request.content_type != JSON_TYPE:
        raise Unsupported(WRONG_TYPE)
    text = raw(request, limit)
    if not text:
        return Body({}, empty=True)
    try:
        whole = DECODER.decode(text)
    except (msgspec.DecodeError, RecursionError, ValueError, ArithmeticError):
        raise Invalid(NO_JSON) from None
    if not isinstance(whole, dict):
        raise Invalid(NO_DATA)
    if deeper(whole, MAX_DEPTH):
        raise Invalid(TOO_DEEP)
    return Body(whole)


def deeper(value: Any, levels: int) -> bool:
    """Whether an object or a list holds others more than so many levels deep, itself included."""
    layer = [value]
    for _ in range(levels):
        inner = (item for outer in layer for item in (outer.values() if isinstance(outer, dict) else outer))
        layer = [item for item in inner if isinstance(item, dict | list)]
        if not layer:
            return False
    return True


def tag(text: bytes) -> str:
    """What the ETag of a representation is made of: it depends on nothing but the bytes the caller may see."""
    return blake2b(text, digest_size=12).hexdigest()


def answer(request: Request, payload: Any, status: int = 200, *, pretty: bool = False, entity: Any = None) -> Response:
    """The answer with this payload, indented or wrapped in a callback if the caller asked for it.

    `entity` is what the ETag stands for, if that is not the payload itself (the answer to a POST also carries tokens).
    """
    text = ENCODER.encode(payload)
    etag = tag(text if entity is None else ENCODER.encode(entity))
    content_type = JSON_TYPE
    if pretty or request.GET.get("opt_pretty"):
        text, etag = msgspec.json.format(text, indent=4), f"{etag}-pretty"
    elif request.GET.get("opt_jsonp"):
        text = msgspec.json.format(text, indent=0)  # spaced, as clients that compare text know it
    if callback := callback_of(request):
        text, etag, content_type = callback.encode() + b"(" + text + b");", f"{etag}-jsonp", "application/javascript"
    response = Response(body=text, status=status, content_type=f"{content_type}; {CHARSET}")
    if status < HTTPStatus.BAD_REQUEST:
        response.headers["ETag"] = f'"{etag}"'
    return response


def callback_of(request: Request) -> str | None:
    """The function an answer is to be wrapped in, if one is asked for. Raises Invalid for what is not the name of one."""
    callback: str | None = request.GET.get("opt_jsonp")
    if callback and not CALLBACK.fullmatch(callback):
        raise Invalid(Problem("querystring", "opt_jsonp", "The callback should be the name of a function."))
    return callback


def seen(environ: Mapping[str, Any], etag: str) -> bool:
    """Whether the caller has what an ETag stands for already."""
    known: str | None = environ.get("HTTP_IF_NONE_MATCH")
    return known is not None and (known == etag or bool(tags(known) & {*tags(etag), "*"}))


def bare(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of an answer without its body."""
    return [header for header in headers if not header[0].startswith("Content-")]


@lru_cache(maxsize=256)
def takes_gzip(accepted: str | None) -> bool:
    """Whether a header Accept-Encoding asks for gzip, and not with q=0."""
    offers = [offer.replace(" ", "").lower() for offer in (accepted or "").split(",")]
    return any(offer.startswith("gzip") and not offer.endswith((";q=0", ";q=0.0")) for offer in offers)


def tags(header: str | None) -> set[str]:
    """The digests named in an If-Match or If-None-Match header, without what tells pretty and packed variants apart."""
    found = re.findall(r'(?:W/)?"([^"]*)"', header or "")
    return {name.partition("-")[0] for name in found} | ({"*"} if (header or "").strip() == "*" else set())
