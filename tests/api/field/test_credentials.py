"""What bridges are told of a tender's owner."""

from __future__ import annotations

from hashlib import sha512

import pytest
from journey import FORBIDDEN, forge_status, unknown

from openprocurement_api.testing.client import Api


@pytest.mark.parametrize("bridge", ["contracting", "competitive_dialogue"])
@pytest.mark.parametrize("status", ["active.enquiries", "draft", "complete"])
def test_a_bridge_learns_the_owner_and_the_digest_of_the_token(api: Api, bridge: str, status: str) -> None:
    tender = api.tender()
    forge_status(api, tender, status)
    told = api.get(f"{tender.path}/extract_credentials", user=bridge)
    assert told == {"owner": "broker", "id": tender.id, "tender_token": sha512(tender.token.encode()).hexdigest()}


def test_the_digest_does_not_stand_for_the_token(api: Api) -> None:
    tender = api.tender()
    digest = api.get(f"{tender.path}/extract_credentials", user="contracting")["tender_token"]
    for user in ("broker", "contracting"):
        assert api.refused("PATCH", tender.path, {"title": "x"}, token=digest, user=user) == FORBIDDEN


@pytest.mark.parametrize("user", [None, "broker", "auction", "chronograph", "reviewer", "bot", "administrator"])
def test_nobody_else_learns_it(api: Api, user: str | None) -> None:
    tender = api.tender()
    assert api.refused("GET", f"{tender.path}/extract_credentials", user=user) == FORBIDDEN
    assert api.refused("GET", f"{tender.path}/extract_credentials?acc_token={tender.token}", user=user) == FORBIDDEN


def test_reading_credentials_saves_nothing(api: Api) -> None:
    tender = api.tender()
    before = api.store.get("tender", tender.id).rev
    api.get(f"{tender.path}/extract_credentials", user="contracting")
    assert api.store.get("tender", tender.id).rev == before


def test_unknown_tender(api: Api) -> None:
    path = "/tenders/some_id/extract_credentials"
    assert api.refused("GET", path, user="contracting", status=404) == unknown("tender")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_credentials_are_only_read(api: Api, method: str) -> None:
    api.refused(method, f"{api.tender().path}/extract_credentials", {}, user="contracting", status=405)
