"""The second stage of a dialogue, opened by hand as a bridge does it, and those who take part in it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from openprocurement_api.keys import digest
from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing
from procedures.above_threshold_eu.tests import data
from procedures.above_threshold_eu.tests import play as reviewed
from procedures.above_threshold_ua.tests import play as plain

BRIDGE = "competitive_dialogue"
DRAFT = "draft.stage2"
TOKEN = "the token of the first stage"
CODES = tuple(f"{number:08}" for number in range(11, 61, 10))
"""Numbers of the firms on the list: all whom the builders imagine."""


def shortlist(lots: list[Doc]) -> list[Doc]:
    """The firms that took part, each in every lot."""
    of = {"lots": [{"id": lot["id"]} for lot in lots]} if lots else {}
    return [{"identifier": builders.organization(code=code)["identifier"], "name": f"ТОВ «{code}»", **of} for code in CODES]


def announcement(api: Api, kind: str, lots: int = 0, **changes: Any) -> Doc:
    """What a bridge posts for a first stage whose token is TOKEN."""
    parts = [builders.lot(f"Лот {n + 1}", id=uuid4().hex) for n in range(lots)]
    english = {name: value for name, value in data.english(api.clock.now).items() if name != "tenderPeriod"}
    carried = {
        "procurementMethodType": kind,
        "owner": "broker",
        "dialogue_token": digest(TOKEN),
        "dialogueID": uuid4().hex,
        "tenderID": "UA-2026-01-31-000001.2",
        "shortlistedFirms": shortlist(parts),
    }
    shared = {name: value for name, value in builders.open_tender(api.clock.now).items() if name != "tenderPeriod"}
    return shared | english | carried | ({"lots": parts} if parts else {}) | changes


def take_over(api: Api, made: Thing) -> Thing:
    """The buyer shows the token of the first stage, and gets one for the second."""
    answer = api.call("PATCH", f"{made.path}/credentials", {}, token=TOKEN).json
    return Thing(made.path, answer["access"]["token"], answer["data"])


def change(api: Api) -> Doc:
    """What the buyer may change while bids are made: here, by when things are delivered."""
    return {"items": [{"deliveryDate": {"endDate": api.clock.now.replace(year=2027).isoformat()}}]}


class Second:
    """Mixin: the tender is opened by the bridge, taken over by the buyer, and unless it stays a draft begun."""

    kind = ""
    api: Api
    tender: Thing

    def open_second(self, api: Api, lots: int, **changes: Any) -> None:
        """Make `tender`; a draft of the buyer is one that it has taken over and not begun."""
        asked = changes.pop("status", "active.tendering")
        changes.pop("tenderPeriod", None)
        self.api = api
        made = api.post("/tenders", announcement(api, self.kind, lots, status=DRAFT, **changes), user=BRIDGE)
        self.tender = take_over(api, made)
        if asked != "draft":
            api.patch(self.tender, {"status": asked})

    def amend(self, **changes: Any) -> Doc:
        """The buyer changes the tender."""
        changed: Doc = self.api.patch(self.tender, change(self.api) | changes)
        return changed


class SecondEU(Second, reviewed.Play):
    """The second stage of a dialogue with publication in English."""

    kind = "competitiveDialogueEU.stage2"

    def __init__(self, api: Api, lots: int = 0, **changes: Any) -> None:
        self.open_second(api, lots, **changes)
        self.bids: list[Thing] = []
        self.claims: list[Thing] = []


class SecondUA(Second, plain.Play):
    """The second stage of a dialogue in the language of the country."""

    kind = "competitiveDialogueUA.stage2"

    def __init__(self, api: Api, lots: int = 0, **changes: Any) -> None:
        self.open_second(api, lots, **changes)
        self.bids: list[Thing] = []
        self.claims: list[Thing] = []
