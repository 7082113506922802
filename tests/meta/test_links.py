"""Links of hand-written pages: what is ours is there, with the heading that is meant; what is not ours looks like an address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
MADE = ROOT / "docs/reference/procedures"
PATTERNS = ("docs/**/*.md", "README.md", "procedures/*/README.md", "changelog.d/README.md", "openprocurement_api/**/README.md")
PAGES = sorted(path for pattern in PATTERNS for path in ROOT.glob(pattern) if path.parent != MADE)
FENCE = re.compile(r"^(`{3,}).*?^\1$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(<?([^)<>\s]+)>?\)")
BARE = re.compile(r"<(https?://[^>\s]*)>")
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)


def prose(page: Path) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]+`", "code", FENCE.sub("", page.read_text(encoding="utf-8")))


def anchors(page: Path) -> set[str]:
    """What a link into this page may name: its labels and its headings, as forges and MyST write them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#{1,3} (.+)$", text, re.MULTILINE)
    slugs = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)
    return {*slugs, *LABEL.findall(text)}


def links(*, ours: bool) -> list[tuple[Path, str]]:
    """Every link with its page: to files here, or to elsewhere."""
    found = [(page, link) for page in PAGES for link in (*LINK.findall(prose(page)), *BARE.findall(prose(page)))]
    return [(page, link) for page, link in found if bool(urlsplit(link).scheme) is not ours]


def named(case: tuple[Path, str]) -> str:
    """How a test of a link is called."""
    return f"{case[0].relative_to(ROOT)}: {case[1]}"


@pytest.mark.parametrize("case", links(ours=True), ids=named)
def test_a_link_leads_to_a_file_and_a_heading_in_it(case):
    page, link = case
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    assert target.exists()
    assert target.parent != MADE, "where nothing was built, it leads nowhere: link to docs/reference/procedures.md"
    if anchor and target.suffix == ".md":
        everywhere = {label for other in PAGES for label in LABEL.findall(other.read_text(encoding="utf-8"))}
        assert anchor in anchors(target) | (everywhere if not path else set())


@pytest.mark.parametrize("case", links(ours=False), ids=named)
def test_a_link_to_elsewhere_is_an_address(case):
    parts = urlsplit(case[1])
    assert parts.scheme in ("https", "mailto"), "a link that is not secure"
    assert parts.scheme == "mailto" or re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc)


def test_there_are_links_of_both_sorts():
    assert len(links(ours=True)) > 10
    assert links(ours=False)


def test_a_heading_that_is_not_there_is_missed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One, two & `three`\n\n```md\n## four\n```\n\n(five)=\n", encoding="utf-8")
    assert anchors(page) == {"one-two--three", "five"}
