"""Below-threshold tenders with marker values in every sealed field, at each moment at which something is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.viewers import Stage, Vault, Viewer, secrets_of

from .play import Play

FEATURE = {
    "code": "years",
    "title": "Гарантія",
    "featureOf": "tenderer",
    "enum": [{"title": f"{years} роки", "value": years / 100} for years in (2, 3, 4)],
}
BIDDERS = ("the first bidder", "the second bidder")
AUCTIONEERS = ("the auction", "the admins")
"""Who sees amounts and addresses of rooms while the auction is awaited."""

OPENED = ("author", "name", "street", "contact", "amount", "offer", "id", "document")
"""What everybody sees once bids are opened: all but tokens, digests and the addresses of rooms."""
BRIDGES = ("the contracting bridge", "the dialogue bridge")


def stages(api: Api, announce: type[Play] = Play) -> Iterator[Stage]:
    """While questions are asked, bids made, the auction awaited; after that was given up, or after bids were opened."""
    for lots in (0, 2):
        play, vault = announce(api, lots=lots, features=[FEATURE]), Vault()
        for stage in life(play, vault):
            yield stage
        play.cancel()
        vault.forget("author")
        vault.shut()
        keep_digests(play, vault)
        yield replace(stage, name=f"cancelled, {lots} lots")
    for lots in (0, 2):
        play, vault = announce(api, lots=lots, features=[FEATURE]), Vault()
        *_, auction = life(play, vault)
        play.hold_auction(*play.lots)
        for what in OPENED:
            vault.forget(what)
        yield replace(auction, name=f"opened, {lots} lots")


def life(play: Play, vault: Vault) -> Iterator[Stage]:
    """The life of a tender up to its auction."""
    lots = len(play.lots)
    viewers = (Viewer("the buyer", "broker", play.tender.token, thorough=True), ask(play, vault))
    keep_digests(play, vault)
    yield Stage(f"questions, {lots} lots", play.tender, vault, viewers)
    play.api.until(play.tender, "active.tendering")
    viewers += tuple(Viewer(who, "broker", secret_bid(play, vault, who).token) for who in BIDDERS)
    keep_digests(play, vault)
    yield Stage(f"bids, {lots} lots", play.tender, vault, viewers)
    play.end_tendering()
    invite(play, vault)
    yield Stage(f"auction, {lots} lots", play.tender, vault, viewers)


def ask(play: Play, vault: Vault) -> Viewer:
    """A question and a claim whose authors nobody is to know, not even by the claim's own token."""
    for kind in ("questions", "complaints"):
        author = builders.organization(vault.text(f"author of {kind}"), "00000031")
        made = builders.question(author=author) if kind == "questions" else builders.claim(author=author)
        last = play.api.post(f"{play.tender.path}/{kind}", made)
    vault.keep(last.token, "token of the claim")
    return Viewer("the complainant", "broker", last.token)


def secret_bid(play: Play, vault: Vault, who: str) -> Thing:
    """A bid with a marker in every field that can hold one."""
    name, street, person = (vault.text(f"{what} of {who}", who) for what in ("name", "street", "contact"))
    tenderer = builders.organization(name, "00000041")
    tenderer["address"] |= {"streetAddress": street}
    tenderer["contactPoint"] |= {"name": person}
    amounts = {lot: vault.amount(f"amount of {who}", who) / 2 for lot in play.lots}
    offers = {lot: halved(vault, amount, who) for lot, amount in amounts.items()}
    offer = builders.lot_bid(offers) if offers else builders.bid(vault.amount(f"amount of {who}", who))
    offer |= {"tenderers": [tenderer], "parameters": [{"code": "years", "value": 0.03}], **play.declared}
    bid = play.api.post(f"{play.tender.path}/bids", offer)
    play.bids.append(bid)
    vault.keep(bid.token, f"token of {who}")
    vault.keep(bid.id, f"id of {who}", who, "the log")
    vault.keep('"parameters"', "offer beside the price", *BIDDERS)
    title = vault.text(f"document of {who}", who)
    play.api.post(f"{bid.path}/documents", document(play.api, title), token=bid.token)
    return bid


def halved(vault: Vault, amount: float, who: str) -> float:
    """An amount for a lot, which is worth half of the tender."""
    vault.keep(str(amount), f"amount of {who}", who)
    return amount


def document(api: Api, title: str) -> Doc:
    """A document that the document service knows."""
    digest = f"md5:{'0' * 32}"
    api.web.authorization = ("Basic", ("broker", ""))
    url = api.web.post("/docservice/register", {"hash": digest}).json["data"]["url"]
    return {"title": title, "format": "application/pdf", "url": url, "hash": digest}


def invite(play: Play, vault: Vault) -> None:
    """The auction module gives every bidder a room of its own."""
    for what in ("amount", "offer", "id"):
        vault.show(what, *AUCTIONEERS)

    def room(who: str) -> str:
        return f"https://auction.example.com/{vault.text(f'room of {who}', who, *AUCTIONEERS)}"

    pairs = list(zip(play.bids, BIDDERS, strict=True))
    lots = play.lots
    if not lots:
        bids: list[Any] = [{"id": bid.id, "participationUrl": room(who)} for bid, who in pairs]
        play.api.call("PATCH", f"{play.tender.path}/auction", {"bids": bids}, user="auction")
    for lot in lots:
        bids = [
            {"id": bid.id, "lotValues": [{"relatedLot": each, "participationUrl": room(who)} for each in lots]}
            for bid, who in pairs
        ]
        play.api.call("PATCH", f"{play.tender.path}/auction/{lot}", {"bids": bids}, user="auction")


def keep_digests(play: Play, vault: Vault) -> None:
    """Nobody sees a digest of a credential, but for the bridges that take the tender on to where it goes next."""
    body = play.api.store.get("tender", play.tender.id).body
    for digest in secrets_of(body):
        vault.keep(digest, "digest of a credential", *(BRIDGES if digest == body["owner_token"] else ()))


def sealed_changes(api: Api, announce: type[Play] = Play) -> Iterator[Thing]:
    """Bids made, changed, documented and taken back."""
    play = announce(api, lots=2)
    api.until(play.tender, "active.tendering")
    yield play.tender
    first = after(play, lambda: play.bid(200, *play.lots))
    yield first
    bid = play.bids[0]
    for change in (
        lambda: api.patch(bid, {"tenderers": [builders.organization("ТОВ «Інша назва»", "00000051")]}),
        lambda: api.post(f"{bid.path}/documents", document(api, "Пропозиція.pdf"), token=bid.token),
        lambda: play.bid(210, play.lots[0], status="draft"),
        lambda: api.patch(play.bids[1], {"status": "active"}),
        lambda: api.call("DELETE", bid.path, token=bid.token),
    ):
        after(play, change)
        yield play.tender


def after(play: Play, change: Any) -> Any:
    """What a change gives, made a little later than the one before."""
    play.api.clock.advance(timedelta(minutes=1))
    return change()
