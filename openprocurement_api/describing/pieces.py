"""The parts of the OpenAPI document that are the same whatever procedures there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..domain.node import Node
from ..domain.workflow import Doc
from ..errors import ApiError

REF = "#/components/schemas/"
JSON, JSONP = "application/json", "application/javascript"
PATTERN = "^[^/]+$"


def ref(name: str) -> dict[str, Any]:
    """A reference to a schema."""
    return {"$ref": REF + name}


def enveloped(data: Doc) -> Doc:
    """An answer that shows one thing."""
    return {"type": "object", "required": ["data"], "properties": {"data": data, "actions": ref("Actions")}}


def json_body(schema: Doc) -> Doc:
    """A body or an answer in JSON."""
    return {JSON: {"schema": schema}}


SCHEMAS: Doc = {
    "Error": {
        "type": "object",
        "description": "The one shape of every failure.",
        "required": ["status", "errors"],
        "properties": {"status": {"const": "error"}, "errors": {"type": "array", "minItems": 1, "items": ref("Problem")}},
    },
    "Problem": {
        "type": "object",
        "required": ["location", "name", "description"],
        "properties": {
            "location": {"type": "string", "description": "body, url, header, querystring, params, ..."},
            "name": {"type": "string", "description": "The field, parameter or header"},
            "description": {
                "description": "A sentence or, for a field with parts, what is wrong in each part, nested as the data is"
            },
        },
    },
    "Access": {
        "type": "object",
        "description": "The tokens of a new resource: shown once, kept by nobody but you.",
        "required": ["token", "transfer"],
        "properties": {"token": {"type": "string"}, "transfer": {"type": "string"}},
    },
    "Actions": {
        "type": "object",
        "description": "With opt_fields=actions: what the caller may do now, and why not, for what is closed.",
    },
    "Page": {
        "type": "object",
        "required": ["offset", "path", "uri"],
        "properties": {"offset": {"type": "string"}, "path": {"type": "string"}, "uri": {"type": "string", "format": "uri"}},
    },
}
SENT: Doc = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {"type": "object"},
        "access": {"type": "object", "properties": {"token": {"type": "string"}}},
    },
}
UPLOAD: Doc = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
}
SECURITY: Doc = {
    "basic": {"type": "http", "scheme": "basic", "description": "The key of a platform as user name, without a password"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "The key of a platform"},
}


def parameter(name: str, where: str, text: str, schema: Doc | None = None) -> Doc:
    """An optional parameter."""
    return {"name": name, "in": where, "description": text, "schema": schema or {"type": "string"}}


def path_parameter(name: str) -> Doc:
    """A variable part of an address."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": PATTERN}}


PARAMETERS: Doc = {
    made["name"]: made
    for made in (
        parameter("opt_fields", "query", "Further fields of the rows, with commas; `actions` tells what you may do now"),
        parameter("opt_pretty", "query", "Anything: an indented answer"),
        parameter(
            "opt_jsonp",
            "query",
            "The function to wrap the answer in",
            {"type": "string", "pattern": r"^[A-Za-z_$][\w$.]{0,127}$"},
        ),
        parameter("acc_token", "query", "The token of the resource or of one above it; better sent as a header"),
        parameter("X-Access-Token", "header", "The token of the resource or of one above it"),
        parameter("If-Match", "header", "The ETag of what you have seen: 412 if it has changed since"),
        parameter("If-None-Match", "header", "The ETag of what you have: 304 if it is still that"),
        parameter("Idempotency-Key", "header", "Makes it safe to repeat the request for a day: a UUID of yours"),
        parameter("all", "query", "Anything: earlier versions too"),
        parameter("download", "query", "The key of a stored file: redirects to it"),
        parameter("offset", "query", "Where to begin: an offset of a page, or a date in ISO 8601"),
        parameter("limit", "query", "Rows in a page", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}),
        parameter("descending", "query", "Anything: newest first"),
        parameter(
            "feed", "query", "Both are in the order of public changes", {"type": "string", "enum": ["changes", "dateModified"]}
        ),
        parameter("mode", "query", "Tests, or everything", {"type": "string", "enum": ["test", "_all_"]}),
        parameter("revision", "query", "The number of a version, from 1"),
        parameter("date", "query", "The version of a moment in ISO 8601"),
    )
}
HEADERS: Doc = {
    "ETag": {"description": "Stands for exactly the bytes of this view", "schema": {"type": "string"}},
    "Location": {"description": "The address of what was made", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}},
}
ASKING = ("opt_pretty", "opt_jsonp", "acc_token", "X-Access-Token")
"""Parameters that every resource takes."""
READING = ("BadRequest", "Forbidden", "NotFound", "Gone", "Unsupported", "Invalid", "Unavailable")
CHANGING = (*READING, "Conflict", "Stale", "TooLarge", "BadGateway")
ADDING = CHANGING
"""How a request of each kind may fail, by class of error."""


