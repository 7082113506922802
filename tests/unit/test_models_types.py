"""Types of fields: what they accept, what they turn it into, and the message for everything else."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from schematics.exceptions import ValidationError

from openprocurement_api.errors import Invalid
from openprocurement_api.models.base import NOW, Model, Scope, check, read
from openprocurement_api.models.types import (
    MD5,
    URL,
    Boolean,
    Email,
    Hash,
    Integer,
    IsoDateTime,
    ListType,
    ModelType,
    Number,
    Scalar,
    String,
    translated,
    unique,
)

KYIV = ZoneInfo("Europe/Kyiv")
SCOPE = Scope(root={}, parent=None, now=datetime(2020, 1, 31, 12, tzinfo=KYIV), tz=KYIV)
HEX = "d41d8cd98f00b204e9800998ecf8427e"
REQUIRED = "This field is required."


class Part(Model):
    code = String(required=True)
    size = Integer()


@translated("text")
class Sample(Model):
    TRAINING = frozenset({"lesson"})

    lesson = String()
    text = String()
    choice = String(choices=("draft", "active"))
    word = String(min_length=2, max_length=3, regex=r"^[a-z]+$")
    md5 = MD5()
    hash = Hash()
    url = URL()
    email = Email()
    number = Number()
    amount = Number(min_value=0)
    share = Number(min_value=Decimal("0.0"), max_value=Decimal("0.3"))
    count = Integer(min_value=0, max_value=9)
    flag = Boolean()
    scalar = Scalar()
    moment = IsoDateTime()
    stamped = IsoDateTime(default=NOW)
    part = ModelType(Part)
    parts = ListType(Part, min_size=1, max_size=2, validators=[unique("codes differ", "code")])

    @classmethod
    def validate_share(cls, data, value, _context):
        if value and data["amount"] and data["amount"] > 1:
            raise ValidationError("a share of more than there is")


def accept(field, value):
    return check(Sample, {field: value}, SCOPE)[field]


def refuse(field, value):
    with pytest.raises(Invalid) as refusal:
        check(Sample, {field: value}, SCOPE)
    [problem] = refusal.value.problems
    assert (problem.location, problem.name) == ("body", field)
    return problem.description


@pytest.mark.parametrize(
    ("field", "value", "result"),
    [
        ("text", "Київ", "Київ"),
        ("text", "", ""),
        ("text", 5, "5"),
        ("text_en", "Kyiv", "Kyiv"),
        ("text_ru", "Киев", "Киев"),
        ("choice", "active", "active"),
        ("word", "abc", "abc"),
        ("md5", HEX, HEX),
        ("hash", f"md5:{HEX}", f"md5:{HEX}"),
        ("hash", "sha1:" + "0F" * 20, "sha1:" + "0F" * 20),
        ("url", "http://localhost:8080/tenders/1?a=b#c", "http://localhost:8080/tenders/1?a=b#c"),
        ("url", "https://президент.укр/", "https://президент.укр/"),
        ("email", "a.b+c@example.com", "a.b+c@example.com"),
        ("number", 500, 500.0),
        ("number", Decimal("0.1"), 0.1),
        ("number", 0.1, 0.1),
        ("number", "-1.5e3", -1500.0),
        ("number", Decimal("1E+300"), 1e300),
        ("number", Decimal("999999999999.990"), 999999999999.99),
        ("amount", 0, 0.0),
        ("share", Decimal("0.3"), 0.3),
        ("count", 5, 5),
        ("count", "5", 5),
        ("count", Decimal("5.0"), 5),
        ("flag", True, True),
        ("flag", "false", False),
        ("flag", 1, True),
        ("scalar", "00037256", "00037256"),
        ("scalar", 37256, 37256),
        ("scalar", Decimal("49.8500000000000014"), 49.85),
        ("scalar", True, True),
        ("moment", "2017-08-08T17:36:49.306344", "2017-08-08T17:36:49.306344+03:00"),
        ("moment", "2017-01-08 17:36", "2017-01-08T17:36:00+02:00"),
        ("moment", "2017-08-08", "2017-08-08T00:00:00+03:00"),
        ("moment", "2017-08-08T10:00:00Z", "2017-08-08T10:00:00+00:00"),
        ("moment", "2017-08-08T10:00:00-05:30", "2017-08-08T10:00:00-05:30"),
        ("part", {"code": "a"}, {"code": "a"}),
        ("parts", [{"code": "a"}, {"code": "b", "size": None}], [{"code": "a"}, {"code": "b"}]),
    ],
)
def test_accepted(field, value, result):
    answer = accept(field, value)
    assert (type(answer), answer) == (type(result), result)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("text", ["a"], """Couldn't interpret '["a"]' as string."""),
        ("text", True, "Couldn't interpret 'true' as string."),
        ("text", Decimal("1.5"), "Couldn't interpret '1.5' as string."),
        ("url", {"a": Decimal("1.5")}, """Couldn't interpret '{"a":1.5}' as string."""),
        ("choice", "pending", "Value must be one of ['draft', 'active']."),
        ("word", "a", "String value is too short."),
        ("word", "abcd", "String value is too long."),
        ("word", "AB", "String value did not match validation regex."),
        ("md5", "abc", "Hash value is wrong length."),
        ("md5", "z" * 32, "Hash value is not hexadecimal."),
        ("md5", "0x" + "0" * 30, "Hash value is not hexadecimal."),
        ("hash", HEX, "Hash type is not supported."),
        ("hash", "crc:00", "Hash type is not supported."),
        ("hash", "shake_128:00", "Hash type is not supported."),
        ("hash", "md5:00", "Hash value is wrong length."),
        ("hash", "md5:" + "z" * 32, "Hash value is not hexadecimal."),
        ("url", "example.com", "Not a well formed URL."),
        ("url", "javascript://example.com", "Not a well formed URL."),
        ("email", "a@b", "Not a well formed email address."),
        ("number", "x", "Value 'x' is not float."),
        ("number", "1_000", "Value '1_000' is not float."),
        ("number", "NaN", "Value 'NaN' is not float."),
        ("number", "Infinity", "Value 'Infinity' is not float."),
        ("number", True, "Value 'true' is not float."),
        ("number", [], "Value '[]' is not float."),
        ("number", Decimal("1E+400"), "Value '1E+400' is not float."),
        ("number", Decimal("1E-400"), "Value '1E-400' is not float."),
        ("number", Decimal("0.1234567890123456"), "Value should have at most 15 significant digits."),
        ("number", 1234567890123456, "Value should have at most 15 significant digits."),
        ("amount", -1, "Float value should be greater than 0."),
        ("share", Decimal("-0.1"), "Float value should be greater than 0.0."),
        ("share", Decimal("0.300000000000001"), "Float value should be less than 0.3."),
        ("count", "x", "Value 'x' is not int."),
        ("count", Decimal("5.5"), "Value '5.5' is not int."),
        ("count", True, "Value 'true' is not int."),
        ("count", -1, "Int value should be greater than 0."),
        ("count", 10, "Int value should be less than 9."),
        ("count", 10**15, "Value should have at most 15 significant digits."),
        ("flag", "yes", "Must be either true or false."),
        ("flag", 2, "Must be either true or false."),
        ("scalar", {}, "Value '{}' is not a string, number or boolean."),
        ("scalar", Decimal("1E+400"), "Value '1E+400' is not a string, number or boolean."),
        ("moment", "tomorrow", "Could not parse tomorrow. Should be ISO8601."),
        ("moment", "2017-02-30", "Could not parse 2017-02-30. Should be ISO8601."),
        ("moment", "2017-08-08x10:00", "Could not parse 2017-08-08x10:00. Should be ISO8601."),
        ("moment", "9999-12-31T23:59:59-05:00", "date value out of range"),
        ("moment", "0001-01-01", "date value out of range"),
        ("moment", 20170808, "Could not parse 20170808. Should be ISO8601."),
        ("part", "a", "Please use a mapping for this field or Part instance instead of str."),
        ("part", Decimal("1.5"), "Please use a mapping for this field or Part instance instead of float."),
        ("parts", "a", "Please use a mapping for this field or Part instance instead of str."),
        ("parts", {}, "Please use a list for this field instead of dict."),
        ("parts", [], "Please provide at least 1 item."),
        ("parts", [{"code": "a"}, {"code": "b"}, {"code": "c"}], "Please provide no more than 2 items."),
        ("parts", [{"code": "a"}, {"code": "a"}], "codes differ"),
    ],
)
def test_refused(field, value, message):
    assert refuse(field, value) == [message]


