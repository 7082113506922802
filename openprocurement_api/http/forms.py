"""Forms, read as WebOb reads them, and files that are named by `filename*` alone (RFC 5987), which it takes for text."""

from __future__ import annotations

from email.header import Header
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any

from pyramid.request import Request
from webob.compat import cgi_FieldStorage
from webob.multidict import MultiDict

DISPOSITION = "Content-Disposition"


class Parts(cgi_FieldStorage):
    """The parts of a form; of each of them `headers` are known when it is made."""

    def __init__(self, fp: Any = None, headers: Any = None, *rest: Any, **named: Any) -> None:
        if isinstance(headers, Message):
            name_plainly(headers)
        super().__init__(fp, headers, *rest, **named)


def name_plainly(headers: Message) -> None:
    """Write a file name that is given as RFC 5987 has it in encoded words, as RFC 2047 has it."""
    params: list[tuple[str, Any]] = headers.get_params([], header=DISPOSITION)
    for name in [value for param, value in params if param == "filename" and isinstance(value, tuple)]:
        words = Header(collapse_rfc2231_value(name), "utf-8").encode(maxlinelen=0)
        headers.set_param("filename", words, header=DISPOSITION)


def fields(request: Request) -> Any:
    """The fields of a form by name. Raises ValueError, or what else the parser raises, for a form that cannot be read."""
    if request.charset != "UTF-8":
        raise ValueError(request.charset)
    environ = {"CONTENT_LENGTH": "0"} | request.environ | {"QUERY_STRING": ""}
    parts = Parts(fp=request.body_file, environ=environ, keep_blank_values=True, encoding="utf8")
    return MultiDict.from_fieldstorage(parts)
