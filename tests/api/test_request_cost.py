"""What a request must not cost."""

from __future__ import annotations

from pyramid.interfaces import IRequestExtensions

from openprocurement_api.testing.client import Api
from plugins.documents.links import Links
from plugins.documents.signing import Signer


def test_no_request_gets_a_class_of_its_own(api: Api) -> None:
    """Pyramid makes one for each request as soon as any package adds a property to requests."""
    extensions = api.registry.queryUtility(IRequestExtensions)
    assert extensions is None or not extensions.descriptors


def test_a_lasting_address_is_signed_once(monkeypatch) -> None:
    signer, signed = Signer("1" * 64), []
    sign = signer.sign
    monkeypatch.setattr(signer, "sign", lambda message: signed.append(message) or sign(message))
    links = Links("/docservice", signer)
    assert links.public("a" * 32) == links.public("a" * 32) != links.upload("a" * 32)
    assert len(signed) == 2
