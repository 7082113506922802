"""What headers say of a file: its name in `Content-Disposition` (RFC 6266), its `Content-Type`."""

from __future__ import annotations

import re
from urllib.parse import quote

_MEDIA_TYPE = re.compile(r"""[\w.+!#$&^-]+/[\w.+!#$&^-]+(\s*;\s*[\w-]+=("[^"\\\x00-\x1f]*"|[\w.+-]+))*""", re.ASCII)
#: RFC 5987 attr-char, as far as quote() does not keep them anyway.
_ATTR_CHARS = "!#$&+^`|"


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
