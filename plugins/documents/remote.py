"""Documents kept by a document service, reached over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

import httpx
import msgspec

from openprocurement_api.documents import Readable, Uploaded
from openprocurement_api.errors import Invalid, Problem, TooLarge
from plugins.documents.addresses import Addresses
from plugins.documents.links import Links
from plugins.documents.names import media_type
from plugins.documents.signing import KeyRing
from plugins.documents.storage import DEFAULT_TYPE, MAX_SIZE, chunked

ATTEMPTS = 10
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0  # seconds
_NAMELESS = "file"  # a part without a file name would not be taken for a file
_TIMEOUT = httpx.Timeout(60.0, connect=5.0)


@dataclass(frozen=True)
class Account:
    """Where to upload, and as whom."""

    upload_url: str
    username: str
    password: str


class Remote(Addresses):
    """Documents kept by a document service. `limit` is what the API takes for it, in bytes: the service may take less."""

    def __init__(
        self,
        links: Links,
        ring: KeyRing,
        account: Account,
        client: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
        limit: int = MAX_SIZE,
    ) -> None:
        super().__init__(links, ring)
        self.account = account
        self.limit = limit
        self.client = client or httpx.Client(timeout=_TIMEOUT)
        self.sleep = sleep

    def upload(self, stream: Readable, filename: str, content_type: str) -> Uploaded:
        """See Documents. Tries up to ATTEMPTS times, with a copy on disk."""
        pauses = [0.0, *(min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE) for attempt in range(ATTEMPTS - 1))]
        with _repeatable(stream) as file:
            for pause in pauses:
                self.sleep(pause)
                answer = self._send(file, filename, media_type(content_type, DEFAULT_TYPE))
                if answer is not None and not answer.is_server_error:
                    return _read_answer(answer)
        raise _not_taken()

    def _send(self, stream: IO[bytes], filename: str, content_type: str) -> httpx.Response | None:
        """One attempt; None if there was no answer."""
        account = self.account
        try:
            return self.client.post(
                account.upload_url,
                files={"file": (filename or _NAMELESS, stream, content_type)},
                auth=(account.username, account.password),
            )
        except httpx.TransportError:
            return None


@contextmanager
def _repeatable(stream: Readable) -> Iterator[IO[bytes]]:
    """A copy on disk, which can be read again: httpx rewinds it before each attempt."""
    with TemporaryFile() as copy:
        for chunk in chunked(stream):
            copy.write(chunk)
        copy.flush()  # httpx asks the system for the length
        yield copy


class _Answer(msgspec.Struct):
    data: Uploaded


def _read_answer(answer: httpx.Response) -> Uploaded:
    if answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        raise TooLarge(Problem("body", "file", "File is too large"))
    try:
        return msgspec.json.decode(answer.raise_for_status().content, type=_Answer).data
    except (httpx.HTTPStatusError, msgspec.DecodeError) as error:
        raise _not_taken() from error


def _not_taken() -> Invalid:
    return Invalid(Problem("body", "data", "Can't upload document to document service."))
