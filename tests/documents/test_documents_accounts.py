import hashlib
from base64 import b64encode

import pytest

from plugins.documents import accounts
from plugins.documents.accounts import Accounts, digest_of


def basic(credentials: str) -> str:
    return f"Basic {b64encode(credentials.encode()).decode()}"


@pytest.fixture
def known(tmp_path):
    path = tmp_path / "auth.ini"
    path.write_text(f"[uploaders]\nБрокер = {hashlib.sha512(b'p:1').hexdigest()}\n[api]\nCDB = {digest_of('пароль')}\n")
    return Accounts.read(path)


def test_name_and_password_admit(known):
    assert known.admit(basic("Брокер:p:1")) == "Брокер"
    assert known.admit(basic("CDB:пароль")) == "CDB"


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Basic", "Basic ы", "Basic !!!!", basic("CDB"), basic("CDB:"), basic("CDB:x"), basic("cdb:пароль")),
        *(basic("no:p:1"), basic("CDB:пароль").replace("Basic", "Bearer"), f"Basic {b64encode(bytes([255])).decode()}"),
    ],
)
def test_nothing_else_does(known, header):
    assert known.admit(header) is None


def test_scrypt_is_paid_once(known, monkeypatch):
    assert known.admit(basic("CDB:пароль")) == "CDB"
    monkeypatch.setattr(accounts.hashlib, "scrypt", lambda *a, **k: pytest.fail("paid again"))
    assert known.admit(basic("CDB:пароль")) == "CDB"


def test_a_recognised_account_still_needs_its_password(known):
    assert known.admit(basic("CDB:пароль")) == "CDB"
    assert known.admit(basic("CDB:інший")) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [("[robots]\n", "robots"), ("[api]\ncdb = clear\n", "cdb"), ("[api]\na = {0}\n[uploaders]\na = {0}\n", "uploaders")],
)
def test_a_wrong_file_names_the_offender(tmp_path, text, named):
    path = tmp_path / "auth.ini"
    path.write_text(text.format("0" * 128))
    with pytest.raises(ValueError, match=named):
        Accounts.read(path)
