"""A second stage is opened exactly once, whatever fails and whoever comes at the same time."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from openprocurement_api.errors import Invalid, Unsupported
from openprocurement_api.keys import digest
from openprocurement_api.storage.base import Unavailable
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from plugins.dialogue.bridge import Bridge
from plugins.dialogue.carrying import second_id
from procedures.competitive_dialogue.tests.play import WAITING, Play, interest, supplier

SAVES = 3
"""Of one opening: the second stage is named, made, and said to be there."""


def opened(play: Play) -> dict:
    """The second stage as everybody sees it; asserts that it is the only one and the first says so."""
    api, second = play.api, second_id(play.tender.id)
    others = [other for other in api.store.ids("tender") if other != play.tender.id]
    assert others == [second]
    first = play.doc
    assert (first["status"], first["stage2TenderID"]) == ("complete", second)
    return api.get(f"/tenders/{second}")


def test_the_second_stage_carries_on_what_the_first_one_was(api: Api, bridge: Bridge, waiting: Play):
    first = waiting.doc
    assert bridge.open("tender", waiting.tender.id)
    second = opened(waiting)
    assert second["procurementMethodType"] == "competitiveDialogueEU.stage2"
    assert second["status"] == "draft.stage2"
    assert second["tenderID"] == f"{first['tenderID']}.2"
    assert second["dialogueID"] == first["id"]
    assert second["owner"] == "broker"
    for name in ("title", "title_en", "value", "minimalStep", "procuringEntity", "items"):
        assert second[name] == first[name]
    firms = [{"identifier": supplier(n)["identifier"], "name": supplier(n)["name"]} for n in (11, 12, 13)]
    assert second["shortlistedFirms"] == firms


def test_the_buyer_takes_it_over_with_the_token_of_the_first_stage(api: Api, bridge: Bridge, waiting: Play):
    bridge.open("tender", waiting.tender.id)
    path = f"/tenders/{second_id(waiting.tender.id)}"
    for user, token in (("broker", "x"), ("broker3", waiting.tender.token), ("competitive_dialogue", waiting.tender.token)):
        assert api.refused("PATCH", f"{path}/credentials", {}, user=user, token=token) == [
            builders.problem("permission", "Forbidden", "url")
        ]
    answer = api.call("PATCH", f"{path}/credentials", {}, token=waiting.tender.token).json
    token = answer["access"]["token"]
    assert api.store.get("tender", second_id(waiting.tender.id)).body["owner_token"] == digest(token)
    assert api.patch(path, {"status": "active.tendering"}, token=token)["status"] == "active.tendering"


def test_lots_that_failed_stay_behind(api: Api, bridge: Bridge):
    enum = [{"title": "Так", "value": 0.5}, {"title": "Ні", "value": 0}]
    features = [{"code": "all", "title": "Усе", "featureOf": "tenderer", "enum": enum}]
    play = Play(api, lots=2, features=features)
    kept, failed = play.lots
    for number in range(4):
        play.bid(0, *((kept, failed) if number < 2 else (kept,)))
    play.open_bids().judge_all(0).stand_still().to_auction().wait()
    assert bridge.open("tender", play.tender.id)
    second = opened(play)
    assert [lot["id"] for lot in second["lots"]] == [kept]
    assert [firm["lots"] for firm in second["shortlistedFirms"]] == [[{"id": kept}]] * 3
    assert second["features"][0]["code"] == "all"


def test_a_firm_that_bid_twice_is_listed_once(api: Api, bridge: Bridge):
    play = Play(api)
    for number in (11, 12, 13, 13):
        play.bids.append(api.post(f"{play.tender.path}/bids", interest(number)))
    play.open_bids().judge_all().stand_still().to_auction().wait()
    bridge.open("tender", play.tender.id)
    assert len(opened(play)["shortlistedFirms"]) == 3


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("place", range(SAVES))
def test_a_crash_at_any_save_leaves_one_second_stage(api: Api, bridge: Bridge, waiting: Play, place: int, committed: bool):
    put, saves = api.store.put, iter(range(100))

    def failing(*arguments, **options):
        if next(saves) == place:
            if committed:
                put(*arguments, **options)
            raise Unavailable("the machine went down")
        return put(*arguments, **options)

    with patch.object(api.store, "put", failing), pytest.raises(Unavailable):
        bridge.open("tender", waiting.tender.id)
    again = Bridge(api.registry.services)
    again.open("tender", waiting.tender.id)
    opened(waiting)
    before = api.store.get("tender", second_id(waiting.tender.id)).rev
    assert not again.open("tender", waiting.tender.id)
    assert api.store.get("tender", second_id(waiting.tender.id)).rev == before


@pytest.mark.parametrize("place", range(SAVES))
def test_two_bridges_at_once_open_one_second_stage(api: Api, bridge: Bridge, waiting: Play, place: int):
    put, saves = api.store.put, iter(range(100))

    def overtaken(*arguments, **options):
        if next(saves) == place:
            Bridge(api.registry.services).open("tender", waiting.tender.id)
        return put(*arguments, **options)

    with patch.object(api.store, "put", overtaken):
        bridge.open("tender", waiting.tender.id)
    opened(waiting)


def test_a_dialogue_that_a_bridge_sees_to_by_hand_is_left_alone(api: Api, bridge: Bridge, waiting: Play):
    waiting.bridge(stage2TenderID="0" * 32)
    assert not bridge.open("tender", waiting.tender.id)
    assert waiting.status == WAITING
    assert api.store.ids("tender") == [waiting.tender.id]


def test_a_dialogue_that_does_not_wait_is_left_alone(api: Api, bridge: Bridge):
    play = Play(api).talks()
    assert not bridge.open("tender", play.tender.id)
    assert "stage2TenderID" not in play.doc


def test_what_is_being_opened_is_not_cancelled(api: Api, waiting: Play):
    waiting.bridge(stage2TenderID="0" * 32)
    path, data = f"{waiting.tender.path}/cancellations", {"reason": "Кошти скорочено", "status": "active"}
    assert api.refused("POST", path, data, token=waiting.tender.token) == [
        builders.problem("data", "Can't add cancellation in current (active.stage2.waiting) tender status")
    ]


def test_a_second_stage_that_cannot_be_announced_is_not_made(api: Api, bridge: Bridge, waiting: Play):
    stored = api.store.get("tender", waiting.tender.id)
    body = stored.body
    body["qualifications"][0]["status"] = "unsuccessful"
    api.store.put("tender", body["id"], body, expect=stored.rev)
    with pytest.raises(Invalid):
        bridge.open("tender", waiting.tender.id)
    assert waiting.status == WAITING


def test_without_its_procedure_no_second_stage_is_made(api: Api, bridge: Bridge, waiting: Play):
    del api.registry.services.procedures["competitiveDialogueEU.stage2"]
    with pytest.raises(Unsupported):
        bridge.open("tender", waiting.tender.id)
    assert waiting.status == WAITING
