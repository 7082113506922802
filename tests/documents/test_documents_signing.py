from base64 import b64encode
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.documents.links import Links, proof_message
from plugins.documents.signing import KeyRing, MalformedSignature, Signer, UnknownKey, WrongSignature, signed_query

seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)
# RFC 8032, 7.1, test 1
RFC_SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
RFC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
RFC_SIGNATURE = (
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
)


def test_the_vector_of_rfc_8032():
    signer = Signer(RFC_SEED)
    assert signer.verify_key == RFC_KEY
    assert signer.key_id == RFC_KEY[:8]
    assert signer.sign(b"") == b64encode(bytes.fromhex(RFC_SIGNATURE)).decode()


@given(seeds, st.binary())
def test_what_a_key_signed_its_ring_verifies(seed, message):
    signer = Signer(seed)
    KeyRing.of(signer.verify_key).verify(signer.key_id, message, signer.sign(message))


@given(seeds, st.binary(min_size=1), st.data())
def test_any_other_message_is_refused(seed, message, data):
    signer = Signer(seed)
    place = data.draw(st.integers(0, len(message) - 1))
    changed = bytearray(message)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(WrongSignature):
        KeyRing.of("", signer).verify(signer.key_id, bytes(changed), signer.sign(message))


@given(seeds, st.binary())
def test_a_signature_survives_each_way_of_quoting(seed, message):
    signer = Signer(seed)
    ring = KeyRing.of("", signer)
    signature = signer.sign(message)
    twice = signed_query(signer.key_id, signature)
    once = f"KeyID={signer.key_id}&Signature={quote(signature, safe='')}"
    never = f"KeyID={signer.key_id}&Signature={signature}"
    for query in (twice, once, never):
        ring.verify(signer.key_id, message, dict(parse_qsl(query))["Signature"])


def test_a_plus_is_quoted_twice_and_a_slash_once():
    query = signed_query("bc8341ee", "a+b/c==")
    assert query == "KeyID=bc8341ee&Signature=a%252Bb%2Fc%253D%253D"


def test_unknown_key_and_signatures_that_are_none():
    signer = Signer("33" * 32)
    ring = KeyRing.of("", signer)
    with pytest.raises(UnknownKey):
        ring.verify("00000000", b"", signer.sign(b""))
    for text in ("abc", "%%%", "ы", "a b*"):
        with pytest.raises(MalformedSignature):
            ring.verify(signer.key_id, b"", text)
    with pytest.raises(WrongSignature):
        ring.verify(signer.key_id, b"", "AAAA")


def test_a_ring_is_read_with_any_separator():
    signers = [Signer(f"{number:064x}") for number in range(1, 6)]
    keys = [signer.verify_key for signer in signers]
    setting = f"{keys[0]}\0{keys[1]},{keys[2]}\n  {keys[3]} seed:{5:064x}"
    assert list(KeyRing.of(setting)) == [signer.key_id for signer in signers]
    assert len(KeyRing.of("")) == 0


@pytest.mark.parametrize("key", ["11" * 31, "zz" * 32, "seed:12"])
def test_a_wrong_key_is_named_without_telling_it(key):
    with pytest.raises(ValueError, match="64 hexadecimal digits") as raised:
        KeyRing.of(key)
    assert key not in str(raised.value)


def test_two_keys_of_one_id_are_refused(monkeypatch):
    monkeypatch.setattr("plugins.documents.signing.KEY_ID_LENGTH", 0)
    with pytest.raises(ValueError, match="two keys have the KeyID"):
        KeyRing.of("", Signer("11" * 32), Signer("22" * 32))


def test_an_address_without_expiry_is_signed_once():
    signer = Signer("44" * 32)
    signed = []
    counting = type("Counting", (), {"key_id": signer.key_id, "sign": lambda self, m: signed.append(m) or signer.sign(m)})()
    links = Links("http://docs/", counting)
    assert links.public("a") == links.public("a")
    assert links.proof("a", "md5:ff") == links.proof("a", "md5:ff")
    assert signed == [b"a", b"a\0ff"]


def test_addresses_say_what_they_sign(service, clock):
    ring = KeyRing.of("", service.signer)
    expires = str(int(clock.now.timestamp()) + 300)
    for address, message in (
        (service.public("k"), b"k"),
        (service.upload("k"), b"k"),
        (service.proof("k", "md5:00ff"), b"k\x0000ff"),
        (service.private("k", clock.now), f"k\0{expires}".encode()),
    ):
        query = dict(parse_qsl(urlsplit(address).query))
        ring.verify(query["KeyID"], message, unquote(query["Signature"]))
    assert f"Expires={expires}" in service.private("k", clock.now)


def test_the_hash_may_be_of_any_algorithm():
    assert proof_message("k", "sha256:ab") == b"k\0ab"
    assert proof_message("k", "ab") == b"k\0ab"
