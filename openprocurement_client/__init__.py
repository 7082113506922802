"""A client of the OpenProcurement API 2.5: create, change, upload, follow the feed, and keep a copy of it.

It imports nothing of the server. `Client` is the way in; whatever goes wrong is a `ClientError`.
"""

from .client import Client
from .cursor import CursorFile, Place
from .errors import (
    ClientError,
    Conflict,
    CursorLost,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    Problem,
    Refused,
    ServerFailed,
    Stale,
    TooManyRequests,
    Unreachable,
)
from .feed import Feed, Page
from .resources import Thing
from .retry import Retries
from .wire import Connection

__all__ = [
    "Client",
    "ClientError",
    "Conflict",
    "Connection",
    "CursorFile",
    "CursorLost",
    "Feed",
    "Forbidden",
    "Gone",
    "Invalid",
    "NotFound",
    "Page",
    "Place",
    "Problem",
    "Refused",
    "Retries",
    "ServerFailed",
    "Stale",
    "Thing",
    "TooManyRequests",
    "Unreachable",
]
