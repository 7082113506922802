"""Numbers of which some places are kept, lists of them, models without fields of their bases, and rules about parts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schematics.exceptions import CompoundError, ValidationError

from openprocurement_api.errors import Invalid
from openprocurement_api.models.base import Model, Scope, check
from openprocurement_api.models.schema import definition
from openprocurement_api.models.types import Fixed, ModelType, Numbers, String, without

KYIV = ZoneInfo("Europe/Kyiv")
SCOPE = Scope(root={}, parent=None, now=datetime(2020, 1, 31, 12, tzinfo=KYIV), tz=KYIV)


class Base(Model):
    share = Fixed(places=5, min_value=0, max_value=Decimal("0.99"))
    savings = Numbers(Fixed(required=True))
    name = String(required=True)

    @classmethod
    def validate_name(cls, _data, value, _context):
        if value == "nobody":
            raise ValidationError("Who is it?")


class Whole(Model):
    part = ModelType(Base)

    @classmethod
    def validate_part(cls, _data, value, _context):
        if value["share"] is None:
            raise CompoundError({"share": ValidationError("How much is it?")})


@without("name")
class Nameless(Base):
    pass


def sent(model=Nameless, **raw):
    return check(model, raw, SCOPE)


def refused(model=Nameless, **raw):
    with pytest.raises(Invalid) as refusal:
        sent(model, **raw)
    return {problem.name: problem.description for problem in refusal.value.problems}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (0.1, 0.1),
        ("0.123455", 0.12346),
        (0.123454999, 0.12345),
        (0.9006000000000001, 0.9006),
        (0.000004, 0.0),
        (0.990004, 0.99),
        (Decimal("0.50000"), 0.5),
    ],
)
def test_five_places_are_kept(given, kept):
    assert sent(share=given) == {"share": kept}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("much", "Number 'much' failed to convert to a decimal."),
        (True, "Number 'true' failed to convert to a decimal."),
        ([], "Number '[]' failed to convert to a decimal."),
        (-0.00001, "Value should be greater than 0."),
        (0.990005, "Value should be less than 0.99."),
        (1e300, "Value should be less than 0.99."),
        ("1234567890123456789012345678.1234567", "Value should have at most 15 significant digits."),
        ("99999999999999.123456", "Value should have at most 15 significant digits."),
    ],
)
def test_what_is_no_share(given, message):
    assert refused(share=given) == {"share": [message]}


@given(st.decimals(0, Decimal("0.99"), places=8))
def test_what_is_kept_is_at_most_half_a_place_away(number):
    kept = Decimal(str(sent(share=number)["share"]))
    assert abs(kept - number) <= Decimal("0.000005")
    assert kept == round(kept, 5)


@pytest.mark.parametrize(
    ("given", "kept"), [([1, "2.5", 0.123456789], [1, 2.5, 0.123456789]), (7, [7]), ("7.5", [7.5]), ([], [])]
)
def test_lists_of_numbers(given, kept):
    assert sent(savings=given) == {"savings": kept}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"0": 1}, ["Please use a list for this field instead of dict."]),
        ([1, "x", "y"], ["Number 'x' failed to convert to a decimal."]),
        ([1, None], [["This field is required."]]),
        ([0] * 1001, ["Please provide no more than 1000 items."]),
    ],
)
def test_what_is_no_list_of_numbers(given, message):
    assert refused(savings=given) == {"savings": message}


def test_a_model_without_a_field_of_its_base():
    assert refused(name="somebody") == {"name": "Rogue field"}
    assert refused(Base) == {"name": ["This field is required."]}
    assert refused(Base, name="nobody") == {"name": ["Who is it?"]}


def test_a_rule_may_speak_of_a_part():
    assert refused(Whole, part={"name": "somebody"}) == {"part": {"share": ["How much is it?"]}}


def test_the_schema_says_the_bounds():
    properties = definition(Nameless, "#/")["properties"]
    assert properties["share"] == {"type": "number", "minimum": 0, "maximum": 0.99}
    assert properties["savings"]["items"] == {"type": "number"}
