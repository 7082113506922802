"""`openprocurement init-db`: a store that is ready for the application, and for nobody else."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable

from ..app import configured
from ..ini import application
from ..settings import SettingsError
from ..storage import open_store
from ..storage.base import Kind

ADMIN = "OPENPROCUREMENT_ADMIN_URL"
SERVER_SLASHES = 2
"""Those of the address of a server, couchdb://host, without a store."""


def run(arguments: argparse.Namespace) -> None:
    """The command. Raises SettingsError, PluginError, Unavailable."""
    conf, given = application(arguments.ini)
    _, values, kinds = configured(conf, given)
    url = values["storage.url"]
    try:
        if url.startswith(("couchdb:", "couchdbs:")):
            prepare_couchdb(url, arguments.admin_url or os.environ.get(ADMIN, ""), kinds)
        else:
            prepare_file(url, kinds)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def prepare_couchdb(url: str, admin_url: str, kinds: Iterable[Kind]) -> None:
    """Make the databases, and the user named in `url`. Raises SettingsError, ValueError, Unavailable."""
    from ..storage.couch_init import init_db
    from ..storage.couch_names import Address

    store = Address.parse(url)
    if store.credentials is None:
        raise SettingsError("storage.url names no user: init-db would not know who may write")
    if not admin_url:
        raise SettingsError(f"an administrator makes databases: give --admin-url, or {ADMIN} in the environment")
    admin_url = admin_url.rstrip("/")
    if admin_url.count("/") == SERVER_SLASHES:
        admin_url = f"{admin_url}/{store.prefix}"
    admin = Address.parse(admin_url, "the administrator's address")
    if admin.prefix != store.prefix:
        raise SettingsError(f"the administrator's address names another store than storage.url: {admin}, {store}")
    user, password = store.credentials
    init_db(admin_url, kinds, user=user, password=password, tell=print)


def prepare_file(url: str, kinds: Iterable[Kind]) -> None:
    """Make the file, or see that this program can use it. Raises ValueError, Unavailable."""
    path = url.removeprefix("sqlite:///")
    there = os.path.exists(path)  # noqa: PTH110 - "memory:" is no path
    store = open_store(url, kinds)
    store.ping()
    store.close()
    if path == url:
        print("memory: there is nothing to make; such a store is gone when its process ends")
    else:
        print(f"file {path}: {'already there, with the tables and indexes of this version' if there else 'made'}")
