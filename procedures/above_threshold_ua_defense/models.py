"""The buyer for defence, who may name more persons to ask, and the languages they speak."""

from __future__ import annotations

from openprocurement_api.models import organization
from openprocurement_api.models.envelope import LANGUAGES
from openprocurement_api.models.open_tender import OpenTender
from openprocurement_api.models.types import ListType, ModelType, String


class ContactPoint(organization.ContactPoint):
    """Whom to ask, and in which language."""

    availableLanguage = String(choices=LANGUAGES)


class ProcuringEntity(organization.ProcuringEntity):
    """The buyer."""

    contactPoint = ModelType(ContactPoint, required=True)
    additionalContactPoints = ListType(ContactPoint, max_size=100)


class DefenseTender(OpenTender):
    """A call for bids of a buyer for defence."""

    procuringEntity = ModelType(ProcuringEntity, required=True)
