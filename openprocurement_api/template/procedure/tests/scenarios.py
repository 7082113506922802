"""Lives of tenders; together they pass through every state and every move that is declared."""

from __future__ import annotations

from openprocurement_api.testing.client import Api

from .play import Play


def the_cheapest_wins(api: Api) -> None:
    """Two quotations and a draft of one; the cheaper one wins and signs."""
    play = Play(api)
    play.bid(450)
    api.patch(play.bid(440, status="draft"), {"status": "active"})
    play.bid(430, status="draft")
    play.open_bids()
    assert play.award["value"]["amount"] == 440
    play.decide("active")
    play.sign()
    assert play.doc["status"] == "complete"


def nobody_quotes(api: Api) -> None:
    """Without quotations it is unsuccessful."""
    assert Play(api).open_bids().doc["status"] == "unsuccessful"


def everybody_is_rejected(api: Api) -> None:
    """The next best one is considered after each; with the last one rejected it is unsuccessful."""
    play = Play(api).open_bids(440, 450)
    play.decide("unsuccessful")
    assert play.award["value"]["amount"] == 450
    play.decide("unsuccessful")
    assert play.doc["status"] == "unsuccessful"


def a_decision_is_taken_back(api: Api) -> None:
    """A winner is confirmed and dropped again: its contract is cancelled, it is considered anew."""
    play = Play(api).open_bids(440, 450)
    play.decide("active")
    play.decide("cancelled")
    assert play.doc["contracts"][0]["status"] == "cancelled"
    assert play.award["status"] == "pending"


def it_is_given_up(api: Api) -> None:
    """In every state that is not an end, at once or prepared; quotations that were never opened go."""
    for stage in STAGES:
        play = stage(api)
        api.patch(play.cancel("pending").path, {"status": "active"}, token=play.tender.token)
        assert play.doc["status"] == "cancelled"
    play = quoted(api)
    play.cancel()
    assert "bids" not in play.doc


def drafted(api: Api) -> Play:
    """A draft."""
    return Play(api, "draft")


def quoted(api: Api) -> Play:
    """Published, with two quotations that are sealed."""
    play = Play(api)
    play.bid(440)
    play.bid(450)
    return play


def opened(api: Api) -> Play:
    """The best quotation is considered."""
    return quoted(api).open_bids()


def decided(api: Api) -> Play:
    """The best quotation has won; the stand-still runs."""
    play = opened(api)
    play.decide("active")
    return play


STAGES = (drafted, quoted, opened, decided)
SCENARIOS = (the_cheapest_wins, nobody_quotes, everybody_is_rejected, a_decision_is_taken_back, it_is_given_up)
