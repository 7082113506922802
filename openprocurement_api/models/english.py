"""Who buys and what, where the law wants it said in English too."""

from __future__ import annotations

from . import organization
from .envelope import LANGUAGES
from .item import DeliveredItem
from .types import ListType, ModelType, String


class Identifier(organization.Identifier):
    """An entry of a register, with the name in English."""

    legalName_en = String(required=True, min_length=1)


class ContactPoint(organization.ContactPoint):
    """Whom to ask, and in which language."""

    name_en = String(required=True, min_length=1)
    availableLanguage = String(required=True, default="uk", choices=LANGUAGES)


class ProcuringEntity(organization.ProcuringEntity):
    """The buyer, for readers from abroad."""

    name_en = String(required=True, min_length=1)
    identifier = ModelType(Identifier, required=True)
    additionalIdentifiers = ListType(Identifier, max_size=100)
    contactPoint = ModelType(ContactPoint, required=True)
    additionalContactPoints = ListType(ContactPoint, max_size=100)


class Item(DeliveredItem):
    """What is bought, described in English too."""

    description_en = String(required=True, min_length=1)
