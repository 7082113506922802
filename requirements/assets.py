#!/usr/bin/env python3
"""Fetch the files that the table of FOLDER/README.md names from npm, and refuse those with another digest.

usage: requirements/assets.py FOLDER        It needs npm and nothing else.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROW = re.compile(r"^\| `(\S+)` \| (\S+@[\d.]+) \| (\S+) \| \S+ \| ([0-9a-f]{64}) \|$", re.MULTILINE)


class Refused(ValueError):
    """A file is not what the table says."""


@dataclass(frozen=True)
class Asset:
    """One row of the table: the file, the package with its version, where the file is in it, and its SHA-256."""

    name: str
    package: str
    path: str
    digest: str


def listed(text: str) -> list[Asset]:
    """The rows of the table."""
    return [Asset(*found) for found in ROW.findall(text)]


def packed(package: str, folder: Path) -> Path:
    """The archive of a package, as npm has checked it against the registry. Raises CalledProcessError."""
    line = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
    done = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - names from our own table
    return folder / done.stdout.split()[-1]


def contents(archive: Path, assets: Iterable[Asset]) -> Iterator[tuple[str, bytes]]:
    """The files of one archive by their own names. Raises Refused."""
    with tarfile.open(archive) as tar:
        for asset in assets:
            found = tar.extractfile(f"package/{asset.path}")
            content = found.read() if found else b""
            if (digest := sha256(content).hexdigest()) != asset.digest:
                raise Refused(f"{asset.name} of {asset.package} has the SHA-256 {digest}, not {asset.digest}")
            yield asset.name, content


def fetched(assets: list[Asset]) -> dict[str, bytes]:
    """All files, each package fetched once. Raises Refused and CalledProcessError."""
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in dict.fromkeys(asset.package for asset in assets):
            archive = packed(package, Path(folder))
            files |= contents(archive, [asset for asset in assets if asset.package == package])
    return files


def main(folder: Path) -> int:
    """Write all files, or none. Exit code 1: something is not what the table says, or npm did not bring it."""
    try:
        files = fetched(listed((folder / "README.md").read_text(encoding="utf-8")))
    except (Refused, OSError, KeyError, subprocess.CalledProcessError) as error:
        print(f"assets: nothing was changed: {error}", file=sys.stderr)
        return 1
    for name, content in files.items():
        (folder / name).write_bytes(content)
    print(f"{len(files)} files in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
