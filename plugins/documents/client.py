"""The API's side of documents: `connect` gives it a `Documents`.

`Embedded` puts files into the store itself, `Remote` sends them to a document service.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from openprocurement_api.documents import Documents, Uploaded
from openprocurement_api.settings import Settings, SettingsError
from plugins.documents.embedded import Embedded
from plugins.documents.links import MOUNT, Links
from plugins.documents.local import LocalStore
from plugins.documents.remote import Account, Remote
from plugins.documents.seeds import kept_seed
from plugins.documents.signing import KeyRing, Signer
from plugins.documents.storage import StorageFailed

__all__ = ["Account", "Documents", "Embedded", "Remote", "Uploaded", "connect", "usable"]


def connect(settings: Settings) -> Documents:
    """Documents as the API's settings say: `Remote` if there is a docservice_upload_url, else `Embedded`.

    Raises SettingsError naming what is missing or wrong.
    """
    with usable():
        return remote(settings) if settings["docservice_upload_url"] else embedded(settings)


@contextmanager
def usable() -> Iterator[None]:
    """Turn what is wrong with keys, accounts and directories into SettingsError."""
    try:
        yield
    except (ValueError, OSError, StorageFailed) as error:
        raise SettingsError(f"documents: {error}") from error


def remote(settings: Settings) -> Remote:
    """Documents at an outside service."""
    for name in ("docservice_url", "docservice_username", "docservice_password", "dockey"):
        if not settings[name]:
            raise ValueError(f"with docservice_upload_url {name} is needed, too")
    signer = Signer(settings["dockey"])
    account = Account(settings["docservice_upload_url"], settings["docservice_username"], settings["docservice_password"])
    ring = KeyRing.of(settings["dockeys"], signer)
    return Remote(Links(settings["docservice_url"], signer), ring, account, limit=settings["documents.max_size"])


def embedded(settings: Settings) -> Embedded:
    """Documents in a directory of the API."""
    store = LocalStore(settings.path("documents.path"))
    signer = Signer(settings["dockey"] or kept_seed(store.root))
    links = Links(settings["docservice_url"] or MOUNT, signer)
    ring = KeyRing.of(settings["dockeys"], signer)
    return Embedded(links, ring, store, strict=settings["documents.strict"], limit=settings["documents.max_size"])
