"""Documents through the API: what a platform sends, what readers get, with nothing set but the plugin's name."""

import hashlib
import os
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
from webtest import Upload

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, Api, Thing
from plugins.documents import storage

AUTH = Path(__file__).parents[2] / "conf/auth.dev.ini"
NAME = "Технічне завдання №1.pdf"
CONTENT = b"%PDF: desks and chairs"
OTHER = b"%PDF: desks, chairs and a blackboard"
BYTES = "application/octet-stream"
OUTSIDE = {
    "docservice_url": "https://files.example.org",
    "docservice_upload_url": "http://127.0.0.1:9/upload",
    "docservice_username": "cdb",
    "docservice_password": "cdb",
    "dockey": "11" * 32,
}


@pytest.fixture
def given(tmp_path) -> dict[str, str]:
    return {
        "storage.url": "memory:",
        "auth.file": str(AUTH),
        "plugins": "belowThreshold documents",
        "documents.path": str(tmp_path / "documents"),
        "sandbox_mode": "true",
        "log.level": "CRITICAL",
    }


@pytest.fixture
def cdb(given) -> Api:
    return Api.start(given)


@pytest.fixture
def tender(cdb) -> Thing:
    return cdb.tender()


@pytest.fixture
def bid(cdb, tender) -> Thing:
    cdb.until(tender, "active.tendering")
    return cdb.post(f"{tender.path}/bids", builders.bid())


def hash_of(content: bytes) -> str:
    return f"md5:{hashlib.md5(content).hexdigest()}"


def local(url: str) -> str:
    """The address as the one server of the test knows it."""
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc) == ("http", "localhost")
    return f"{parts.path}?{parts.query}"


def sent(cdb: Api, content: bytes = CONTENT, name: str = NAME) -> dict:
    """What the document service says of a file sent to it."""
    cdb.web.authorization = ("Basic", ("broker", ""))
    return cdb.web.post("/docservice/upload", {"file": Upload(name, content, "application/pdf")}).json["data"]


def attach(cdb: Api, owner: Thing, content: bytes = CONTENT) -> Thing:
    """A document added as JSON."""
    return cdb.post(f"{owner.path}/documents", sent(cdb, content), token=owner.token)


def form(cdb: Api, method: str, path: str, fields: dict, status: int, token: str, name: str = "broker"):
    """A request with a multipart body."""
    cdb.web.authorization = ("Basic", (name, ""))
    kind, body = cdb.web.encode_multipart(
        [item for item in fields.items() if isinstance(item[1], str)],
        [(field, file.filename, file.content, file.content_type) for field, file in fields.items() if isinstance(file, Upload)],
    )
    headers = {"X-Access-Token": token, "Content-Type": kind}
    return getattr(cdb.web, method)(BASE + path, body, headers=headers, status=status)


def failure(errors: list[dict]) -> tuple:
    (error,) = errors
    return error["location"], error["name"], error["description"]


# platforms send files to the document service, and their addresses to the API


def test_register_upload_and_attach(cdb, tender):
    cdb.web.authorization = ("Basic", ("broker", ""))
    announced = cdb.web.post_json("/docservice/register", {"data": {"hash": hash_of(CONTENT)}}, status=201)
    cdb.web.authorization = None
    file = Upload(NAME, CONTENT, "application/pdf")
    uploaded = cdb.web.post(local(announced.json["upload_url"]), {"file": file}).json
    assert announced.headers["Location"] == announced.json["upload_url"]
    assert uploaded["data"]["url"] == announced.json["data"]["url"]
    assert cdb.web.get(local(uploaded["get_url"])).body == CONTENT

    made = cdb.post(f"{tender.path}/documents", uploaded["data"], token=tender.token)

    shown = cdb.get(made.path, user=None)
    assert (shown["title"], shown["format"], shown["hash"]) == (NAME, "application/pdf", hash_of(CONTENT))
    assert shown["url"].startswith("http://localhost/docservice/get/")
    assert sorted(name for name, _ in parse_qsl(urlsplit(shown["url"]).query)) == ["KeyID", "Signature"]
    cdb.clock.advance(timedelta(days=365))
    file = cdb.web.get(local(shown["url"]))
    assert (file.body, file.content_type) == (CONTENT, "application/pdf")


