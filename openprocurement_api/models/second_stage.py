"""The second stage of a dialogue: a tender that only the firms that took part in the first one may bid for."""

from __future__ import annotations

from typing import Any

from schematics.exceptions import ValidationError

from openprocurement_api.models.base import Model, scope
from openprocurement_api.models.organization import Identifier
from openprocurement_api.models.related import nodes
from openprocurement_api.models.types import MD5, ListType, ModelType, String

LEAST_FIRMS = 3


class LotId(Model):
    """A lot for which a firm may bid."""

    id = MD5()

    @classmethod
    def validate_id(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if value not in {lot.get("id") for lot in nodes(context, "lots")}:
            raise ValidationError("id should be one of lots")


class Firm(Model):
    """A firm that took part in the first stage; with lots, those for which it may bid."""

    identifier = ModelType(Identifier, required=True)
    name = String(required=True)
    lots = ListType(LotId, max_size=100)


class Shortlisted:
    """What the tender of a second stage says of the first: fields for a subclass of a tender's model."""
