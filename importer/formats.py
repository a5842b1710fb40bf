"""The formats there are, in the order in which a file is held against them; each module is loaded when first asked."""

from importlib import import_module
from typing import cast

from importer.contract import Format
from importer.errors import UnknownFormat
from importer.source import Source

NAMES = ("mpd", "spotify-export", "jspf", "lrc", "m3u", "taste-profile", "lastfm", "csv")
"""From the most telling contents to the least."""
ALIASES = {"exportify": "csv", "m3u8": "m3u"}

_MODULES = {name: name.replace("-", "_") for name in NAMES} | {"csv": "csv_table"}


def named(name: str) -> Format:
    """Give the format of that name; raises UnknownFormat."""
    plain = ALIASES.get(name, name)
    if plain not in _MODULES:
        raise UnknownFormat(f"there is no format {name!r}: use one of {', '.join((*NAMES, *ALIASES))}")
    return cast("Format", import_module(f"importer.{_MODULES[plain]}"))


def recognise(source: Source) -> Format | None:
    """Find the format of a file by its contents, or None; raises BadFile when it cannot be read at all."""
    head = source.head()
    for name in NAMES:
        module = named(name)
        if module.recognise(head, source.filename):
            return module
    return None