def test_a_format_has_no_parameters(cdb, tender):
    cdb.web.authorization = ("Basic", ("broker", ""))
    data = cdb.web.post("/docservice/upload", {"file": Upload("a.txt", b"a", "text/plain; charset=utf-8")}).json["data"]
    made = cdb.post(f"{tender.path}/documents", data, token=tender.token)
    assert made.data["format"] == "text/plain"
    assert cdb.web.get(local(made.data["url"])).headers["Content-Type"] == "text/plain; charset=utf-8"


def test_a_download_through_the_api_leads_to_the_file(cdb, tender):
    made = attach(cdb, tender)
    key = urlsplit(made.data["url"]).path.rpartition("/")[2]
    answer = cdb.call("GET", f"{made.path}?download={key}", user=None, status=302)
    assert cdb.web.get(local(answer.headers["Location"])).body == CONTENT


def test_only_a_part_is_sent(cdb, tender):
    url = local(attach(cdb, tender).data["url"])
    part = cdb.web.get(url, headers={"Range": "bytes=1-3"}, status=206)
    assert (part.body, part.headers["Content-Range"]) == (b"PDF", f"bytes 1-3/{len(CONTENT)}")
    assert cdb.web.head(url).headers["Content-Length"] == str(len(CONTENT))


def test_a_file_of_json_is_sent_as_it_is(cdb, tender):
    """The API packs its own answers; a file's ranges and ETag are those of its bytes."""
    cdb.web.authorization = ("Basic", ("broker", ""))
    content = b'{"desks": 20}' * 200
    data = cdb.web.post("/docservice/upload", {"file": Upload("a.json", content, "application/json")}).json["data"]
    url = local(cdb.post(f"{tender.path}/documents", data, token=tender.token).data["url"])
    for headers, status, body in (({}, 200, content), ({"Range": "bytes=0-1999"}, 206, content[:2000])):
        answer = cdb.web.get(url, headers={"Accept-Encoding": "gzip"} | headers, status=status)
        assert (answer.body, answer.headers["ETag"]) == (body, f'"{hash_of(content)[4:]}"')
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("key", ["", "stranger"])
@pytest.mark.parametrize("path", ["/docservice/upload", "/docservice/register"])
def test_who_has_no_key_may_not_upload(cdb, key, path):
    cdb.web.authorization = ("Basic", (key, ""))
    assert failure(cdb.web.post(path, status=403).json["errors"]) == ("url", "permission", "Forbidden")


def test_a_key_may_come_as_bearer(cdb):
    cdb.web.authorization = ("Bearer", "broker")
    cdb.web.post_json("/docservice/register", {"data": {"hash": hash_of(CONTENT)}}, status=201)


@pytest.mark.parametrize(("path", "status"), [("/docservice/nothing", 404), ("/docservice", 404), ("/docservice/get/1", 403)])
def test_failures_of_the_service_keep_its_shape(cdb, path, status):
    answer = cdb.web.get(path, status=status)
    assert answer.json["status"] == "error"
    assert answer.headers["X-Request-ID"]


def test_the_service_counts_among_the_routes(cdb):
    cdb.web.get("/docservice/")
    assert b'route="/docservice/*path",status="200"' in cdb.web.get("/metrics").body


def test_a_refused_body_is_not_read(cdb):
    """Nobody's gigabytes are kept, not even for a moment."""

    class Unwelcome:
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("somebody read the body")

    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "multipart/form-data; boundary=b", "CONTENT_LENGTH": "1000000000"}
    request = cdb.web.RequestClass.blank("/docservice/upload", environ | {"wsgi.input": Unwelcome()})
    assert request.get_response(cdb.web.app).status_code == 403


# addresses that are refused


