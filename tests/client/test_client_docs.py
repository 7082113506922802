"""The examples of docs/client.md go as they stand there, and its tables name what there is."""

from __future__ import annotations

import argparse
import doctest
import re
from pathlib import Path

import pytest

import openprocurement_client
from openprocurement_client.mirror.command import add_command

PAGE = (Path(__file__).parents[2] / "docs" / "client.md").read_text(encoding="utf-8")


def test_the_first_hour_goes_as_it_stands_there(api, url, tmp_path, monkeypatch):
    folder = tmp_path / "of the reader"
    folder.mkdir()
    monkeypatch.chdir(folder)
    api.clock.now = None
    api.tender()  # readers have tenders of their own on their servers
    blocks = re.findall(r"^```pycon\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    text = "\n".join(blocks).replace("http://127.0.0.1:6543", url)
    example = doctest.DocTestParser().get_doctest(text, {}, "client.md", "docs/client.md", 0)
    said: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert (results.failed, results.attempted > 20) == (0, True), "".join(said)
    assert list(folder.iterdir()) == [], "an example leaves files in the working folder"


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([A-Z]\w+)`", PAGE)) & set(openprocurement_client.__all__)))
def test_what_is_exported_is_explained(name):
    assert getattr(openprocurement_client, name).__doc__


def test_every_option_of_the_mirror_is_in_the_table():
    subcommands = argparse.ArgumentParser().add_subparsers()
    add_command(subcommands)
    options = set(re.findall(r"--[a-z][a-z-]*", subcommands.choices["mirror"].format_help())) - {"--help"}
    assert options == set(re.findall(r"--[a-z][a-z-]*", PAGE.partition("## A copy")[2]))