CJK = "".join(map(chr, range(0x4E00, 0x4E00 + 20_000)))


@pytest.mark.parametrize("host", [CJK, "а" * 64, f"{'а' * 63}。" * 4000, f"{'a' * 62}." * 4 + "abcd"])
def test_a_host_that_is_too_long_is_refused_unread(host):
    began = time.process_time()
    assert refuse("url", f"http://{host}/") == ["Not a well formed URL."]
    assert time.process_time() - began < 5


def test_a_host_as_long_as_there_is():
    accept("url", f"http://{'a' * 62}.{'b' * 62}.{'c' * 62}.{'d' * 62}./")
    accept("url", f"http://{'а' * 50}。укр/")


def test_field_of_a_training_installation():
    assert refuse("lesson", "one") == "Rogue field"
    training = replace(SCOPE, sandbox=True)
    assert check(Sample, {"lesson": "one"}, training)["lesson"] == "one"


def test_reading_applies_no_rule():
    read(Sample, {"amount": -1, "part": {}, "choice": "y"}, SCOPE)
    with pytest.raises(Invalid) as refusal:
        read(Sample, {"amount": -1, "part": {"size": "x"}}, SCOPE)
    assert [problem.description for problem in refusal.value.problems] == [{"size": ["Value 'x' is not int."]}]


