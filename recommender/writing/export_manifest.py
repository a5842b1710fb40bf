"""What stands beside an exported collection. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

MANIFEST = "manifest.json"
FORMAT = 1
"""The version of the tables' columns."""


@dataclass(frozen=True)
class Exported:
    """What an exported collection holds."""

    playlists: int
    tracks: int
    entries: int
    content: str
    """The database's content mark at that time."""
    corpus: str
    """The fingerprint that the corpus of the database had: see Corpus.fingerprint."""
    format: int = FORMAT


def read_exported(told: Any) -> Exported:
    """Take what was read from the manifest. Raises ValueError when it is none of ours."""
    known = {field.name: str if field.name in ("content", "corpus") else int for field in fields(Exported)}
    if not isinstance(told, Mapping) or told.get("format") != FORMAT:
        raise ValueError("it is of another format")
    if any(type(told.get(name)) is not kind for name, kind in known.items()):
        raise ValueError("it does not say what is there")
    return Exported(**{name: told[name] for name in known})
