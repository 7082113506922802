"""All settings of an installation, read once into one frozen object. What is unknown, missing or malformed stops the start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

REQUIRED: Any = object()
ENVIRONMENT = "OPENPROCUREMENT_"
NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


class SettingsError(ValueError):
    """A setting is wrong; the message names it, and the line of the ini file if there is one."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: the key in the ini file, how its text is read, its default (REQUIRED if there is none), what it is for."""

    name: str
    read: Callable[[str], Any]
    default: Any
    doc: str


def flag(text: str) -> bool:
    """A yes or a no."""
    known = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False, "": False}
    try:
        return known[text.strip().lower()]
    except KeyError:
        raise ValueError("it is neither true nor false") from None


def zone(text: str) -> ZoneInfo:
    """A time zone of the IANA database."""
    try:
        return ZoneInfo(text.strip())
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("there is no such time zone") from None


def words(text: str) -> tuple[str, ...]:
    """Words separated by spaces, commas or line ends."""
    return tuple(text.replace(",", " ").split())


def seconds(text: str) -> float:
    """A number of seconds above zero."""
    try:
        number = float(text)
    except ValueError:
        raise ValueError("it is not a number") from None
    if not 0 < number < inf:
        raise ValueError("it is not a number above zero")
    return number


def whole(text: str, least: int = 0, most: float = inf) -> int:
    """A whole number, zero or above; within other bounds where they are given."""
    try:
        number = int(text)
    except ValueError:
        raise ValueError("it is not a whole number") from None
    if not least <= number <= most:
        raise ValueError(f"it is less than {least}" if number < least else f"it is more than {most}")
    return number


def positive(text: str) -> int:
    """A whole number above zero."""
    return whole(text, 1)


OPTIONS = (
    Option(
        "storage.url",
        str,
        REQUIRED,
        "Where documents are kept: `sqlite:///PATH`, `couchdb://USER:PASSWORD@HOST:PORT/PREFIX` or `memory:`",
    ),
    Option("auth.file", str, REQUIRED, "The INI file with the keys of platforms and services"),
    Option("plugins", words, REQUIRED, "Plugins to load, by the names of their entry points"),
    Option("timezone", zone, ZoneInfo("Europe/Kyiv"), "The zone of dates without an offset, and of days"),
    Option("sandbox_mode", flag, default=False, doc="A training installation: accelerated periods, keys that may stand in clear"),
    Option("server_id", str, "", "Told apart in numbers of tenders when several installations share a register"),
    Option("tender_prefix", str, "UA", "What numbers of tenders begin with"),
    Option("api_version", str, "2.5", "The version in the path `/api/VERSION`"),
    Option("max_body", positive, 10 * 1024 * 1024, "Bytes a JSON body may have"),
    Option("conflict_retries", whole, 50, "How often a write that lost a race is tried again before 409"),
    Option(
        "answers.megabytes",
        whole,
        32,
        "Memory of each worker for answers that are sent again while they are true; 0: none is kept",
    ),
    Option("metrics.public", flag, default=False, doc="Show /metrics to everybody, not only to callers on this machine"),
    Option("log.format", str, "console", "`console` for people, `json` for machines"),
    Option(
        "log.reads", flag, default=True, doc="Log every request; `false`: who reads without a key, and gets it, leaves no line"
    ),
    Option("log.level", str, "INFO", "The least severe level that is logged"),
)
IGNORED = frozenset({"here", "__file__", "use", "prefer_endpoints"})
PYRAMID = ("pyramid.", "debugtoolbar.", "logger_")


@dataclass(frozen=True, eq=False)
class Settings(Mapping[str, Any]):
    """The settings by key; `here` is the folder of the ini file."""

    _values: Mapping[str, Any]
    here: Path

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def path(self, name: str) -> Path:
        """A setting that is a path; relative ones start at the folder of the ini file."""
        return self.here / Path(self[name])


def variable(name: str) -> str:
    """The environment variable that goes before a setting."""
    return f"{ENVIRONMENT}{name.upper().replace('.', '_')}"


def overridden(given: Mapping[str, Any], environment: Mapping[str, str], options: Iterable[Option] = ()) -> dict[str, Any]:
    """The settings with those of the environment in their place: `OPENPROCUREMENT_STORAGE_URL` goes before `storage.url`."""
    named = {variable(option.name): option.name for option in (*OPTIONS, *options)}
    return {**given, **{named[name]: text for name, text in environment.items() if name in named}}


def read(
    given: Mapping[str, Any], options: Iterable[Option], *, ini: str | None = None, environment: Mapping[str, str] = NO_VARIABLES
) -> Settings:
    """Check and convert the texts of an ini file and of the environment. Raises SettingsError for the first one that is wrong."""
    known = {option.name: option for option in (*OPTIONS, *options)}
    given = overridden(given, environment, known.values())
    for name in given:
        if name not in known and name not in IGNORED and not name.startswith(PYRAMID):
            raise SettingsError(f"unknown setting {name!r}{place(name, ini)}")
    values = {name: value_of(option, given, ini, environment) for name, option in known.items()}
    return Settings(MappingProxyType(values), here=Path(ini).parent.absolute() if ini else Path.cwd())


def value_of(option: Option, given: Mapping[str, Any], ini: str | None, environment: Mapping[str, str]) -> Any:
    """The value of one setting."""
    if option.name not in given:
        if option.default is REQUIRED:
            raise SettingsError(f"setting {option.name!r} is missing{f' in {ini}' if ini else ''}: {option.doc}")
        return option.default
    text = given[option.name]
    try:
        return option.read(text) if isinstance(text, str) else text
    except ValueError as error:
        where = f" ({variable(option.name)})" if variable(option.name) in environment else place(option.name, ini)
        raise SettingsError(f"setting {option.name!r}{where}: {text!r}: {error}") from None


def place(name: str, ini: str | None) -> str:
    """Where a key stands in the ini file, for messages."""
    if ini is None or not Path(ini).exists():
        return ""
    for number, line in enumerate(Path(ini).read_text(encoding="utf-8").splitlines(), 1):
        if line.split("=")[0].strip() == name:
            return f" ({ini}, line {number})"
    return f" ({ini})"
