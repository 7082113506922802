"""`opt_fields=actions` tells each caller what may be done; that it is true, each procedure's contract finds out."""

from __future__ import annotations

import pytest

from openprocurement_api.testing import builders
from procedures.below_threshold.tests.play import Play

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
