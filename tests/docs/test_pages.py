"""No example of a request or an answer is typed: pages include what was recorded, or a test plays what stands there."""

from __future__ import annotations

import re

import pytest
from pages import RECORDED, ROOT

MADE = ROOT / "docs/reference/procedures"
"""Pages that a build of the documentation writes."""
PATTERNS = ("docs/**/*.md", "README.md", "procedures/*/README.md", "plugins/*/README.md")
PAGES = sorted(str(path.relative_to(ROOT)) for pattern in PATTERNS for path in ROOT.glob(pattern) if path.parent != MADE)
FENCE = re.compile(r"^ *(`{3,})(.*)\n((?:.*\n)*?) *\1$", re.MULTILINE)
LANGUAGES = {"json", "http", "pycon"}
SPOKEN = re.compile(r"\bcurl\b|^ *(HTTP/1|(GET|HEAD|POST|PUT|PATCH|DELETE) /)|\"(data|errors|access)\":", re.MULTILINE)
PLAYED = {
    "README.md": {"test_commands.py::test_the_first_tender_of_the_readme_is_typed"},
    "docs/client.md": {"../client/test_client_docs.py::test_the_first_hour_goes_as_it_stands_there"},
    "docs/errors.md": {"test_commands.py::test_a_post_is_repeated", "test_commands.py::test_only_what_was_seen_is_changed"},
    "docs/observers.md": {"test_observers.py::test_the_notebook_goes_as_it_stands_there"},
    "docs/operate.md": {"test_commands.py::test_a_server_is_asked_how_it_is"},
    "docs/platforms.md": {"test_commands.py::test_a_key_is_sent_in_either_way", "test_commands.py::test_a_file_is_uploaded"},
    "docs/training.md": {"test_commands.py::test_an_auction_is_held_by_hand"},
    "procedures/above_threshold_eu/README.md": {"test_readmes.py::test_bidders_are_let_in_and_the_stand_still_begins"},
    "procedures/above_threshold_ua/README.md": {"test_readmes.py::test_a_complaint_about_an_award_is_satisfied"},
    "procedures/competitive_dialogue/README.md": {"test_readmes.py::test_the_talks_end_and_the_second_stage_is_taken_over"},
    "procedures/esco/README.md": {"test_readmes.py::test_a_bid_is_valued"},
    "procedures/reporting/README.md": {"../meta/test_docs.py::test_the_report_in_one_go_goes_as_the_readme_says"},
}
"""Pages with blocks of their own, and who plays them: one test for each block."""
WHOLE = {"docs/client.md", "docs/observers.md"}
"""Pages of which one test plays all blocks, one after the other."""


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def typed(text):
    """The blocks that hold an exchange and include nothing."""
    found = ((language.strip(), content) for _, language, content in FENCE.findall(text))
    return [content for language, content in found if language in LANGUAGES or (language[:1] != "{" and SPOKEN.search(content))]


@pytest.mark.parametrize("page", PAGES)
def test_every_exchange_is_recorded_or_played(page):
    players = PLAYED.get(page, set())
    found = len(typed(text_of(page)))
    assert bool(found) is bool(players) if page in WHOLE else found == len(players)


@pytest.mark.parametrize("place", sorted(place for places in PLAYED.values() for place in places))
def test_who_plays_is_there(place):
    module, _, name = place.partition("::")
    assert f"\ndef {name}(" in (ROOT / "tests/docs" / module).read_text(encoding="utf-8")


def test_every_recording_is_shown_and_recorded():
    names = {path.stem for path in RECORDED.iterdir()}
    shown = {name for page in PAGES for name in INCLUDED.findall(text_of(page))}
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests/docs").glob("test_*.py")]
    recorded = {name for text in tests for name in re.findall(r"\bkeep\(\"([\w-]+)\"", text)}
    assert len(names) > 20
    assert (shown, recorded) == (names, names)


INCLUDED = re.compile(r"\{literalinclude\} recorded/([\w-]+)\.http")


def unlinked(text):
    """The recordings that are included and not linked in what is said before, back to the one that is included before."""
    parts = INCLUDED.split(text)
    return [name for before, name in zip(parts[::2], parts[1::2], strict=False) if f"](recorded/{name}.http)" not in before]


@pytest.mark.parametrize("page", PAGES)
def test_a_recording_can_be_reached_from_the_source_of_a_page(page):
    assert unlinked(text_of(page)) == []


def test_a_recording_that_cannot_be_reached_is_found():
    shown = "```{literalinclude} recorded/%s.http\n```\n"
    assert unlinked("[One](recorded/1.http), [two](recorded/2.http)\n" + shown % 1 + "Two\n" + shown % 2) == ["2"]


@pytest.mark.parametrize(
    ("block", "count"),
    [
        ("```json\n1\n```", 1),
        ("1. one\n\n   ```json\n   1\n   ```", 1),
        ("```http\n\n```\n```pycon\n>>> 1\n```", 2),
        ("```sh\nls\ncurl -s localhost\n```", 1),
        ("```\nGET /tenders\n```", 1),
        ('```text\n{"data": 1}\n```', 1),
        ("```sh\nmake run\n```", 0),
        ("```{literalinclude} recorded/x.http\n:start-at: HTTP/1.1 200\n```", 0),
        ("````md\n```{include} x\n```\n````", 0),
    ],
)
def test_a_typed_exchange_is_found(block, count):
    assert len(typed(f"before\n\n{block}\nafter\n")) == count
