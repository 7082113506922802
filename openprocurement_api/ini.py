"""The INI file of an installation, for commands: `[app:main]` as the API gets it, `[server:main]` for its server."""

from __future__ import annotations

import configparser
from pathlib import Path
from typing import TYPE_CHECKING

from paste.deploy import loadwsgi

from .settings import SettingsError

if TYPE_CHECKING:
    from .engine import Services

Section = dict[str, str]


def application(ini: str) -> tuple[Section, Section]:
    """The global settings and those of `[app:main]`, as `app.main` takes them. Raises SettingsError."""
    return section(ini, loadwsgi.APP)


def server(ini: str) -> Section:
    """The settings of `[server:main]`, in gunicorn's names. Raises SettingsError."""
    _, found = section(ini, loadwsgi.SERVER)
    host, port = found.pop("host", ""), found.pop("port", "")
    return {"workers": "2", "worker_class": "gevent", "bind": f"{host or '127.0.0.1'}:{port or 8080}"} | found


def section(ini: str, kind: object) -> tuple[Section, Section]:
    """The global settings of a file and those of its main section of one kind. Raises SettingsError."""
    path = Path(ini).absolute()
    try:
        context = loadwsgi.loadcontext(kind, f"config:{path}")
    except configparser.InterpolationError as error:
        # Its own text would show the value, which may be a password.
        raise SettingsError(f"{ini} cannot be read: [{error.section}] {error.option}: % is written %% in this file") from error
    except (OSError, LookupError, configparser.Error) as error:
        raise SettingsError(f"{ini} cannot be read: {str(error).splitlines()[0]}") from error
    return dict(context.global_conf), dict(context.local_conf)


def services_of(ini: str) -> Services:
    """Everything the installation is made of. Raises SettingsError, PluginError, Unavailable."""
    from .app import assemble
    from .plugins import PluginError

    conf, given = application(ini)
    try:
        return assemble(conf, given)
    except (SettingsError, PluginError):
        raise
    except ValueError as error:
        raise SettingsError(f"{ini}: {error}") from error
