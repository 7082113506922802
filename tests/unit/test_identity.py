"""Keys and tokens: who a request comes from."""

from __future__ import annotations

import base64
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import toy_procedure as toy

from openprocurement_api.domain.actors import BODY, BROKER, EVERYONE, OWNER, PARTICIPANT, REVIEWER
from openprocurement_api.domain.node import Node
from openprocurement_api.http import identity
from openprocurement_api.keys import Keys, User, digest
from openprocurement_api.nodes.bid import BID
from openprocurement_api.nodes.reviewed_bid import REVIEWED_BID
from openprocurement_api.settings import SettingsError


def keys(tmp_path: Path, text: str, *, clear: bool = True) -> Keys:
    """Keys of a file with this text."""
    path = tmp_path / "auth.ini"
    path.write_text(text, encoding="utf-8")
    return Keys(path, clear=clear)


def request(**headers: str) -> Any:
    """A request with nothing but headers."""
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return SimpleNamespace(headers=headers, environ=environ, GET={})


def test_names_levels_and_groups(tmp_path: Path) -> None:
    found = keys(tmp_path, "[brokers]\nПлощадка = key1, 12t\nother = key2\n[chronograph]\nc = key3\n")
    assert found.user("key1") == User("Площадка", BROKER, "12t")
    assert found.user("key2").levels == "1234"  # type: ignore[union-attr]
    assert found.user("key3").actor == "chronograph"  # type: ignore[union-attr]
    assert found.user("key4") is None
    assert found.user("") is None


def test_a_hashed_key(tmp_path: Path) -> None:
    found = keys(tmp_path, f"[brokers]\na = sha512:{digest('secret')},1\n", clear=False)
    assert found.user("secret").name == "a"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[brokers]\na = plain\n", "stands in clear"),
        ("[strangers]\na = sha512:00\n", r"unknown group \[strangers\]"),
        ("[brokers]\na = sha512:00\nb = sha512:00\n", "'b' and 'a' have the same key"),
        ("a = b\n", "cannot be read"),
    ],
)
def test_a_file_of_keys_that_is_wrong_stops_the_start(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        keys(tmp_path, text, clear=False)


def test_a_missing_file_of_keys_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        Keys(tmp_path / "none.ini")


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Basic " + base64.b64encode(b"broker:").decode(), "broker"),
        ("basic " + base64.b64encode(b"broker:word").decode(), "broker"),
        ("Bearer broker", "broker"),
        ("Basic %%%", ""),
        ("Basic " + base64.b64encode(b"\xff:").decode(), ""),
        ("Digest x", ""),
        ("", ""),
    ],
)
def test_the_key_of_a_request(header: str, key: str) -> None:
    assert identity.key_of(request(Authorization=header).environ) == key


def test_the_token_of_a_request() -> None:
    query = SimpleNamespace(headers={"X-Access-Token": "h"}, GET={"acc_token": "q"})
    assert identity.token_of(query, {"access": {"token": "b"}}) == "q"
    assert identity.token_of(request(**{"X-Access-Token": "h"}), None) == "h"
    assert identity.token_of(request(), {"access": {"token": "b"}}) == "b"
    for odd in ({"access": {"token": 5}}, {"access": "b"}, [], None):
        assert identity.token_of(request(), odd) == ""


def test_a_token_of_another_platform_is_worth_nothing() -> None:
    doc = {"owner": "broker", "owner_token": digest("t")}
    mine, other = User("broker", BROKER, "1234"), User("other", BROKER, "1234")
    assert identity.owns(doc, mine, "t")
    assert not identity.owns(doc, mine, digest("t")), "who steals the store has no tokens"
    assert not identity.owns(doc, mine, "T")
    assert not identity.owns(doc, mine, "й")
    assert not identity.owns(doc, mine, "")
    assert not identity.owns(doc, other, "t")
    assert not identity.owns(doc, None, "t")
    assert not identity.owns({}, mine, "t")


def test_whose_bids_take_part() -> None:
    """Those that stand or were rejected; not drafts, and not those that were taken back."""
    statuses = ("active", "unsuccessful", "draft", "deleted", "invalid")
    bids = [{"id": status, "status": status, "owner": "broker", "owner_token": digest("t")} for status in statuses]
    mine, other = User("broker", BROKER, "1234"), User("other", BROKER, "1234")
    root = Node("tender", "tenders", None, children=(REVIEWED_BID,))
    assert identity.held(mine, "t", root, {"bids": bids}) == {"active", "unsuccessful"}
    assert identity.held(mine, "", root, {"bids": bids}) == identity.held(other, "t", root, {"bids": bids}) == frozenset()
    assert identity.held(mine, "t", root.but(children=(BID,)), {"bids": bids}) == {"active"}


def test_who_takes_part_is_declared_by_the_nodes_and_no_name_is_known() -> None:
    """The holder of an item below the root that does not take part is nobody; who is more is no participant besides."""
    offer = {"id": "1", "status": "made", "owner": "broker", "owner_token": digest("t")}
    mine, below = User("broker", BROKER, "1234"), toy.OFFER.but(partaking=frozenset({"made"}))
    for node, root, told in (
        (toy.ROOT, {"offers": [offer]}, set()),
        (toy.ROOT.having(below), {"offers": [offer]}, {PARTICIPANT}),
        (toy.ROOT.having(below), {"offers": [offer | {"status": "expired"}]}, set()),
        (toy.ROOT.having(below), {}, set()),
        (toy.ROOT.having(below).but(owner=OWNER), {"offers": [offer], **offer}, {OWNER}),
    ):
        assert identity.actors(mine, "t", [(node, root)]) == {EVERYONE, BROKER} | told


def test_who_reviews_below_the_thresholds_reviews_above_them_too() -> None:
    assert identity.actors(User("body", REVIEWER, ""), "", ()) == {EVERYONE, REVIEWER, BODY}
    assert identity.actors(User("body", BODY, ""), "", ()) == {EVERYONE, BODY}
