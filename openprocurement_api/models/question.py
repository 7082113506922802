"""Questions to the buyer."""

from __future__ import annotations

from typing import Any

from .base import NOW, Model
from .organization import Organization
from .related import check_related
from .types import MD5, IsoDateTime, ModelType, String, new_id


class Question(Model):
    """A question about the tender, one lot or one item, and its answer."""

    id = MD5(required=True, default=new_id)
    author = ModelType(Organization, required=True)
    title = String(required=True)
    description = String()
    date = IsoDateTime(default=NOW)
    answer = String()
    questionOf = String(required=True, default="tender", choices=("tender", "item", "lot"))
    relatedItem = String(min_length=1)
    dateAnswered = IsoDateTime()

    @classmethod
    def validate_relatedItem(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        check_related(context, data.get("questionOf"), "relatedItem", value)
