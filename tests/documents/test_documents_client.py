import hashlib
from io import BytesIO
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx
import pytest

from openprocurement_api.errors import ApiError, BadGateway, Forbidden, Invalid, TooLarge
from plugins.documents.client import Account, Embedded, Remote
from plugins.documents.signing import KeyRing
from plugins.documents.storage import StorageFailed

PASSWORD, BASE = "broker", "http://docs.example.org"  # those of conftest.py
CONTENT = b"0123456789" * 10
HASH = f"md5:{hashlib.md5(CONTENT).hexdigest()}"
KEY = "0" * 32


@pytest.fixture
def ring(service, api) -> KeyRing:
    return KeyRing.of(service.signer.verify_key, api.signer)


@pytest.fixture
def embedded(api, ring, store) -> Embedded:
    return Embedded(api, ring, store)


def refusal(raised: pytest.ExceptionInfo[ApiError]) -> tuple:
    (problem,) = raised.value.problems
    return raised.value.status, problem.location, problem.name, problem.description


# addresses


def test_an_address_of_the_document_service_is_believed(embedded, service, api):
    for links in (service, api):
        assert embedded.accept(links.proof(KEY, HASH), HASH) == KEY


def test_an_address_quoted_once_is_believed_too(embedded, service):
    """So the toolkit's own test suites write it."""
    query = dict(parse_qsl(urlsplit(service.proof(KEY, HASH)).query))
    once = urlencode({"KeyID": query["KeyID"], "Signature": service.signer.sign(f"{KEY}\0{HASH[4:]}".encode())})
    assert embedded.accept(f"{BASE}/get/{KEY}?{once}", HASH) == KEY


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("docs.example.org", "docs.example.org.evil.org"),
        lambda url: url.replace("http://", "https://"),
        lambda url: url.replace("/get/", "/put/"),
        lambda url: url.replace("/get/", "/get/a/"),
        lambda url: url.replace(KEY, ""),
        lambda url: url.split("?")[0],
        lambda url: f"{url}&Expires=1",
        lambda url: f"{url}&KeyID=1",
        lambda url: f"{url}#part",
        lambda url: "",
    ],
)
def test_foreign_addresses(embedded, service, change):
    with pytest.raises(Forbidden) as raised:
        embedded.accept(change(service.proof(KEY, HASH)), HASH)
    assert refusal(raised) == (403, "body", "url", "Can add document only from document service.")


@pytest.mark.parametrize("hash", [None, ""])
def test_an_address_without_hash(embedded, service, hash):
    with pytest.raises(Invalid) as raised:
        embedded.accept(service.proof(KEY, HASH), hash)
    assert refusal(raised) == (422, "body", "hash", "This field is required.")


def test_addresses_that_are_not_good(embedded, service):
    good = service.proof(KEY, HASH)
    signature = parse_qsl(urlsplit(good).query)[1][1]
    for url, description in (
        (good.replace(service.signer.key_id, "12345678"), "Document url expired."),
        (good.replace(quote(signature, safe=""), "abc"), "Document url signature invalid."),
        (good.replace(KEY, "1" * 32), "Document url invalid."),
        (service.public(KEY), "Document url invalid."),
    ):
        with pytest.raises(Invalid) as raised:
            embedded.accept(url, HASH)
        assert refusal(raised) == (422, "body", "url", description)


def test_another_hash_than_the_one_signed(embedded, service):
    with pytest.raises(Invalid, match="Document url invalid"):
        embedded.accept(service.proof(KEY, HASH), "md5:" + "0" * 32)


def test_a_file_that_never_came(api, ring, store):
    key = store.register(HASH)
    url = api.proof(key, HASH)
    assert Embedded(api, ring, store).accept(url, HASH) == key
    strict = Embedded(api, ring, store, strict=True)
    with pytest.raises(Invalid) as raised:
        strict.accept(url, HASH)
    assert refusal(raised) == (422, "body", "url", "Document is not uploaded.")
    assert strict.accept(api.proof(KEY, HASH), HASH) == KEY  # lives elsewhere
    store.put([CONTENT], "a/b", "a", key)
    assert strict.accept(url, HASH) == key


