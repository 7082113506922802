"""Questions: asking, answering, who asked, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from journey import BAD_BODIES

from openprocurement_api.testing.builders import item, lot, organization, problem, question
from openprocurement_api.testing.client import BASE

REQUIRED = ["This field is required."]
LATE = problem("data", "Can add question only in enquiryPeriod")


@pytest.fixture
def asked(api, enquiries):
    return api.post(f"{enquiries.path}/questions", question())


@BAD_BODIES
def test_body_that_is_no_question(api, enquiries, body, content_type, status, error):
    api.web.authorization = ("Basic", ("broker", ""))
    url = f"{BASE}{enquiries.path}/questions"
    answer = api.web.post(url, body.encode(), content_type=content_type, status=status)
    assert answer.json == {"status": "error", "errors": [error]}


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, [("author", REQUIRED), ("title", REQUIRED)]),
        ({"invalid_field": "invalid_value"}, [("invalid_field", "Rogue field")]),
        ({"author": "me"}, [("author", ["Please use a mapping for this field or Organization instance instead of str."])]),
        (
            {"author": {"identifier": "invalid_value"}},
            [("author", {"identifier": ["Please use a mapping for this field or Identifier instance instead of str."]})],
        ),
        (
            question(author={"identifier": {}}),
            [
                (
                    "author",
                    {
                        "name": REQUIRED,
                        "address": REQUIRED,
                        "contactPoint": REQUIRED,
                        "identifier": {"scheme": REQUIRED, "id": REQUIRED},
                    },
                )
            ],
        ),
        (
            question(author={"name": "name", "identifier": {"uri": "invalid_value"}}),
            [
                (
                    "author",
                    {
                        "address": REQUIRED,
                        "contactPoint": REQUIRED,
                        "identifier": {"scheme": REQUIRED, "id": REQUIRED, "uri": ["Not a well formed URL."]},
                    },
                )
            ],
        ),
        (question(questionOf="lot"), [("relatedItem", REQUIRED)]),
        (question(questionOf="lot", relatedItem="0" * 32), [("relatedItem", ["relatedItem should be one of lots"])]),
        (question(questionOf="item", relatedItem="0" * 32), [("relatedItem", ["relatedItem should be one of items"])]),
        (question(questionOf="weather"), [("questionOf", ["Value must be one of ['tender', 'item', 'lot']."])]),
    ],
)
def test_invalid_question(api, enquiries, data, errors):
    found = api.refused("POST", f"{enquiries.path}/questions", data, status=422)
    assert sorted(found, key=lambda e: e["name"]) == [problem(*error) for error in errors]


def test_asking(api, enquiries):
    answer = api.call("POST", f"{enquiries.path}/questions", question(answer="Сам знаю", date="2015-01-01"), status=201)
    made = answer.json["data"]
    assert made == question() | {"id": made["id"], "date": api.clock.now.isoformat(), "questionOf": "tender"}
    assert "access" not in answer.json
    assert answer.headers["Location"] == f"http://localhost{BASE}{enquiries.path}/questions/{made['id']}"


def test_question_about_an_item(api, enquiries):
    about = enquiries.data["items"][0]["id"]
    made = api.post(f"{enquiries.path}/questions", question(questionOf="item", relatedItem=about))
    assert (made.data["questionOf"], made.data["relatedItem"]) == ("item", about)


def test_who_asked_is_unknown_until_bids_are_opened(api, enquiries, asked):
    public = {name: value for name, value in asked.data.items() if name != "author"}
    assert api.get(asked.path) == public
    assert api.get(f"{enquiries.path}/questions") == [public]
    assert api.get(enquiries.path)["questions"] == [public]
    assert api.get(asked.path, token=enquiries.token) == public
    api.until(enquiries, "active.tendering")
    assert api.get(asked.path, user=None) == public
    api.until(enquiries, "unsuccessful")
    assert api.get(asked.path) == asked.data
    assert api.get(enquiries.path)["questions"] == [asked.data]


def test_answering(api, enquiries, asked):
    api.clock.advance(timedelta(hours=1))
    answered = api.patch(asked.path, {"answer": "Білий", "title": "Інше"}, token=enquiries.token)
    public = {name: value for name, value in asked.data.items() if name != "author"}
    assert answered == public | {"answer": "Білий", "dateAnswered": api.clock.now.isoformat()}
    assert api.get(asked.path) == answered
    assert api.get(enquiries.path)["dateModified"] == api.clock.now.isoformat()


def test_an_answer_that_says_the_same_keeps_its_date(api, enquiries, asked):
    answered = api.patch(asked.path, {"answer": "Білий"}, token=enquiries.token)
    api.clock.advance(timedelta(hours=1))
    assert api.patch(asked.path, {"answer": "Білий"}, token=enquiries.token) == answered


def test_only_the_buyer_answers(api, asked):
    forbidden = [problem("permission", "Forbidden", "url")]
    for user in ("broker", "broker2", "auction", None):
        assert api.refused("PATCH", asked.path, {"answer": "Білий"}, user=user) == forbidden


def test_after_the_enquiry_period(api, enquiries, asked):
    path = f"{enquiries.path}/questions"
    api.clock.now = api.clock.now + timedelta(days=7, seconds=1)
    assert api.refused("POST", path, question()) == [LATE]
    api.until(enquiries, "active.tendering")
    assert api.refused("POST", path, question()) == [LATE]
    late = [problem("data", "Can't update question in current (active.tendering) tender status")]
    assert api.refused("PATCH", asked.path, {"answer": "Білий"}, token=enquiries.token) == late


def test_before_the_enquiry_period(api):
    later = {
        "startDate": (api.clock.now + timedelta(days=1)).isoformat(),
        "endDate": (api.clock.now + timedelta(days=7)).isoformat(),
    }
    made = api.tender(enquiryPeriod=later)
    assert api.refused("POST", f"{made.path}/questions", question()) == [LATE]
    api.clock.advance(timedelta(days=1))
    assert api.post(f"{made.path}/questions", question()).data["title"] == "Питання"


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/tenders/some_id/questions", "tender_id"),
        ("POST", "/tenders/some_id/questions", "tender_id"),
        ("GET", "/tenders/some_id/questions/some_id", "tender_id"),
        ("PATCH", "/tenders/some_id/questions/some_id", "tender_id"),
        ("GET", "{}/questions/some_id", "question_id"),
        ("PATCH", "{}/questions/some_id", "question_id"),
    ],
)
def test_not_found(api, enquiries, method, path, name):
    data = None if method == "GET" else {"answer": "Білий"}
    errors = api.refused(method, path.format(enquiries.path), data, status=404, token=enquiries.token)
    assert errors == [problem(name, "Not Found", "url")]


@pytest.mark.parametrize(
    ("user", "mode", "refusal"),
    [
        ("broker2", {}, None),
        ("broker1", {}, "accreditation"),
        ("broker2t", {"mode": "test"}, None),
        ("broker2t", {}, "mode"),
    ],
)
def test_accreditation(api, user, mode, refusal):
    path = f"{api.tender(**mode).path}/questions"
    if refusal is None:
        assert api.post(path, question(), user=user).data["title"] == "Питання"
        return
    error = problem(refusal, "Broker Accreditation level does not permit question creation", "procurementMethodType")
    assert api.refused("POST", path, question(), user=user) == [error]


def test_only_platforms_ask(api, enquiries):
    for user in (None, "nobody", "auction", "chronograph", "administrator"):
        errors = api.refused("POST", f"{enquiries.path}/questions", question(), user=user)
        assert errors == [problem("permission", "Forbidden", "url")]


@pytest.fixture
def lotted(api):
    """A tender with two lots and an item in each."""
    return api.tender(
        lots=[lot("Перший", id="1" * 32), lot("Другий", id="2" * 32)],
        items=[item(id="one", relatedLot="1" * 32), item(id="two", relatedLot="2" * 32)],
    )


@pytest.mark.parametrize(("of", "dead", "alive"), [("lot", "1" * 32, "2" * 32), ("item", "one", "two")])
def test_question_about_a_cancelled_lot(api, lotted, of, dead, alive):
    path = f"{lotted.path}/questions"
    early = api.post(path, question(questionOf=of, relatedItem=dead))
    other = api.post(path, question(questionOf=of, relatedItem=alive))
    cancel = {"reason": "Годі", "status": "active", "cancellationOf": "lot", "relatedLot": "1" * 32}
    api.post(f"{lotted.path}/cancellations", cancel, token=lotted.token)
    errors = api.refused("POST", path, question(questionOf=of, relatedItem=dead))
    assert errors == [problem("data", "Can add question only in active lot status")]
    errors = api.refused("PATCH", early.path, {"answer": "Білий"}, token=lotted.token)
    assert errors == [problem("data", "Can update question only in active lot status")]
    assert api.post(path, question(questionOf=of, relatedItem=alive)).data["relatedItem"] == alive
    assert api.patch(other.path, {"answer": "Білий"}, token=lotted.token)["answer"] == "Білий"


def test_author_is_an_organization(api, enquiries):
    author = organization("ФОП", "00000031", contactPoint={"name": "Я", "email": "a@example.org"})
    assert api.post(f"{enquiries.path}/questions", question(author=author)).data["author"] == author
