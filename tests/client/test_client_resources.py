"""Create, read, change, delete, upload and download against the API itself."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest

from openprocurement_api.testing import client as testing
from openprocurement_api.testing.builders import bid, item, lot, question, tender, value
from openprocurement_client import ClientError, Forbidden, Invalid, NotFound, Problem, Stale, Thing


@pytest.fixture
def made(api, client):
    return client.create("/tenders", tender(api.clock.now))


def held(made: Thing) -> testing.Thing:
    """The same for the client of the tests."""
    return testing.Thing(made.path, made.token, made.data)


def test_a_tender_is_made_and_read(client, connect, made):
    assert made.path == f"/tenders/{made.id}"
    assert made.status == "active.enquiries"
    assert len(made.token) == len(made.transfer) == 32
    again = client.get(made)
    assert again.data == made.data
    assert again.etag == made.etag
    assert again.token == made.token
    assert connect(key="").get(made.path)["title"] == made["title"]


def test_money_stays_exact(api, client):
    made = client.create("tenders", tender(api.clock.now, value=value(Decimal("123456789012.31")), minimalStep=value(1)))
    assert made["value"]["amount"] == Decimal("123456789012.31")
    assert type(client.get(made)["value"]["amount"]) is Decimal
    assert b'"amount":123456789012.31,' in client.raw(made)


def test_what_is_below_a_tender_is_held_with_its_token(client, made):
    added = client.create(made.at("lots"), lot(), token=made.token)
    assert added.path == made.at("lots", added.id)
    assert added.token == made.token
    assert client.patch(added, {"title": "Інший"})["title"] == "Інший"
    assert [each["id"] for each in client.items(made.at("lots"))] == [added.id]
    assert client.delete(added).id == added.id
    assert client.items(made.at("lots")) == []


def test_a_bid_has_a_token_of_its_own(api, client, connect, made):
    api.tick(held(made), made["enquiryPeriod"]["endDate"])
    other = connect("broker2")
    offer = other.create(made.at("bids"), bid())
    assert offer.token not in ("", made.token)
    assert other.get(offer)["value"]["amount"] == 450
    with pytest.raises(Forbidden):
        client.get(offer.path, token=made.token)


def test_a_change_only_of_what_was_seen(client, made):
    changed = client.patch(made, {"title": "Перша"}, if_match=made.etag)
    assert changed.etag != made.etag
    with pytest.raises(Stale) as caught:
        client.patch(made, {"title": "Друга"}, if_match=made.etag)
    assert not caught.value.uncertain
    with pytest.raises(Stale):
        client.delete(client.create(made.at("lots"), lot(), token=made.token), if_match='"else"')
    assert client.get(made)["title"] == "Перша"


def test_update_decides_anew_when_another_one_was_faster(client, made):
    client.patch(made, {"title": "Парти"})
    seen = []

    def longer(data):
        seen.append(data["title"])
        return {"title": data["title"] + "!"}

    assert client.update(made, longer)["title"] == "Парти!"
    assert seen == [made["title"], "Парти"]


def test_update_gives_up_after_so_many_attempts(client, made):
    def disturbed(data):
        client.patch(made, {"title": data["title"] + "?"})
        return {"title": "mine"}

    with pytest.raises(Stale):
        client.update(made, disturbed, attempts=3)
    assert client.get(made)["title"] == made["title"] + "???"
    with pytest.raises(ValueError, match="at least 1"):
        client.update(made, disturbed, attempts=0)


def test_what_is_wrong_is_named_by_its_path(api, client):
    bad = tender(api.clock.now, value=value("x"), items=[item(), item(quantity="many")])
    with pytest.raises(Invalid) as caught:
        client.create("/tenders", bad)
    assert caught.value.status == 422
    assert caught.value.fields["value.amount"] == "Value 'x' is not float."
    assert caught.value.fields["items.quantity"] == "Value 'many' is not int."
    assert "items.quantity: Value 'many'" in str(caught.value)
    assert caught.value.request_id


def test_lists_and_objects_of_complaints_become_paths():
    said = [{"unit": {"code": ["Too long.", "Too late."]}}, "No."]
    assert list(Problem("body", "items", said).lines()) == [
        ("items.unit.code", "Too long."),
        ("items.unit.code", "Too late."),
        ("items", "No."),
    ]


def test_no_key_and_no_such_thing(api, connect, client):
    with pytest.raises(Forbidden) as caught:
        connect("").create("/tenders", tender(api.clock.now))
    assert caught.value.fields == {"permission": "Forbidden"}
    with pytest.raises(NotFound):
        client.get(f"/tenders/{'0' * 32}")


def test_a_post_with_the_same_key_makes_one_thing(api, client):
    data, key = tender(api.clock.now), "0123456789abcdef"
    first, second = (client.create("/tenders", data, idempotency_key=key) for _ in range(2))
    assert first.id == second.id
    assert first.token == second.token
    with pytest.raises(Invalid):
        client.create("/tenders", data | {"title": "Інша"}, idempotency_key=key)


def test_an_operation_has_no_key(client, made):
    with pytest.raises(Forbidden) as caught:
        client.operate(made.at("auction"), {}, token=made.token)
    assert caught.value.fields == {"permission": "Forbidden"}


# --- files


def test_a_file_is_uploaded_attached_and_read(client, connect, made, tmp_path):
    path = tmp_path / "умови.pdf"
    path.write_bytes(b"%PDF " + bytes(200_000))
    added = client.attach(made.at("documents"), path, token=made.token, documentType="technicalSpecifications")
    assert (added["title"], added["format"]) == ("умови.pdf", "application/pdf")
    assert added["documentType"] == "technicalSpecifications"
    assert connect("").download(connect("").get(added.path)) == path.read_bytes()

    second = client.new_version(added, io.BytesIO(b"new"), title="умови.txt")
    assert second.id == added.id
    assert client.download(second) == b"new"
    assert len(client.items(f"{made.path}/documents?all=1")) == 2


def test_an_open_file_stays_open(client, made):
    content = io.BytesIO(b"text")
    added = client.attach(made.at("documents"), content, title="a.txt", token=made.token)
    assert not content.closed
    assert (added["title"], added["format"]) == ("a.txt", "text/plain")


def test_a_form_may_be_sent_to_the_api_itself(client, made):
    added = client.attach_directly(made.at("documents"), io.BytesIO(b"form"), title="b.txt", token=made.token)
    assert added["title"] == "b.txt"
    assert client.download(added) == b"form"


def test_a_sealed_document_is_read_with_its_token_alone(api, client, connect, made):
    api.tick(held(made), made["enquiryPeriod"]["endDate"])
    bidder = connect("broker2")
    offer = bidder.create(made.at("bids"), bid())
    secret = bidder.attach(offer.at("documents"), io.BytesIO(b"secret"), title="s.txt", token=offer.token)
    assert bidder.download(secret) == b"secret"
    with pytest.raises(Forbidden):
        connect("").download(secret.data)


def test_a_content_that_is_another_one_is_refused(client, made):
    added = client.attach(made.at("documents"), io.BytesIO(b"text"), title="a.txt", token=made.token)
    with pytest.raises(ClientError, match="not the one that the document names"):
        client.download(added.data | {"hash": "md5:" + "0" * 32})


def test_questions_have_no_token(client, connect, made):
    asked = connect("broker2").create(made.at("questions"), question())
    assert asked.token == ""
    answered = client.patch(asked, {"answer": "Синій"}, token=made.token)
    assert answered["answer"] == "Синій"
