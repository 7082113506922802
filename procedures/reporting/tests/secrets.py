"""What stays secret in a purchase without competition: tokens and their digests, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from openprocurement_api.testing.client import Api, Thing
from openprocurement_api.testing.viewers import Stage, Vault, Viewer, secrets_of

from .play import Play, recorded

BRIDGES = ("the contracting bridge", "the dialogue bridge")
"""Who is told of the owner, to take the contract on to where it is kept."""


def stage(play: Play, name: str) -> Stage:
    """A purchase at one moment."""
    vault = Vault()
    body = play.api.store.get("tender", play.tender.id).body
    for digest in secrets_of(body):
        vault.keep(digest, "digest of a credential", *(BRIDGES if digest == body["owner_token"] else ()))
    for thing in (play.tender, *play.complaints):
        vault.keep(thing.token, "token")
    viewers = tuple(Viewer("the complainant", "broker", complaint.token) for complaint in play.complaints)
    return Stage(name, play.tender, vault, (Viewer("the buyer", "broker", play.tender.token, thorough=True), *viewers))


def stages(api: Api) -> Iterator[Stage]:
    """A draft, an announced purchase, one with a contract to sign, one that was reported in one go."""
    yield stage(Play(api, status="draft"), "draft")
    play = Play(api)
    yield stage(play, "announced")
    play.confirmed()
    yield stage(play, "awarded")
    yield stage(recorded(api), "reported")


def unnoticed(play: Play) -> Iterator[Thing]:
    """A change that changes nothing."""
    yield play.tender
    play.api.clock.advance(timedelta(minutes=1))
    play.act("", {"title": play.doc["title"]})
    yield play.tender


def sealed_changes(api: Api) -> Iterator[Thing]:
    """Nothing is sealed but what is nowhere shown: nobody notices what changes nothing."""
    yield from unnoticed(Play(api))
