"""The API as an OpenAPI 3.1 document, made of the node trees and models of the procedures a server has.

Where procedures differ in the model of one address, a body or an answer is any of these models.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc
from typing import Any

from .. import __version__
from ..domain.node import Node
from ..domain.procedure import Operation, Procedure
from ..domain.workflow import DELETE, Doc
from ..errors import ApiError
from ..models.base import Model
from ..models.schema import Schema, definition, fields_of, name_of, with_parts
from . import pieces
from .pieces import REF, ref

Family = Mapping[str, Procedure]


def document(procedures: Family, base: str) -> Doc:
    """The whole document; `base` is the path below which the API lives."""
    nodes = [node for procedure in procedures.values() for node in every(procedure.root)]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OpenProcurement API",
            "version": base.rpartition("/")[2],
            "description": f"The central procurement database. Program {__version__}.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "security": [{}, {"basic": []}, {"bearer": []}],
        "tags": [{"name": name} for name in tags(procedures)],
        "paths": dict(paths(procedures)),
        "components": {
            "schemas": pieces.SCHEMAS | schemas(nodes),
            "responses": failures(),
            "parameters": pieces.PARAMETERS,
            "headers": pieces.HEADERS,
            "securitySchemes": pieces.SECURITY,
        },
    }


def every(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in node.children:
        yield from every(child)


def tags(procedures: Family) -> list[str]:
    """What the addresses are grouped by: the collections of the root, then what belongs to no procedure."""
    found = dict.fromkeys(p.root.plural for p in procedures.values())
    found |= dict.fromkeys(child.plural for p in procedures.values() for child in p.root.children)
    return [*found, "operations", "system"]


# --- addresses


def paths(procedures: Family) -> Iterator[tuple[str, Doc]]:
    """Every address with its methods."""
    roots: dict[str, list[Procedure]] = {}
    for procedure in procedures.values():
        roots.setdefault(procedure.root.plural, []).append(procedure)
    for plural, family in roots.items():
        root = family[0].root
        item = f"/{plural}/{{{root.name}_id}}"
        own = [p.root for p in family]
        yield f"/{plural}", {"get": pieces.feed(root), "post": adding(own, plural, f"announce_{root.name}")}
        yield item, {"parameters": ids(item), **of_items(own, plural, plural, deletes=False)}
        yield f"{item}/historical", {"parameters": ids(item), "get": pieces.historical(root, answers(own))}
        for path, nodes in collections([p.root for p in family], item):
            plurals = "/".join(steps(path)[1:])
            yield from of_collection(path, nodes, deletes=any(p.able(plurals, DELETE) for p in family))
        for path, found in operations(family, item).items():
            yield path, {"parameters": ids(path)} | {op.method.lower(): operation(op, own) for op in found}
    yield from pieces.SYSTEM.items()


def collections(roots: Iterable[Node], item: str) -> Iterator[tuple[str, list[Node]]]:
    """Every collection below a root document, with the nodes that different procedures have there."""
    found: dict[str, list[Node]] = {}
    for root in roots:
        for path, node in below(root, item):
            found.setdefault(path, []).append(node)
    yield from found.items()


def below(node: Node, prefix: str) -> Iterator[tuple[str, Node]]:
    """Every collection below a node."""
    for child in node.children:
        path = f"{prefix}/{child.plural}"
        yield path, child
        yield from below(child, f"{path}/{{{child.name}_id}}")


def of_collection(path: str, nodes: list[Node], *, deletes: bool) -> Iterator[tuple[str, Doc]]:
    """A collection and its items; `deletes` if somebody may take one away."""
    tag, name, item = path.split("/")[3], "_".join(steps(path)), f"{path}/{{{nodes[0].name}_id}}"
    added = {"post": adding(nodes, tag, f"add_{name}")} if any(node.begins() for node in nodes) else {}
    yield path, {"parameters": ids(path), "get": listing(nodes, tag, name), **added}
    yield item, {"parameters": ids(item), **of_items(nodes, tag, name, deletes=deletes)}


def steps(path: str) -> list[str]:
    """The fixed parts of an address."""
    return [part for part in path.strip("/").split("/") if not part.startswith("{")]


def ids(path: str) -> list[Doc]:
    """The variable parts of an address."""
    return [pieces.path_parameter(part[1:-1]) for part in path.split("/") if part.startswith("{")]


# --- methods


def listing(nodes: list[Node], tag: str, name: str) -> Doc:
    """GET of a collection."""
    body = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": answers(nodes)}}}
    parameters = [
        "opt_fields",
        "opt_pretty",
        "opt_jsonp",
        "acc_token",
        "X-Access-Token",
        *(["all"] if nodes[0].versioned else []),
    ]
    return pieces.method(f"list_{name}", f"List the {words(nodes[0].plural)}", tag, body, parameters, pieces.READING)


def adding(nodes: list[Node], tag: str, name: str) -> Doc:
    """POST to a collection."""
    found = pieces.method(
        name, f"Add a {words(nodes[0].name)}", tag, created(nodes), [*pieces.ASKING, "Idempotency-Key"], pieces.ADDING, status=201
    )
    content = pieces.json_body(sent(nodes, "new"))
    if nodes[0].versioned:
        content |= {"multipart/form-data": {"schema": pieces.UPLOAD}}
    return found | {"requestBody": {"required": True, "content": content}}


def of_items(nodes: list[Node], tag: str, name: str, *, deletes: bool) -> Doc:
    """The methods of one resource."""
    word, shown = words(nodes[0].name), pieces.enveloped(answers(nodes))
    reads = [*pieces.ASKING, "opt_fields", *(["download"] if nodes[0].versioned else [])]
    found = {
        "get": pieces.method(f"get_{name}", f"Read a {word}", tag, shown, reads, pieces.READING),
        "patch": pieces.method(f"change_{name}", f"Change a {word}", tag, shown, [*pieces.ASKING, "If-Match"], pieces.CHANGING)
        | {"requestBody": {"required": True, "content": pieces.json_body(sent(nodes, "change"))}},
    }
    if deletes:
        found["delete"] = pieces.method(
            f"delete_{name}", f"Delete a {word}", tag, shown, [*pieces.ASKING, "If-Match"], pieces.CHANGING
        )
    if nodes[0].versioned:
        content = {**pieces.json_body(sent(nodes, "new")), "multipart/form-data": {"schema": pieces.UPLOAD}}
        found["put"] = pieces.method(
            f"replace_{name}", f"Add a new version of a {word}", tag, shown, pieces.ASKING, pieces.CHANGING
        ) | {"requestBody": {"required": True, "content": content}}
    return found


def operations(family: list[Procedure], item: str) -> dict[str, list[Operation]]:
    """What is not create, read, update or delete, by address; the first procedure's stands for all."""
    found: dict[str, dict[str, Operation]] = {}
    for procedure in family:
        for op in procedure.operations:
            found.setdefault(f"{item}/{op.path}", {}).setdefault(op.method, op)
    return {path: list(ways.values()) for path, ways in found.items()}


