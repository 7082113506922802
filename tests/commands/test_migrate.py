"""Migrations: older shapes are read at once and saved by the command; nobody outside sees a change; nothing is guessed."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import UTC, datetime

import pytest
from dumps import KINDS

from openprocurement_api import app, cli
from openprocurement_api.commands.failures import Failed
from openprocurement_api.commands.migrating import migrate
from openprocurement_api.domain.patching import undo
from openprocurement_api.storage import TooNew
from openprocurement_api.storage.contract_kinds import create
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def rename(body):
    """From shape 1 to 2."""
    if "title" in body:
        body["name"] = body.pop("title")


def wrap(body):
    """From shape 2 to 3."""
    body["name"] = {"uk": body.get("name", "")}


TENDER = but(KINDS["tender"], steps=(rename, wrap))


@pytest.fixture
def stores(opened, tmp_path):
    """One store as the program of shape 1 sees it, and as that of shape 3 does."""
    return opened("a"), opened("a", {"tender": TENDER})


def migrated(store, kind=TENDER, **options):
    return migrate(store, kind, lambda: NOON, lambda more: None, **options)


# --- reading


def test_an_older_shape_is_read_as_the_current_one(stores):
    old, new = stores
    create(old, "a", title="Папір")
    create(old, "b", name="Ручка", _shape=2)
    create(new, "c", name={"uk": "Стіл"}, _shape=3)
    assert [new.get("tender", name).body for name in "abc"] == [
        {"name": {"uk": name}, "_shape": 3} for name in ("Папір", "Ручка", "Стіл")
    ]
    assert new.get("tender", "a").original == {"title": "Папір"}


def test_a_newer_shape_is_refused_and_not_guessed(stores):
    old, new = stores
    create(new, "a", id="a", name={"uk": "Стіл"}, _shape=3)
    with pytest.raises(TooNew, match="document a has shape 3; this program knows no later one than 1"):
        _ = old.get("tender", "a").body
    assert old.wholes("tender", ["a"])


# --- the command's work


def test_all_documents_are_saved_in_the_current_shape(stores, monkeypatch):
    old, new = stores
    for n in range(5):
        create(old, str(n), title=f"Папір {n}", dateModified=f"2024-01-0{5 - n}", _due="2024-02-01")
    feed, due = old.changes("tender"), old.due("tender", until=NOON)
    assert migrated(new, dry=True) == 5
    assert old.get("tender", "0").body["title"] == "Папір 0"
    assert migrated(new) == 5
    assert new.get("tender", "0").original == {
        "name": {"uk": "Папір 0"},
        "dateModified": "2024-01-05",
        "_due": "2024-02-01",
        "_shape": 3,
    }
    assert [(row.cursor, row.stamp) for row in new.changes("tender")] == [(row.cursor, row.stamp) for row in feed]
    assert new.due("tender", until=NOON) == due
    assert migrated(new) == migrated(new, dry=True) == 0


def test_history_leads_back_to_the_older_shape(stores):
    old, new = stores
    rev = create(old, "a", title="Папір").rev
    migrated(new)
    (revision,) = new.revisions("tender", "a")
    assert (revision.body["author"], revision.body["date"], revision.body["rev"]) == ("migration", NOON.isoformat(), rev)
    body = new.get("tender", "a").original
    undo(body, revision.body["changes"])
    assert body == {"title": "Папір"}


def test_a_migration_that_is_broken_off_goes_on(stores, monkeypatch):
    old, new = stores
    for name in "abcd":
        create(old, name)
    put, saves = new.put, []

    def broken(*args, **options):
        if len(saves) == 2:
            raise KeyboardInterrupt
        saves.append(args)
        return put(*args, **options)

    monkeypatch.setattr(new, "put", broken)
    with pytest.raises(KeyboardInterrupt):
        migrated(new)
    monkeypatch.setattr(new, "put", put)
    assert migrated(new) == 2


@pytest.mark.parametrize("shape", [1, 3])
def test_who_saves_at_the_same_time_is_not_written_over(stores, monkeypatch, shape):
    old, new = stores
    create(old, "a", title="Папір")
    put, acts = new.put, [lambda: create_again(new, shape)]

    def raced(*args, **options):
        if acts:
            acts.pop()()
        return put(*args, **options)

    def create_again(store, shape):
        body = {"name": {"uk": "Олівець"}, "_shape": 3} if shape == 3 else {"title": "Олівець"}
        put("tender", "a", body, expect=store.get("tender", "a").rev)

    monkeypatch.setattr(new, "put", raced)
    assert migrated(new) == (shape == 1)
    assert new.get("tender", "a").original == {"name": {"uk": "Олівець"}, "_shape": 3}


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (lambda body: body["nothing"], "tender a cannot be brought to shape 2: KeyError: 'nothing'"),
        (lambda body: body.update(n={1}), "tender a cannot be brought to shape 2: TypeError|plain JSON"),
        (lambda body: body.update(dateModified="2026-01-01"), "tender a: the steps to shape 2 change dateModified"),
    ],
)
@pytest.mark.parametrize("dry", [False, True])
def test_a_step_that_goes_wrong_is_told_and_changes_nothing(stores, step, sentence, dry):
    old, _ = stores
    create(old, "a", title="Папір", dateModified="2024-01-01")
    kind = but(KINDS["tender"], steps=(step,))
    old._kinds["tender"] = kind
    with pytest.raises(Failed, match=sentence):
        migrated(old, kind, dry=dry)
    assert old.get("tender", "a").original == {"title": "Папір", "dateModified": "2024-01-01"}


def test_the_command_meets_documents_of_the_future(stores):
    old, new = stores
    create(new, "a", _shape=3)
    kind = but(KINDS["tender"], steps=(rename,))
    old._kinds["tender"] = kind
    with pytest.raises(TooNew):
        migrated(old, kind)


# --- the command


def test_without_steps_there_is_nothing_to_do(installation, capsys):
    assert cli.main(["migrate", installation("a")]) == 0
    assert "tender: all documents have shape 1, there is no other\n" in capsys.readouterr().out


def test_the_command_tells_how_many(installation, opened, monkeypatch, capsys):
    create(opened("a"), "a", title="Папір")
    monkeypatch.setattr(app, "TENDER", but(app.TENDER, steps=TENDER.steps))
    ini = installation("a")
    for arguments, said in ((["--dry-run"], "1 documents would be saved"), ([], "1 documents saved"), ([], "0 documents saved")):
        assert cli.main(["migrate", *arguments, ini]) == 0
        assert f"tender: {said} in shape 3\n" in capsys.readouterr().out


# --- the API meanwhile


@pytest.fixture
def upgraded_api(settings, tmp_path, monkeypatch):
    """A tender made by the program of shape 1, and the API of shape 2, in which the private field `_trail` is a list."""

    def listed(body):
        body["_trail"] = [body.get("_trail", "none")]

    if settings["storage.url"] == "memory:":
        settings["storage.url"] = f"sqlite:///{tmp_path}/api.db"
    before = Api.start(settings)
    made = before.post("/tenders", builders.tender(before.clock.now))
    monkeypatch.setattr(app, "TENDER", but(app.TENDER, steps=(listed,)))
    after = Api.start(settings, before.clock.now)
    yield before, after, made
    before.store.close()
    after.store.close()


def test_new_documents_have_the_current_shape(upgraded_api):
    before, after, made = upgraded_api
    assert before.store.get("tender", made.id).original["_shape"] == 1
    newer = after.post("/tenders", builders.tender(after.clock.now))
    assert after.store.get("tender", newer.id).original["_shape"] == 2


def test_documents_of_both_shapes_are_answered_alike(upgraded_api):
    before, after, made = upgraded_api
    seen = before.get(made.path)
    assert after.get(made.path) == seen
    assert migrate(after.store, after.registry.services.kinds["tender"], lambda: after.clock.now, lambda more: None) == 1
    assert after.get(made.path) == seen


def test_a_change_saves_the_current_shape_with_a_history_to_the_older_one(upgraded_api):
    before, after, made = upgraded_api
    old = before.store.get("tender", made.id).original
    after.patch(made, {"title": "Інша назва"})
    stored = after.store.get("tender", made.id)
    assert stored.original["_trail"] == ["none"]
    body = stored.original
    undo(body, list(after.store.revisions("tender", made.id))[-1].body["changes"])
    assert body == old


def test_an_older_program_answers_503_for_newer_documents(upgraded_api):
    before, after, made = upgraded_api
    after.patch(made, {"title": "Інша назва"})
    answer = before.call("GET", made.path, status=503)
    assert answer.json["errors"][0]["description"].startswith("A newer version of this server wrote the document.")
    assert answer.headers["Retry-After"]
