import errno
import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from textwrap import dedent
from types import SimpleNamespace

import pytest

from plugins.documents import storage
from plugins.documents.local import LocalStore
from plugins.documents.storage import AlreadyUploaded, FileUnknown, StorageFailed, WrongChecksum, chunked

CONTENT = b"content" * 30_000
HASH = f"md5:{hashlib.md5(CONTENT).hexdigest()}"


def kept(store: LocalStore) -> set[str]:
    return {path.name for path in store.root.rglob("*") if path.is_file()}


def put(store, content=CONTENT, key=None):
    return store.put([content], "text/plain", "Звіт.txt", key)


def test_a_file_comes_back_as_it_went(store, clock):
    info = put(store)
    assert store.stat(info.key) == info
    assert (info.hash, info.size, info.content_type, info.title, info.date) == (
        HASH, len(CONTENT), "text/plain", "Звіт.txt", clock.now,
    )  # fmt: skip
    assert b"".join(store.open(info.key)) == CONTENT
    assert b"".join(store.open(info.key, 5, 100_000)) == CONTENT[5:100_000]
    assert max(map(len, store.open(info.key))) == 64 * 1024
    assert (store.root / info.key[:2] / info.key[2:4] / info.key).is_file()


def test_an_empty_file_is_a_file(store):
    info = put(store, b"")
    assert store.stat(info.key).uploaded
    assert b"".join(store.open(info.key)) == b""


def test_registered_then_uploaded(store):
    key = store.register(HASH)
    assert not store.stat(key).uploaded
    assert put(store, key=key).key == key
    assert store.stat(key).uploaded
    assert kept(store) == {key, f"{key}.json"}
    with pytest.raises(AlreadyUploaded):
        put(store, key=key)


def test_another_content_than_registered_leaves_nothing(store):
    key = store.register(HASH)
    with pytest.raises(WrongChecksum):
        put(store, b"other", key)
    assert not store.stat(key).uploaded
    assert kept(store) == {f"{key}.json"}


@pytest.mark.parametrize("key", ["0" * 32, "../../../etc/passwd", "", "A" * 32])
def test_unknown_keys(store, key):
    with pytest.raises(FileUnknown):
        store.stat(key)
    with pytest.raises(FileUnknown):
        store.open(key)


def test_an_upload_that_ends_while_its_file_is_looked_for_is_seen(store, monkeypatch):
    key = store.register(HASH)
    announced = store._announced
    monkeypatch.setattr(store, "_announced", lambda key: put(other, key=key) and announced(key))
    other = LocalStore(store.root, store.clock)
    assert store.stat(key).uploaded


def test_a_stream_that_breaks_leaves_nothing(store):
    def broken():
        yield CONTENT
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.put(broken(), "text/plain", "a")
    assert kept(store) == set()


def test_a_full_disk_leaves_nothing(store, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFailed, match="No space left"):
        put(store)
    assert kept(store) == set()


def test_a_damaged_description_is_a_failure_not_an_unknown_file(store):
    info = put(store)
    (store.root / info.key[:2] / info.key[2:4] / f"{info.key}.json").write_text("{")
    with pytest.raises(StorageFailed):
        store.stat(info.key)


def test_a_directory_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed):
        LocalStore(tmp_path / "file" / "files")


def killed(script: str, *arguments: str) -> None:
    """Run a script that kills itself, as a power cut would."""
    done = subprocess.run([sys.executable, "-c", dedent(script), *arguments], check=False)
    assert done.returncode == -9


def test_killed_in_the_middle_of_an_upload(store, clock):
    key = store.register(HASH)
    killed(
        """
        import os, sys
        from pathlib import Path
        from plugins.documents.local import LocalStore
        def chunks():
            yield b"half" * 100000
            os.kill(os.getpid(), 9)
        LocalStore(Path(sys.argv[1])).put(chunks(), "text/plain", "a", sys.argv[2])
        """,
        str(store.root), key,
    )  # fmt: skip
    assert not store.stat(key).uploaded
    assert len(list(store.incoming.iterdir())) == 1
    put(store, key=key)
    assert b"".join(store.open(key)) == CONTENT
    clock.now = None
    store.collect(clock.now + timedelta(days=1))
    assert list(store.incoming.iterdir()) == []


def test_killed_between_content_and_description(store):
    key = store.register(HASH)
    killed(
        """
        import os, sys
        from pathlib import Path
        from plugins.documents.local import LocalStore
        class Dying(LocalStore):
            def _describe(self, path, info):
                os.kill(os.getpid(), 9)
        Dying(Path(sys.argv[1])).put([b"content" * 30000], "text/plain", "a", sys.argv[2])
        """,
        str(store.root), key,
    )  # fmt: skip
    assert not store.stat(key).uploaded
    put(store, key=key)
    assert store.stat(key).uploaded


def test_collect_forgets_old_registrations_only(store, clock):
    old = store.register(HASH)
    uploaded = put(store).key
    late = store.register(HASH)
    put(store, key=late)
    clock.advance(timedelta(days=8))
    young = store.register(HASH)
    assert store.collect(clock.now - timedelta(days=7)) == 1
    with pytest.raises(FileUnknown):
        store.stat(old)
    assert not store.stat(young).uploaded
    assert store.stat(uploaded).uploaded
    assert store.stat(late).uploaded


def test_chunked_reads_a_stream_piece_by_piece(tmp_path, monkeypatch):
    turns = []
    monkeypatch.setattr(storage, "time", SimpleNamespace(sleep=turns.append))
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    with path.open("rb") as stream:
        assert [len(chunk) for chunk in chunked(stream)] == [65536, 65536, 65536, len(CONTENT) - 3 * 65536]
    assert turns == [0] * 4, "others have their turn after each piece"
