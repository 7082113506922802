"""What a second stage has from the first: the announcement, the lots that go on, and who passed the review. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid5

from openprocurement_api.domain.guards import has_lots, lot_of, lots
from openprocurement_api.domain.workflow import Doc
from openprocurement_api.nodes.dialogue import firm

SUFFIX = ".stage2"
SPACE = UUID("5d6a5c3e-2f0b-4c1c-9d0e-7f1a2b3c4d5e")
"""What ids of second stages are reckoned in; to change it is to open second stages twice."""
ALIKE = (
    "title", "title_en", "title_ru", "description", "description_en", "description_ru", "value", "minimalStep", "procuringEntity",
    "mode", "procurementMethodDetails", "submissionMethodDetails",
)  # fmt: skip
"""Fields that are as in the first stage."""


def second_id(first_id: str) -> str:
    """The id of the second stage: it follows from that of the first, so that whoever opens it opens the same one."""
    return uuid5(SPACE, first_id).hex


def announcement(first: Doc) -> Doc:
    """The second stage as a bridge announces it."""
    alike = {name: first[name] for name in ALIKE if name in first}
    return alike | parts(first) | {
        "procurementMethodType": first["procurementMethodType"] + SUFFIX,
        "status": "draft.stage2",
        "owner": first["owner"],
        "dialogue_token": first["owner_token"],
        "dialogueID": first["id"],
        "tenderID": f"{first['tenderID']}.2",
        "shortlistedFirms": shortlist(first),
    }  # fmt: skip


def parts(first: Doc) -> Doc:
    """The lots that go on, their items, and the criteria about what goes on."""
    going_on = {None, *(lot["id"] for lot in lots(first))}
    found = {
        "lots": lots(first),
        "items": [item for item in first["items"] if item.get("relatedLot") in going_on],
        "features": [f for f in first.get("features", ()) if lot_of(first, f["featureOf"], f.get("relatedItem")) in going_on],
    }
    return {name: values for name, values in found.items() if values}


def shortlist(first: Doc) -> list[Doc]:
    """The firms that passed the review, once each; with lots, those for which it passed that go on."""
    going_on = {lot["id"] for lot in lots(first)}
    bids = {bid["id"]: bid for bid in first["bids"]}
    found: dict[tuple[str, str], Doc] = {}
    for each in passed(first["qualifications"]):
        if has_lots(first) and each["lotID"] not in going_on:
            continue
        for tenderer in bids[each["bidID"]]["tenderers"]:
            listed = found.setdefault(firm(tenderer), {"identifier": tenderer["identifier"], "name": tenderer["name"]})
            if has_lots(first):
                listed.setdefault("lots", []).append({"id": each["lotID"]})
    return list(found.values())


def passed(qualifications: Iterable[Doc]) -> list[Doc]:
    """The qualifications that let a bidder in."""
    return [each for each in qualifications if each["status"] == "active"]
