"""The API's side of documents: `connect` gives it a `Documents`.

`Embedded` puts files into the store itself, `Remote` sends them to a document service.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from plugins.documents.addresses import Documents, Uploaded
from plugins.documents.embedded import Embedded
from plugins.documents.links import Links
from plugins.documents.local import LocalStore
from plugins.documents.remote import Account, Remote
from plugins.documents.signing import KeyRing, Signer

__all__ = ["Account", "Documents", "Embedded", "Remote", "Uploaded", "connect"]


def connect(settings: Mapping[str, str]) -> Documents:
    """Documents as the API's settings say: `Remote` if there is a docservice_upload_url, else `Embedded`.

    Settings: dockey, docservice_url; dockeys; docservice_upload_url, docservice_username, docservice_password, or
    documents.path, documents.strict. Raises KeyError or ValueError naming one that is missing or wrong.
    """
    signer = Signer(settings["dockey"])
    ring = KeyRing.of(settings.get("dockeys", ""), signer)
    links = Links(settings["docservice_url"], signer)
    if upload_url := settings.get("docservice_upload_url"):
        return Remote(links, ring, Account(upload_url, settings["docservice_username"], settings["docservice_password"]))
    strict = settings.get("documents.strict", "").lower() in {"true", "yes", "on", "1"}
    return Embedded(links, ring, LocalStore(Path(settings["documents.path"])), strict=strict)
