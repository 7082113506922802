"""What pages are shown with: the files here are those of the table, and nothing else is ever taken."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "openprocurement_api/http/assets"
SCRIPT = ROOT / "requirements/assets.py"
CONTENT = b"draw();"


@pytest.fixture
def fetch(tmp_path, monkeypatch):
    """Runs the script on a table of one file, with an npm that brings what it is told to."""
    folder, tools = tmp_path / "assets", tmp_path / "bin"
    folder.mkdir()
    tools.mkdir()
    (folder / "draw.js").write_bytes(b"old")
    npm = tools / "npm"

    def run(content=CONTENT, code=0):
        digest = sha256(CONTENT).hexdigest()
        (folder / "README.md").write_text(f"| `draw.js` | @x/draw@1.2.3 | dist/draw.js | MIT | {digest} |\n", encoding="utf-8")
        with tarfile.open(tools / "x.tgz", "w:gz") as tar:
            info = tarfile.TarInfo("package/dist/draw.js")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        npm.write_text(
            f'#!/bin/sh\n[ "$5" = @x/draw@1.2.3 ] && cp {tools}/x.tgz "$4" && echo x.tgz; exit {code}\n', encoding="utf-8"
        )
        npm.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
        done = subprocess.run([sys.executable, SCRIPT, folder], capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr, (folder / "draw.js").read_bytes()

    return run


def test_the_files_are_those_of_the_table():
    rows = [line.split("|") for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    kept = {row[1].strip(" `"): row[5].strip() for row in rows}
    assert len(kept) == 4
    assert {name: sha256((FOLDER / name).read_bytes()).hexdigest() for name in kept} == kept
    assert {path.name for path in FOLDER.iterdir()} == kept.keys() | {"pages.css", "pages.js", "README.md"}


def test_the_file_is_taken_from_the_package(fetch):
    code, said, content = fetch()
    assert (code, content) == (0, CONTENT), said


def test_a_file_with_another_digest_is_refused_by_name(fetch):
    code, said, content = fetch(b"spy();")
    assert (code, content) == (1, b"old")
    assert f"draw.js of @x/draw@1.2.3 has the SHA-256 {sha256(b'spy();').hexdigest()}, not" in said
    assert "Traceback" not in said


def test_nothing_changes_when_npm_fails(fetch):
    code, said, content = fetch(code=7)
    assert (code, content) == (1, b"old")
    assert said.startswith("assets: nothing was changed: ")
    assert "exit status 7" in said
