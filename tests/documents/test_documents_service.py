import hashlib
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from webtest import TestApp, Upload

from plugins.documents.links import Links
from plugins.documents.service import make_app
from plugins.documents.signing import Signer
from plugins.documents.storage import FileUnknown, StorageFailed

CONTENT = b"0123456789" * 10
MD5 = hashlib.md5(CONTENT).hexdigest()
HASH = f"md5:{MD5}"
NOWHERE = "0" * 32


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def failure(response) -> tuple:
    """The only error of an answer, whose envelope is checked on the way."""
    assert response.content_type == "application/json"
    assert set(response.json) == {"status", "errors"}
    assert response.json["status"] == "error"
    (error,) = response.json["errors"]
    return error["location"], error["name"], error["description"]


def upload(app, content=CONTENT, name="Notice.txt", kind="text/plain"):
    return app.post("/upload", {"file": Upload(name, content, kind)})


def registered(app) -> tuple[str, str]:
    """Key and upload address of a file announced."""
    url = app.post_json("/register", {"data": {"hash": HASH}}).json["upload_url"]
    return urlsplit(url).path.rpartition("/")[2], local(url)


def test_it_is_here(anonymous):
    response = anonymous.get("/")
    assert response.body == b""


# registration


@pytest.mark.parametrize("kind", ["json", "url-encoded", "multipart"])
def test_register(app, service, kind):
    if kind == "json":
        response = app.post_json("/register", {"data": {"hash": HASH}})
    else:
        kind = {"content_type": "multipart/form-data"} if kind == "multipart" else {}
        response = app.post("/register", {"hash": HASH}, **kind)
    key = urlsplit(response.headers["Location"]).path.rpartition("/")[2]
    assert response.status_code == 201
    assert response.json == {"data": {"hash": HASH, "url": service.proof(key, HASH)}, "upload_url": service.upload(key)}
    assert response.headers["Location"] == service.upload(key)


@pytest.mark.parametrize(
    ("announced", "status", "description"),
    [
        ("", 404, "Not Found"),
        (None, 404, "Not Found"),
        ("sha256:00", 422, ["Hash type is not supported."]),
        (7, 422, ["Hash type is not supported."]),
        ("md5:00", 422, ["Hash value is wrong length."]),
        ("md5:" + "A" * 32, 422, ["Hash value is not hexadecimal."]),
        ("md5:" + "g" * 32, 422, ["Hash value is not hexadecimal."]),
    ],
)
def test_hashes_that_cannot_be_registered(app, announced, status, description):
    response = app.post_json("/register", {"data": {"hash": announced}}, status=status)
    assert failure(response) == ("body", "hash", description)


def test_a_registration_without_hash(app):
    assert failure(app.post("/register", {}, status=404)) == ("body", "hash", "Not Found")
    assert failure(app.post_json("/register", {"data": {}}, status=404)) == ("body", "hash", "Not Found")


@pytest.mark.parametrize(("body", "description"), [
    ("{", "No JSON object could be decoded"), ("[" * 30_000, "No JSON object could be decoded"),
    ("[]", "Data not available"), ('{"data": 1}', "Data not available"),
])  # fmt: skip
def test_a_registration_that_is_no_json(app, body, description):
    response = app.post("/register", body, content_type="application/json", status=422)
    assert failure(response) == ("body", "data", description)


@pytest.mark.parametrize("kind", ["Application/JSON", "application/json ; charset=UTF-8"])
def test_a_registration_whose_media_type_is_spelled_otherwise(app, kind):
    app.post("/register", f'{{"data": {{"hash": "{HASH}"}}}}', headers={"Content-Type": kind}, status=201)


def test_a_registration_of_great_length(app):
    response = app.post("/register", "a" * 65537, status=413)
    assert failure(response) == ("body", "data", "Body is larger than 65536 bytes")


def test_a_registration_of_unknown_length(app):
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "wsgi.input": BytesIO(f"hash={HASH}".encode()),
        "wsgi.input_terminated": True,
    }
    request = app.RequestClass.blank("/register", environ)
    request.authorization = ("Basic", b64encode(b"broker:broker").decode())
    assert request.get_response(app.app).status_code == 201


def test_a_registration_in_no_known_charset(app):
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=none"}
    assert failure(app.post("/register", f"hash={HASH}", headers=headers, status=404)) == ("body", "hash", "Not Found")


def test_a_registration_that_is_no_text(app):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = app.post("/register", b"hash=\xff", headers=headers, status=422)
    assert failure(response) == ("body", "data", "could not decode params")


