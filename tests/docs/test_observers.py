"""The example of docs/observers.md goes as it stands there, on a copy that the mirror has made."""

from __future__ import annotations

import doctest
import io
import re
from pathlib import Path
from threading import Event

import httpx
import pytest

from openprocurement_client import Client, Connection
from openprocurement_client.mirror.copies import Origin, open_copy
from openprocurement_client.mirror.follow import Mirror
from openprocurement_client.mirror.watch import Lines
from procedures.below_threshold.tests.play import Play

PAGE = (Path(__file__).parents[2] / "docs/observers.md").read_text(encoding="utf-8")
HOST = "https://api.example.org"


@pytest.fixture
def copied(api, tmp_path):
    """A copy of two new tenders and of one that was won at 440.50, in `tenders.db`."""
    play = Play(api).open_bids(440.5)
    play.decide("active")
    play.pass_stand_still()
    play.sign()
    api.tender()
    api.tender()
    connection = Connection(transport=httpx.WSGITransport(api.web.app, remote_addr="127.0.0.1"))
    with Client(HOST, connection=connection) as client:
        copy = open_copy(str(tmp_path / "tenders.db"), Origin(client.wire.base, "tenders", ""))
        Mirror(client, client.feed(), copy, Lines(io.StringIO()), Event()).run(copy.place, follow=False)
        copy.close()


def test_the_notebook_goes_as_it_stands_there(copied, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
    example = doctest.DocTestParser().get_doctest(text, {}, "observers.md", "docs/observers.md", 0)
    said: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(example, out=said.append, clear_globs=False)
    example.globs["copy"].close()
    assert (results.failed, results.attempted > 5) == (0, True), "".join(said)
