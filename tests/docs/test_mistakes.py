"""The mistakes that docs/errors.md lists are made here, and answered as the page says, in its order."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from pages import ROOT

from openprocurement_api.testing import builders

PAGE = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d{3}) (.+?): (.+?) \|", PAGE.partition("## The first mistakes")[2].partition("\n## ")[0], re.MULTILINE)
DAY = timedelta(days=1)


@pytest.fixture
def announced(api):
    """A tender."""
    return api.tender()


@pytest.fixture
def uploaded(api):
    """What an upload was answered with."""
    api.web.authorization = ("Basic", ("broker", ""))
    return api.web.post("/docservice/upload", upload_files=[("file", "a.pdf", b"%PDF-1.4")]).json


@pytest.fixture
def announce(api):
    """Announces a tender with such changes; returns the answer."""

    def post(user="broker", **changes):
        api.web.authorization = ("Basic", (user, ""))
        data = builders.tender(api.clock.now) | changes
        return api.web.post_json("/api/2.5/tenders", {"data": data}, expect_errors=True)

    return post


@pytest.fixture
def attach(api, announced, uploaded):
    """Adds the uploaded file with such changes; returns the answer."""

    def post(status, **changes):
        path = f"{announced.path}/documents"
        return api.call("POST", path, uploaded["data"] | changes, token=announced.token, status=status)

    return post


@pytest.fixture
def mistakes(api, announced, uploaded, announce, attach):
    """The answers to the mistakes; those of one row of the page together."""
    now = api.clock.now
    change = {"title": "Парти"}
    bare = {"content_type": "application/x-www-form-urlencoded", "expect_errors": True}
    return [
        [
            announce("unknown"),
            api.call("PATCH", announced.path, change, status=403),
            api.call("PATCH", announced.path, change, token="0" * 32, status=403),
            api.call("PATCH", announced.path, change, token=announced.token, user="broker1", status=403),
        ],
        [announce("broker2")],
        [announce("broker1t")],
        [api.call("POST", f"{announced.path}/bids", builders.bid(), status=403)],
        [announce(procurementMethodType="belowTreshold")],
        [api.web.post("/api/2.5/tenders", '{"data": {}}', **bare)],
        [api.web.post_json("/api/2.5/tenders", builders.tender(now), expect_errors=True)],
        [announce(tittle="Парти")],
        [announce(enquiryPeriod={"endDate": (now - DAY).isoformat()})],
        [announce(tenderPeriod={"endDate": (now + DAY).isoformat()})],
        [attach(422, hash="md5:" + "0" * 32)],
        [attach(403, url=uploaded["get_url"])],
        [api.web.get(uploaded["data"]["url"], expect_errors=True)],
    ]


def test_mistakes_are_answered_as_the_page_says(mistakes):
    told = [{row_of(answer) for answer in answers} for answers in mistakes]
    assert told == [{meant(*row)} for row in said()]


def said():
    """The rows of the page, with what they leave to the row before."""
    words = ""
    for status, place, text in ROWS:
        words = words if text.startswith("the same") else text
        yield int(status), place, words


def meant(status, place, words):
    """A row as answers are told: location, name and description without what is only about the page."""
    name = place.replace("`", "").replace("the field", "tittle")
    return status, name, words.partition("`, ")[0].strip("`")


def row_of(answer):
    """An answer as the page tells it; a period that is wrong is known by its only message, which is about startDate."""
    (error,) = answer.json["errors"]
    text = error["description"]
    if isinstance(text, dict):
        assert text.keys() == {"startDate"}
        (text,) = text["startDate"]
    return answer.status_int, f"{error['location']}/{error['name']}", text


def test_the_file_is_where_the_page_says(api, attach, uploaded):
    assert api.web.get(uploaded["get_url"]).body == b"%PDF-1.4"
    assert api.web.get(attach(201).json["data"]["url"]).body == b"%PDF-1.4"
