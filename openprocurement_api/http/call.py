"""One request and everything it needs: the services of the application, who asks, what was sent, one reading of the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ..domain.actors import ADMINS, BIDDER, BROKER, EVERYONE, OWNER, PARTICIPANT, Actor
from ..domain.context import Ctx
from ..domain.workflow import ADD, UPDATE, Verb
from ..keys import User
from . import body, identity
from .loader import Target

if TYPE_CHECKING:
    from pyramid.request import Request

    from ..engine import Services
    from .files import Upload
    from .idempotency import Claim


@dataclass
class Call:
    """One request. Nothing here is read twice: the clock, the body, the caller."""

    request: Request
    upload: Upload | None = None
    claim: Claim | None = None

    def __post_init__(self) -> None:
        self.services: Services = self.request.registry.services
        body.callback_of(self.request)

    @cached_property
    def now(self) -> datetime:
        """The moment of the request: when all of it had come, so that a slow body meets no deadline it has missed."""
        if self.sends_json:
            _ = self.body
        return self.services.clock.now

    @property
    def tokens(self) -> Mapping[str, str] | None:
        """The tokens of what is to be made, where a claim fixes them."""
        return self.claim.access if self.claim else None

    def arrived(self) -> None:
        """An upload has come: what follows happens now, however long it took."""
        self.now = self.services.clock.now

    def moment(self, text: str) -> datetime:
        """The moment an ISO 8601 text of a request stands for, in the zone of the server if it names none. Raises ValueError.

        A plus sign that was not quoted arrives as a space.
        """
        found = datetime.fromisoformat(text.replace(" ", "+"))
        return found if found.tzinfo else found.replace(tzinfo=self.services.env.zone)

    @property
    def sends_json(self) -> bool:
        """Whether the request carries JSON."""
        return self.request.method in ("POST", "PUT", "PATCH") and self.request.content_type == body.JSON_TYPE

    @property
    def user(self) -> User | None:
        """The platform that asks; None for an unknown key or none."""
        found: User | None = self.request.environ[identity.CALLER]
        return found

    @cached_property
    def body(self) -> body.Body:
        """The JSON body. Raises Unsupported, TooLarge or Invalid."""
        return body.parse(self.request, self.services.settings["max_body"])

    @cached_property
    def token(self) -> str:
        """The access token, wherever it was sent."""
        return identity.token_of(self.request, self.body.whole if self.sends_json else None)

    def actors(self, target: Target) -> frozenset[Actor]:
        """Everything the caller is with respect to a target; the group `admins` may do what owners may."""
        found = identity.actors(self.user, self.token, target.chain)
        return found | {OWNER, BIDDER, PARTICIPANT} if ADMINS in found else found

    def ctx(self, target: Target, verb: Verb = UPDATE) -> Ctx:
        """The context of guards and effects for a target."""
        actors, held = self.actors(target), identity.held(self.user, self.token, target.procedure.root, target.root)
        return Ctx(target.procedure, target.chain, actors, self.now, self.services.env, verb, held=held)


def role(ctx: Ctx) -> str:
    """The one name under which an actor signs documents: holder of the nearest node, else a group, one that may add them."""
    holders = [node.owner for node, _ in reversed(ctx.chain) if node.owner in ctx.actors]
    if holders:
        return holders[0]
    path = "/".join(node.plural for node, _ in ctx.chain[1:])
    groups = sorted(ctx.actors - {EVERYONE, PARTICIPANT, BROKER})
    able = [group for group in groups if ctx.procedure.permitted(path, ADD, frozenset({group}))]
    return next(iter(able or groups), "brokers")
