"""Random walks: anybody tries anything, the clock jumps, and whatever happens the stored document stays sound.

A walk is what a seed makes it: walk 17 is the same walk tomorrow. Long walks of plain random choices get further into a procedure
than generated examples that are kept small in order to be shrunk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ..domain.actors import (
    ADMINISTRATOR,
    ADMINS,
    AUCTION,
    BODY,
    BOT,
    BROKER,
    CASCADE,
    CLOCK,
    CONTRACTING,
    DIALOGUE,
    REVIEWER,
    Actor,
)  # fmt: skip
from ..domain.context import Ctx
from ..domain.procedure import Procedure
from ..models.base import check
from ..nodes.fields import names, scope_of
from ..storage.base import Doc
from .client import BASE, Api, Thing

KEYS: Mapping[Actor, str] = {
    BROKER: "broker",
    CLOCK: "chronograph",
    AUCTION: "auction",
    ADMINISTRATOR: "administrator",
    ADMINS: "token",
    REVIEWER: "reviewer",
    BODY: "reviewer",
    BOT: "bot",
    CONTRACTING: "contracting",
    DIALOGUE: "competitive_dialogue",
}
"""The key of the test settings that stands for each group; whatever else acts does so with a broker's key and a token."""
JUNK: tuple[Any, ...] = (
    None, "", "x", "active", 0, -1, 10**9, 0.1, True, [], {}, [{}], ["x"], {"amount": 5}, {"startDate": "tomorrow"},
)  # fmt: skip
CREATED = 201
ANSWERS = frozenset({200, CREATED, 403, 404, 405, 409, 422})
SPANS = (timedelta(0), timedelta(minutes=7), timedelta(hours=5), timedelta(days=1), timedelta(days=4))

Sample = Callable[[Doc, datetime], Doc]
"""Makes data for a new resource from the stored root and the present moment."""
Start = tuple[Thing, Mapping[str, str]]
"""A document, and the tokens of what is in it by id."""


