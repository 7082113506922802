"""Tenders with marker values in every sealed field, at each moment at which something is sealed: some of it for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.viewers import Stage, Vault, Viewer
from procedures.below_threshold.tests.secrets import (
    BIDDERS,
    FEATURE,
    after,
    ask,
    document,
    invite,
    keep_digests,
    secret_bid,
)  # fmt: skip

from .data import CONFIDENTIAL
from .play import Play

KNOWN = ("name", "street", "contact", "id", "document")
"""What everybody sees of a bid while it is reviewed."""
OPENED = ("author", "amount of the first", "amount of the second", "offer", "envelope")
"""What everybody sees once prices are opened."""
BUYER, LATE = "the buyer", "the third bidder"


def stages(api: Api) -> Iterator[Stage]:
    """While bids are made, reviewed, complained of and auctioned; after that was given up, or after prices were opened."""
    for lots in (0, 2):
        *early, last = life(Play(api, lots=lots, features=[FEATURE]), Vault())
        yield from early
        yield last
    for lots in (0, 2):
        play, vault = Play(api, lots=lots, features=[FEATURE]), Vault()
        *_, auction = life(play, vault)
        play.cancel()
        vault.forget("author")
        vault.shut()
        vault.show("key", BUYER)
        for who in BIDDERS:
            vault.show(f"envelope of {who}", who)
            vault.show(f"key of what {who}", who)
        keep_digests(play, vault)
        yield replace(auction, name=f"cancelled, {lots} lots")
    for lots in (0, 2):
        yield rejected(Play(api, lots=lots, features=[FEATURE]), Vault())


def life(play: Play, vault: Vault) -> Iterator[Stage]:
    """The life of a tender up to its auction. Each stage is to be looked at before the next one is made."""
    viewers = (Viewer(BUYER, "broker", play.tender.token, thorough=True), ask(play, vault))
    viewers += tuple(Viewer(who, "broker", enclosed(play, vault, who).token) for who in BIDDERS)
    keep_digests(play, vault)
    yield Stage(f"bids, {len(play.lots)} lots", play.tender, vault, viewers)
    play.end_tendering()
    make_known(vault)
    yield Stage(f"review, {len(play.lots)} lots", play.tender, vault, viewers)
    play.judge_all().stand_still()
    author = builders.organization(vault.text("author of a claim about the review"), "00000031")
    claim = play.complain_of(0, status="claim", author=author)
    vault.keep(claim.token, "token of the claim about the review")
    keep_digests(play, vault)
    yield Stage(f"stand-still, {len(play.lots)} lots", play.tender, vault, viewers)
    play.to_auction()
    invite(play, vault)
    yield Stage(f"auction, {len(play.lots)} lots", play.tender, vault, viewers)


def rejected(play: Play, vault: Vault) -> Stage:
    """Prices are open, but for that of a bidder who was rejected."""
    viewers = tuple(Viewer(who, "broker", enclosed(play, vault, who).token) for who in (*BIDDERS, LATE))
    keep_digests(play, vault)
    count = max(len(play.lots), 1)
    play.end_tendering()
    play.judge_all(*range(2 * count, 3 * count)).stand_still().to_auction().compete()
    make_known(vault)
    for what in OPENED:
        vault.forget(what)
    vault.keep(f'"title":"{vault_title(LATE)}"', "envelope of a rejected bidder", LATE)
    buyer = Viewer(BUYER, "broker", play.tender.token, thorough=True)
    return Stage(f"opened, {len(play.lots)} lots", play.tender, vault, (buyer, *viewers))


def make_known(vault: Vault) -> None:
    """Bidders are known from now on, and the buyer reads what was confided to it."""
    for what in KNOWN:
        vault.forget(what)
    vault.show("key", BUYER)


def vault_title(who: str) -> str:
    """The title of what a bidder puts into the envelopes that are opened with the price."""
    return f"Кошторис: {who}"


def enclosed(play: Play, vault: Vault, who: str) -> Thing:
    """A bid with a document in every envelope, and one for the buyer alone."""
    bid = secret_bid(play, vault, who)
    secret = document(play.api, vault.text(f"document, the title of what {who} confides", who)) | CONFIDENTIAL
    made = play.api.post(f"{bid.path}/documents", secret, token=bid.token)
    vault.keep(made.data["url"].rpartition("=")[2], f"key of what {who} confides", who)
    vault.keep(vault_title(who), f"envelope of {who}", who)
    for kind in ("financial", "qualification"):
        play.api.post(f"{bid.path}/{kind}_documents", document(play.api, vault_title(who)), token=bid.token)
    proof = document(play.api, vault.text(f"document that proves the right of {who}", who))
    play.api.post(f"{bid.path}/eligibility_documents", proof, token=bid.token)
    return bid


def sealed_changes(api: Api) -> Iterator[Thing]:
    """Bids made, changed, documented, confirmed and taken back."""
    play = Play(api, lots=2)
    yield play.tender
    bid = after(play, lambda: play.bid(200, *play.lots))
    yield play.tender
    for change in (
        lambda: api.patch(bid, {"tenderers": [builders.organization("ТОВ «Інша назва»", "00000051")]}),
        lambda: api.post(f"{bid.path}/financial_documents", document(api, "Пропозиція.pdf"), token=bid.token),
        lambda: play.bid(210, play.lots[0], status="draft"),
        lambda: api.patch(play.bids[1], {"status": "pending"}),
        lambda: api.call("DELETE", bid.path, token=bid.token),
    ):
        after(play, change)
        yield play.tender