def test_what_the_api_gives_out_opens_the_file(embedded, anonymous, clock):
    key = embedded.upload(BytesIO(CONTENT), "Звіт.pdf", "application/pdf").key
    for url in (embedded.public_url(key), embedded.private_url(key, clock.now)):
        assert anonymous.get(url.removeprefix(BASE)).body == CONTENT


# uploads


def test_upload_into_the_store(embedded, store):
    uploaded = embedded.upload(BytesIO(CONTENT), "Звіт.pdf", "application/pdf")
    assert (uploaded.hash, uploaded.title, uploaded.format) == (HASH, "Звіт.pdf", "application/pdf")
    assert embedded.accept(uploaded.url, uploaded.hash) == uploaded.key
    assert b"".join(store.open(uploaded.key)) == CONTENT


def failing(*_arguments):
    raise StorageFailed


def test_a_store_that_fails(api, ring, store, monkeypatch):
    key = store.register(HASH)
    monkeypatch.setattr(store, "put", failing)
    monkeypatch.setattr(store, "stat", failing)
    documents = Embedded(api, ring, store, strict=True)
    for call in (lambda: documents.upload(BytesIO(CONTENT), "a", "b/c"), lambda: documents.accept(api.proof(key, HASH), HASH)):
        with pytest.raises(BadGateway) as raised:
            call()
        assert refusal(raised) == (502, "body", "file", "Upload failed, please try again later")


class Pipe:
    """A stream that can be read once, as the body of a request."""

    def __init__(self, content: bytes) -> None:
        self.stream = BytesIO(content)

    def read(self, size: int, /) -> bytes:
        return self.stream.read(size)


def remote(api, ring, transport, naps=None) -> Remote:
    account = Account(f"{BASE}/upload", "broker", PASSWORD)
    naps = [] if naps is None else naps
    return Remote(api, ring, account, httpx.Client(transport=transport), naps.append)


@pytest.mark.parametrize("stream", [BytesIO, Pipe])
@pytest.mark.parametrize("name", ["Звіт «1».pdf", 'a"b.txt'])
def test_upload_to_the_service(api, ring, app, stream, name):
    documents = remote(api, ring, httpx.WSGITransport(app=app.app))
    uploaded = documents.upload(stream(CONTENT), name, "application/pdf")
    assert (uploaded.hash, uploaded.title, uploaded.format) == (HASH, name, "application/pdf")
    assert documents.accept(uploaded.url, uploaded.hash) == uploaded.key


def test_a_file_without_name(api, ring, app):
    assert remote(api, ring, httpx.WSGITransport(app=app.app)).upload(BytesIO(CONTENT), "", "").title == "file"


@pytest.mark.parametrize("stream", [BytesIO, Pipe])
def test_a_service_that_comes_back(api, ring, app, stream):
    healthy = httpx.Client(transport=httpx.WSGITransport(app=app.app))
    answers = iter([httpx.ConnectError("refused"), httpx.Response(502), None])

    def handle(request):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        request.read()
        return answer or healthy.send(httpx.Request("POST", request.url, content=request.content, headers=request.headers))

    naps = []
    uploaded = remote(api, ring, httpx.MockTransport(handle), naps).upload(stream(CONTENT), "a", "b/c")
    assert uploaded.hash == HASH
    assert naps == [0.0, 0.1, 0.2]


def test_a_service_that_stays_away(api, ring):
    naps = []
    documents = remote(api, ring, httpx.MockTransport(lambda request: httpx.Response(503)), naps)
    with pytest.raises(Invalid) as raised:
        documents.upload(BytesIO(CONTENT), "a", "b/c")
    assert refusal(raised) == (422, "body", "data", "Can't upload document to document service.")
    assert len(naps) == 10
    assert max(naps) == 1.0


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(403), Invalid),
        (httpx.Response(200, text="<html>"), Invalid),
        (httpx.Response(200, json={"data": {}}), Invalid),
        (httpx.Response(413), TooLarge),
    ],
)
def test_a_service_that_refuses_is_not_asked_again(api, ring, answer, error):
    asked = []
    documents = remote(api, ring, httpx.MockTransport(lambda request: asked.append(request) or answer))
    with pytest.raises(error):
        documents.upload(BytesIO(CONTENT), "a", "b/c")
    assert len(asked) == 1
