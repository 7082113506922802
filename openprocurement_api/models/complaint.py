"""Claims and complaints against a decision of the buyer."""

from __future__ import annotations

from typing import Any, ClassVar

from schematics.exceptions import ValidationError

from .base import NOW, REQUIRED, Model
from .organization import Organization
from .related import check_exists
from .types import MD5, Boolean, IsoDateTime, ModelType, String, new_id


class Complaint(Model):
    """A claim (the buyer decides) or a complaint (the reviewing body decides), with what became of it."""

    CANCELLED: ClassVar[tuple[str, ...]] = ("cancelled",)
    """Statuses that need a cancellationReason."""

    id = MD5(required=True, default=new_id)
    complaintID = String()
    date = IsoDateTime(default=NOW)
    status = String(
        default="draft",
        choices=("draft", "claim", "answered", "pending", "invalid", "resolved", "declined", "cancelled", "ignored"),
    )
    type = String(default="claim", choices=("claim", "complaint"))
    owner = String()
    relatedLot = MD5()

    author = ModelType(Organization, required=True)
    title = String(required=True)
    description = String()
    dateSubmitted = IsoDateTime()

    resolution = String()
    resolutionType = String(choices=("invalid", "resolved", "declined"))
    dateAnswered = IsoDateTime()
    tendererAction = String()
    tendererActionDate = IsoDateTime()

    satisfied = Boolean()
    dateEscalated = IsoDateTime()

    decision = String()
    dateDecision = IsoDateTime()

    cancellationReason = String()
    dateCanceled = IsoDateTime()

    @classmethod
    def validate_resolutionType(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        if not value and data.get("status") == "answered":
            raise ValidationError(REQUIRED)

    @classmethod
    def validate_cancellationReason(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        if not value and data.get("status") in cls.CANCELLED:
            raise ValidationError(REQUIRED)

    @classmethod
    def validate_relatedLot(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        check_exists(context, "lots", "relatedLot", value)


class ReviewedComplaint(Complaint):
    """A claim, or a complaint that a body outside the procurement decides."""

    CANCELLED = ("cancelled", "stopping")

    status = String(
        default="draft",
        choices=(
            "draft",
            "claim",
            "answered",
            "pending",
            "accepted",
            "invalid",
            "resolved",
            "declined",
            "cancelled",
            "satisfied",
            "stopping",
            "stopped",
            "mistaken",
        ),
    )
    acceptance = Boolean()
    dateAccepted = IsoDateTime()
    # The capital "С" in two of the reasons is a Cyrillic letter in the wire contract.
    rejectReason = String(
        choices=(
            "lawNon\N{CYRILLIC CAPITAL LETTER ES}ompliance",
            "noPaymentReceived",
            "buyerViolations\N{CYRILLIC CAPITAL LETTER ES}orrected",
        )
    )
    rejectReasonDescription = String()
    reviewDate = IsoDateTime()
    reviewPlace = String()