@pytest.mark.parametrize(
    ("change", "status", "problem"),
    [
        (
            {"url": "http://example.org/get/1?KeyID=1&Signature=2"},
            403,
            ("body", "url", "Can add document only from document service."),
        ),
        ({"url": "http://["}, 403, ("body", "url", "Can add document only from document service.")),
        ({"KeyID": "01234567"}, 422, ("body", "url", "Document url expired.")),
        ({"Signature": "a"}, 422, ("body", "url", "Document url signature invalid.")),
        ({"Signature": b64encode(bytes(64)).decode()}, 422, ("body", "url", "Document url invalid.")),
        ({"hash": hash_of(OTHER)}, 422, ("body", "url", "Document url invalid.")),
        ({"hash": None}, 422, ("body", "hash", "This field is required.")),
        ({"url": None}, 422, ("body", "url", ["This field is required."])),
    ],
)
def test_addresses_that_are_not_good(cdb, tender, change, status, problem):
    data = sent(cdb)
    parts = urlsplit(data["url"])
    query = {name: change.get(name, value) for name, value in parse_qsl(parts.query)}
    data["url"] = parts._replace(query="&".join(f"{name}={value}" for name, value in query.items())).geturl()
    data |= {name: value for name, value in change.items() if name in data}
    errors = cdb.refused("POST", f"{tender.path}/documents", data, status, token=tender.token)
    assert failure(errors) == problem
    assert cdb.get(f"{tender.path}/documents") == []


def test_an_address_under_another_name_of_the_host(cdb, tender):
    data = sent(cdb)
    data["url"] = data["url"].replace("http://localhost", "https://api.example.org:8443")
    assert cdb.post(f"{tender.path}/documents", data, token=tender.token).data["url"].startswith("http://localhost/docservice/")


def test_a_file_that_has_not_come(given):
    cdb = Api.start(given | {"documents.strict": "true"})
    tender = cdb.tender()
    cdb.web.authorization = ("Basic", ("broker", ""))
    registered = cdb.web.post_json("/docservice/register", {"data": {"hash": hash_of(CONTENT)}}).json["data"]
    data = registered | {"title": "a", "format": BYTES}
    errors = cdb.refused("POST", f"{tender.path}/documents", data, 422, token=tender.token)
    assert failure(errors) == ("body", "url", "Document is not uploaded.")


# files sent to the API itself


def test_a_form_whose_media_type_is_spelled_otherwise(cdb, tender):
    kind, body = cdb.web.encode_multipart([], [("file", NAME, CONTENT, "application/pdf")])
    headers = {"X-Access-Token": tender.token, "Content-Type": kind.replace("multipart/form-data", "Multipart/Form-Data")}
    assert cdb.web.post(f"{BASE}{tender.path}/documents", body, headers=headers, status=201).json["data"]["title"] == NAME


def test_a_form(cdb, tender):
    answer = form(cdb, "post", f"{tender.path}/documents", {"file": Upload(NAME, CONTENT, "application/pdf")}, 201, tender.token)
    data = answer.json["data"]
    assert (data["title"], data["format"], data["hash"]) == (NAME, "application/pdf", hash_of(CONTENT))
    assert answer.headers["Location"] == f"http://localhost{BASE}{tender.path}/documents/{data['id']}"
    assert cdb.web.get(local(data["url"])).body == CONTENT


def test_a_large_form_is_kept_as_it_comes_and_others_have_their_turn(cdb, tender, monkeypatch):
    turns = []
    monkeypatch.setattr(storage, "time", SimpleNamespace(sleep=turns.append))
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")  # a form is not copied before it is kept
    content = b"a line\n" * storage.CHUNK
    fields = {"file": Upload("a.txt", content, "text/plain")}
    data = form(cdb, "post", f"{tender.path}/documents", fields, 201, tender.token).json["data"]
    assert data["hash"] == hash_of(content)
    assert len(turns) >= 7
    assert set(turns) == {0}
    headers = cdb.web.get(local(data["url"])).headers
    assert headers.getall("Access-Control-Allow-Origin") == ["*"]
    assert headers.getall("X-Content-Type-Options") == ["nosniff"]


def test_a_name_in_encoded_words(cdb, tender):
    encoded = f"=?utf-8?b?{b64encode(NAME.encode()).decode()}?="
    answer = form(cdb, "post", f"{tender.path}/documents", {"file": Upload(encoded, CONTENT, BYTES)}, 201, tender.token)
    assert answer.json["data"]["title"] == NAME


@pytest.mark.parametrize("fields", [{}, {"other": Upload("a", b"a", BYTES)}, {"file": "text"}])
def test_a_form_without_file(cdb, tender, fields):
    answer = form(cdb, "post", f"{tender.path}/documents", fields or {"a": "b"}, 404, tender.token)
    assert failure(answer.json["errors"]) == ("body", "file", "Not Found")