class Walk:
    """One document and everybody who tries to do something with it.

    `samples` makes valid data by the names of nodes, `wishes` what goes with a move to a status, `payloads` bodies of operations.
    """

    def __init__(
        self,
        api: Api,
        procedure: Procedure,
        start: Start,
        samples: Mapping[str, Sample],
        wishes: Mapping[str, Doc],
        payload: Sample,
    ) -> None:
        self.api, self.procedure, self.start = api, procedure, start[0]
        self.samples, self.wishes, self.payload = samples, wishes, payload
        self.tokens = {self.start.id: self.start.token, **start[1]}

    @property
    def stored(self) -> Any:
        """The document as it is stored."""
        return self.api.store.get(self.procedure.root.name, self.start.id)

    def ctx(self, body: Doc) -> Ctx:
        """The context of the clock for a stored document."""
        env = self.api.registry.services.env
        return Ctx(self.procedure, ((self.procedure.root, body),), frozenset({CLOCK}), self.api.clock.now, env)

    # --- what is tried

    def step(self, rng: Random) -> None:
        """Try one thing, then look whether all is sound."""
        tries = (self.tick, self.tick, self.move, self.move, self.move, self.add, self.add, self.edit, self.delete, self.operate)
        before = self.stored.rev
        rng.choice(tries)(rng)
        self.sound(changed=self.stored.rev != before)

    def tick(self, rng: Random) -> None:
        """Time passes, to the next due moment or by some span, and the clock looks at the document."""
        due, now = self.stored.body.get("next_check"), self.api.clock.now
        if due and rng.choice((True, False)):
            self.api.clock.now = max(datetime.fromisoformat(due), now)
        else:
            self.api.clock.now = now + rng.choice(SPANS)
        self.look()

    def look(self) -> None:
        """The clock looks: something happens if and only if something is due, and nothing happens the second time."""
        before = self.stored
        due = before.body.get("next_check")
        is_due = due is not None and datetime.fromisoformat(due) <= self.api.clock.now
        self.send("PATCH", f"/{self.procedure.root.plural}/{self.start.id}", {"id": self.start.id}, KEYS[CLOCK])
        after = self.stored
        assert (after.body.get("next_check") != due or self.statuses(after.body) != self.statuses(before.body)) == is_due, due
        self.send("PATCH", f"/{self.procedure.root.plural}/{self.start.id}", {"id": self.start.id}, KEYS[CLOCK])
        assert self.stored.rev == after.rev

    def move(self, rng: Random) -> None:
        """Somebody makes a move that is declared, or wishes for any status at all."""
        ctx = rng.choice([c for c in self.procedure.walk(self.ctx(self.stored.body)) if c.node.workflow])
        assert ctx.node.workflow
        moves = [t for t in ctx.node.workflow.exits(ctx.doc["status"]) if t.actor not in (CLOCK, CASCADE)]
        if moves and rng.randrange(4):
            chosen = rng.choice(moves)
            user, token = self.credentials(chosen.actor, ctx)
            target = chosen.target
        else:
            target = rng.choice([*(s.name for s in ctx.node.workflow.states), "nowhere"])
            user, token = self.anybody(rng)
        known = names(ctx.node.model)
        wishes = {name: value for name, value in self.wishes.get(target, {}).items() if name in known}
        self.send("PATCH", place(ctx), {"status": target} | wishes, user, token)

    def add(self, rng: Random) -> None:
        """Somebody adds something somewhere."""
        ctx = rng.choice([c for c in self.procedure.walk(self.ctx(self.stored.body)) if c.node.children])
        child = rng.choice([child for child in ctx.node.children if child.begins()])
        data = self.samples[child.name](ctx.root, self.api.clock.now)
        user, token = rng.choice(
            [("broker", self.tokens.get(ctx.doc["id"], "")), ("broker", self.anyone(rng)), self.anybody(rng)]
        )
        answer = self.send("POST", f"{place(ctx)}/{child.plural}", data, user, token)
        if answer.status_int == CREATED:
            self.tokens[answer.json["data"]["id"]] = answer.json.get("access", {}).get("token", "")

    def edit(self, rng: Random) -> None:
        """Somebody sends nonsense, or a whole valid resource over what is there."""
        ctx = rng.choice(list(self.procedure.walk(self.ctx(self.stored.body))))
        fields = sorted(names(ctx.node.model) | {"rogue"})
        nonsense = {rng.choice(fields): rng.choice(JUNK) for _ in range(rng.randint(1, 3))}
        whole = self.samples[ctx.node.name](ctx.root, self.api.clock.now)
        user, token = rng.choice([("broker", self.tokens.get(ctx.doc["id"], "")), self.anybody(rng)])
        self.send("PATCH", place(ctx), rng.choice([nonsense, whole]), user, token)

    def delete(self, rng: Random) -> None:
        """Somebody takes something away."""
        below = [c for c in self.procedure.walk(self.ctx(self.stored.body)) if len(c.chain) > 1]
        if below:
            ctx = rng.choice(below)
            owner = self.tokens.get(ctx.doc["id"]) or self.tokens[self.start.id]
            user, token = rng.choice([("broker", owner), self.anybody(rng)])
            self.send("DELETE", place(ctx), None, user, token)

    def operate(self, rng: Random) -> None:
        """The auction, or somebody else, calls an operation."""
        body = self.stored.body
        operation = rng.choice(self.procedure.operations)
        lot = rng.choice([lot["id"] for lot in body.get("lots", ())] or ["nowhere"])
        path = f"/{self.procedure.root.plural}/{self.start.id}/{operation.path}".replace("{auction_lot_id}", lot)
        data = rng.choice([*[self.payload(body, self.api.clock.now)] * 4, {}, {"bids": []}, {"bids": [{}], "lots": "x"}])
        user = rng.choice([*(KEYS.get(actor, KEYS[BROKER]) for actor in sorted(operation.actors)), "broker", None])
        self.send(operation.method, path, None if operation.method == "GET" else data, user)

    # --- who tries it

    def credentials(self, actor: Actor, ctx: Ctx) -> tuple[str | None, str]:
        """The key and the token of an actor with respect to a resource."""
        if actor in KEYS:
            return KEYS[actor], ""
        holders = [doc["id"] for node, doc in reversed(ctx.chain) if node.owner == actor]
        return "broker", self.tokens.get(holders[0], "") if holders else ""

    def anybody(self, rng: Random) -> tuple[str | None, str]:
        """Any key with any token."""
        return rng.choice([None, "broker1", *KEYS.values()]), rng.choice(["", self.anyone(rng)])

    def anyone(self, rng: Random) -> str:
        """Any of the tokens."""
        return rng.choice(list(self.tokens.values()))

    def send(self, method: str, path: str, data: Doc | None, user: str | None, token: str = "") -> Any:
        """One request; asserts that it is answered in order."""
        web = self.api.web
        web.authorization = ("Basic", (user, "")) if user else None
        headers = {"X-Access-Token": token} if token else {}
        if data is None:
            answer = web.request(BASE + path, method=method, headers=headers, expect_errors=True)
        else:
            answer = getattr(web, f"{method.lower()}_json")(BASE + path, {"data": data}, headers=headers, expect_errors=True)
        assert answer.status_int in ANSWERS, (method, path, data, user, answer.text)
        assert answer.status_int <= CREATED or (answer.json["status"] == "error" and answer.json["errors"])
        return answer

    # --- whether all is sound

    def sound(self, *, changed: bool) -> None:
        """The stored document has declared states only, fits its models, and is due when the procedure says so."""
        body = self.stored.body
        ctx = self.ctx(body)
        self.statuses(body)
        for here in self.procedure.walk(ctx):
            known = names(here.node.model)
            check(here.node.model, {name: value for name, value in here.doc.items() if name in known}, scope_of(here))
        if changed:
            due = self.procedure.next_check(ctx)
            assert body.get("next_check") == (due.isoformat() if due else None)
        for user in (None, KEYS[ADMINISTRATOR]):
            assert self.read(user) == self.read(user, token="nobody's"), "what is remembered is not what is stored"

    def read(self, user: str | None, token: str = "") -> bytes:
        """The document as it is shown; nothing is remembered of what is shown to a token, whether it is anybody's or not."""
        body: bytes = self.send("GET", f"/{self.procedure.root.plural}/{self.start.id}", None, user, token).body
        return body

    def statuses(self, body: Doc) -> list[str]:
        """The states of the document and of everything in it. Raises KeyError for one that is not declared."""
        states = (ctx.node.state(ctx.doc) for ctx in self.procedure.walk(self.ctx(body)))
        return [state.name for state in states if state]


def place(ctx: Ctx) -> str:
    """The address of a resource below the API's version."""
    return "".join(f"/{node.plural}/{doc['id']}" for node, doc in ctx.chain)
