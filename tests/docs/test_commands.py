"""Commands that a reader is to type go as they stand on the page: a shell gives them to a server on a free port."""

from __future__ import annotations

import json
import re
import shutil
from datetime import datetime

import pytest
from pages import RECORDED, ROOT, blocks

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Thing
from procedures.below_threshold.tests.play import Play

TOOLS = ("bash", "curl", "sqlite3")
pytestmark = pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason=f"{', '.join(TOOLS)} are not all installed")

PDF = b"%PDF-1.4 specification"


def answers(printed):
    """Several JSON texts, one after the other."""
    decoder, place, found = json.JSONDecoder(), 0, []
    while place < len(printed):
        value, place = decoder.raw_decode(printed, place)
        found.append(value)
    return found


def recorded(name):
    """The body of a recorded answer."""
    return json.loads((RECORDED / name).read_text(encoding="utf-8").rpartition("\n\n")[2])


def script(page, words):
    """The one block of commands on a page that has these words."""
    (found,) = [text for text in blocks(page, "sh") if words in text]
    return found


def test_a_key_is_sent_in_either_way(api, shell, tmp_path):
    (tmp_path / "tender.json").write_text(json.dumps({"data": builders.tender(api.clock.now)}), encoding="utf-8")
    made = answers(shell(script("docs/platforms.md", "Bearer")))
    assert [each["data"]["owner"] for each in made] == ["broker", "broker"]


def test_a_file_is_uploaded(shell, tmp_path):
    (tmp_path / "specification.pdf").write_bytes(PDF)
    (answer,) = answers(shell(script("docs/platforms.md", "docservice")))
    shown = recorded("09a-upload.http")
    assert (answer.keys(), answer["data"].keys()) == (shown.keys(), shown["data"].keys())
    assert (answer["data"]["title"], answer["data"]["format"]) == ("specification.pdf", "application/pdf")


@pytest.fixture
def tender(api):
    """A tender whose time for bids has begun."""
    made = api.tender()
    api.until(made, "active.tendering")
    return made


def test_a_post_is_repeated(api, shell, tender, tmp_path):
    (tmp_path / "offer.json").write_text(json.dumps({"data": builders.bid(450)}), encoding="utf-8")
    assert shell(script("docs/errors.md", "Idempotency-Key"), id=tender.id) == ""
    made = json.loads((tmp_path / "bid.json").read_text(encoding="utf-8"))
    assert [bid["id"] for bid in api.store.get("tender", tender.id).body["bids"]] == [made["data"]["id"]]


def test_only_what_was_seen_is_changed(api, shell, tender):
    bid = api.post(f"{tender.path}/bids", builders.bid(450), user="broker2")
    given = {"id": tender.id, "bid": bid.id, "bid_token": bid.token}
    seen, change = script("docs/errors.md", "If-Match").split("\n", 1)
    first, second = answers(shell(f"{seen}\n{change}{change}", **given))
    assert first["data"]["value"]["amount"] == 440
    assert second["errors"] == recorded("07-change-too-late.http")["errors"]


@pytest.mark.parametrize("lots", [0, 2])
def test_an_auction_is_held_by_hand(api, shell, tmp_path, lots):
    play = Play(api, lots=lots).open_bids(230, 240)
    read, _, report = script("docs/training.md", "auction.json").splitlines()
    shell(read, id=play.tender.id)
    edited = tmp_path / "auction.json"
    edited.write_text(edited.read_text(encoding="utf-8").replace("240", "220"), encoding="utf-8")
    for lot in play.lots or [""]:
        shell(report.replace('/auction"', '/auction/$lot"') if lot else report, id=play.tender.id, lot=lot)
        assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["data"]["id"] == play.tender.id
    assert play.status == "active.qualification"
    assert {(award["bid_id"], award["value"]["amount"]) for award in play.doc["awards"]} == {(play.bids[1].id, 220)}


def test_a_server_is_asked_how_it_is(shell):
    (line,) = [line for line in script("docs/operate.md", "curl").splitlines() if line.startswith("curl")]
    (facts,) = answers(shell(line))
    assert facts["data"]["store"] == "ok"


@pytest.mark.parametrize("page", ["docs/client.md", "docs/observers.md"])
def test_a_copy_is_made(api, shell, tmp_path, page):
    tender = api.tender()
    (line,) = [line for line in script(page, "mirror").splitlines() if line.endswith("--once")]
    shell(line)
    (query,) = [text for text in blocks("docs/client.md", "sh") if text.startswith("sqlite3")]
    assert shell(query) == "active.enquiries|1\n"
    assert tender.id in shell("sqlite3 tenders.db 'SELECT id FROM documents'")


def test_the_first_tender_of_the_readme_is_typed(api, shell):
    """What the shell knows is kept while the time for questions passes at once instead of in six seconds."""
    before, pause, after = script("README.md", "sleep").partition("sleep 6\n")
    assert pause
    api.clock.now = datetime.now(api.clock.zone)
    announced = shell(f"{before}\ndeclare -p api id token > known\ndeclare -f get >> known\n").splitlines()
    assert re.fullmatch(r"UA-[\d-]+", announced[0])
    assert json.loads(announced[1]).keys() == {"token", "transfer"}
    assert announced[2] == "active.enquiries"
    (row,) = json.loads("\n".join(announced[3:]))["data"]
    assert (row["status"], row["tenderID"]) == ("active.enquiries", announced[0])

    api.until(Thing(f"/tenders/{row['id']}", "", row), "active.tendering")
    said = (ROOT / "README.md").read_text(encoding="utf-8").partition("The last three commands print:")[2].splitlines()[2:5]
    assert shell(f". ./known\n{after}").splitlines() == [line.strip() for line in said]