def test_a_file_that_is_too_large(given):
    cdb = Api.start(given | {"documents.max_size": str(len(CONTENT))})
    tender = cdb.tender()
    path = f"{tender.path}/documents"
    form(cdb, "post", path, {"file": Upload("a", CONTENT, BYTES)}, 201, tender.token)
    answer = form(cdb, "post", path, {"file": Upload("a", OTHER, BYTES)}, 413, tender.token)
    assert failure(answer.json["errors"]) == ("body", "file", f"File is larger than {len(CONTENT)} bytes")
    cdb.web.post("/docservice/upload", {"file": Upload("a", OTHER, BYTES)}, status=413)


FORM = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
MEGABYTE = 1 << 20


class Endless:
    """A body that begins somehow and does not end."""

    def __init__(self, start: bytes) -> None:
        self.start, self.taken = start, 0

    def read(self, size: int = -1) -> bytes:
        found, self.start = self.start[:size], self.start[size:]
        self.taken += len(found) or size
        assert self.taken < 2 * MEGABYTE, "it is read on and on"
        return found or bytes(size)


@pytest.fixture(params=["embedded", "remote"])
def small(request, given) -> Api:
    """An API that takes a megabyte, and keeps files itself or passes them on to a service that answers nothing."""
    given |= {"documents.max_size": str(MEGABYTE)}
    return Api.start(given if request.param == "embedded" else given | OUTSIDE)


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(("method", "kind"), [("POST", FORM), ("PUT", FORM), ("PUT", "application/pdf")])
@pytest.mark.parametrize("start", [b"", PART], ids=["nothing", "part"])
def test_too_much_is_refused_before_it_has_come(small, given, method, kind, start, told):
    tender, body = small.tender(), Endless(start)
    data = {"title": "a", "format": BYTES, "hash": hash_of(CONTENT)}
    path = f"{tender.path}/documents"
    if method == "PUT":
        url = small.registry.services.documents.links.proof("0" * 32, data["hash"])
        path = small.post(path, data | {"url": f"http://localhost{url}" if url[0] == "/" else url}, token=tender.token).path
    environ = {"REQUEST_METHOD": method, "CONTENT_TYPE": kind, "HTTP_X_ACCESS_TOKEN": tender.token, "wsgi.input": body}
    length = {"CONTENT_LENGTH": "1000000000"} if told else {"wsgi.input_terminated": True}
    request = small.web.RequestClass.blank(BASE + path, environ | length)
    request.authorization = ("Basic", b64encode(b"broker:").decode())

    answer = request.get_response(small.web.app)

    assert answer.status_code == 413
    assert failure(answer.json["errors"]) == ("body", "file", f"File is larger than {MEGABYTE} bytes")
    assert told == (body.taken == 0)
    folder = Path(given["documents.path"])
    assert [file for file in folder.rglob("*") if file.is_file() and file.name != "dockey"] == []


def full(*_arguments):
    raise OSError(28, "No space left on device")


