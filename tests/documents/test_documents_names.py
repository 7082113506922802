from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprocurement_api.forms import file_name
from plugins.documents.names import content_disposition, media_type

UKRAINIAN = "Оголошення про закупівлю № 7 «Ґанок».pdf"


def test_an_ascii_name_is_sent_plainly():
    assert content_disposition("Notice.pdf") == 'attachment; filename="Notice.pdf"'


def test_a_ukrainian_name_is_sent_in_both_forms():
    header = content_disposition("Звіт 1.doc")
    assert header == "attachment; filename=\"____ 1.doc\"; filename*=UTF-8''%D0%97%D0%B2%D1%96%D1%82%201.doc"


def test_quotes_and_backslashes_are_escaped():
    assert content_disposition('a"b\\c.txt') == 'attachment; filename="a\\"b\\\\c.txt"'
    assert content_disposition("50%.txt") == "attachment; filename=\"50%.txt\"; filename*=UTF-8''50%25.txt"


@given(st.text())
def test_no_name_breaks_out_of_its_header(name):
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    if "filename*" in header:
        assert unquote(header.rsplit("''", 1)[1]) == name


@pytest.mark.parametrize(
    ("disposition", "plain", "expected"),
    [
        ("form-data", UKRAINIAN, UKRAINIAN),
        ("form-data", "=?utf-8?B?0JfQstGW0YIuZG9j?=", "Звіт.doc"),
        ("form-data", "=?windows-1251?Q?=C7=E2=B3=F2.doc?=", "Звіт.doc"),
        ("form-data", "=?no-such?Q?=C7?=", "=?no-such?Q?=C7?="),
        ("form-data; filename*=UTF-8''%D0%97%D0%B2%D1%96%D1%82.doc", "Zvit.doc", "Звіт.doc"),
        ("form-data; filename*=windows-1251'uk'%C7%E2%B3%F2.doc", "", "Звіт.doc"),
        ("form-data; filename*=no-such''a%20b.doc", "", "a b.doc"),
        ("form-data; filename*=idna''%D0%97.doc", "", "З.doc"),
        ("form-data", "C:\\docs\\a.doc", "a.doc"),
        ("form-data", "../../etc/passwd", "passwd"),
        ("form-data", "a\r\nb.txt", "ab.txt"),
    ],
)
def test_names_of_uploads(disposition, plain, expected):
    assert file_name(disposition, plain) == expected


@pytest.mark.parametrize("good", ["application/pdf", "text/plain; charset=windows-1251", 'a/b; c="d e"', "image/svg+xml"])
def test_types_that_can_be_sent(good):
    assert media_type(good, "x/y") == good


@pytest.mark.parametrize("bad", ["", "pdf", "a/b\r\nX: 1", "текст/plain", 'a/b; c="\n"', "a/b; c"])
def test_types_that_cannot(bad):
    assert media_type(bad, "x/y") == "x/y"