@pytest.mark.parametrize("path", ["/register", "/upload"])
def test_strangers_may_not_write(anonymous, path):
    for authorization in (None, ("Basic", ("broker", "wrong")), ("Basic", ("stranger", ""))):
        anonymous.authorization = authorization
        assert failure(anonymous.post(path, status=403)) == ("url", "permission", "Forbidden")


# upload


def test_upload(app, service, clock):
    response = upload(app, name="Звіт.doc", kind="application/msword")
    data = response.json["data"]
    key = urlsplit(data["url"]).path.rpartition("/")[2]
    assert data == {"hash": HASH, "format": "application/msword", "title": "Звіт.doc", "url": service.proof(key, HASH)}
    assert response.json["get_url"] == response.headers["Location"] == service.private(key, clock.now)
    assert app.get(local(response.json["get_url"])).body == CONTENT


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=b"),
        (b"file=a", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--b--\r\n', "multipart/form-data; boundary=b"),
        (
            b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\na\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (b"", "multipart/form-data"),
    ],
)
def test_an_upload_without_file(app, body, kind):
    response = app.post("/upload", body, headers={"Content-Type": kind}, status=404)
    assert failure(response) == ("body", "file", "Not Found")


def test_an_upload_that_breaks_off_is_not_kept(app, store):
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + CONTENT
    response = app.post("/upload", body, headers={"Content-Type": "multipart/form-data; boundary=b"}, status=400)
    assert failure(response) == ("body", "data", "The form is malformed or incomplete")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_a_file_over_the_limit(app, store):
    for size in (200_001, 300_000):  # refused when it has come so far, and refused by its announced length
        response = app.post("/upload", {"file": Upload("a", b"a" * size)}, status=413)
        assert failure(response) == ("body", "file", "File is larger than 200000 bytes")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []
    assert len(upload(app, b"a" * 200_000).json["data"]) == 4


def test_a_form_with_other_fields(app, service):
    fields = [("a", "1"), ("file", Upload("a.txt", CONTENT)), ("b", "2"), ("file", Upload("b.txt", b"the second is left out"))]
    data = app.post("/upload", fields).json["data"]
    assert (data["title"], data["hash"]) == ("a.txt", HASH)


def test_an_upload_of_unknown_length(app):
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n%b\r\n--b--\r\n'
    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "multipart/form-data; boundary=b"}

    def sent(content, terminated=True):
        given = environ | {"wsgi.input": BytesIO(body % content), "wsgi.input_terminated": terminated}
        request = app.RequestClass.blank("/upload", given)
        request.authorization = ("Basic", b64encode(b"broker:broker").decode())
        assert request.content_length is None
        return request.get_response(app.app)

    assert sent(CONTENT).json["data"]["hash"] == HASH
    assert sent(CONTENT, terminated=False).status_code == 404
    assert sent(b"a" * 300_000).status_code == 413
    assert sent(b"a\r\n--b--" + b" " * 300_000).status_code == 413


def test_a_full_disk(app, store, monkeypatch):
    monkeypatch.setattr(store, "put", lambda *arguments: (_ for _ in ()).throw(StorageFailed("disk full")))
    response = app.post("/upload", {"file": Upload("a", b"a")}, status=502)
    assert failure(response) == ("body", "file", "Upload failed, please try again later")


# upload of a registered file


def test_upload_registered(app, anonymous, service, clock):
    key, address = registered(app)
    assert anonymous.get(local(service.private(key, clock.now))).status_code == 204
    response = anonymous.post(address, {"file": Upload("a.txt", CONTENT, "text/plain")})
    assert response.json["data"] == {"hash": HASH, "format": "text/plain", "title": "a.txt", "url": service.proof(key, HASH)}
    assert anonymous.get(local(service.private(key, clock.now))).body == CONTENT
    again = anonymous.post(address, {"file": Upload("a.txt", CONTENT)}, status=403)
    assert failure(again) == ("url", "doc_id", "Content already uploaded")


def test_upload_of_another_content(app, anonymous):
    _, address = registered(app)
    response = anonymous.post(address, {"file": Upload("a.txt", b"other")}, status=403)
    assert failure(response) == ("body", "file", "Invalid checksum")
    anonymous.post(address, {"file": Upload("a.txt", CONTENT)}, status=200)


def test_upload_of_a_file_nobody_registered(anonymous, service):
    response = anonymous.post(local(service.upload(NOWHERE)), {"file": Upload("a", CONTENT)}, status=404)
    assert failure(response) == ("url", "doc_id", "Not Found")


def test_upload_registered_without_file(app, anonymous):
    _, address = registered(app)
    assert failure(anonymous.post(address, status=404)) == ("body", "file", "Not Found")


