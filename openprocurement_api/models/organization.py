"""Who buys and who sells."""

from __future__ import annotations

from typing import Any

from schematics.exceptions import ValidationError

from ..codelists import identifier_schemes
from .base import Model
from .types import URL, Email, ListType, ModelType, Scalar, String, translated


@translated("legalName")
class Identifier(Model):
    """An entry of a register of organizations."""

    scheme = String(required=True, choices=sorted(identifier_schemes()))
    id = Scalar(required=True)
    legalName = String()
    uri = URL()


@translated("countryName")
class Address(Model):
    """A postal address."""

    streetAddress = String()
    locality = String()
    region = String()
    postalCode = String()
    countryName = String(required=True)


@translated("name")
class ContactPoint(Model):
    """Whom to ask; by telephone or e-mail at least."""

    name = String(required=True)
    email = Email()
    telephone = String()
    faxNumber = String()
    url = URL()

    @classmethod
    def validate_email(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        if not value and not data.get("telephone"):
            raise ValidationError("telephone or email should be present")


@translated("name")
class Organization(Model):
    """A legal entity or an entrepreneur."""

    name = String(required=True)
    identifier = ModelType(Identifier, required=True)
    additionalIdentifiers = ListType(Identifier, max_size=100)
    address = ModelType(Address, required=True)
    contactPoint = ModelType(ContactPoint, required=True)


class ProcuringEntity(Organization):
    """The buyer. Its kind decides which procedures it may use."""

    kind = String(choices=("general", "special", "defense", "other"))
