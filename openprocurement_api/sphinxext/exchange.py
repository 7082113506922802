"""A request with its answer, as `openprocurement_api.testing.recording` writes them down, in colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pygments.lexers.textfmts import HttpLexer
from pygments.token import Error, Text

ANSWER = "\nHTTP/"


class ExchangeLexer(HttpLexer):  # type: ignore[misc]  # pygments ships no types
    """What Pygments calls HTTP is one message; here an answer may follow a request, and bodies may be cut short."""

    def get_tokens_unprocessed(self, text: str, stack: tuple[str, ...] = ("root",)) -> Iterator[tuple[int, Any, str]]:
        """Each message by itself."""
        request, line, answer = text.partition(ANSWER)
        start = len(request) + 1
        for begin, message in ((0, f"{request}\n"), (start, f"{line[1:]}{answer}")):
            for index, kind, value in super().get_tokens_unprocessed(message, stack):
                yield begin + index, Text if kind is Error else kind, value
