"""What is special about this procedure, seen from outside."""

from __future__ import annotations

from datetime import timedelta

from openprocurement_api.testing.builders import item, problem
from openprocurement_api.testing.client import Api

from .play import Play, tender


def test_items_are_of_one_class(api: Api) -> None:
    other = item(classification={"scheme": "ДК021", "id": "39113000-7", "description": "Крісла"})
    errors = api.refused("POST", "/tenders", tender(api.clock.now, items=[item(), other]), status=422)
    assert errors == [problem("items", ["CPV class of items should be identical"])]


def test_there_is_time_enough_to_quote(api: Api) -> None:
    end = (api.clock.now + timedelta(days=1)).isoformat()
    play = Play(api, "draft", tenderPeriod={"endDate": end})
    publish = {"status": "active.tendering"}
    errors = api.refused("PATCH", play.tender.path, publish, token=play.tender.token)
    assert errors == [problem("tenderPeriod", "tenderPeriod should be greater than 2 working days")]
    later = {"endDate": (api.clock.now + timedelta(days=2)).isoformat()}
    assert api.patch(play.tender, publish | {"tenderPeriod": later})["tenderPeriod"]["startDate"] == api.clock.now.isoformat()


def test_a_quotation_is_sealed_until_the_time_is_over(api: Api) -> None:
    play = Play(api)
    bid = play.bid(440)
    api.refused("GET", bid.path, token=play.tender.token)
    assert api.get(bid.path, token=bid.token)["value"]["amount"] == 440
    play.open_bids()
    assert api.get(bid.path, user=None)["value"]["amount"] == 440


def test_there_are_no_questions(api: Api) -> None:
    play = Play(api)
    api.refused("POST", f"{play.tender.path}/questions", {"title": "Питання"}, status=404)