def test_a_full_disk(cdb, tender, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        answer = form(cdb, "post", f"{tender.path}/documents", {"file": Upload("a", CONTENT, BYTES)}, 502, tender.token)
    assert failure(answer.json["errors"]) == ("body", "file", "Upload failed, please try again later")
    assert cdb.get(f"{tender.path}/documents") == []
    form(cdb, "post", f"{tender.path}/documents", {"file": Upload("a", CONTENT, BYTES)}, 201, tender.token)


# new versions


def new_version_json(cdb: Api, tender: Thing, path: str) -> dict:
    return cdb.call("PUT", path, sent(cdb, OTHER, "Нове.pdf"), token=tender.token).json["data"]


def new_version_form(cdb: Api, tender: Thing, path: str) -> dict:
    return form(cdb, "put", path, {"file": Upload("Нове.pdf", OTHER, "application/pdf")}, 200, tender.token).json["data"]


def new_version_plain(cdb: Api, tender: Thing, path: str) -> dict:
    headers = {"X-Access-Token": tender.token, "Content-Type": "application/pdf"}
    cdb.web.authorization = ("Basic", ("broker", ""))
    return cdb.web.put(BASE + path, OTHER, headers=headers).json["data"]


@pytest.mark.parametrize(
    ("send", "title"), [(new_version_json, "Нове.pdf"), (new_version_form, "Нове.pdf"), (new_version_plain, NAME)]
)
def test_a_new_version(cdb, tender, send, title):
    first = attach(cdb, tender)
    cdb.clock.advance(timedelta(hours=1))
    new = send(cdb, tender, first.path)
    assert (new["id"], new["title"], new["format"], new["hash"]) == (first.id, title, "application/pdf", hash_of(OTHER))
    assert new["datePublished"] == first.data["datePublished"]
    assert new["dateModified"] > first.data["dateModified"]

    shown = cdb.get(first.path)
    (previous,) = shown["previousVersions"]
    assert cdb.web.get(local(shown["url"])).body == OTHER
    assert cdb.web.get(local(previous["url"])).body == CONTENT
    assert [d["hash"] for d in cdb.get(f"{tender.path}/documents?all=1")] == [hash_of(CONTENT), hash_of(OTHER)]


# what is secret


def test_documents_of_a_bid_are_reached_through_the_api_alone(cdb, tender, bid):
    made = attach(cdb, bid)
    assert made.data["url"].startswith(f"http://localhost{BASE}{made.path}?download=")
    assert cdb.get(made.path, token=bid.token)["url"] == made.data["url"]

    path = made.data["url"].removeprefix(f"http://localhost{BASE}")
    for options in ({"user": None}, {"user": "broker1", "token": bid.token}, {"token": tender.token}):
        cdb.call("GET", path, status=403, **options)
    where = cdb.call("GET", path, token=bid.token, status=302).headers["Location"]
    assert dict(parse_qsl(urlsplit(where).query))["Expires"] == str(int(cdb.clock.now.timestamp()) + 300)

    assert cdb.web.get(local(where)).body == CONTENT
    cdb.clock.advance(timedelta(seconds=301))
    errors = cdb.web.get(local(where), status=403).json["errors"]
    assert failure(errors) == ("url", "Expires", "Request has expired")


def test_the_proof_of_upload_opens_nothing(cdb):
    url = local(sent(cdb)["url"])
    assert failure(cdb.web.get(url, status=403).json["errors"]) == ("url", "Signature", "Signature does not match")


@pytest.mark.parametrize("key", ["unknown", "0" * 32, ""])
def test_an_unknown_download(cdb, tender, key):
    made = attach(cdb, tender)
    errors = cdb.refused("GET", f"{made.path}?download={key}", status=404)
    assert failure(errors) == ("url", "download", "Not Found")


# other ways to run it


@pytest.fixture
def accounts(tmp_path) -> Iterator[Path]:
    path = tmp_path / "accounts.ini"
    path.write_text(f"[uploaders]\nsupplier = {hashlib.sha512(b'secret').hexdigest()}\n")
    return path


def test_accounts_of_their_own(given, accounts):
    cdb = Api.start(given | {"documents.auth_file": str(accounts)})
    file = {"file": Upload("a", CONTENT, BYTES)}
    cdb.web.authorization = ("Basic", ("broker", ""))
    cdb.web.post("/docservice/upload", file, status=403)
    cdb.web.authorization = ("Basic", ("supplier", "secret"))
    cdb.web.post("/docservice/upload", file)


def test_addresses_under_a_public_name(given):
    cdb = Api.start(given | {"docservice_url": "https://files.example.org/docservice/"})
    tender = cdb.tender()
    data = sent(cdb)
    assert data["url"].startswith("https://files.example.org/docservice/get/")
    made = cdb.post(f"{tender.path}/documents", data, token=tender.token)
    assert cdb.web.get(made.data["url"].removeprefix("https://files.example.org")).body == CONTENT
    foreign = data | {"url": data["url"].replace("files.example.org", "localhost")}
    assert failure(cdb.refused("POST", f"{tender.path}/documents", foreign, token=tender.token))[1] == "url"


def test_addresses_outlive_a_restart(given, cdb):
    url = attach(cdb, cdb.tender()).data["url"]
    assert Api.start(given).web.get(local(url)).body == CONTENT


def test_an_outside_service(given):
    cdb = Api.start(given | OUTSIDE)
    cdb.web.get("/docservice/", status=404)
    assert not Path(given["documents.path"]).exists()
    assert "documents" not in cdb.get("/health")


def test_health(cdb, given):
    assert cdb.get("/health")["documents"] == "ok"
    (Path(given["documents.path"]) / "incoming").rmdir()
    assert cdb.get("/health", status=503)["documents"] == "documents.path cannot be written"
