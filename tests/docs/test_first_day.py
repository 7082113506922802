"""The guide "A first day" is played; its examples are what was said: `pytest tests/docs --update-snapshots` records them anew."""

from __future__ import annotations

from datetime import timedelta

from openprocurement_api.testing import builders

KEY = "7f3a2c1e-5b0d-4c6e-9a51-0d6f1b8e2c47"
FILE = b"%PDF-1.4 specification"
SUPPLIER = "ТОВ «Майстер»"


def test_a_first_day(api, keep):
    tender = publishing(api, keep)
    changing(api, keep, tender)
    attaching(api, keep, tender)
    question(api, keep, tender)
    claim(api, keep, tender)
    bid = bidding(api, keep, tender)
    awarding(api, keep, tender, bid)
    watching(api, keep, tender)


def publishing(api, keep):
    """A draft, repeated after a lost answer, published."""
    data = builders.tender(api.clock.now, status="draft")
    post = {"user": "broker", "status": 201, "Idempotency_Key": KEY}
    made = keep("01-draft", api.call("POST", "/tenders", data, **post), "id", "tenderID", "status", "next_check")
    again = keep("02-draft-again", api.call("POST", "/tenders", data, **post), "id", "tenderID", "status")
    assert again.json == made.json
    path, token = f"/tenders/{made.json['data']['id']}", made.json["access"]["token"]
    published = api.call("PATCH", path, {"status": "active.enquiries"}, token=token)
    keep("03-publish", published, "id", "status", "enquiryPeriod", "tenderPeriod", "next_check")
    return path, token


def changing(api, keep, tender):
    """What may be done, a change, a change that comes too late, a change that is wrong."""
    path, token = tender
    keep("04-actions", api.call("GET", f"{path}?opt_fields=actions", token=token), "status")
    seen = keep("05-read", api.call("GET", path, user=None), "id", "status", "description")
    etag = seen.headers["ETag"]
    keep("06-change", api.call("PATCH", path, {"description": "Колір: білий"}, token=token, If_Match=etag), "id", "description")
    late = {"description": "Колір: сірий"}
    keep("07-change-too-late", api.call("PATCH", path, late, token=token, If_Match=etag, status=412))
    keep("08-change-wrong", api.call("PATCH", path, {"value": {"amount": "many"}, "rogue": 1}, token=token, status=422))
    keep("09-change-by-a-stranger", api.call("PATCH", path, late, user="broker1", status=403))


def attaching(api, keep, tender):
    """A file goes to the document service, its description to the tender."""
    path, token = tender
    api.web.authorization = ("Basic", ("broker", ""))
    uploaded = api.web.post("/docservice/upload", upload_files=[("file", "specification.pdf", FILE)])
    described = keep("09a-upload", uploaded).json["data"]
    added = api.call(
        "POST", f"{path}/documents", described | {"documentType": "technicalSpecifications"}, token=token, status=201
    )
    keep("09b-document", added, "id", "title", "documentType", "url")


def question(api, keep, tender):
    """A question and its answer."""
    path, token = tender
    asked = {"title": "Розмір", "description": "Яка висота парти?", "author": builders.organization(SUPPLIER, "00000011")}
    made = keep("10-question", api.call("POST", f"{path}/questions", asked, status=201), "id", "title", "description")
    place = f"{path}/questions/{made.json['data']['id']}"
    keep("11-answer", api.call("PATCH", place, {"answer": "76 см"}, token=token), "id", "answer", "dateAnswered")


def claim(api, keep, tender):
    """A supplier objects, the buyer answers, the supplier says that it is settled."""
    path, token = tender
    author = builders.organization(SUPPLIER, "00000011")
    said = {"title": "Вимоги", "description": "Вимоги надмірні", "author": author, "status": "claim"}
    made = api.call("POST", f"{path}/complaints", said, status=201)
    keep("11a-claim", made, "id", "complaintID", "status", "dateSubmitted")
    place, own = f"{path}/complaints/{made.json['data']['id']}", made.json["access"]["token"]
    resolution = {"status": "answered", "resolutionType": "resolved", "resolution": "Вимоги змінено, дякуємо за звернення"}
    keep("11b-claim-answered", api.call("PATCH", place, resolution, token=token), "id", "status", "resolution", "dateAnswered")
    settled = {"status": "resolved", "satisfied": True}
    keep("11c-claim-settled", api.call("PATCH", place, settled, token=own), "id", "status", "satisfied")


def bidding(api, keep, tender):
    """The clock opens the tender to bids; one is refused, one is made, nobody else sees it."""
    path, _token = tender
    early = api.call("POST", f"{path}/bids", builders.bid(450), status=403)
    keep("12-bid-too-early", early)
    api.clock.now += timedelta(days=7)
    api.call("PATCH", path, {"id": path.rpartition("/")[2]}, user="chronograph")
    made = keep("13-bid", api.call("POST", f"{path}/bids", builders.bid(450), status=201), "id", "status", "value")
    place, token = f"{path}/bids/{made.json['data']['id']}", made.json["access"]["token"]
    keep("14-bid-changed", api.call("PATCH", place, {"value": {"amount": 440}}, token=token), "id", "status", "value")
    keep("15-bid-unseen", api.call("GET", place, user="broker1", status=403))
    return place, token


def awarding(api, keep, tender, bid):
    """Bids are opened, the only one is considered and wins, the contract is signed after the stand-still."""
    path, token = tender
    api.clock.now += timedelta(days=7)
    api.call("PATCH", path, {"id": path.rpartition("/")[2]}, user="chronograph")
    awards = keep("16-awards", api.call("GET", f"{path}/awards", user=None)).json["data"]
    place = f"{path}/awards/{awards[0]['id']}"
    keep("17-award", api.call("PATCH", place, {"status": "active"}, token=token), "id", "status", "complaintPeriod")
    contract = f"{path}/contracts/{api.get(f'{path}/contracts')[0]['id']}"
    keep("18-contract-too-early", api.call("PATCH", contract, {"status": "active"}, token=token, status=403))
    api.clock.now += timedelta(days=5)
    signed = api.call("PATCH", contract, {"status": "active"}, token=token)
    keep("19-contract", signed, "id", "contractID", "status", "value", "dateSigned")
    assert api.get(path)["status"] == "complete"


def watching(api, keep, tender):
    """The feed, as an observer follows it."""
    page = keep("20-feed", api.call("GET", "/tenders?opt_fields=status", user=None))
    after = page.json["next_page"]["path"]
    keep("21-feed-next", api.call("GET", after, user=None))
    keep("22-historical", api.call("GET", f"{tender[0]}/historical?revision=1", user=None), "id", "status", "dateModified")
