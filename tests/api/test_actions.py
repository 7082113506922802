"""`opt_fields=actions` tells the truth: what it calls closed is refused, for that reason, and what is done was called open."""

from __future__ import annotations

from random import Random

import pytest

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE
from openprocurement_api.testing.walks import CREATED, Walk
from procedures.below_threshold.states import PROCEDURE
from procedures.below_threshold.tests.play import Play
from procedures.below_threshold.tests.walks import SAMPLES, WISHES, payload, starts

OPEN = {"open": True}


def actions(api, thing, **options):
    return api.call("GET", f"{thing.path}?opt_fields=actions", **options).json["actions"]


@pytest.fixture
def announced(api):
    return api.post("/tenders", builders.tender(api.clock.now))


# --- what is told


def test_nobody_is_told_who_may(api, announced):
    told = actions(api, announced, user=None)
    assert told["edit"] == {"open": False, "reason": "Forbidden: only Administrator, admins, chronograph, tender_owner"}
    assert told["add"]["questions"] == {"open": False, "reason": "Forbidden: only admins, broker"}
    assert told["operations"][0] == {
        "name": "info", "method": "GET", "path": "auction", "open": False, "reason": "Forbidden: only auction",
    }  # fmt: skip


def test_the_owner_is_told_the_fields_and_the_collections(api, announced):
    told = actions(api, announced, token=announced.token)
    assert told["edit"]["open"]
    assert {"title", "value", "tenderPeriod"} <= set(told["edit"]["fields"])
    assert "status" not in told["edit"]["fields"]
    assert told["add"]["lots"] == OPEN
    assert told["add"]["cancellations"] == OPEN


def test_a_platform_is_told_why_it_may_not_bid_yet(api, announced):
    told = actions(api, announced)
    assert told["add"]["questions"] == OPEN
    assert told["add"]["bids"]["reason"] == "Can't add bid in current (active.enquiries) tender status"


def test_time_makes_its_moves_at_a_moment(api, announced):
    (move,) = [m for m in actions(api, announced, user=None)["moves"] if m["to"] == "active.tendering"]
    assert move == {
        "to": "active.tendering",
        "actor": "chronograph",
        "open": False,
        "reason": "Time makes this move",
        "at": announced.data["tenderPeriod"]["startDate"],
    }


def test_a_draft_is_published_by_its_owner(api):
    draft = api.post("/tenders", builders.tender(api.clock.now, status="draft"))
    publish = {"to": "active.enquiries", "actor": "tender_owner"}
    assert publish | OPEN in actions(api, draft, token=draft.token)["moves"]
    assert publish | {"open": False, "reason": "Forbidden: only tender_owner"} in actions(api, draft)["moves"]


def test_what_has_ended_says_so(api):
    play = Play(api).open_bids()
    told = actions(api, play.tender, token=play.tender.token)
    assert told["moves"] == []
    assert told["edit"]["open"] is False


def test_the_administrator_may_make_any_declared_move(api, announced):
    moves = actions(api, announced, user="administrator")["moves"]
    assert all(move["open"] for move in moves if move["actor"] != "chronograph")


def test_a_platform_without_the_level_may_not_bid(api):
    play = Play(api)
    api.until(play.tender, "active.tendering")
    told = actions(api, play.tender, user="broker1")
    assert told["add"]["bids"]["open"] is False
    assert "Accreditation" in told["add"]["bids"]["reason"]


def test_a_collection_tells_of_each_item(api):
    play = Play(api)
    api.until(play.tender, "active.tendering")
    bid = play.bid(450)
    path = f"{play.tender.path}/questions"
    assert set(api.call("GET", f"{path}?opt_fields=actions").json["actions"]) == {"add", "items"}
    told = actions(api, bid, token=bid.token)
    assert told["delete"] == OPEN
    assert told["add"]["documents"] == OPEN
    api.call("GET", f"{play.tender.path}/bids?opt_fields=actions", status=403)


def test_items_are_told_as_their_holder_may(api):
    play = Play(api)
    question = api.post(
        f"{play.tender.path}/questions", {"title": "Q", "description": "Q", "author": builders.organization()}, user="broker"
    )
    told = api.call("GET", f"{play.tender.path}/questions?opt_fields=actions", token=play.tender.token).json["actions"]
    assert told["add"] == OPEN
    assert told["items"][question.id]["edit"] == OPEN | {"fields": ["answer"]}


def test_a_move_that_needs_more_says_what(api):
    play = Play(api)
    claim = api.post(
        f"{play.tender.path}/complaints",
        {"title": "T", "description": "D", "author": builders.organization(), "status": "claim"},
    )
    answer = {"to": "answered", "actor": "tender_owner", "open": False, "reason": "Can't update complaint"}
    needs = {"needs": "the buyer gave a resolution and its type"}
    assert answer | needs in actions(api, claim, token=play.tender.token)["moves"]


def test_without_asking_nothing_is_told(api, announced):
    assert set(api.call("GET", announced.path).json) == {"data"}
    assert set(api.call("GET", f"{announced.path}?opt_fields=status").json) == {"data"}


# --- whether it is true


class Asking(Walk):
    """A walk on which everybody asks before trying."""

    asked = 0

    def send(self, method, path, data, user, token=""):
        told = self.verdict(method, path, data or {}, user, token)
        before = self.status_of(path)
        answer = super().send(method, path, data, user, token)
        if told is not None:
            self.compare(method, told, answer, moved=method != "PATCH" or self.status_of(path) != before)
        return answer

    def verdict(self, method, path, data, user, token):
        """What the API says beforehand; None where it is not asked, or the asker may not look."""
        resource, _, plural = path.rpartition("/") if method == "POST" else (path, "", "")
        if "/auction" in path or method == "GET":
            return None
        web = self.api.web
        web.authorization = ("Basic", (user, "")) if user else None
        headers = {"X-Access-Token": token} if token else {}
        found = web.get(f"{BASE}{resource}?opt_fields=actions", headers=headers, expect_errors=True)
        if found.status_int != 200:
            return None
        told = found.json["actions"]
        if method == "POST":
            return told["add"][plural]
        if method == "DELETE":
            return told.get("delete")
        moves = [move for move in told["moves"] if move["to"] == data.get("status")]
        return next((move for move in moves if move["open"]), moves[0] if moves else None)

    def status_of(self, path):
        """The present status of a resource."""
        return next((c.doc.get("status") for c in self.procedure.walk(self.ctx(self.stored.body)) if place_of(c) == path), None)

    def compare(self, method, told, answer, *, moved):
        """What was done was open; what was closed was refused, with the same words where there were any."""
        Asking.asked += 1
        if answer.status_int <= CREATED and moved:
            assert told["open"] or "needs" in told or told.get("actor") == "chronograph", (method, told, answer.json)
        if method != "PATCH" and not told["open"]:
            assert answer.status_int != CREATED, (told, answer.json)
            said = answer.json["errors"][0]["description"]
            assert said == told["reason"] or told["reason"].startswith("Forbidden") or answer.status_int != 403, (told, said)


def place_of(ctx):
    return "".join(f"/{node.plural}/{doc['id']}" for node, doc in ctx.chain)


@pytest.mark.parametrize("seed", range(12))
def test_a_walk_meets_what_it_was_told(api, seed):
    rng = Random(seed)
    begin = rng.choice(starts(api))
    walk = Asking(api, PROCEDURE, begin(), SAMPLES, WISHES, payload)
    Asking.asked = 0
    for _ in range(30):
        walk.step(rng)
    assert Asking.asked