def operation(op: Operation, roots: list[Node]) -> Doc:
    """One operation: what it takes is told by its guards and its model, not here."""
    name = f"{op.method}_{'_'.join(steps(op.path))}{'_of_lot' if '{' in op.path else ''}".lower()
    text = f"{op.name.capitalize()}: for {', '.join(sorted(op.actors))}"
    shown = {"type": "object"} if op.view else answers(roots)
    found = pieces.method(name, text, "operations", pieces.enveloped(shown), pieces.ASKING, pieces.CHANGING)
    if op.method == "GET":
        return found
    return found | {"requestBody": {"required": True, "content": pieces.json_body(pieces.SENT)}}


def words(name: str) -> str:
    """A name of the tree in plain words."""
    return name.replace("_", " ")


# --- bodies and answers


def sent(nodes: list[Node], way: str) -> Schema:
    """What a request may hold: `new` resources, or a `change` of one."""
    schema = any_of(ref(f"{name_of(node.model)}.{way}") for node in nodes)
    return pieces.SENT | {"properties": {**pieces.SENT["properties"], "data": schema}}


def answers(nodes: Iterable[Node]) -> Schema:
    """What an answer shows of a resource."""
    return any_of(ref(name_of(node.model)) for node in nodes)


def created(nodes: list[Node]) -> Schema:
    """The answer to a POST; with its tokens, if the resource has a holder."""
    shown = pieces.enveloped(answers(nodes))
    return shown | {"properties": {**shown["properties"], "access": ref("Access")}} if nodes[0].owner else shown


def any_of(refs: Iterable[Schema]) -> Schema:
    """One of some schemas; the schema itself if there is but one."""
    found = list({schema["$ref"]: schema for schema in refs}.values())
    return found[0] if len(found) == 1 else {"anyOf": found}


def schemas(nodes: list[Node]) -> Doc:
    """Every model as it is shown; those of nodes also as they are sent, anew and to change them."""
    found: Doc = {name_of(model): definition(model, REF, shown=True) for model in with_parts(node.model for node in nodes)}
    for model, places in by_model(nodes).items():
        name, whole = name_of(model), definition(model, REF + "sent.")
        for node in places:
            for child in node.children:
                found[name]["properties"].setdefault(child.field, {"type": "array", "items": ref(name_of(child.model))})
        names = sendable(places)
        known = {field: schema for field, schema in whole["properties"].items() if field in names}
        required = [field for field in whole.get("required", ()) if field in names]
        found[f"{name}.new"] = {"type": "object", "properties": known} | ({"required": required} if required else {})
        found[f"{name}.change"] = {"type": "object", "properties": known}
    for model in with_parts(node.model for node in nodes):
        found[f"sent.{name_of(model)}"] = definition(model, REF + "sent.")
    return found


def by_model(nodes: Iterable[Node]) -> dict[type[Model], list[Node]]:
    """The nodes that share a model."""
    found: dict[type[Model], list[Node]] = {}
    for node in nodes:
        found.setdefault(node.model, []).append(node)
    return found


def sendable(nodes: Iterable[Node]) -> frozenset[str]:
    """The fields that somebody sends, when a node is made or in some state of it, and the status that asks for a move."""
    found: set[str] = set()
    for node in nodes:
        found |= node.accepts | (fields_of(node.model).keys() & {"status"})
        found |= set().union(
            *node.edits.values(), *(e for s in (node.workflow.states if node.workflow else ()) for e in s.edits.values())
        )
    return frozenset(found)


def failures() -> dict[str, Any]:
    """The answer of each error class, by the name of the class."""
    classes = {error.__name__: error for error in ApiError.__subclasses__()}
    return {name: pieces.failure(cleandoc(error.__doc__ or ""), error.status) for name, error in classes.items()}