def test_addresses_that_permit_no_upload(app, anonymous, service, api):
    key, address = registered(app)
    signed = dict(parse_qsl(urlsplit(address).query))
    for query, name, description in (
        ({}, "Signature", "Not Found"),
        ({"KeyID": "12345678"}, "KeyID", "Key Id does not exist"),
        ({"KeyID": signed["KeyID"]}, "Signature", "Not Found"),
        (signed | {"Signature": "a"}, "Signature", "Signature invalid"),
        (dict(parse_qsl(urlsplit(service.upload(NOWHERE)).query)), "Signature", "Signature does not match"),
        # What the API publishes for readers must not open the door for writers.
        (dict(parse_qsl(urlsplit(api.public(key)).query)), "KeyID", "Key Id does not exist"),
    ):
        response = anonymous.post(f"/upload/{key}?{urlencode(query)}", {"file": Upload("a", CONTENT)}, status=403)
        assert failure(response) == ("url", name, description)


# download


@pytest.fixture
def key(store) -> str:
    return store.put([CONTENT], "text/html", "Звіт.html").key


def test_download(anonymous, api, key):
    response = anonymous.get(local(api.public(key)))
    assert response.body == CONTENT
    assert {
        "Content-Type": "text/html",
        "Content-Length": "100",
        "Content-Disposition": "attachment; filename=\"____.html\"; filename*=UTF-8''%D0%97%D0%B2%D1%96%D1%82.html",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Accept-Ranges": "bytes",
        "Access-Control-Allow-Origin": "*",
        "ETag": f'"{MD5}"',
    }.items() <= dict(response.headers).items()


def test_head(anonymous, api, key):
    response = anonymous.head(local(api.public(key)), headers={"Range": "bytes=0-1"})
    assert response.status_code == 200
    assert response.headers["Content-Length"] == "100"
    assert response.body == b""


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-9", 0, 9), ("bytes=95-", 95, 99), ("bytes=-5", 95, 99), ("bytes=90-900", 90, 99)]
)
def test_a_range(anonymous, api, key, asked, start, end):
    response = anonymous.get(local(api.public(key)), headers={"Range": asked}, status=206)
    assert response.body == CONTENT[start : end + 1]
    assert response.headers["Content-Range"] == f"bytes {start}-{end}/100"
    assert response.headers["Content-Length"] == str(end - start + 1)


def test_a_range_outside_the_file(anonymous, api, key):
    response = anonymous.get(local(api.public(key)), headers={"Range": "bytes=100-"}, status=416)
    assert failure(response) == ("header", "Range", "Requested range not satisfiable")
    assert response.headers["Content-Range"] == "bytes */100"


def test_a_range_of_the_file_that_was_begun(anonymous, api, key):
    address = local(api.public(key))
    ranged = anonymous.get(address, headers={"Range": "bytes=0-9", "If-Range": f'"{MD5}"'}, status=206)
    assert ranged.body == CONTENT[:10]
    for asked in ("bytes=0-9", "bytes=100-"):
        whole = anonymous.get(address, headers={"Range": asked, "If-Range": '"another"'}, status=200)
        assert whole.body == CONTENT


def test_a_file_that_the_client_has(anonymous, api, key):
    response = anonymous.get(local(api.public(key)), headers={"If-None-Match": f'"{MD5}"'}, status=304)
    assert response.body == b""


def test_a_private_address_lasts_five_minutes(anonymous, api, service, key, clock):
    for links in (api, service):
        address = local(links.private(key, clock.now))
        anonymous.get(address, status=200)
        clock.advance(timedelta(seconds=300))
        anonymous.get(address, status=200)
        clock.advance(timedelta(seconds=1))
        assert failure(anonymous.get(address, status=403)) == ("url", "Expires", "Request has expired")


def test_an_address_with_prefix(anonymous, api, key, clock):
    expires = int(clock.now.timestamp()) + 10
    for message, others in ((f"t/d/{key}", {}), (f"t/d/{key}\0{expires}", {"Expires": expires})):
        query = {"KeyID": api.signer.key_id, "Signature": api.signer.sign(message.encode()), "Prefix": "t/d", **others}
        assert anonymous.get(f"/get/{key}?{urlencode(query)}").body == CONTENT
        stripped = {name: value for name, value in query.items() if name != "Prefix"}
        assert failure(anonymous.get(f"/get/{key}?{urlencode(stripped)}", status=403))[2] == "Signature does not match"


