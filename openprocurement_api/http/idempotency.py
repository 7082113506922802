"""POST with an `Idempotency-Key` (IETF draft "The Idempotency-Key HTTP Header Field"): sent again, it answers the same.

Before the work a small record, the claim, is written. From its salt, the platform's API key and the Idempotency-Key follow the id
and the tokens of what is to be made. So whoever sends the request again makes the same thing or finds it made, and the answer is
rendered anew from the state in which the save left the document. The store holds neither answer nor token.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from secrets import token_bytes
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..domain.refusal import FORBIDDEN
from ..domain.workflow import Doc
from ..engine import LOST_RACE
from ..errors import ApiError, BadRequest, Conflict, Forbidden, Invalid, Problem, Unsupported
from ..storage.base import Kind, Missing, Rev, RevConflict, Store, Stored, Unavailable
from .body import ENCODER
from .identity import key_of

if TYPE_CHECKING:
    from pyramid.request import Request

    from .call import Call

HEADER = "Idempotency-Key"
KEY = re.compile(r'("?)([!#-\[\]-~]{16,255})\1')
"""A key, in quotes as the draft has it or without: visible ASCII but for quotes and backslashes."""
LIFETIME = timedelta(days=1)
KIND = Kind("claim", unlisted={"doc_type": frozenset({"claim"})})
PURPOSE = b"openprocurement idempotency key 1"
MALFORMED = Problem("header", HEADER, "The key should have 16 to 255 visible ASCII characters, for example those of a UUID.")
UNFIT = Problem("header", HEADER, "Only a POST of JSON that makes a resource can be repeated by a key.")
TAKEN = Problem("header", HEADER, "The key was used for another request. Please use a new one for each.")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one resource: its id and tokens.

    `record` is the id of the record in the store and `rev` the revision in which this request entered it; `first` tells that no
    other request had entered before.
    """

    record: str
    rev: Rev
    first: bool
    made: datetime
    id: str
    access: Mapping[str, str]


@contextmanager
def claimed(call: Call) -> Iterator[None]:
    """Hold the claim of a request that has a key while it is carried out; let go of it if the request is refused.

    Raises BadRequest for a malformed key, Unsupported where none can be used, Forbidden for callers without an API key, Invalid
    for a key that was used for another request.
    """
    header = call.request.headers.get(HEADER)
    if header is None:
        yield
        return
    call.claim = claim = take(call, header)
    try:
        yield
    except ApiError as refusal:
        # After a refusal nothing was written; after anything else that is not known, and the claim stays.
        if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            release(call, claim)
        raise


def refuse(request: Request) -> None:
    """Raise Unsupported for a POST whose key would be without effect: what promises safety and gives none does harm."""
    if request.method == "POST" and HEADER in request.headers:
        raise Unsupported(UNFIT)


def take(call: Call, header: str) -> Claim:
    """Enter the claim that a key stands for, or make it; again if another request was faster."""
    key = KEY.fullmatch(header.strip())
    if key is None:
        raise BadRequest(MALFORMED)
    if not call.sends_json:
        raise Unsupported(UNFIT)
    if call.user is None:
        raise Forbidden(Problem(FORBIDDEN.location, FORBIDDEN.name, FORBIDDEN.description))
    record = sha256(f"{call.user.name}\0{key[2]}".encode()).hexdigest()
    for _ in range(call.services.settings["conflict_retries"] + 1):
        with suppress(RevConflict):
            return enter(call, record, key[2])
    raise Conflict(LOST_RACE)


def enter(call: Call, record: str, key: str) -> Claim:
    """One attempt to write this request into the record. Raises RevConflict and Unavailable as the store does."""
    store = call.services.store
    stored = found(store, KIND.name, record)
    body = stored.body if stored and stands(stored.body, call.now) else begun(call.now)
    name, token, transfer, seal = derived(call.request, key, bytes.fromhex(body["salt"]))
    mark = hmac.digest(seal, content(call), "sha256").hex()
    if body.setdefault("mark", mark) != mark:
        raise Invalid(TAKEN)
    body["running"] += 1
    rev = store.put(KIND.name, record, body, expect=stored.rev if stored else None).rev
    access = {"token": token.hex(), "transfer": transfer.hex()}
    return Claim(record, rev, body["running"] == 1, datetime.fromisoformat(body["made"]), name.hex(), access)


def begun(now: datetime) -> Doc:
    """A new record. `running` counts the requests that entered and were not refused."""
    return {"doc_type": "claim", "salt": token_bytes(32).hex(), "made": now.isoformat(), "running": 0}


def stands(body: Doc, now: datetime) -> bool:
    """Whether a record still binds its key: not for more than a day, nor after every request under it was refused."""
    return body["running"] > 0 and now - datetime.fromisoformat(body["made"]) < LIFETIME


def derived(request: Request, key: str, salt: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """The id, the two tokens, and the secret with which the request is marked.

    The API key goes into them, which the store never sees: who has a copy of it and knows the Idempotency-Key has no token.
    """
    text = HKDF(SHA256(), 80, salt, PURPOSE).derive(f"{key_of(request.environ)}\0{key}".encode())
    return text[:16], text[16:32], text[32:48], text[48:]


def content(call: Call) -> bytes:
    """Everything that makes a request the same request."""
    request = call.request
    return ENCODER.encode([request.method, request.path_qs, request.headers.get("X-Access-Token"), call.body.whole])


def release(call: Call, claim: Claim) -> None:
    """Take a refused request out of the record. Where that fails the key stays bound to this request, which does no harm."""
    store = call.services.store
    with suppress(Unavailable):
        for _ in range(call.services.settings["conflict_retries"] + 1):
            stored = store.get(KIND.name, claim.record)
            body = stored.body
            with suppress(RevConflict):
                store.put(KIND.name, claim.record, body | {"running": body["running"] - 1}, expect=stored.rev)
                return


def alone(store: Store, claim: Claim) -> bool:
    """Whether no other request has entered the claim, so that none can have made anything.

    Asked after a document was read: who enters later and changes it makes the save over what was read fail.
    """
    return claim.first and store.get(KIND.name, claim.record).rev == claim.rev


def found(store: Store, kind: str, id: str) -> Stored | None:
    """A stored document, or None."""
    with suppress(Missing):
        return store.get(kind, id)
    return None
