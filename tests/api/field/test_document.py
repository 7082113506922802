"""Documents of a tender: as forms and as JSON, their versions, who changes them and when, where their content is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from journey import (
    FORBIDDEN,
    HOUR,
    NOT_AUTHOR,
    UNKNOWN,
    add_file,
    bidding,
    forge_status,
    hold_auction,
    key_of,
    registered,
    said,
    to_qualification,
    unknown,
    upload,
    with_lots,
    wrong,
)

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import BASE, Api, Thing

REQUIRED = ["This field is required."]
NO_FILE = [{"location": "body", "name": "file", "description": "Not Found"}]
NO_DOWNLOAD = [{"location": "url", "name": "download", "description": "Not Found"}]
FOREIGN = wrong("url", "Can add document only from document service.")
CLOSED = [
    "draft",
    "active.tendering",
    "active.auction",
    "active.qualification",
    "active.awarded",
    "complete",
    "unsuccessful",
    "cancelled",
]


@pytest.fixture
def shelf(tender: Thing) -> str:
    """The path of its documents."""
    return f"{tender.path}/documents"


def content(api: Api, doc: Doc) -> bytes:
    """What the address of a shown document leads to."""
    body: bytes = api.web.get(doc["url"]).body
    return body


# --- what does not exist


def test_documents_of_what_does_not_exist(api: Api, tender: Thing, shelf: str) -> None:
    for path, error in (("/tenders/some_id/documents", "tender"), (f"{shelf}/some_id", "document")):
        assert api.refused("GET", path, status=404) == unknown(error)
    assert api.refused("GET", "/tenders/some_id/documents/some_id", status=404) == unknown("tender")
    assert upload(api, "/tenders/some_id/documents", status=404).json["errors"] == unknown("tender")
    assert upload(api, "/tenders/some_id/documents/some_id", method="PUT", status=404).json["errors"] == unknown("tender")
    assert upload(api, f"{shelf}/some_id", method="PUT", token=tender.token, status=404).json["errors"] == unknown("document")
    assert upload(api, shelf, token=tender.token, field="other", status=404).json["errors"] == NO_FILE
    assert api.get(shelf) == []


# --- forms


@pytest.mark.parametrize("name", ["укр.doc", "name with spaces.doc", "«лапки» & знаки.pdf", "name.doc", "без-розширення"])
def test_a_file_is_sent_as_a_form(api: Api, tender: Thing, shelf: str, name: str) -> None:
    made = upload(api, shelf, token=tender.token, name=name)
    doc = made.json["data"]
    assert doc["title"] == name
    assert doc["datePublished"] == doc["dateModified"] == api.clock.now.isoformat()
    assert (doc["documentOf"], doc["author"]) == ("tender", "tender_owner")
    assert doc["hash"] == "md5:9a0364b9e99bb480dd25e1f0284c8555"
    assert made.headers["Location"].endswith(f"{shelf}/{doc['id']}")
    assert api.get(shelf, user=None) == api.get(f"{shelf}?all=1") == api.get(tender.path)["documents"] == [doc]
    assert api.get(f"{shelf}/{doc['id']}") == doc | {"previousVersions": []}
    assert content(api, doc) == b"content"


def test_names_that_browsers_encode_are_read(api: Api, tender: Thing, shelf: str) -> None:
    encoded = "=?utf-8?b?0YPQutGALmRvYw==?="
    assert add_file(api, shelf, token=tender.token, name=encoded)["title"] == "укр.doc"


@pytest.mark.parametrize(
    "given", ["filename*=utf-8''%D1%83%D0%BA%D1%80.doc", "filename=\"u.doc\"; filename*=UTF-8'uk'%D1%83%D0%BA%D1%80.doc"]
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_names_that_programs_encode_are_read(api: Api, tender: Thing, shelf: str, method: str, given: str) -> None:
    path = BASE + shelf if method == "POST" else f"{BASE}{shelf}/{add_file(api, shelf, token=tender.token)['id']}"
    form = f'--x\r\nContent-Disposition: form-data; name="file"; {given}\r\n\r\n\xff\0\r\n--x--\r\n'.encode("latin-1")
    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-Access-Token": tender.token}
    doc = api.web.request(path, method=method, body=form, headers=headers).json["data"]
    assert doc["title"] == "укр.doc"
    assert content(api, doc) == b"\xff\0"


@pytest.mark.parametrize(
    ("heads", "charset", "title", "media_type"),
    [
        ('filename="a.txt"', "", "a.txt", "text/plain"),
        ('filename="a.txt"\r\nContent-Type: ', "", "a.txt", "text/plain"),
        ('filename="a.txt"\r\nContent-Type: no type', "", "a.txt", "application/octet-stream"),
        ('filename="a.csv"\r\nContent-Type: text/csv; charset=cp1251', "", "a.csv", "text/csv"),
        ('filename="a.mht"\r\nContent-Type: multipart/related', "", "a.mht", "multipart/related"),
        ('filename="a"\r\nContent-Type: application/x-www-form-urlencoded', "", "a", "application/x-www-form-urlencoded"),
        ('filename="укр.doc"', "; charset=UTF-8", "укр.doc", "text/plain"),
        ('filename="укр.doc"', "; charset=windows-1251", "укр.doc", "text/plain"),
        ('filename="укр.doc"', ";x=1251", "\ufffd\ufffd\ufffd.doc", "text/plain"),
    ],
)
def test_a_part_of_a_form_is_a_file_whatever_it_says_it_is(
    api: Api, tender: Thing, shelf: str, heads: str, charset: str, title: str, media_type: str
) -> None:
    first = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    file = f'{first}--x\r\nContent-Disposition: form-data; name="file"; {heads}\r\n\r\na=b\n--x--\r\n--x--\r\n'
    headers = {"Content-Type": f"multipart/form-data; boundary=x{charset}", "X-Access-Token": tender.token}
    form = b"\r\n" * 200_000 + file.encode("windows-1251" if "1251" in charset else "utf-8")
    doc = api.web.post(BASE + shelf, form, headers=headers).json["data"]
    assert (doc["title"], doc["format"]) == (title, media_type)
    assert content(api, doc) == b"a=b\n--x--"


@pytest.mark.parametrize(
    "told", ["===1==", "a/b:c=d", "(a)+_,-./:=?", "a=b; charset=utf-8", '"a=b c"', "----a_BoUnDaRy2323$", "a ;x=y"]
)
def test_a_boundary_may_stand_without_its_quotes(api: Api, tender: Thing, shelf: str, told: str) -> None:
    boundary = told.partition(";")[0].strip().strip('"')
    form = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--{boundary}--\r\n'
    headers = {"Content-Type": f"multipart/form-data; boundary={told}", "X-Access-Token": tender.token}
    assert content(api, api.web.post(BASE + shelf, form.encode(), headers=headers).json["data"]) == b"x"


def test_where_the_content_is(api: Api, tender: Thing, shelf: str) -> None:
    doc = add_file(api, shelf, token=tender.token)
    assert "Signature=" in doc["url"]
    assert "KeyID=" in doc["url"]
    assert "Expires=" not in doc["url"]
    path = f"{BASE}{shelf}/{doc['id']}"
    moved = api.web.get(f"{path}?download={key_of(doc)}", status=302)
    assert moved.location == doc["url"]
    for wanted in ("some_id", key_of(add_file(api, shelf, token=tender.token))):
        assert api.refused("GET", f"{shelf}/{doc['id']}?download={wanted}", status=404) == NO_DOWNLOAD


# --- JSON


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"hash": None}, wrong("hash", "This field is required.")),
        ({"hash": "0" * 32}, wrong("hash", ["Hash type is not supported."])),
        ({"hash": "md5:"}, wrong("hash", ["Hash value is wrong length."])),
        ({"hash": "md5:" + "O" * 32}, wrong("hash", ["Hash value is not hexadecimal."])),
        ({"hash": "md5:" + "0" * 32}, wrong("url", "Document url invalid.")),
        ({"url": None}, wrong("url", REQUIRED)),
        ({"title": None}, wrong("title", REQUIRED)),
        ({"format": None}, wrong("format", REQUIRED)),
        ({"format": "x"}, wrong("format", ["String value did not match validation regex."])),
        ({"documentType": "x"}, "documentType"),
        ({"documentOf": "lot"}, wrong("relatedItem", REQUIRED)),
        ({"documentOf": "item", "relatedItem": UNKNOWN}, wrong("relatedItem", ["relatedItem should be one of items"])),
        ({"rogue": 1}, wrong("rogue", "Rogue field")),
    ],
)
def test_invalid_descriptions(api: Api, tender: Thing, shelf: str, changes: Doc, errors: Any) -> None:
    sent = {name: value for name, value in (registered(api) | changes).items() if value is not None}
    refused = api.refused("POST", shelf, sent, token=tender.token, status=422)
    if isinstance(errors, str):
        assert [e["name"] for e in refused] == [errors]
    else:
        assert refused == errors


def mangled(url: str, kind: str) -> str:
    """An address that the document service did not give."""
    base, _, query = url.partition("?")
    signature = next(part for part in query.split("&") if part.startswith("Signature="))
    return {
        "host": f"http://invalid.docservice.url/get/{uuid4().hex}?{query}",
        "path": f"{base.rpartition('/get/')[0]}/{uuid4().hex}?{query}",
        "bare": base,
        "more": f"{url}&Expires=1",
        "key": url.replace("KeyID=", "KeyID=invalid"),
        "malformed": url.replace(signature, "Signature=ABC"),
        "other": url.replace(signature, "Signature=bw%3D%3D"),
    }[kind]


@pytest.mark.parametrize(
    ("kind", "status", "errors"),
    [
        ("path", 403, FOREIGN),
        ("bare", 403, FOREIGN),
        ("more", 403, FOREIGN),
        ("key", 422, wrong("url", "Document url expired.")),
        ("malformed", 422, wrong("url", "Document url signature invalid.")),
        ("other", 422, wrong("url", "Document url invalid.")),
    ],
)
def test_addresses_that_the_document_service_did_not_give(
    api: Api, tender: Thing, shelf: str, kind: str, status: int, errors: list[Doc]
) -> None:
    sent = registered(api)
    sent["url"] = mangled(sent["url"], kind)
    doc = add_file(api, shelf, token=tender.token)
    assert api.refused("POST", shelf, sent, token=tender.token, status=status) == errors
    assert api.refused("PUT", f"{shelf}/{doc['id']}", sent, token=tender.token, status=status) == errors
    assert api.get(f"{shelf}?all=1") == [doc]


def test_addresses_of_another_host_are_foreign(settings: dict[str, str]) -> None:
    api = Api.start(settings | {"docservice_url": "http://localhost/docservice"})
    tender = api.tender()
    sent = registered(api)
    sent["url"] = mangled(sent["url"], "host")
    assert api.refused("POST", f"{tender.path}/documents", sent, token=tender.token) == FOREIGN


def test_a_file_is_named_in_json(api: Api, tender: Thing, shelf: str) -> None:
    sent = registered(api, title="укр.doc", documentType="tenderNotice", description="Опис", language="uk", author="x")
    made = api.call("POST", shelf, sent, token=tender.token, status=201)
    doc = made.json["data"]
    assert made.headers["Location"].endswith(f"{shelf}/{doc['id']}")
    assert doc == {name: sent[name] for name in ("title", "documentType", "description", "language", "hash", "format")} | {
        "id": doc["id"],
        "url": doc["url"],
        "documentOf": "tender",
        "author": "tender_owner",
        "datePublished": api.clock.now.isoformat(),
        "dateModified": api.clock.now.isoformat(),
    }
    assert key_of(doc) == key_of(sent)
    assert content(api, doc) == b"content"


def test_what_the_server_writes_is_not_taken_from_the_body(api: Api, tender: Thing, shelf: str) -> None:
    sent = registered(api, id=UNKNOWN, datePublished="2020-01-01", dateModified="2020-01-01", author="auction")
    doc = api.post(shelf, sent, token=tender.token).data
    assert doc["id"] != UNKNOWN
    assert doc["datePublished"] == doc["dateModified"] == api.clock.now.isoformat()
    assert doc["author"] == "tender_owner"


# --- versions


def test_a_new_version(api: Api, tender: Thing, shelf: str) -> None:
    first = add_file(api, shelf, token=tender.token, name="перший.doc")
    path = f"{shelf}/{first['id']}"
    api.patch(path, {"description": "Опис", "documentType": "tenderNotice"}, token=tender.token)
    began = api.clock.now
    api.clock.advance(HOUR)
    made = upload(api, path, method="PUT", token=tender.token, name="другий.pdf", content=b"second")
    second = made.json["data"]
    assert "Location" not in made.headers
    assert (second["id"], second["title"], second["description"]) == (first["id"], "другий.pdf", "Опис")
    assert (second["documentType"], second["format"]) == ("tenderNotice", "application/pdf")
    assert (second["datePublished"], second["dateModified"]) == (began.isoformat(), api.clock.now.isoformat())
    shown = api.get(path)
    assert [v["title"] for v in shown["previousVersions"]] == ["перший.doc"]
    assert shown["previousVersions"][0]["dateModified"] == began.isoformat()
    assert api.get(shelf) == [second]
    assert [d["title"] for d in api.get(f"{shelf}?all=true")] == ["перший.doc", "другий.pdf"]
    for version, expected in ((shown["previousVersions"][0], b"content"), (shown, b"second")):
        assert content(api, version) == expected
        assert api.web.get(f"{BASE}{path}?download={key_of(version)}", status=302).location == version["url"]


def test_a_new_version_as_a_plain_body(api: Api, tender: Thing, shelf: str) -> None:
    first = add_file(api, shelf, token=tender.token)
    made = api.web.put(
        f"{BASE}{shelf}/{first['id']}?acc_token={tender.token}", b"content3", content_type="application/msword", status=200
    )
    third = made.json["data"]
    assert (third["id"], third["title"], third["format"]) == (first["id"], first["title"], "application/msword")
    assert content(api, third) == b"content3"


def test_a_new_version_in_json(api: Api, tender: Thing, shelf: str) -> None:
    first = add_file(api, shelf, token=tender.token)
    api.patch(f"{shelf}/{first['id']}", {"description": "Опис", "language": "uk"}, token=tender.token)
    sent = registered(api, b"newer", title="новий.doc", description="Новий опис")
    second = api.call("PUT", f"{shelf}/{first['id']}", sent, token=tender.token).json["data"]
    assert (second["id"], second["title"], second["description"], second["language"]) == (
        first["id"],
        "новий.doc",
        "Новий опис",
        "uk",
    )
    assert content(api, second) == b"newer"
    invalid = api.refused("PUT", f"{shelf}/{first['id']}", sent | {"documentOf": "lot"}, token=tender.token, status=422)
    assert invalid == wrong("relatedItem", REQUIRED)


def test_a_form_without_a_file_is_no_version(api: Api, tender: Thing, shelf: str) -> None:
    doc = add_file(api, shelf, token=tender.token)
    path = f"{shelf}/{doc['id']}"
    assert upload(api, path, method="PUT", token=tender.token, field="other", status=404).json["errors"] == NO_FILE
    assert api.get(path)["previousVersions"] == []


def test_documents_come_in_the_order_of_their_last_change(api: Api, tender: Thing, shelf: str) -> None:
    docs = []
    for name in ("1.doc", "2.doc"):
        docs.append(add_file(api, shelf, token=tender.token, name=name))
        api.clock.advance(timedelta(minutes=1))
    upload(api, f"{shelf}/{docs[0]['id']}", method="PUT", token=tender.token, name="1a.doc")
    assert [d["title"] for d in api.get(shelf)] == ["2.doc", "1a.doc"]


# --- changing what is said of a file


def test_a_description_is_changed(api: Api, tender: Thing, shelf: str) -> None:
    doc = add_file(api, shelf, token=tender.token)
    path = f"{shelf}/{doc['id']}"
    news = {"description": "Опис", "documentType": "tenderNotice", "title": "назва.doc", "language": "uk", "format": "text/plain"}
    changed = api.patch(path, news, token=tender.token)
    assert changed == doc | news
    assert "documentType" not in api.patch(path, {"documentType": None}, token=tender.token)
    given = {
        "url": "http://localhost/x",
        "hash": "md5:" + "0" * 32,
        "id": UNKNOWN,
        "datePublished": "2020-01-01",
        "author": "bots",
    }
    kept = api.patch(path, given, token=tender.token)
    assert {name: kept[name] for name in given} == {name: doc[name] for name in given}


@pytest.mark.parametrize(
    ("news", "errors"),
    [
        ({"documentOf": "lot"}, wrong("relatedItem", REQUIRED)),
        ({"documentOf": "lot", "relatedItem": UNKNOWN}, wrong("relatedItem", ["relatedItem should be one of lots"])),
        ({"documentOf": "item", "relatedItem": UNKNOWN}, wrong("relatedItem", ["relatedItem should be one of items"])),
        ({"title": None}, wrong("title", REQUIRED)),
        ({"rogue": 1}, wrong("rogue", "Rogue field")),
    ],
)
def test_invalid_changes(api: Api, tender: Thing, shelf: str, news: Doc, errors: list[Doc]) -> None:
    doc = add_file(api, shelf, token=tender.token)
    assert api.refused("PATCH", f"{shelf}/{doc['id']}", news, token=tender.token, status=422) == errors


def test_a_document_is_about_a_lot_or_an_item(api: Api) -> None:
    tender, (lot,) = with_lots(api, 1)
    doc = add_file(api, f"{tender.path}/documents", token=tender.token)
    path = f"{tender.path}/documents/{doc['id']}"
    for kind, related in (("lot", lot), ("item", tender.data["items"][0]["id"])):
        changed = api.patch(path, {"documentOf": kind, "relatedItem": related}, token=tender.token)
        assert (changed["documentOf"], changed["relatedItem"]) == (kind, related)


# --- who, and when


@pytest.mark.parametrize("user", ["broker", "broker2", "administrator", "chronograph", "contracting", None])
def test_strangers_add_and_change_nothing(api: Api, tender: Thing, shelf: str, user: str | None) -> None:
    doc = add_file(api, shelf, token=tender.token)
    for token in ("", "x" if user == "broker" else tender.token):
        assert api.refused("POST", shelf, registered(api), user=user, token=token) == FORBIDDEN
        assert api.refused("PUT", f"{shelf}/{doc['id']}", registered(api), user=user, token=token) == FORBIDDEN
        assert api.refused("PATCH", f"{shelf}/{doc['id']}", {"title": "x"}, user=user, token=token) == FORBIDDEN


@pytest.mark.parametrize("status", CLOSED)
def test_the_buyer_adds_documents_before_bids_are_made(api: Api, tender: Thing, shelf: str, status: str) -> None:
    doc = add_file(api, shelf, token=tender.token)
    forge_status(api, tender, status)
    refused = upload(api, shelf, token=tender.token, status=403).json["errors"]
    assert refused == said(f"Can't add document in current ({status}) tender status")
    assert api.refused("POST", shelf, registered(api), token=tender.token) == refused
    late = said(f"Can't update document in current ({status}) tender status")
    assert upload(api, f"{shelf}/{doc['id']}", method="PUT", token=tender.token, status=403).json["errors"] == late
    assert api.refused("PATCH", f"{shelf}/{doc['id']}", {"description": "x"}, token=tender.token) == late
    assert api.get(shelf) == [doc]


def test_the_auction_adds_its_protocol(api: Api, tender: Thing, shelf: str) -> None:
    mine = add_file(api, shelf, token=tender.token)
    refused = upload(api, shelf, user="auction", status=403).json["errors"]
    assert refused == said("Can't add document in current (active.enquiries) tender status")
    bidding(api, tender, 450, 440)
    api.until(tender, "active.auction")
    protocol = add_file(api, shelf, user="auction", name="protocol.yaml")
    assert (protocol["author"], protocol["title"]) == ("auction", "protocol.yaml")
    path = f"{shelf}/{protocol['id']}"
    assert api.patch(path, {"description": "Хід аукціону"}, user="auction")["description"] == "Хід аукціону"
    assert api.refused("PATCH", f"{shelf}/{mine['id']}", {"description": "x"}, user="auction") == NOT_AUTHOR
    hold_auction(api, tender)
    assert api.get(tender.path)["status"] == "active.qualification"
    newer = upload(api, path, method="PUT", user="auction", content=b"with names").json["data"]
    assert (newer["id"], newer["author"]) == (protocol["id"], "auction")
    api.post(shelf, registered(api, title="audit.yaml"), user="auction")
    forge_status(api, tender, "complete")
    refused = upload(api, shelf, user="auction", status=403).json["errors"]
    assert refused == said("Can't add document in current (complete) tender status")


def test_a_bot_adds_documents_and_changes_its_own(api: Api, tender: Thing, shelf: str) -> None:
    mine = add_file(api, shelf, token=tender.token)
    doc = add_file(api, shelf, user="bot")
    assert doc["author"] == "bots"
    path = f"{shelf}/{doc['id']}"
    assert api.patch(path, {"description": "Опис"}, user="bot")["description"] == "Опис"
    assert upload(api, path, method="PUT", user="bot").json["data"]["author"] == "bots"
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == NOT_AUTHOR
    assert upload(api, path, method="PUT", token=tender.token, status=403).json["errors"] == NOT_AUTHOR
    assert api.refused("PATCH", f"{shelf}/{mine['id']}", {"description": "x"}, user="bot") == NOT_AUTHOR


def test_documents_of_the_old_toolkit_without_an_author_are_the_buyers(api: Api, tender: Thing, shelf: str) -> None:
    doc = add_file(api, shelf, token=tender.token)
    stored = api.store.get("tender", tender.id)
    body = stored.body
    del body["documents"][0]["author"]
    api.store.put("tender", tender.id, body, expect=stored.rev)
    assert api.patch(f"{shelf}/{doc['id']}", {"description": "Опис"}, token=tender.token)["description"] == "Опис"
    newer = upload(api, f"{shelf}/{doc['id']}", method="PUT", token=tender.token).json["data"]
    assert newer["id"] == doc["id"]


def test_a_document_moves_the_tenders_date(api: Api, tender: Thing, shelf: str) -> None:
    api.clock.advance(HOUR)
    add_file(api, shelf, token=tender.token)
    assert api.get(tender.path)["dateModified"] == api.clock.now.isoformat()


# --- documents of bids, sealed until bids are opened


def test_documents_of_sealed_bids_are_reached_through_the_api(api: Api, tender: Thing) -> None:
    bids = bidding(api, tender, 450, 440)
    path = f"{bids[0].path}/documents"
    doc = add_file(api, path, token=bids[0].token)
    key = doc["url"].partition("?download=")[2]
    assert doc["url"] == f"http://localhost{BASE}{path}/{doc['id']}?download={key}"
    sealed = said("Can't view bid document in current (active.tendering) tender status")
    assert api.refused("GET", f"{path}/{doc['id']}?download={key}") == sealed
    assert api.refused("GET", path.replace("documents", "documents?all=1")) == [
        {
            "location": "body",
            "name": "data",
            "description": "Can't view bid documents in current (active.tendering) tender status",
        }
    ]
    moved = api.web.get(f"{BASE}{path}/{doc['id']}?download={key}&acc_token={bids[0].token}", status=302)
    assert "Expires=" in moved.location
    assert api.web.get(moved.location).body == b"content"
    hold_auction(api, tender)
    shown = api.get(f"{path}/{doc['id']}", user=None)
    assert "Signature=" in shown["url"]
    assert content(api, shown) == b"content"


def test_bidders_add_documents_while_their_award_is_considered(api: Api, tender: Thing) -> None:
    bids = to_qualification(api, tender, 450, 440)
    assert add_file(api, f"{bids[1].path}/documents", token=bids[1].token)["title"] == "звіт.doc"
    refused = upload(api, f"{bids[0].path}/documents", token=bids[0].token, status=403).json["errors"]
    assert refused == said("Can't add document because award of bid is not in pending state")
