"""Questions about tenders of the open procedure."""

from __future__ import annotations

from datetime import timedelta

from openprocurement_api.testing import builders


def ask(api, play, **changes):
    return api.post(f"{play.tender.path}/questions", builders.question(**changes))


def test_questions_are_asked_in_the_enquiry_period(api, play, refused):
    ask(api, play)
    api.clock.advance(timedelta(days=6, seconds=1))
    message = "Can add question only in enquiryPeriod"
    refused(message, "POST", f"{play.tender.path}/questions", builders.question())


def test_answers_are_given_for_some_days_longer(api, play, refused):
    """Until Thursday, 12 March, begins."""
    question = ask(api, play)
    api.clock.advance(timedelta(days=9))
    assert play.act(f"/questions/{question.id}", {"answer": "Синій"})["dateAnswered"] == api.clock.now.isoformat()
    api.clock.advance(timedelta(hours=15, seconds=1))
    message = "Can update question only before enquiryPeriod.clarificationsUntil"
    refused(message, "PATCH", question.path, {"answer": "Зелений"}, token=play.tender.token)


def test_after_tendering(api, play, refused):
    question = ask(api, play)
    play.open_bids(450, 460)
    refused("Can add question only in enquiryPeriod", "POST", f"{play.tender.path}/questions", builders.question())
    message = "Can't update question in current (active.auction) tender status"
    refused(message, "PATCH", question.path, {"answer": "Ні"}, token=play.tender.token)


def test_questions_about_a_cancelled_lot(api, lots, refused):
    lot = lots.lots[0]
    question = ask(api, lots, questionOf="lot", relatedItem=lot)
    lots.cancel(lot)
    data = builders.question(questionOf="lot", relatedItem=lot)
    refused("Can add question only in active lot status", "POST", f"{lots.tender.path}/questions", data)
    message = "Can update question only in active lot status"
    refused(message, "PATCH", question.path, {"answer": "Ні"}, token=lots.tender.token)


def test_bids_are_not_opened_before_questions_are_answered(api, play):
    """Until then the chronograph is not wanted; then it is, at once."""
    end = play.doc["tenderPeriod"]["endDate"]
    question = ask(api, play)
    assert "next_check" not in play.doc
    assert api.tick(play.tender, end)["status"] == "active.tendering"
    later = (api.clock.now + timedelta(days=11)).isoformat()
    play.act("", {"tenderPeriod": {"endDate": later}})
    play.bid(), play.bid()
    play.act(f"/questions/{question.id}", {"answer": "Синій"})
    assert play.doc["next_check"] == later
    assert api.tick(play.tender, later)["status"] == "active.auction"


def test_questions_about_lots_that_were_given_up_need_no_answer(api, lots):
    lot = lots.lots[0]
    ask(api, lots, questionOf="lot", relatedItem=lot)
    assert "next_check" not in lots.doc
    lots.cancel(lot)
    assert lots.doc["next_check"] == lots.doc["tenderPeriod"]["endDate"]
