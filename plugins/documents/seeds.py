"""The seed of a signing key that nobody gave: made once, kept beside the files whose addresses it signs."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

NAME = "dockey"


def kept_seed(folder: Path) -> str:
    """The seed in the file `dockey` of the folder (64 hex digits, mode 0600), which is made if it is not there. Raises OSError.

    Processes that start at one time all get the same.
    """
    path = folder / NAME
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").strip()


def _make(path: Path) -> None:
    # Written aside and then linked: the name appears with the whole seed under it, and only for the first who comes.
    with NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as file:
        file.write(f"{secrets.token_hex(32)}\n")
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
    # A seed that a crash took away would leave every address signed with it worthless.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
