"""File names: read from forms (RFC 2047, 5987, 7578), written into `Content-Disposition` (RFC 6266)."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from urllib.parse import quote, unquote

_EXTENDED = re.compile(r"""filename\*\s*=\s*"?([\w-]+)'[^']*'([^;\s"]+)""", re.ASCII | re.IGNORECASE)
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?[^?]*\?=", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_MEDIA_TYPE = re.compile(r"""[\w.+!#$&^-]+/[\w.+!#$&^-]+(\s*;\s*[\w-]+=("[^"\\\x00-\x1f]*"|[\w.+-]+))*""", re.ASCII)
#: RFC 5987 attr-char, as far as quote() does not keep them anyway.
_ATTR_CHARS = "!#$&+^`|"


def file_name(disposition: str, plain: str) -> str:
    """The name of an uploaded file: from the ``Content-Disposition`` of its form part, or else `plain`, its filename="".

    ``filename*`` is preferred, encoded words are decoded; folders and control characters are left out.
    """
    extended = _EXTENDED.search(disposition)
    name = _extended_value(*extended.groups()) if extended else _decoded_words(plain)
    return _CONTROLS.sub("", re.split(r"[/\\]", name)[-1])


def content_disposition(name: str) -> str:
    """The header that saves a download under `name`: ASCII for old clients, and UTF-8 beside it if the name needs it."""
    plain = "".join(char if " " <= char <= "~" else "_" for char in name)
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    header = f'attachment; filename="{escaped}"'
    # Some clients unquote a percent sign even in the ASCII form.
    if plain == name and "%" not in name:
        return header
    return f"{header}; filename*=UTF-8''{quote(name, safe=_ATTR_CHARS)}"


def media_type(value: str, default: str) -> str:
    """`value` if it can be sent as a ``Content-Type``, else `default`."""
    return value if _MEDIA_TYPE.fullmatch(value) else default


def _extended_value(charset: str, value: str) -> str:
    try:
        return unquote(value, encoding=charset)
    except LookupError:
        return unquote(value)


def _decoded_words(name: str) -> str:
    if not _ENCODED_WORD.search(name):
        return name
    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, ValueError):
        return name
