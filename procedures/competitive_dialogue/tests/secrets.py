"""Dialogues with marker values in every sealed field, while bids are made, reviewed and talked about."""

from __future__ import annotations

from collections.abc import Iterator

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.viewers import Stage, Vault, Viewer
from procedures.above_threshold_eu.tests.data import CONFIDENTIAL
from procedures.above_threshold_eu.tests.secrets import BUYER, KNOWN
from procedures.below_threshold.tests.secrets import after, ask, document, keep_digests

from .play import Play, supplier

BIDDERS = ("the first bidder", "the second bidder", "the third bidder")


def stages(api: Api) -> Iterator[Stage]:
    """While bids are made, reviewed, complained of and talked about; and when the second stage is there."""
    for lots in (0, 2):
        yield from life(Play(api, lots=lots), Vault())


def life(play: Play, vault: Vault) -> Iterator[Stage]:
    """The life of a dialogue. Each stage is to be looked at before the next one is made."""
    viewers = (Viewer(BUYER, "broker", play.tender.token, thorough=True), ask(play, vault))
    viewers += tuple(Viewer(who, "broker", secret_bid(play, vault, who).token) for who in BIDDERS)
    keep_digests(play, vault)

    def here(name: str) -> Stage:
        return Stage(f"{name}, {len(play.lots)} lots", play.tender, vault, viewers)

    yield here("bids")
    play.end_tendering()
    for what in KNOWN:
        vault.forget(what)
    vault.show("key", BUYER)
    yield here("review")
    play.judge_all().stand_still()
    author = builders.organization(vault.text("author of a claim about the review"), "00000031")
    vault.keep(play.complain_of(0, status="claim", author=author).token, "token of the claim about the review")
    keep_digests(play, vault)
    yield here("stand-still")
    play.to_auction()
    yield here("talks")
    play.wait()
    yield here("the end of the talks")
    play.bridge(status="complete")
    vault.forget("author")
    yield here("complete")


def secret_bid(play: Play, vault: Vault, who: str) -> Thing:
    """A bid with a marker in every field that can hold one, and a document for the buyer alone."""
    tenderer = supplier(len(play.bids) + 41) | {"name": vault.text(f"name of {who}", who)}
    tenderer["address"] |= {"streetAddress": vault.text(f"street of {who}", who)}
    tenderer["contactPoint"] |= {"name": vault.text(f"contact of {who}", who)}
    bid = play.bid(0, *play.lots, tenderers=[tenderer])
    vault.keep(bid.token, f"token of {who}")
    vault.keep(bid.id, f"id of {who}", who, "the log")
    for secret in ({}, CONFIDENTIAL):
        sheet = document(play.api, vault.text(f"document of {who}", who)) | secret
        made = play.api.post(f"{bid.path}/documents", sheet, token=bid.token)
    vault.keep(made.data["url"].rpartition("=")[2], f"key of what {who} confides", who)
    return bid


def sealed_changes(api: Api) -> Iterator[Thing]:
    """Bids made, changed, documented, confirmed and taken back."""
    play = Play(api, lots=2)
    yield play.tender
    bid = after(play, lambda: play.bid(0, *play.lots))
    yield play.tender
    for change in (
        lambda: api.patch(bid, {"tenderers": [supplier(51)], "status": "pending"}),
        lambda: api.post(f"{bid.path}/documents", document(api, "Пропозиція.pdf"), token=bid.token),
        lambda: play.bid(0, play.lots[0], status="draft"),
        lambda: api.patch(play.bids[1], {"status": "pending"}),
        lambda: api.call("DELETE", bid.path, token=bid.token),
    ):
        after(play, change)
        yield play.tender