def test_unknown_field_is_a_string():
    assert refuse("colour", "red") == "Rogue field"


def test_errors_mirror_the_structure():
    assert refuse("part", {}) == {"code": [REQUIRED]}
    assert refuse("parts", [{"code": "a"}, {}]) == [{"code": [REQUIRED]}]
    assert refuse("parts", [{"code": "a"}, None]) == [[REQUIRED]]
    assert refuse("part", {"size": "x", "colour": 1}) == {"size": ["Value 'x' is not int."], "colour": "Rogue field"}


def test_the_first_unreadable_element_stands_for_the_list():
    mapping = ["Please use a mapping for this field or Part instance instead of str."]
    assert refuse("parts", ["c", {"code": "a"}]) == mapping
    assert refuse("parts", [{"size": "x"}, {"code": "a"}]) == {"size": ["Value 'x' is not int."]}
    assert refuse("parts", [{"code": "a"}, "c", {"size": "x"}]) == mapping


@pytest.mark.parametrize(
    ("raw", "blamed"),
    [
        ({"number": "x", "choice": "y", "amount": -1, "colour": 1}, ["number", "colour"]),
        ({"choice": "y", "amount": -1, "part": {}}, ["choice", "amount", "part"]),
        ({"part": {"size": "x"}, "parts": []}, ["part"]),
        ({"amount": 2, "share": "0.1", "count": 10}, ["count"]),
        ({"amount": 2, "share": "0.1"}, ["share"]),
    ],
    ids=["unreadable before wrong", "all that is wrong", "unreadable inside", "wrong before unfit", "unfit"],
)
def test_errors_come_in_steps_all_of_a_step_at_once(raw, blamed):
    with pytest.raises(Invalid) as refusal:
        check(Sample, raw, SCOPE)
    assert [problem.name for problem in refusal.value.problems] == blamed
    assert refusal.value.status == 422


@pytest.mark.parametrize("raw", [None, "text", [], 5])
def test_data_is_an_object(raw):
    with pytest.raises(Invalid) as refusal:
        check(Sample, raw, SCOPE)
    assert [problem.asdict() for problem in refusal.value.problems] == [
        {"location": "body", "name": "data", "description": "Data not available"}
    ]


def test_absent_and_null_fields_are_left_out_and_defaults_filled_in():
    assert check(Sample, {"text": None}, SCOPE) == {"stamped": "2020-01-31T12:00:00+02:00"}
    assert check(Sample, {"stamped": None}, SCOPE) == {}


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(-20, 20))
def test_number_is_exact(digits, exponent):
    number = Decimal(digits).scaleb(exponent)
    decoded = msgspec.json.Decoder(float_hook=Decimal).decode(str(number))
    assert Decimal(msgspec.json.encode(accept("number", decoded)).decode()) == number
    assert accept("number", str(number)) == accept("number", accept("number", number))


@given(st.integers(10**15, 10**30).filter(lambda digits: digits % 10), st.integers(-20, 20))
def test_number_with_too_many_digits_is_refused(digits, exponent):
    expected = ["Value should have at most 15 significant digits."]
    assert refuse("number", Decimal((0, tuple(map(int, str(digits))), exponent))) == expected


offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime.fromisoformat("0002-01-01"), datetime.fromisoformat("9998-12-31"), timezones=offsets))
def test_moment_comes_back_as_it_was_sent(moment):
    assert accept("moment", moment.isoformat()) == moment.isoformat()


@given(st.datetimes())
def test_moment_without_offset_is_local_or_refused(moment):
    try:
        answer = check(Sample, {"moment": moment.isoformat()}, SCOPE)["moment"]
    except Invalid:
        assert moment.year in {1, 9999}
    else:
        assert datetime.fromisoformat(answer).replace(tzinfo=None) == moment
        # What is written says of a repeated or skipped hour nothing but the hour: the first one, fold 0.
        assert datetime.fromisoformat(answer).astimezone(UTC) == moment.replace(tzinfo=KYIV, fold=0).astimezone(UTC)
        assert accept("moment", answer) == answer


@given(st.text())
def test_any_text_is_a_moment_or_refused_with_the_same_words(text):
    try:
        answer = check(Sample, {"moment": text}, SCOPE)["moment"]
    except Invalid:
        assert refuse("moment", text) == [f"Could not parse {text}. Should be ISO8601."]
    else:
        assert datetime.fromisoformat(answer).tzinfo is not None
