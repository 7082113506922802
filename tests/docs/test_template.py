"""A procedure made from the template is complete: it is served, documented and linted, and its tests pass."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from openprocurement_api import cli, template

ROOT = Path(__file__).resolve().parents[2]
ENTRY_POINTS = "openprocurement.plugins"


def make(capsys, name, folder):
    """The command as it is called; its exit code, and what it says."""
    code = cli.main(["new-procedure", name, "--folder", str(folder)])
    said = capsys.readouterr()
    return code, said.out + said.err


def entry_points(pyproject):
    return tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["entry-points"][ENTRY_POINTS]


@pytest.fixture
def own(tmp_path, capsys):
    """A package with a procedure of its own."""
    folder = tmp_path / "inquiries"
    code, said = make(capsys, "price.inquiry", folder)
    assert (code, f"Made {folder / 'price_inquiry'}; " in said) == (0, True)
    return folder


@pytest.fixture
def installed(own):
    """The same, with what an editable install writes about it."""
    run(own, "-c", "import setuptools; setuptools.setup()", "-q", "egg_info")
    return own


def run(folder, *arguments):
    """This Python in a folder, with what is there importable; the output of what must not fail."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_tests_of_what_is_made_pass(installed):
    said = run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "price_inquiry")
    assert "11 passed" in said


def test_what_is_made_is_a_procedure_with_fresh_documentation(installed):
    listed = run(installed, "-m", "openprocurement_api", "procedures")
    assert "price.inquiry" in [line.split()[0] for line in listed.splitlines()]
    assert run(installed, "-m", "openprocurement_api.sphinxext", "readme", "--check") == ""
    page = run(installed, "-c", "from openprocurement_api.sphinxext.pages import pages; print(dict(pages())['price.inquiry'])")
    assert page.startswith("# price.inquiry\n")
    assert "| `least_tendering` | count 2, working true |" in page


SERVED = """
from openapi_spec_validator import validate
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.plugin import CONF

settings = {"storage.url": "memory:", "auth.file": str(CONF), "sandbox_mode": "true", "log.level": "CRITICAL"}
api = Api.start(settings | {"plugins": "belowThreshold price.inquiry"})
told = api.get("/procedures/price.inquiry", user=None)
print(told["title"], len(told["nodes"]))
document = api.call("GET", "/openapi.json", user=None).json
validate(document)
print(sorted(name for name in document["components"]["schemas"] if name.startswith("sent.") and name.endswith("Tender")))
"""


def test_what_is_made_is_served_beside_others(installed):
    title, schemas = run(installed, "-W", "ignore", "-c", SERVED).splitlines()
    assert title == "Request for quotations 10"
    assert schemas == "['sent.Tender', 'sent.price_inquiry.Tender']"


def test_nothing_of_what_is_made_has_the_old_name(own):
    written = [path for path in own.rglob("*") if path.is_file()]
    assert len(written) > 10
    for path in written:
        text = path.read_text(encoding="utf-8").lower()
        assert "requestforquotations" not in text
        assert "request-for-quotations" not in text


def test_a_fault_in_what_is_made_is_found(installed):
    """The tests that come with it can fail: here the quotations are not sealed."""
    states = installed / "price_inquiry/states.py"
    text = states.read_text(encoding="utf-8")
    broken = text.replace(
        'SEALED_BIDS = Veil("", frozenset({"bids", "numberOfBids"}))', 'SEALED_BIDS = Veil("", frozenset({"title"}))'
    )
    assert broken != text
    states.write_text(broken, encoding="utf-8")
    with pytest.raises(AssertionError, match=r"4 failed"):
        run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "price_inquiry", "-k", "not walk")


def test_in_this_tree_it_stands_beside_the_others_formatted_and_linted_as_they_are(tmp_path, capsys):
    (tmp_path / "procedures").mkdir()
    (tmp_path / "procedures/__init__.py").touch()
    pyproject = tmp_path / "pyproject.toml"
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pyproject.write_text(text, encoding="utf-8")
    before = entry_points(pyproject)
    assert make(capsys, "priceInquiry", tmp_path / "procedures")[0] == 0
    assert entry_points(pyproject) == before | {"priceInquiry": "procedures.price_inquiry"}
    assert pyproject.read_text(encoding="utf-8").replace('priceInquiry = "procedures.price_inquiry"\n', "") == text
    assert (tmp_path / "procedures/price_inquiry/tests/access.txt").exists()
    run(tmp_path, "-m", "ruff", "check", "--no-cache", ".")
    run(tmp_path, "-m", "ruff", "format", "--no-cache", "--check", ".")


def test_a_second_one_joins_the_first(own, capsys):
    assert make(capsys, "secondInquiry", own)[0] == 0
    assert entry_points(own / "pyproject.toml") == {"price.inquiry": "price_inquiry", "secondInquiry": "second_inquiry"}


def test_a_project_without_plugins_gets_its_first(tmp_path, capsys):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n\n[tool.x]\ny = 1\n', encoding="utf-8")
    assert make(capsys, "one", tmp_path)[0] == 0
    assert entry_points(tmp_path / "pyproject.toml") == {"one": "one"}
    assert tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))["tool"] == {"x": {"y": 1}}


@pytest.mark.parametrize("name", ["", "Price", "price_inquiry", "price-inquiry", "../price", "price.", "p" * 41, "9p", "ціна"])
def test_a_name_that_is_no_type_is_refused(tmp_path, capsys, name):
    assert make(capsys, name, tmp_path) == (
        2,
        f"openprocurement: {name!r} is no procurementMethodType: letters and digits, a small letter first, at most 40\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(own, capsys):
    before = {path: path.stat().st_mtime_ns for path in own.rglob("*")}
    assert make(capsys, "price.inquiry", own) == (2, f"openprocurement: {own / 'price_inquiry'} is there already\n")
    (own / "price_inquiry").rename(own / "moved")
    assert make(capsys, "price.inquiry", own) == (
        2,
        f"openprocurement: {own / 'pyproject.toml'} has a plugin price.inquiry already\n",
    )
    (own / "moved").rename(own / "price_inquiry")
    assert {path: path.stat().st_mtime_ns for path in own.rglob("*")}.keys() == before.keys()


@pytest.mark.parametrize(
    ("name", "folder"),
    [("priceInquiry", "price_inquiry"), ("aboveThresholdUA.defense", "above_threshold_ua_defense"), ("esco", "esco")],
)
def test_folders_are_named_as_folders_are(name, folder):
    assert template.snake(name) == folder