def test_addresses_that_permit_no_reading(anonymous, api, service, key, clock):
    later = str(int(clock.now.timestamp()) + 10)
    known = api.signer.key_id
    digits = "1" * 32  # an MD5 sum without letters, which a proof of upload signs
    number_proof = service.signer.sign(f"{key}\0{digits}".encode())
    for query, name, description in (
        ({"KeyID": "12345678"}, "KeyID", "Key Id does not exist"),
        ({}, "KeyID", "Key Id does permit to get private document"),
        ({"KeyID": service.signer.key_id, "Signature": "AAAA"}, "KeyID", "Key Id does permit to get private document"),
        ({"KeyID": known}, "Signature", "Not Found"),
        ({"KeyID": known, "Signature": ""}, "Signature", "Not Found"),
        ({"KeyID": known, "Signature": "%"}, "Signature", "Signature invalid"),
        ({"KeyID": known, "Signature": api.signer.sign(b"other")}, "Signature", "Signature does not match"),
        ({"KeyID": known, "Expires": "1"}, "Expires", "Request has expired"),
        ({"KeyID": known, "Expires": "soon"}, "Expires", "Request has expired"),
        ({"KeyID": known, "Expires": later}, "Signature", "Not Found"),
        ({"KeyID": service.signer.key_id, "Expires": digits, "Signature": number_proof}, "Expires", "Request has expired"),
    ):
        response = anonymous.get(f"/get/{key}?{urlencode(query)}", status=403)
        assert failure(response) == ("url", name, description)


def test_a_proof_of_upload_does_not_open_the_file(anonymous, service, api, key):
    for links in (service, api):
        response = anonymous.get(local(links.proof(key, HASH)), status=403)
        assert failure(response)[0] == "url"


def test_an_unknown_file(anonymous, api):
    assert failure(anonymous.get(local(api.public(NOWHERE)), status=404)) == ("url", "doc_id", "Not Found")


def test_content_that_is_gone(anonymous, api, key, store, monkeypatch):
    monkeypatch.setattr(store, "open", lambda *arguments: (_ for _ in ()).throw(FileUnknown(key)))
    assert failure(anonymous.get(local(api.public(key)), status=404)) == ("url", "doc_id", "Not Found")


def test_a_disk_that_cannot_be_read(anonymous, api, key, store, monkeypatch):
    monkeypatch.setattr(store, "stat", lambda key: (_ for _ in ()).throw(StorageFailed("i/o error")))
    response = anonymous.get(local(api.public(key)), status=502)
    assert failure(response) == ("url", "doc_id", "Download failed, please try again later")


def test_a_store_that_serves_files_itself(anonymous, api, key, store, monkeypatch):
    monkeypatch.setattr(store, "redirect", lambda info: f"https://bucket.example.org/{info.key}?signed")
    response = anonymous.get(local(api.public(key)), status=302)
    assert response.headers["Location"] == f"https://bucket.example.org/{key}?signed"


def test_one_key_for_all(settings, store, service, key):
    """Without apikeys, the service's own key opens files for good: a server on one machine."""
    app = TestApp(make_app(replace(settings, apikeys=""), store))
    assert app.get(local(service.public(key))).body == CONTENT


def test_a_rotated_key_still_counts(settings, store, key, clock):
    old = Links(settings.base, Signer("33" * 32))
    app = TestApp(make_app(replace(settings, dockeys=old.signer.verify_key), store, clock))
    assert app.get(local(old.private(key, clock.now))).body == CONTENT


# every other failure


@pytest.mark.parametrize("path", ["/nowhere", "/get", "/get/a/b", "/upload/", "/%2e%2e/etc/passwd"])
def test_unknown_paths(anonymous, path):
    assert failure(anonymous.get(path, status=404)) == ("url", "path", "Not Found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("POST", "/", "GET, HEAD"), ("GET", "/upload", "POST"), ("DELETE", "/get/a", "GET, HEAD"), ("PUT", "/upload/a", "POST")],
)
def test_unknown_methods(anonymous, method, path, allow):
    response = anonymous.request(path, method=method, status=405)
    assert failure(response) == ("url", "method", "Method Not Allowed")
    assert response.headers["Allow"] == allow


@pytest.mark.parametrize("path", ["/get/%ff", "/get/a?KeyID=%ff"])
def test_addresses_that_are_not_utf_8(settings, store, path):
    response = TestApp(make_app(settings, store), lint=False).get(path, status=422)
    assert failure(response) == ("body", "data", "could not decode params")


def test_a_defect_is_told_in_two_words(anonymous, api, key, store, monkeypatch):
    monkeypatch.setattr(store, "stat", lambda key: 1 / 0)
    response = anonymous.get(local(api.public(key)), status=500)
    assert failure(response) == ("url", "request", "Internal Server Error")
