"""What the toolkit's suites say of bids that are reviewed before their prices are opened, and of their four envelopes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from journey import add_file, cancel, forged, key_of, registered, said, unknown, upload, wrong

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE
from procedures.above_threshold_eu.tests.data import CONFIDENTIAL, RATIONALE
from procedures.above_threshold_eu.tests.play import STAND_STILL, Play

ENVELOPES = ["documents", "financial_documents", "eligibility_documents", "qualification_documents"]
SHUT = ["financial_documents", "qualification_documents"]
FIELDS = {"documents": "documents"} | {
    f"{kind}_documents": f"{kind}Documents" for kind in ("financial", "eligibility", "qualification")
}
TENDERER = {
    "code": "tenderer",
    "featureOf": "tenderer",
    "title": "Досвід",
    "enum": [{"title": "є", "value": 0.1}, {"title": "немає", "value": 0}],
}
KNOWN = {"id", "status", "tenderers"}


def bid(*lots: str, **changes):
    offer = builders.lot_bid(dict.fromkeys(lots, 200)) if lots else builders.bid()
    return offer | builders.DECLARED | changes


# --- making and changing


def test_a_bid_waits_for_its_review(api, play):
    made = play.bid(subcontractingDetails="ДКП «Орфей», Україна")
    assert made.data["status"] == "pending"
    assert made.data["subcontractingDetails"] == "ДКП «Орфей», Україна"
    draft = play.bid(status="draft")
    assert api.patch(draft, {"status": "pending"})["status"] == "pending"


@pytest.mark.parametrize("status", ["active", "unsuccessful", "invalid", "deleted", "invalid.pre-qualification"])
def test_a_bid_begins_as_a_draft_or_waiting(api, play, status):
    refused = api.refused("POST", f"{play.tender.path}/bids", bid(status=status))
    assert refused == said("Bid can be added only with status: ['draft', 'pending'].")


@pytest.mark.parametrize("name", ["selfQualified", "selfEligible"])
def test_bidders_declare_that_they_may_take_part(api, play, name):
    path = f"{play.tender.path}/bids"
    missing = {key: value for key, value in bid().items() if key != name}
    assert api.refused("POST", path, missing, status=422) == wrong(name, ["This field is required."])
    assert api.refused("POST", path, bid(**{name: False}), status=422) == wrong(name, ["Value must be one of [True]."])


@pytest.mark.parametrize("status", ["draft", "active", "invalid", "deleted", "unsuccessful"])
def test_a_bid_is_changed_to_waiting_only(api, play, status):
    made = play.bid()
    assert api.refused("PATCH", made.path, {"status": status}, token=made.token) == said(f"Can't update bid to ({status}) status")
    draft = play.bid(status="draft")
    refused = api.refused("PATCH", draft.path, {"value": builders.value(400)}, token=draft.token)
    assert refused == said("Can't update bid to (draft) status")


def test_a_bid_is_dated_when_its_price_changes(api, play):
    made = play.bid()
    api.clock.advance(timedelta(minutes=1))
    same = api.patch(made, {"tenderers": [builders.organization("Інша назва")]})
    assert same["date"] == made.data["date"]
    assert api.patch(made, {"value": builders.value(400)})["date"] != made.data["date"]


def test_a_deleted_bid_stays_without_what_it_said(api, play):
    made = play.bid()
    gone = api.call("DELETE", made.path, token=made.token).json["data"]
    assert gone == {"id": made.id, "status": "deleted"} == api.get(made.path, token=made.token)
    refused = api.refused("PATCH", made.path, {"status": "pending"}, token=made.token)
    assert refused == said("Can't update bid in (deleted) status")
    play.open_bids(450, 460)
    assert api.get(made.path) == gone
    assert play.doc["bids"][0] == gone


def test_bids_are_confirmed_when_the_tender_changes(api, play):
    made, deleted, draft = play.bid(), play.bid(), play.bid(status="draft")
    api.call("DELETE", deleted.path, token=deleted.token)
    play.amend()
    assert api.get(made.path, token=made.token) == {"id": made.id, "status": "invalid"}
    assert [each["status"] for each in play.stored["bids"]] == ["invalid", "deleted", "draft"]
    refused = api.refused("PATCH", made.path, {"value": builders.value(400)}, token=made.token)
    assert refused == said("Can't update bid to (invalid) status")
    assert api.patch(made, {"status": "pending"})["value"]["amount"] == 450
    assert api.patch(draft, {"status": "pending"})["status"] == "pending"


def test_what_was_not_confirmed_is_not_reviewed(api, play):
    play.bid()
    play.amend()
    play.open_bids(450, 460)
    assert len(play.judgements) == 2
    assert play.doc["bids"][0] == {"id": play.bids[0].id, "status": "invalid"}


def test_offers_for_lots_wait_each_for_its_review(api, divided):
    made = api.post(f"{divided.tender.path}/bids", bid(*divided.lots))
    assert [offer["status"] for offer in made.data["lotValues"]] == ["pending", "pending"]
    sent = [{**offer, "status": "active"} for offer in made.data["lotValues"]]
    shown = api.patch(made, {"lotValues": sent})
    assert [offer["status"] for offer in shown["lotValues"]] == ["pending", "pending"]


def test_bids_do_not_change_after_tendering(api, reviewed):
    first = reviewed.bids[0]
    status = reviewed.status
    assert api.refused("PATCH", first.path, {"status": "pending"}, token=first.token) == said(
        f"Can't update bid in current ({status}) tender status"
    )
    assert api.refused("DELETE", first.path, token=first.token) == said(f"Can't delete bid in current ({status}) tender status")
    assert api.refused("POST", f"{reviewed.tender.path}/bids", bid()) == said(
        f"Can't add bid in current ({status}) tender status"
    )


# --- what is seen of a bid


def test_bids_are_sealed_while_they_are_made(api, play):
    made = play.bid()
    text = "in current (active.tendering) tender status"
    assert api.refused("GET", f"{play.tender.path}/bids") == said(f"Can't view bids {text}")
    assert api.refused("GET", made.path, token=play.tender.token) == said(f"Can't view bid {text}")
    assert not {"bids", "numberOfBids"} & play.doc.keys()
    assert api.get(made.path, token=made.token)["value"]["amount"] == 450


def test_bidders_are_known_in_the_review_and_prices_when_the_auction_is_over(api, play):
    play.open_bids(450, 460)
    path, first = f"{play.tender.path}/bids", play.bids[0]
    for step in (play.judge_all, play.stand_still, play.to_auction):
        assert [set(each) for each in api.get(path)] == [KNOWN, KNOWN]
        assert set(api.get(first.path, token=play.tender.token)) == KNOWN
        assert [set(each) for each in play.doc["bids"]] == [KNOWN, KNOWN]
        assert api.get(first.path, token=first.token)["value"]["amount"] == 450
        step()
    assert [set(each) for each in api.get(path)] == [KNOWN, KNOWN]
    play.compete()
    assert [each["value"]["amount"] for each in api.get(path)] == [450, 460]


def test_of_a_rejected_bid_the_price_is_never_shown(api, reviewed):
    reviewed.judge_all(2).stand_still().to_auction().compete()
    late = reviewed.bids[2]
    for shown in (api.get(late.path), api.get(late.path, token=late.token), reviewed.doc["bids"][2]):
        assert set(shown) == KNOWN | {"selfQualified", "selfEligible"}
        assert shown["status"] == "unsuccessful"


# --- envelopes


def test_documents_come_with_a_bid(api, play):
    sent = {field: [registered(api, f"вміст {field}".encode())] for field in FIELDS.values()}
    sent["financialDocuments"][0] |= CONFIDENTIAL
    made = api.post(f"{play.tender.path}/bids", bid(**sent))
    for plural, field in FIELDS.items():
        (document,) = made.data[field]
        assert f"/bids/{made.id}/{plural}/{document['id']}?download=" in document["url"]
        assert (document["language"], document["confidentiality"]) == ("uk", sent[field][0].get("confidentiality", "public"))


@pytest.mark.parametrize("plural", ENVELOPES)
def test_an_envelope_is_filled_while_bids_are_made(api, play, plural):
    made = play.bid()
    path = f"{made.path}/{plural}"
    added = add_file(api, path, token=made.token)
    assert (added["confidentiality"], added["language"]) == ("public", "uk")
    assert upload(api, f"{path}/{added['id']}", method="PUT", token=made.token, content=b"new").json["data"]["id"] == added["id"]
    assert api.patch(f"{path}/{added['id']}", {"title": "нова.doc"}, token=made.token)["title"] == "нова.doc"
    assert [each["title"] for each in api.get(path, token=made.token)] == ["нова.doc"]
    assert len(api.get(f"{path}/{added['id']}", token=made.token)["previousVersions"]) == 1
    assert api.refused("GET", f"{path}/{'0' * 32}", token=made.token, status=404) == unknown("document")
    assert api.get(made.path, token=made.token)[FIELDS[plural]]
    for address, words in ((path, "documents"), (f"{path}/{added['id']}", "document")):
        assert api.refused("GET", address) == said(f"Can't view bid {words} in current (active.tendering) tender status")


@pytest.mark.parametrize("plural", SHUT)
def test_some_envelopes_stay_shut_in_the_review(api, play, plural):
    made = play.bid()
    added = add_file(api, f"{made.path}/{plural}", token=made.token)
    play.open_bids(460)
    for step in (play.judge_all, play.stand_still, play.to_auction):
        text = f"in current ({play.status}) tender status"
        assert api.refused("GET", f"{made.path}/{plural}") == said(f"Can't view bid documents {text}")
        assert api.refused("GET", f"{made.path}/{plural}/{added['id']}", token=play.tender.token) == said(
            f"Can't view bid document {text}"
        )
        assert api.get(f"{made.path}/{plural}", token=made.token)[0]["id"] == added["id"]
        step()
    play.compete()
    assert api.get(f"{made.path}/{plural}")[0]["id"] == added["id"]


@pytest.mark.parametrize("plural", ["documents", "eligibility_documents"])
def test_some_envelopes_are_read_in_the_review(api, play, plural):
    made = play.bid()
    added = add_file(api, f"{made.path}/{plural}", token=made.token)
    play.open_bids(460)
    assert api.get(f"{made.path}/{plural}")[0]["id"] == added["id"]
    assert play.doc["bids"][0][FIELDS[plural]][0]["id"] == added["id"]


def test_of_a_rejected_bid_what_was_shut_stays_shut(api, reviewed):
    late = reviewed.bids[2]
    with forged(api, reviewed.tender) as body:
        document = registered(api) | {"id": "f" * 32, "confidentiality": "public", "language": "uk"}
        body["bids"][2] |= {field: [document | {"documentOf": "tender"}] for field in FIELDS.values()}
    reviewed.judge_all(2).stand_still().to_auction().compete()
    for plural in SHUT:
        text = "Can't view bid documents in current (unsuccessful) bid status"
        assert api.refused("GET", f"{late.path}/{plural}") == said(text)
        assert api.refused("GET", f"{late.path}/{plural}/{'f' * 32}", token=reviewed.tender.token) == said(text)
        assert api.get(f"{late.path}/{plural}", token=late.token)
    assert api.get(f"{late.path}/eligibility_documents")
    assert {"documents", "eligibilityDocuments"} < reviewed.doc["bids"][2].keys()
    assert not {"financialDocuments", "qualificationDocuments"} & reviewed.doc["bids"][2].keys()


def test_of_a_deleted_bid_no_document_is_seen(api, play):
    made = play.bid()
    add_file(api, f"{made.path}/documents", token=made.token)
    api.call("DELETE", made.path, token=made.token)
    play.open_bids(450, 460)
    text = "Can't view bid documents in current (deleted) bid status"
    assert api.refused("GET", f"{made.path}/documents") == said(text)


@pytest.mark.parametrize("plural", ENVELOPES)
def test_a_bid_that_takes_no_part_has_its_documents_as_they_were(api, play, plural):
    made = play.bid()
    added = add_file(api, f"{made.path}/{plural}", token=made.token)
    play.amend()
    path = f"{made.path}/{plural}"
    assert api.refused("POST", path, registered(api), token=made.token) == said("Can't add document to 'invalid' bid")
    refused = upload(api, f"{path}/{added['id']}", method="PUT", token=made.token, status=403).json["errors"]
    assert refused == said("Can't update document in 'invalid' bid")
    refused = api.refused("PATCH", f"{path}/{added['id']}", {"title": "x"}, token=made.token)
    assert refused == said("Can't update document data for 'invalid' bid")


def test_documents_are_added_again_when_the_bid_is_considered(api, play):
    first, second = play.bid(450), play.bid(460)
    added = add_file(api, f"{first.path}/documents", token=first.token)
    play.open_bids()
    refused = api.refused("POST", f"{first.path}/documents", registered(api), token=first.token)
    assert refused == said("Can't add document in current (active.pre-qualification) tender status")
    play.judge_all().stand_still()
    refused = api.refused("PATCH", f"{first.path}/documents/{added['id']}", {"title": "x"}, token=first.token)
    assert refused == said(f"Can't update document in current ({STAND_STILL}) tender status")
    play.to_auction().compete()
    add_file(api, f"{first.path}/financial_documents", token=first.token)
    refused = api.refused("POST", f"{second.path}/financial_documents", registered(api), token=second.token)
    assert refused == said("Can't add document because award of bid is not in pending or active state")
    play.decide("active")
    add_file(api, f"{first.path}/qualification_documents", token=first.token)


# --- what is for the buyer alone


@pytest.mark.parametrize(
    ("rationale", "text"),
    [
        (None, "confidentialityRationale is required"),
        ("too short", "confidentialityRationale should contain at least 30 characters"),
    ],
)
def test_who_makes_a_document_confidential_says_why(api, play, rationale, text):
    made = play.bid()
    added = add_file(api, f"{made.path}/documents", token=made.token)
    news = {"confidentiality": "buyerOnly"} | ({"confidentialityRationale": rationale} if rationale else {})
    refused = api.refused("PATCH", f"{made.path}/documents/{added['id']}", news, token=made.token, status=422)
    assert refused == wrong("confidentialityRationale", [text])


@pytest.mark.parametrize("plural", ENVELOPES)
def test_what_is_confided_to_the_buyer(api, play, plural):
    made = play.bid()
    added = add_file(api, f"{made.path}/{plural}", token=made.token, content=b"secret")
    path = f"{made.path}/{plural}/{added['id']}"
    shown = api.patch(path, CONFIDENTIAL, token=made.token)
    assert shown["confidentialityRationale"] == RATIONALE
    key = key_of(shown)
    play.open_bids(460).judge_all().stand_still().to_auction().compete()
    download = f"{path}?download={key}"
    for token in ("", play.bids[1].token):
        assert "url" not in api.get(path, token=token)
        assert all("url" not in each for each in api.get(f"{made.path}/{plural}", token=token))
        assert api.refused("GET", download, token=token) == said("Document download forbidden.")
    assert "url" not in play.doc["bids"][0][FIELDS[plural]][0]
    for token in (made.token, play.tender.token):
        assert api.get(path, token=token)["url"] == f"http://localhost{BASE}{download}"
        assert api.get(f"{made.path}/{plural}", token=token)[0]["url"].endswith(key)
        assert api.call("GET", download, token=token, status=302).headers["Location"]
    buyers = api.get(made.path, token=play.tender.token)
    assert buyers[FIELDS[plural]][0]["url"].endswith(key)


@pytest.mark.parametrize("plural", ["documents", "eligibility_documents"])
def test_an_earlier_version_is_no_way_round(api, play, plural):
    """Neither to download it, nor to its address: where documents are listed, in the whole tender, in what the tender was."""
    made = play.bid()
    added = add_file(api, f"{made.path}/{plural}", token=made.token, content=b"old")
    path = f"{made.path}/{plural}/{added['id']}"
    old = key_of(added)
    upload(api, path, method="PUT", token=made.token, content=b"new")
    api.patch(path, CONFIDENTIAL, token=made.token)
    play.open_bids(450, 460)
    assert api.refused("GET", f"{path}?download={old}") == said("Document download forbidden.")
    for address in (path, f"{made.path}/{plural}?all=1", made.path, play.tender.path, f"{play.tender.path}/historical"):
        assert old not in api.call("GET", address, user=None).text
        assert added["id"] in api.call("GET", address, user=None).text
    (before,) = api.get(path, token=play.tender.token)["previousVersions"]
    assert before["url"].endswith(old)
    assert before["confidentialityRationale"] == RATIONALE


def test_a_new_version_for_everybody_does_not_open_the_one_before(api, play):
    made = play.bid()
    added = add_file(api, f"{made.path}/documents", token=made.token, content=b"secret")
    path = f"{made.path}/documents/{added['id']}"
    secret = key_of(api.patch(path, CONFIDENTIAL, token=made.token))
    api.call("PUT", path, registered(api, b"open") | {"confidentiality": "public"}, token=made.token)
    play.open_bids(450, 460)
    shown = api.get(path, user=None)
    assert "Signature" in shown["url"]
    assert ["url" in each for each in shown["previousVersions"]] == [False]
    assert secret not in api.call("GET", play.tender.path, user=None).text
    assert api.refused("GET", f"{path}?download={secret}") == said("Document download forbidden.")


def test_confidentiality_does_not_change_after_tendering(api, play):
    made = play.bid()
    added = add_file(api, f"{made.path}/documents", token=made.token)
    play.open_bids(460).judge_all().stand_still().to_auction().compete()
    path, text = (
        f"{made.path}/documents/{added['id']}",
        "Can't update document confidentiality in current (active.qualification) tender status",
    )
    assert api.refused("PATCH", path, CONFIDENTIAL, token=made.token) == said(text)
    assert api.refused("PUT", path, registered(api) | CONFIDENTIAL, token=made.token) == said(text)
    assert api.patch(path, {"title": "нова.doc", "confidentiality": "public"}, token=made.token)["title"] == "нова.doc"
    kept = api.call("PUT", path, registered(api, b"new"), token=made.token).json["data"]
    assert kept["confidentiality"] == "public"


# --- what is given up


@pytest.mark.parametrize(
    "way", [lambda p: p, lambda p: p.judge_all().stand_still(), lambda p: p.judge_all().stand_still().to_auction()]
)
def test_bids_of_a_cancelled_tender_are_never_opened(api, play, way):
    way(play.open_bids(450, 460))
    cancel(api, play.tender)
    for shown in (*play.doc["bids"], api.get(play.bids[0].path, token=play.bids[0].token)):
        assert set(shown) == KNOWN
        assert shown["status"] == "invalid.pre-qualification"


def test_bids_go_with_a_tender_that_is_cancelled_while_they_are_made(api, play):
    play.bid()
    cancel(api, play.tender)
    assert "bids" not in play.doc


def test_what_is_said_about_a_cancelled_lot_goes(api):
    play = Play(api, lots=2, features=[TENDERER])
    first, second = play.lots
    answers = [{"code": "tenderer", "value": 0.1}]
    made = play.bid(200, first, second, parameters=answers)
    only = play.bid(210, first, parameters=answers)
    for plural in ENVELOPES:
        for lot in (first, second):
            news = registered(api) | {"documentOf": "lot", "relatedItem": lot}
            api.post(f"{made.path}/{plural}", news, token=made.token)
    for amount in (220, 230):
        play.bid(amount, first, second, parameters=answers)
    play.open_bids()
    cancel(api, play.tender, first)
    kept, gone = play.stored["bids"][:2]
    assert [offer["relatedLot"] for offer in kept["lotValues"]] == [second]
    assert all([each["relatedItem"] for each in kept[field]] == [second] for field in FIELDS.values())
    assert gone["status"] == "invalid.pre-qualification"
    assert api.get(only.path, token=only.token).keys() == KNOWN
    assert {each["status"] for each in play.judgements if each["lotID"] == first} == {"cancelled"}


def test_a_bid_for_nothing_but_a_cancelled_lot_is_invalid(api, divided):
    divided.bid(200, divided.lots[0])
    cancel(api, divided.tender, divided.lots[0])
    assert divided.stored["bids"][0]["status"] == "invalid"


def test_nothing_is_cancelled_that_has_failed_already(api, reviewed):
    reviewed.judge_all(0, 1, 2)
    refused = api.refused(
        "POST", f"{reviewed.tender.path}/cancellations", {"reason": "Немає коштів"}, token=reviewed.tender.token
    )
    assert refused == said("Can't add cancellation if all qualifications is unsuccessful")


def test_once_prices_are_open_bids_stay_as_they_are(api):
    play = Play(api, lots=2).awarding(200, 210)
    cancel(api, play.tender, play.lots[0])
    assert all(len(bid["lotValues"]) == 2 and bid["status"] == "active" for bid in play.doc["bids"])
    assert {each["status"] for each in play.judgements} == {"active"}
