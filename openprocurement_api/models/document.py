"""Descriptions of files; the files themselves are kept by the document service."""

from __future__ import annotations

from typing import Any, ClassVar

from .base import NOW, Model
from .related import check_related
from .types import MD5, Hash, IsoDateTime, String, new_id, translated

DOCUMENT_TYPES = (
    "tenderNotice",
    "awardNotice",
    "contractNotice",
    "notice",
    "biddingDocuments",
    "technicalSpecifications",
    "evaluationCriteria",
    "clarifications",
    "shortlistedFirms",
    "riskProvisions",
    "billOfQuantity",
    "bidders",
    "conflictOfInterest",
    "debarments",
    "evaluationReports",
    "winningBid",
    "complaints",
    "contractSigned",
    "contractArrangements",
    "contractSchedule",
    "contractAnnexe",
    "contractGuarantees",
    "subContract",
    "eligibilityCriteria",
    "contractProforma",
    "commercialProposal",
    "qualificationDocuments",
    "eligibilityDocuments",
    "registerExtract",
)


@translated("title", "description")
class Document(Model):
    """One version of a file. `author` is the role of who uploaded it."""

    CALLED: ClassVar = "Document"

    id = MD5(required=True, default=new_id)
    hash = Hash()
    documentType = String(choices=DOCUMENT_TYPES)
    title = String(required=True)
    description = String()
    format = String(required=True, regex=r"^[-\w]+/[-\.\w\+]+$")
    url = String(required=True)
    datePublished = IsoDateTime(default=NOW)
    dateModified = IsoDateTime(default=NOW)
    language = String()
    documentOf = String(required=True, default="tender", choices=("tender", "item", "lot"))
    relatedItem = MD5()
    author = String()

    @classmethod
    def validate_relatedItem(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        check_related(context, data.get("documentOf"), "relatedItem", value)
