"""Settings of the document service: the section ``[documents]`` of an INI file, environment variables, flags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from configparser import ConfigParser
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

from openprocurement_api.settings import positive
from plugins.documents.storage import MAX_SIZE

SECTION = "documents"
ENVIRONMENT = "OPENPROCUREMENT_DOCUMENTS_"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the document service must know. Each field is a key of the section."""

    path: Path
    """Directory of the files."""
    auth_file: Path
    """INI file of those who may upload."""
    dockey: str
    """Seed of the service's signing key, 64 hex digits."""
    dockeys: str = ""
    """Public keys whose upload addresses and expiring addresses are good, besides its own."""
    apikeys: str = ""
    """Public keys of the APIs, whose reading addresses are good for ever. Empty: the same as dockeys and its own."""
    listen: str = "127.0.0.1:8081"
    """Host and port."""
    url: str = ""
    """Public base of the addresses it gives out. Empty: http:// and `listen`."""
    max_size: int = MAX_SIZE
    """Of a file, in bytes."""
    workers: int = 2
    """Processes."""
    threads: int = 16
    """Requests that one process serves at once."""

    @property
    def base(self) -> str:
        """Public base of the addresses, without a slash at the end."""
        return (self.url or f"http://{self.listen}").rstrip("/")

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Settings:
        """Make settings of text. Raises ValueError naming an unknown, missing or unreadable key."""
        known = {field.name: field for field in fields(cls)}
        if unknown := sorted(values.keys() - known.keys()):
            raise ValueError(f"[{SECTION}] {unknown[0]}: no such setting; there are {', '.join(known)}")
        if missing := [name for name, field in known.items() if field.default is MISSING and not values.get(name)]:
            raise ValueError(f"[{SECTION}] {missing[0]}: is needed")
        converters: dict[str, Callable[[str], object]] = {"Path": Path, "int": positive, "str": str}
        made: dict[str, object] = {}
        for name, text in values.items():
            try:
                made[name] = converters[str(known[name].type)](text)
            except ValueError as error:
                raise ValueError(f"[{SECTION}] {name}: {text!r}: {error}") from None
        return cls(**made)  # type: ignore[arg-type]


def section(path: Path) -> dict[str, str]:
    """The keys of ``[documents]`` in an INI file, with ``%(here)s`` for its folder. Raises OSError, ValueError."""
    parser = ConfigParser({"here": str(path.resolve().parent)})
    parser.read_string(path.read_text(encoding="utf-8"), str(path))
    if not parser.has_section(SECTION):
        raise ValueError(f"{path}: has no section [{SECTION}]")
    return {key: value for key, value in parser.items(SECTION) if key not in parser.defaults()}


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Settings given as environment variables: OPENPROCUREMENT_DOCUMENTS_DOCKEY and so on."""
    names = {f"{ENVIRONMENT}{field.name.upper()}": field.name for field in fields(Settings)}
    return {names[name]: value for name, value in variables.items() if name in names and value}
