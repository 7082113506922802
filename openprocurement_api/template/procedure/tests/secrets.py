"""Tenders with marker values in every sealed field, at each moment at which something is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.viewers import Stage, Vault, Viewer, secrets_of

from .play import Play

BIDDERS = ("the first bidder", "the second bidder")
BRIDGES = ("the contracting bridge", "the dialogue bridge")


def stages(api: Api) -> Iterator[Stage]:
    """While quotations are made; after the buyer gave it up, or after they were opened."""
    for ending in ("cancelled", "opened"):
        play, vault = Play(api), Vault()
        bidders = tuple(Viewer(who, "broker", secret_bid(play, vault, who).token) for who in BIDDERS)
        keep_digests(play, vault)
        buyer = Viewer("the buyer", "broker", play.tender.token, thorough=True)
        stage = Stage(f"quotations, to be {ending}", play.tender, vault, (buyer, *bidders))
        yield stage
        if ending == "cancelled":
            play.cancel()
            vault.shut()
        else:
            play.open_bids()
            for what in ("name", "amount", "id"):
                vault.forget(what)
        keep_digests(play, vault)
        yield replace(stage, name=ending)


def secret_bid(play: Play, vault: Vault, who: str) -> Thing:
    """A quotation with markers in it."""
    tenderer = builders.organization(vault.text(f"name of {who}", who), "00000041")
    bid = play.bid(vault.amount(f"amount of {who}", who), tenderers=[tenderer])
    vault.keep(bid.token, f"token of {who}")
    vault.keep(bid.id, f"id of {who}", who, "the log")
    return bid


def keep_digests(play: Play, vault: Vault) -> None:
    """Nobody sees a digest of a credential, but for the bridges that take the tender on to where it goes next."""
    body = play.api.store.get("tender", play.tender.id).body
    for digest in secrets_of(body):
        vault.keep(digest, "digest of a credential", *(BRIDGES if digest == body["owner_token"] else ()))


def sealed_changes(api: Api) -> Iterator[Thing]:
    """Quotations made, changed and taken back, each a little later than what came before."""
    play = Play(api)
    yield play.tender
    for change in (
        lambda: play.bid(440),
        lambda: api.patch(play.bids[0], {"value": {"amount": 430}}),
        lambda: play.bid(420, status="draft"),
        lambda: api.patch(play.bids[1], {"status": "active"}),
        lambda: api.call("DELETE", play.bids[0].path, token=play.bids[0].token),
    ):
        api.clock.advance(timedelta(minutes=1))
        change()
        yield play.tender
