"""The loop of a mirror against answers that a test makes up: late replicas, vanished documents, orders to stop."""

from __future__ import annotations

import io
from threading import Event

import httpx
import pytest
from scripted import HOST, page, refused, said

from openprocurement_client import Client, ClientError, Connection, Place, Retries, ServerFailed
from openprocurement_client.mirror.copies import Origin, open_copy
from openprocurement_client.mirror.follow import Behind, Mirror, Stopped
from openprocurement_client.mirror.watch import Bar, Lines, watching

OLD, NEW = "2026-03-02T09:00:00+02:00", "2026-03-02T09:00:00.1+02:00"


class Fake:
    """A server of one feed and its documents; each has answers, of which the last one stays."""

    def __init__(self, feed, **documents) -> None:
        self.answers = {"tenders": feed, **documents}
        self.pauses: list[float] = []
        self.said: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answers = self.answers[request.url.path.rpartition("/")[2]]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def mirror(tmp_path):
    """Runs a mirror over a fake server once; returns its copy."""
    made = []

    def run(fake, *, attempts=3, stop=None):
        retries = Retries(attempts, sleep=fake.pauses.append, told=lambda error, _: fake.said.append(str(error)))
        client = Client(HOST, retries=retries, connection=Connection(transport=httpx.MockTransport(fake)))
        copy = open_copy(str(tmp_path / "copy.jsonl"), Origin(client.wire.base, "tenders", ""))
        made.append(copy)
        out = io.StringIO()
        try:
            Mirror(client, client.feed(), copy, Lines(out), stop or Event()).run(copy.place, follow=False)
        finally:
            client.close()
            fake.said += out.getvalue().splitlines()
        return copy

    yield run
    for copy in made:
        copy.close()


def row(key: str, modified: str) -> dict:
    return {"id": key, "dateModified": modified}


def test_a_replica_that_is_late_is_waited_for(mirror):
    feed = [page([row("a", NEW)], "1"), page([row("a", NEW)], "1"), page([], "1")]
    fake = Fake(feed, a=[said(row("a", OLD)), said(row("a", NEW))])
    assert len(mirror(fake)) == 1
    assert len(fake.pauses) == 1
    assert fake.said[0] == f"/tenders/a is shown as of {OLD}, the feed tells of {NEW}"


def test_a_clock_that_went_back_is_no_late_replica(mirror):
    """The document was changed by a server whose clock is behind: its row has moved, and tells so when it is read again."""
    feed = [page([row("a", NEW)], "1"), page([row("a", OLD)], "2"), page([], "2")]
    copy = mirror(Fake(feed, a=[said(row("a", OLD))]))
    assert copy.place == Place("2")


def test_a_replica_that_stays_late_stops_the_mirror_before_it_has_missed_anything(mirror, tmp_path):
    fake = Fake([page([row("b", OLD), row("a", NEW)], "1")], a=[said(row("a", OLD))], b=[said(row("b", OLD))])
    with pytest.raises(Behind):
        mirror(fake)
    assert len(fake.pauses) == 2
    assert (tmp_path / "copy.jsonl").read_bytes() == b""


@pytest.mark.parametrize("status", [404, 410])
def test_a_document_that_is_not_shown_is_passed_over(mirror, status):
    fake = Fake([page([row("a", NEW), row("b", NEW)], "1"), page([], "1")], a=[refused(status)], b=[said(row("b", NEW))])
    assert len(mirror(fake)) == 1
    assert "mirror: /tenders/a is in the feed, but is not shown; an earlier state stays as it is" in fake.said


@pytest.mark.parametrize("data", [{"id": "a"}, {"id": 1, "dateModified": NEW}, {"id": "a", "dateModified": "today"}])
def test_a_document_that_is_none_stops_the_mirror(mirror, data):
    with pytest.raises(ClientError, match="/tenders/a is no document that can be kept"):
        mirror(Fake([page([row("a", NEW)], "1")], a=[said(data)]))


def test_a_failing_document_stops_the_mirror_at_its_page(mirror):
    with pytest.raises(ServerFailed, match="GET /tenders/a was refused with 500"):
        mirror(Fake([page([row("a", NEW)], "1")], a=[refused(500)]))


def test_an_order_to_stop_is_heard_after_the_page(mirror, tmp_path):
    stop = Event()

    class Asking(Fake):
        def __call__(self, request):
            if request.url.path.endswith("/a"):
                stop.set()
            return super().__call__(request)

    feed = [page([row("a", NEW)], "1"), page([row("b", NEW)], "2")]
    with pytest.raises(Stopped):
        mirror(Asking(feed, a=[said(row("a", NEW))], b=[said(row("b", NEW))]), stop=stop)
    (line,) = (tmp_path / "copy.jsonl").read_text().splitlines()
    assert '"a"' in line


def test_an_order_to_stop_is_heard_between_documents(mirror, tmp_path):
    stop = Event()
    stop.set()
    client = Client(HOST)
    fetcher = Mirror(client, client.feed(), None, Lines(io.StringIO()), stop)
    with pytest.raises(Stopped):
        fetcher._fetch(row("a", NEW))
    client.close()


def test_lines_come_now_and_then():
    now, out = [0.0], io.StringIO()
    watch = Lines(out, lambda: now[0])
    watch.stored(100, OLD)
    now[0] = 10
    watch.stored(100, NEW)
    watch.stored(100, NEW)
    watch.close()
    assert out.getvalue() == f"mirror: 200 documents so far, the last one of {NEW}\n"


def test_a_terminal_gets_a_bar(monkeypatch):
    out = io.StringIO()
    assert isinstance(watching(out), Lines)
    out.isatty = lambda: True
    bar = watching(out)
    assert isinstance(bar, Bar)
    bar.stored(1234, NEW)
    bar.say("something")
    bar.close()
    assert "1234 documents" in out.getvalue()
    assert "mirror: something" in out.getvalue()
    monkeypatch.setattr("openprocurement_client.mirror.watch.find_spec", lambda name: None)
    assert isinstance(watching(out), Lines), "tqdm is not installed"
