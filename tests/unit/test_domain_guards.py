"""Guards and effects that every procedure composes."""

from __future__ import annotations

import pytest
from toy_procedure import ctx, later, sale

from openprocurement_api.domain.actors import OWNER, REVIEWER
from openprocurement_api.domain.guards import (
    author_only,
    field_is,
    has_lots,
    in_active_lot,
    latest,
    lot_of,
    lots,
    stamp,
    within,
)
from openprocurement_api.domain.refusal import Refusal
from openprocurement_api.domain.workflow import ADD

LOTS = [{"id": "one", "status": "active"}, {"id": "two", "status": "cancelled"}]
ITEMS = [{"id": "chair", "relatedLot": "two"}, {"id": "table"}]


def test_the_present_moment_is_written_down():
    doc = sale()
    effect = stamp("dateSigned")
    effect(ctx(doc))
    assert doc["dateSigned"] == later()
    assert effect.__doc__ == "dateSigned is now"


def test_a_field_has_a_value():
    guard = field_is("mode", "test")
    assert guard(ctx(sale(mode="test"))) is True
    assert guard(ctx(sale())) is False
    assert guard.__doc__ == "mode is test"


def test_lots():
    root = sale(lots=LOTS)
    assert has_lots(root)
    assert not has_lots(sale())
    assert [lot["id"] for lot in lots(root)] == ["one"]
    assert [lot["id"] for lot in lots(root, "cancelled")] == ["two"]


@pytest.mark.parametrize(
    ("kind", "related", "lot"),
    [("tender", "one", None), ("lot", "one", "one"), ("item", "chair", "two"), ("item", "table", None), ("item", "sofa", None)],
)
def test_the_lot_something_is_about(kind, related, lot):
    assert lot_of(sale(items=ITEMS), kind, related) == lot


def test_an_active_lot_is_asked_for_only_where_a_lot_is_concerned():
    guard = in_active_lot(lambda c: c.doc.get("lot"), "question")
    assert guard(ctx(sale(lots=LOTS))) is True
    assert guard(ctx(sale(lots=LOTS, lot="one"))) is True
    assert guard(ctx(sale(lots=LOTS, lot="two"), verb=ADD)) == Refusal("Can add question only in active lot status")
    assert guard.__doc__ == "the question's lot is active"


def test_only_the_author_changes_a_document():
    assert author_only(ctx(sale(author="reviewers"), REVIEWER)) is True
    assert author_only(ctx(sale(), OWNER)) is True
    assert author_only(ctx(sale(author="reviewers"), OWNER)) == Refusal("Can update document only author", "role", "url")


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        (None, None, True),
        (0, 0, True),
        (-1, 1, True),
        (1, None, False),
        (1, 2, False),
        (None, -1, False),
        (-2, -1, False),
        (-1, None, True),
    ],
)
def test_inside_a_period_open_where_it_names_no_end(start, end, inside):
    bounds = {name: later(hours=hours) for name, hours in (("startDate", start), ("endDate", end)) if hours is not None}
    assert within(bounds, ctx(sale())) is inside


def test_the_latest_of_some_moments_is_the_latest_in_time_not_in_writing():
    assert latest([None, "2026-03-02T09:00:00+00:00", "2026-03-02T10:00:00+02:00"]) == "2026-03-02T09:00:00+00:00"
    assert latest([None, ""]) is latest([]) is None
