"""The command itself, on a free port: what it holds in memory while large files pass, and how it behaves on a connection."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from openprocurement_api.testing.processes import PATIENCE, free_port, wait_until
from plugins.documents.settings import Settings
from plugins.documents.storage import CHUNK

PROC = Path("/proc")
MEGABYTE = 1024**2
LARGE = 160 * MEGABYTE
LIMIT = 200 * MEGABYTE
BOUNDARY = "boundary"

pytestmark = pytest.mark.skipif(not (PROC / "self/status").exists(), reason="memory is read from /proc")


def large() -> Iterator[bytes]:
    """LARGE bytes, no two chunks alike."""
    for number in range(LARGE // CHUNK):
        yield number.to_bytes(8, "big") * (CHUNK // 8)


def form(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n'.encode()
    yield from chunks
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def md5(chunks: Iterator[bytes]) -> str:
    digest = hashlib.md5()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def peak_memory(pid: int) -> int:
    """The most that a process and its children ever had in memory at once, in bytes, added up."""
    status = (PROC / str(pid) / "status").read_text()
    own = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    children = (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()
    return own + sum(peak_memory(int(child)) for child in children)


@pytest.fixture
def server(settings: Settings) -> Iterator[tuple[httpx.Client, int]]:
    """A client of a running server, and the server's process id."""
    listen = f"127.0.0.1:{free_port()}"
    flags = ["--path", settings.path, "--auth-file", settings.auth_file, "--dockey", settings.dockey, "--listen", listen]
    command = [sys.executable, "-m", "plugins.documents", "serve", *flags, "--workers", "1", "--max-size", LIMIT]
    process = subprocess.Popen([str(word) for word in command], stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://{listen}", auth=("broker", "broker"), timeout=PATIENCE, trust_env=False) as client:
            wait_until(lambda: listens(client))
            yield client, process.pid
    finally:
        process.terminate()
        assert process.wait(PATIENCE) == 0


def listens(client: httpx.Client) -> bool:
    try:
        client.get("/")
    except httpx.TransportError:
        return False
    return True


def upload(client: httpx.Client, chunks: Iterator[bytes], **headers: str) -> httpx.Response:
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return client.post("/upload", content=form(chunks), headers=headers)


def test_large_files_pass_through_little_memory(server):
    client, pid = server
    small = upload(client, iter([b"small"])).json()
    client.get(small["get_url"])
    before = peak_memory(pid)

    length = str(sum(map(len, form(iter([])))) + LARGE)
    for headers in ({}, {"Content_Length": length}):  # in chunks, and with a length
        uploaded = upload(client, large(), **headers).json()
        assert uploaded["data"]["hash"] == f"md5:{md5(large())}"
        with client.stream("GET", uploaded["get_url"]) as response:
            assert f"md5:{md5(response.iter_bytes(CHUNK))}" == uploaded["data"]["hash"]

    assert peak_memory(pid) - before < 16 * MEGABYTE


def test_a_client_that_goes_away_leaves_nothing(server, settings):
    client, _ = server

    def kept() -> list[Path]:
        return [path for path in settings.path.rglob("*") if path.is_file()]

    def breaking() -> Iterator[bytes]:
        yield b"a" * MEGABYTE
        wait_until(kept)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        upload(client, breaking())
    wait_until(lambda: not kept(), kept)


@pytest.mark.parametrize(("size", "password", "status"), [(8 * MEGABYTE, "wrong", 403), (LIMIT + MEGABYTE, "broker", 413)])
def test_a_refused_upload_is_answered_and_the_connection_stays_usable(server, size, password, status):
    client, _ = server
    client.auth = ("broker", password)
    length = str(sum(map(len, form(iter([])))) + size)
    response = upload(client, (b"a" * CHUNK for _ in range(size // CHUNK)), Content_Length=length)
    assert response.status_code == status
    assert response.json()["status"] == "error"
    assert client.get("/").status_code == 200


def test_a_range_over_the_wire(server):
    client, _ = server
    get_url = upload(client, iter([b"0123456789"])).json()["get_url"]
    response = client.get(get_url, headers={"Range": "bytes=2-4"})
    assert (response.status_code, response.content) == (206, b"234")