def method(
    name: str, text: str, tag: str, body: Doc, parameters: Sequence[str], failing: Sequence[str], *, status: int = 200
) -> Doc:
    """One method of one address."""
    content = json_body(body) | ({JSONP: {"schema": {"type": "string"}}} if "opt_jsonp" in parameters else {})
    success = {"description": text, "headers": {"ETag": header("ETag")}, "content": content}
    if status != 200:  # noqa: PLR2004 - created
        success["headers"] = {**success["headers"], "Location": header("Location")}  # type: ignore[dict-item]
    return {
        "operationId": name,
        "summary": text,
        "tags": [tag],
        "parameters": [{"$ref": f"#/components/parameters/{parameter}"} for parameter in parameters],
        "responses": {str(status): success} | failures(failing),
    }


def header(name: str) -> Doc:
    """A reference to a header."""
    return {"$ref": f"#/components/headers/{name}"}


def failures(names: Sequence[str]) -> Doc:
    """References to the answers of some classes of errors."""
    found = {error.__name__: error.status for error in ApiError.__subclasses__()}
    return {str(found[name]): {"$ref": f"#/components/responses/{name}"} for name in names}


def failure(text: str, status: int) -> Doc:
    """The answer of one class of errors."""
    told: Doc = {"description": text, "content": json_body(ref("Error"))}
    return told | {"headers": {"Retry-After": header("Retry-After")}} if status == 503 else told  # noqa: PLR2004 - Unavailable


def feed(root: Node) -> Doc:
    """GET of a root collection."""
    row = {
        "type": "object",
        "required": ["id", "dateModified"],
        "properties": {"id": {"type": "string"}, "dateModified": {"type": "string", "format": "date-time"}},
    }
    body = {
        "type": "object",
        "required": ["data", "next_page"],
        "properties": {"data": {"type": "array", "items": row}, "next_page": ref("Page"), "prev_page": ref("Page")},
    }
    parameters = ("offset", "limit", "descending", "feed", "mode", "opt_fields", "opt_pretty", "opt_jsonp", "If-None-Match")
    found = method(f"feed_{root.plural}", f"The feed of public {root.plural}", root.plural, body, parameters, READING)
    return unchanged(found)


def historical(root: Node, shown: Doc) -> Doc:
    """GET of a document as it was."""
    parameters = (*ASKING, "revision", "date", "If-None-Match")
    text = f"A {root.name} as it was"
    return unchanged(method(f"{root.name}_historical", text, root.plural, enveloped(shown), parameters, READING))


def unchanged(found: Doc) -> Doc:
    """The same method, which may also answer that nothing has changed."""
    found["responses"]["304"] = {"description": "What you have is still so"}
    return found


def system(name: str, text: str, shown: Doc, failing: Sequence[str] = ("BadRequest", "Invalid")) -> Doc:
    """GET of a page that belongs to no procedure."""
    return {"get": unchanged(method(name, text, "system", shown, ("opt_pretty", "opt_jsonp"), failing))}


OBJECT: Doc = {"type": "object"}
LIST: Doc = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": OBJECT}}}
SYSTEM: Doc = {
    "/health": system(
        "health", "Whether the store answers, and how far the clock is behind", OBJECT, ("BadRequest", "Invalid", "Unavailable")
    ),
    "/version": system("version", "The version of the contract and of the program", enveloped(OBJECT)),
    "/spore": system("spore", "Every address, as SPORE describes it", OBJECT),
    "/openapi.json": system("openapi", "This document", OBJECT),
    "/procedures": system("procedures", "Every type of procedure this server has", LIST),
    "/procedures/{procedure_type}": {"parameters": [path_parameter("procedure_type")]}
    | system(
        "procedure",
        "Everything that is declared of a type of procedure",
        enveloped(OBJECT),
        ("BadRequest", "NotFound", "Invalid"),
    ),
}
