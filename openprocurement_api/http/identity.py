"""Who asks: the platform behind the API key of a request, and the actors its tokens make it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from secrets import compare_digest
from typing import TYPE_CHECKING, Any

from ..domain.actors import BIDDER, BODY, EVERYONE, OWNER, PARTICIPANT, REVIEWER, Actor
from ..keys import User, digest

if TYPE_CHECKING:
    from pyramid.request import Request

    from ..domain.node import Node
    from ..domain.workflow import Doc

ALSO: Mapping[Actor, frozenset[Actor]] = {REVIEWER: frozenset({BODY})}
"""What the members of a group are besides."""
CALLER = "openprocurement.caller"
"""Where a request's environment has the holder of its key, or None; the key is looked up once, before Pyramid."""


def key_of(environ: Mapping[str, Any]) -> str:
    """The API key of a request: user name of Basic, or Bearer token; empty if there is none that can be read."""
    scheme, _, value = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


def token_of(request: Request, body: object) -> str:
    """The access token of a request: query `acc_token`, header `X-Access-Token`, or `access.token` of the JSON body."""
    token = request.GET.get("acc_token") or request.headers.get("X-Access-Token")
    if not token and isinstance(body, dict) and isinstance(body.get("access"), dict):
        token = body["access"].get("token")
    return token if isinstance(token, str) else ""


def owns(doc: Doc, user: User | None, proof: str, kept_in: str = "owner_token") -> bool:
    """Whether the user holds the document: the token is its token, or that in another field, and the platform is its platform."""
    kept = doc.get(kept_in)
    mine = user is not None and doc.get("owner") == user.name
    return bool(mine and proof and isinstance(kept, str) and compare_digest(kept, digest(proof)))


def actors(user: User | None, proof: str, chain: Iterable[tuple[Node, Doc]]) -> frozenset[Actor]:
    """Everything the caller is, with respect to one chain of nodes."""
    links = list(chain)
    found = {EVERYONE} | ({user.actor, *ALSO.get(user.actor, ())} if user else set())
    for node, doc in links:
        if node.owner and owns(doc, user, proof):
            found.add(node.owner)
        found |= {actor for name, actor in node.proofs.items() if owns(doc, user, proof, name)}
    if links and OWNER not in found and BIDDER not in found and held(user, proof, *links[0]):
        found.add(PARTICIPANT)
    return frozenset(found)


def held(user: User | None, proof: str, node: Node, root: Doc) -> frozenset[str]:
    """The ids of the items of a root that the user holds and takes part by: `Node.partaking` says which these are."""
    if not proof:
        return frozenset()
    items = ((kind, item) for kind in node.children if kind.partaking for item in root.get(kind.field, ()))
    return frozenset(item["id"] for kind, item in items if item["status"] in kind.partaking and owns(item, user, proof))
