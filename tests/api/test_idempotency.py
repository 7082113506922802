"""POST with an Idempotency-Key: whatever fails and whoever comes at the same time, one thing is made and one answer given."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Self

import pytest
from webtest import TestApp

from openprocurement_api.errors import BadGateway, Problem
from openprocurement_api.http.idempotency import KIND, LIFETIME
from openprocurement_api.storage.base import RevConflict, Unavailable
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, Api, Thing
from procedures.below_threshold.tests.play import Play
from procedures.below_threshold.tests.secrets import document

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
OTHER = "5b4d9a1e-0000-4000-8000-6894a57f9324"
MINUTE = timedelta(minutes=1)
THREADS = 6


@pytest.fixture
def settings(settings, tmp_path, request):
    """The same on a store that keeps every word: unless another is named, SQLite beside memory."""
    return settings | ({"storage.url": f"sqlite:///{tmp_path}/keys.db"} if getattr(request, "param", "") == "sqlite" else {})


on_every_store = pytest.mark.parametrize("settings", ["as named", "sqlite"], indirect=True)


def post(api: Api, path: str, data: Any, key: str = KEY, **options: Any) -> Any:
    """A POST with a key."""
    return api.call("POST", path, data, **{"status": 201, "Idempotency_Key": key, **options})


def told(answer: Any) -> tuple[Any, ...]:
    """What must be the same the second time."""
    return answer.status_int, answer.body, answer.headers["ETag"], answer.headers["Location"], answer.content_type


def made(answer: Any, path: str) -> Thing:
    return Thing(f"{path}/{answer.json['data']['id']}", answer.json["access"]["token"], answer.json["data"])


def all_tenders(api: Api) -> list[str]:
    return [change.id for change in api.store.changes("tender", feed=None, limit=1000)]


def bidding(api: Api) -> Thing:
    tender = api.tender()
    api.until(tender, "active.tendering")
    return tender


def bids_of(api: Api, tender: Thing) -> list[Any]:
    return list(api.store.get("tender", tender.id).body.get("bids", []))


# --- the same answer


@on_every_store
def test_an_announcement_sent_again_is_answered_the_same(api):
    body = builders.tender(api.clock.now, value=builders.value(500.25))
    first, again = post(api, "/tenders", body), post(api, "/tenders", body)
    assert told(first) == told(again)
    tender = made(again, "/tenders")
    assert all_tenders(api) == [tender.id]
    assert api.patch(tender, {"title": "Нова назва"})["title"] == "Нова назва"
    assert api.web.get(again.headers["Location"]).headers["ETag"] != again.headers["ETag"]


@on_every_store
def test_the_answer_is_the_first_one_however_the_document_went_on(api):
    body = builders.tender(api.clock.now)
    first = post(api, "/tenders", body)
    tender = made(first, "/tenders")
    for word in ("друга", "третя"):
        api.clock.advance(MINUTE)
        api.patch(tender, {"title": word})
    api.clock.advance(MINUTE)
    again = post(api, "/tenders", body)
    assert (again.json, again.status_int, again.headers["Location"]) == (first.json, 201, first.headers["Location"])
    assert api.get(tender.path)["title"] == "третя"


def children(api: Api) -> dict[str, Callable[[], tuple[Thing, str, Any]]]:
    """A thing that is made below a tender, by kind: the tender, the path, the body."""

    def below(plural: str, body: Any) -> tuple[Thing, str, Any]:
        tender = api.tender(lots=[builders.lot()]) if plural == "lots" else api.tender()
        return tender, f"{tender.path}/{plural}", body

    def bid() -> tuple[Thing, str, Any]:
        tender = bidding(api)
        return tender, f"{tender.path}/bids", builders.bid(417.25)

    return {
        "question": lambda: below("questions", builders.question()),
        "claim": lambda: below("complaints", builders.claim()),
        "document": lambda: below("documents", document(api, "Умови.pdf")),
        "lot": lambda: below("lots", builders.lot("Лот 2")),
        "lot with an id of its own": lambda: below("lots", builders.lot("Лот 2", id="a" * 32)),
        "bid": bid,
    }


@pytest.mark.parametrize("kind", ["question", "claim", "document", "lot", "lot with an id of its own", "bid"])
def test_what_is_made_below_a_tender_is_made_once(api, kind):
    tender, path, body = children(api)[kind]()
    first = post(api, path, body, token=tender.token)
    if kind == "lot with an id of its own":
        assert first.json["data"]["id"] == "a" * 32
    api.clock.advance(MINUTE)
    post(api, f"{tender.path}/questions" if kind == "bid" else path, body, OTHER, status="*")
    api.clock.advance(MINUTE)
    assert told(post(api, path, body, token=tender.token)) == told(first)
    plural = path.rpartition("/")[2]
    kept = [item["id"] for item in api.store.get("tender", tender.id).body[plural]]
    assert kept.count(first.json["data"]["id"]) == 1


def test_a_document_below_a_bid_is_made_once(api):
    tender = bidding(api)
    bid = api.post(f"{tender.path}/bids", builders.bid())
    body = document(api, "Пропозиція.pdf")
    first, again = (post(api, f"{bid.path}/documents", body, token=bid.token) for _ in range(2))
    assert told(first) == told(again)
    assert len(bids_of(api, tender)[0]["documents"]) == 1


def test_the_token_of_a_bid_that_was_told_twice_is_the_bids(api):
    tender = bidding(api)
    post(api, f"{tender.path}/bids", builders.bid())
    bid = made(post(api, f"{tender.path}/bids", builders.bid()), f"{tender.path}/bids")
    assert api.patch(bid, {"value": {"amount": 400}})["value"]["amount"] == 400
    assert len(bids_of(api, tender)) == 1


def test_what_was_taken_back_is_not_made_again(api):
    tender = bidding(api)
    first = post(api, f"{tender.path}/bids", builders.bid())
    bid = made(first, f"{tender.path}/bids")
    api.call("DELETE", bid.path, token=bid.token)
    assert told(post(api, f"{tender.path}/bids", builders.bid())) == told(first)
    assert bids_of(api, tender) == []


def test_the_answer_is_given_when_the_time_for_it_has_passed(api):
    play = Play(api, tenderPeriod={"endDate": (api.clock.now + 7.5 * LIFETIME).isoformat()})
    api.until(play.tender, "active.tendering")
    body = builders.bid(status="draft")
    first = post(api, f"{play.tender.path}/bids", body)
    play.bid()
    play.end_tendering()
    assert first.json["data"]["id"] not in [bid["id"] for bid in bids_of(api, play.tender)]
    assert told(post(api, f"{play.tender.path}/bids", body)) == told(first)
    assert api.refused("POST", f"{play.tender.path}/bids", body)


def test_indented_and_wrapped_answers_are_repeated_as_they_were(api):
    body = builders.tender(api.clock.now)
    first, again = (post(api, "/tenders?opt_jsonp=show&opt_pretty=1", body) for _ in range(2))
    assert told(first) == told(again)
    assert first.text.startswith("show({\n")


# --- one key, one request


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"title": "Інша"}},
        {"path": "/tenders?opt_pretty=1"},
        {"token": "another token"},
    ],
)
def test_a_key_that_was_used_for_another_request_is_refused(api, change):
    body = builders.tender(api.clock.now)
    post(api, "/tenders", body)
    sent = {"path": "/tenders", "token": "", "data": {}} | change
    (error,) = post(api, sent["path"], body | sent["data"], token=sent["token"], status=422).json["errors"]
    assert (error["location"], error["name"]) == ("header", "Idempotency-Key")
    assert len(all_tenders(api)) == 1


def test_a_key_of_one_platform_is_nothing_to_another(api):
    body = builders.tender(api.clock.now)
    first, second = post(api, "/tenders", body), post(api, "/tenders", body, user="broker1")
    assert first.json["data"]["id"] != second.json["data"]["id"]
    assert first.json["access"] != second.json["access"]
    assert len(all_tenders(api)) == 2


def test_other_keys_make_other_things(api):
    body = builders.tender(api.clock.now)
    ids = {post(api, "/tenders", body, key).json["data"]["id"] for key in (KEY, OTHER, KEY, OTHER)}
    assert sorted(all_tenders(api)) == sorted(ids)
    assert len(ids) == 2


def test_without_a_key_nothing_is_remembered(api, monkeypatch):
    puts, put = [], api.store.put
    monkeypatch.setattr(api.store, "put", lambda kind, *rest, **more: puts.append(kind) or put(kind, *rest, **more))
    for _ in range(2):
        api.tender()
    assert puts == ["tender", "tender"]


@pytest.mark.parametrize("key", ["", "short", "x" * 15, "x" * 256, "with a space in it", '"open' + "x" * 16, "ключ" * 5, '""'])
def test_a_malformed_key_is_400(api, key):
    header = key.encode().decode("latin-1")
    (error,) = post(api, "/tenders", builders.tender(api.clock.now), header, status=400).json["errors"]
    assert (error["location"], error["name"]) == ("header", "Idempotency-Key")
    assert all_tenders(api) == []


@pytest.mark.parametrize("key", ["x" * 16, "x" * 255, "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"])
def test_quotes_around_a_key_are_no_part_of_it(api, key):
    body = builders.tender(api.clock.now)
    assert told(post(api, "/tenders", body, f'"{key}"')) == told(post(api, "/tenders", body, key))


def test_who_has_no_key_of_a_platform_is_refused(api):
    (error,) = post(api, "/tenders", builders.tender(api.clock.now), user=None, status=403).json["errors"]
    assert error == {"location": "url", "name": "permission", "description": "Forbidden"}


def test_where_a_key_has_no_effect_it_is_refused(api):
    play = Play(api)
    files = [("file", "умови.pdf", b"content")]
    api.web.authorization = ("Basic", ("broker", ""))
    headers = {"Idempotency-Key": KEY, "X-Access-Token": play.tender.token}
    form = api.web.post(f"{BASE}{play.tender.path}/documents", upload_files=files, headers=headers, status=415)
    play.open_bids(200, 210)
    results = post(api, f"{play.tender.path}/auction", {"bids": []}, user="auction", status=415)
    for answer in (form, results):
        (error,) = answer.json["errors"]
        assert (error["location"], error["name"]) == ("header", "Idempotency-Key")
    assert "documents" not in api.get(play.tender.path)


def test_other_methods_take_no_notice_of_a_key(api):
    tender = api.tender()
    for title in ("а", "б"):
        assert api.patch(tender, {"title": title}, Idempotency_Key=KEY)["title"] == title


# --- refusals


def test_a_refusal_leaves_the_key_free(api):
    bad, good = builders.tender(api.clock.now, items=[]), builders.tender(api.clock.now)
    for _ in range(2):
        post(api, "/tenders", bad, status=422)
    first, again = post(api, "/tenders", good), post(api, "/tenders", good)
    assert told(first) == told(again)
    assert len(all_tenders(api)) == 1


def test_what_is_refused_now_may_be_made_later_with_the_same_key(api):
    tender = api.tender()
    post(api, f"{tender.path}/bids", builders.bid(), status=403)
    api.until(tender, "active.tendering")
    post(api, f"{tender.path}/bids", builders.bid())
    assert len(bids_of(api, tender)) == 1


def test_a_refusal_frees_no_key_that_has_made_something(api):
    """The first run made a bid and lost its answer; a later one that goes wrong must not open the way to another bid."""
    tender = bidding(api)
    with losing_the_answer(api, "tender"):
        post(api, f"{tender.path}/bids", builders.bid(), status=503)
    bid = bids_of(api, tender)[0]["id"]
    with Failing(api, "get", "tender"):
        post(api, f"{tender.path}/bids", builders.bid(), status=503)
    post(api, f"{tender.path}/bids", builders.bid(400), status=422)
    assert post(api, f"{tender.path}/bids", builders.bid()).json["data"]["id"] == bid
    assert len(bids_of(api, tender)) == 1


def test_a_refusal_that_cannot_be_noted_is_told_all_the_same(api, monkeypatch):
    bad, good = builders.tender(api.clock.now, items=[]), builders.tender(api.clock.now)
    put, calls = api.store.put, iter([True, False])

    def failing(*args: Any, **options: Any) -> Any:
        if next(calls):
            return put(*args, **options)
        raise Unavailable("the disk is gone")

    monkeypatch.setattr(api.store, "put", failing)
    post(api, "/tenders", bad, status=422)
    monkeypatch.undo()
    (error,) = post(api, "/tenders", good, status=422).json["errors"]
    assert error["name"] == "Idempotency-Key"
    post(api, "/tenders", bad, status=422)
    post(api, "/tenders", good, OTHER)


def test_a_key_lives_for_a_day(api):
    body = builders.tender(api.clock.now + 2 * LIFETIME)
    first = post(api, "/tenders", body)
    api.clock.advance(LIFETIME - timedelta(seconds=1))
    assert told(post(api, "/tenders", body)) == told(first)
    api.clock.advance(timedelta(seconds=1))
    second = post(api, "/tenders", body)
    assert second.json["data"]["id"] != first.json["data"]["id"]
    assert second.json["access"] != first.json["access"]
    assert told(post(api, "/tenders", body)) == told(second)
    assert len(all_tenders(api)) == 2


# --- failures


class Failing:
    """While this lasts, one call of a method of the store fails: before it has done its work, or after."""

    def __init__(self, api: Api, method: str, kind: str, number: int = 0, *, after: bool = False) -> None:
        self.store, self.method, self.kind, self.number, self.after = api.store, method, kind, number, after
        self.failed = False

    def __enter__(self) -> Self:
        self.work = getattr(self.store, self.method)
        setattr(self.store, self.method, self.call)
        return self

    def __exit__(self, *_: object) -> None:
        setattr(self.store, self.method, self.work)

    def call(self, kind: str, *args: Any, **options: Any) -> Any:
        if self.failed or kind != self.kind:
            return self.work(kind, *args, **options)
        self.number -= 1
        if self.number >= 0:
            return self.work(kind, *args, **options)
        self.failed = True
        if self.after:
            self.work(kind, *args, **options)
        raise Unavailable("the cable is out")


def losing_the_answer(api: Api, kind: str) -> Failing:
    return Failing(api, "put", kind, after=True)


STEPS = [
    (method, kind, number, after)
    for method, kind, numbers in (("get", KIND.name, 2), ("get", "tender", 2), ("put", KIND.name, 1), ("put", "tender", 1))
    for number in range(numbers)
    for after in ((False, True) if method == "put" else (False,))
]


@on_every_store
@pytest.mark.parametrize("step", STEPS, ids=lambda step: "-".join(map(str, step)))
@pytest.mark.parametrize("kind", ["tender", "bid"])
def test_whichever_step_fails_trying_again_makes_one_thing(api, kind, step):
    """Every call of the store fails once: with and without having done its work."""
    method, of, number, after = step
    tender = bidding(api)
    path, body = ("/tenders", builders.tender(api.clock.now)) if kind == "tender" else (f"{tender.path}/bids", builders.bid())
    with Failing(api, method, of, number, after=after) as step_failed:
        first = post(api, path, body, status="*")
    assert first.status_int == (503 if step_failed.failed else 201)
    again = post(api, path, body)
    assert told(post(api, path, body)) == told(again)
    if first.status_int == 201:
        assert told(first) == told(again)
    thing = made(again, path)
    counted = {"tender": all_tenders(api)[1:], "bid": [bid["id"] for bid in bids_of(api, tender)]}
    assert counted == {"tender": [], "bid": []} | {kind: [thing.id]}
    api.patch(thing, {})


@pytest.mark.parametrize("kind", ["tender", "bid"])
def test_the_steps_that_fail_are_all_there_are(api, kind):
    """So that a call of the store that is added does not go untested: one more step is never reached."""
    tender = bidding(api)
    path, body = ("/tenders", builders.tender(api.clock.now)) if kind == "tender" else (f"{tender.path}/bids", builders.bid())
    for method, of in {(method, of) for method, of, *_ in STEPS}:
        last = max(number for m, o, number, _ in STEPS if (m, o) == (method, of))
        with Failing(api, method, of, last + 1) as step:
            post(api, path, body, f"{method} {of} {OTHER}".replace(" ", "-"))
        assert not step.failed, (method, of)


def test_a_bug_after_the_save_leaves_what_was_made_to_be_found(api, monkeypatch):
    from openprocurement_api.http import pipeline

    tender = bidding(api)
    monkeypatch.setattr(pipeline, "finish", lambda *_: 1 / 0)
    post(api, f"{tender.path}/bids", builders.bid(), status=500)
    monkeypatch.undo()
    bid = made(post(api, f"{tender.path}/bids", builders.bid()), f"{tender.path}/bids")
    assert [bid.id] == [kept["id"] for kept in bids_of(api, tender)]
    api.patch(bid, {"value": {"amount": 400}})


def test_what_failed_before_anything_was_made_is_made_then(api):
    """Below a tender so young that all of its history is looked through."""
    tender = api.tender()
    with Failing(api, "put", "tender"):
        post(api, f"{tender.path}/questions", builders.question(), status=503)
    post(api, f"{tender.path}/questions", builders.question())
    assert len(api.get(f"{tender.path}/questions")) == 1


def test_a_failure_of_the_document_service_is_no_refusal(api, monkeypatch):
    """Whatever answers 5xx may have been carried out: the key stays with its request."""
    tender, body, documents = api.tender(), document(api, "Умови.pdf"), api.registry.services.documents

    def down(*_: Any) -> Any:
        raise BadGateway(Problem("body", "data", "The service is down."))

    monkeypatch.setattr(type(documents), "accept", down)
    post(api, f"{tender.path}/documents", body, token=tender.token, status=502)
    monkeypatch.undo()
    post(api, f"{tender.path}/documents", body | {"title": "Інші.pdf"}, token=tender.token, status=422)
    post(api, f"{tender.path}/documents", body, token=tender.token)
    assert len(api.get(f"{tender.path}/documents")) == 1


# --- races


def losing(api: Api, kind: str, times: int) -> Callable[..., Any]:
    """A put that is lost to others so many times."""
    put, left = api.store.put, [times]

    def racing(of: str, *args: Any, **options: Any) -> Any:
        if of == kind and left[0]:
            left[0] -= 1
            raise RevConflict("another writer was faster")
        return put(of, *args, **options)

    return racing


@pytest.mark.parametrize("kind", [KIND.name, "tender"])
def test_lost_races_are_run_again(api, monkeypatch, kind):
    tender = bidding(api)
    monkeypatch.setattr(api.store, "put", losing(api, kind, 3))
    first = post(api, f"{tender.path}/bids", builders.bid())
    assert told(post(api, f"{tender.path}/bids", builders.bid())) == told(first)
    assert len(bids_of(api, tender)) == 1


@pytest.mark.parametrize("kind", [KIND.name, "tender"])
def test_races_that_are_always_lost_are_409(api, monkeypatch, kind):
    monkeypatch.setattr(api.store, "put", losing(api, kind, 10**6))
    body = builders.tender(api.clock.now)
    (error,) = post(api, "/tenders", body, status=409).json["errors"]
    assert "repeat your request" in error["description"]
    monkeypatch.undo()
    post(api, "/tenders", body)
    assert len(all_tenders(api)) == 1


def test_a_release_that_loses_a_race_is_run_again(api, monkeypatch):
    put, lost = api.store.put, iter([False, True, True, False])

    def racing(*args: Any, **options: Any) -> Any:
        if next(lost):
            raise RevConflict("another request was faster")
        return put(*args, **options)

    monkeypatch.setattr(api.store, "put", racing)
    post(api, "/tenders", builders.tender(api.clock.now, items=[]), status=422)
    monkeypatch.undo()
    post(api, "/tenders", builders.tender(api.clock.now))


def interrupted(api: Api, monkeypatch: pytest.MonkeyPatch, method: str, kind: str, between: Callable[[], None]) -> None:
    """Let something happen just before the next call of a method of the store."""
    work = getattr(api.store, method)

    def call(of: str, *args: Any, **options: Any) -> Any:
        if of == kind:
            monkeypatch.undo()
            between()
        return work(of, *args, **options)

    monkeypatch.setattr(api.store, method, call)


@on_every_store
@pytest.mark.parametrize("moment", ["get", "put"])
@pytest.mark.parametrize("taken_back", [False, True])
def test_a_request_that_stalls_answers_as_the_one_that_overtook_it(api, monkeypatch, moment, taken_back):
    """Even if what the other one made is gone when it wakes up."""
    tender, other = bidding(api), []
    path = f"{tender.path}/bids"

    def overtake() -> None:
        other.append(post(api, path, builders.bid()))
        if taken_back:
            bid = made(other[0], path)
            api.call("DELETE", bid.path, token=bid.token)

    interrupted(api, monkeypatch, moment, "tender", overtake)
    stalled = post(api, path, builders.bid())
    assert told(stalled) == told(other[0])
    assert len(bids_of(api, tender)) == (0 if taken_back else 1)


@pytest.mark.parametrize("moment", ["get", "put"])
def test_an_announcement_that_stalls_answers_as_the_one_that_overtook_it(api, monkeypatch, moment):
    body, other = builders.tender(api.clock.now), []
    interrupted(api, monkeypatch, moment, "tender", lambda: other.append(post(api, "/tenders", body)))
    assert told(post(api, "/tenders", body)) == told(other[0])
    assert len(all_tenders(api)) == 1


def test_a_refusal_beside_a_request_that_runs_does_not_free_the_key(api, monkeypatch):
    """The second run is refused, as the period has ended; the first one, which began in time, has made its bid meanwhile."""
    tender = bidding(api)
    path, end = f"{tender.path}/bids", api.get(tender.path)["tenderPeriod"]["endDate"]
    began = api.clock.now

    def refused_meanwhile() -> None:
        api.clock.now = builders.datetime.fromisoformat(end) + MINUTE
        post(api, path, builders.bid(), status=403)
        api.clock.now = began

    api.clock.now = began = builders.datetime.fromisoformat(end) - MINUTE
    interrupted(api, monkeypatch, "put", "tender", refused_meanwhile)
    first = post(api, path, builders.bid())
    post(api, path, builders.bid(400), status=422)
    assert told(post(api, path, builders.bid())) == told(first)
    assert len(bids_of(api, tender)) == 1


@on_every_store
@pytest.mark.parametrize("kind", ["tender", "bid"])
def test_many_at_once_make_one_thing_and_hear_the_same(api, kind):
    tender = bidding(api)
    path, body = ("/tenders", builders.tender(api.clock.now)) if kind == "tender" else (f"{tender.path}/bids", builders.bid())
    start = threading.Barrier(THREADS)

    def send(_: int) -> tuple[Any, ...]:
        web = TestApp(api.web.app)
        web.authorization = ("Basic", ("broker", ""))
        start.wait()
        return told(web.post_json(f"{BASE}{path}", {"data": body}, headers={"Idempotency-Key": KEY}, status=201))

    with ThreadPoolExecutor(THREADS) as pool:
        answers = set(pool.map(send, range(THREADS)))
    assert len(answers) == 1
    assert len(all_tenders(api)) == (2 if kind == "tender" else 1)
    assert len(bids_of(api, tender)) == (0 if kind == "tender" else 1)


# --- what is kept


def test_the_store_has_no_token_and_no_key(settings, tmp_path):
    api = Api.start(settings | {"storage.url": f"sqlite:///{tmp_path}/keys.db"})
    api.web.authorization = ("Basic", ("broker2", ""))
    tender = bidding(api)
    answer = post(api, f"{tender.path}/bids", builders.bid(), user="broker2")
    api.store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("keys.db*"))
    assert answer.json["data"]["id"].encode() in kept
    assert b'"doc_type":"claim"' in kept
    for secret in (KEY, answer.json["access"]["token"], answer.json["access"]["transfer"]):
        assert secret.encode() not in kept
        assert bytes.fromhex(secret.replace("-", "")) not in kept


def test_records_are_in_no_feed_and_never_due(api):
    post(api, "/tenders", builders.tender(api.clock.now))
    assert api.store.changes(KIND.name, feed=None) == []
    assert api.store.due(KIND.name, until=api.clock.now + 1000 * LIFETIME) == []


def test_pages_of_other_origins_are_told_of_the_header(api):
    assert "Idempotency-Key" in api.web.options(f"{BASE}/tenders").headers["Access-Control-Allow-Headers"]
