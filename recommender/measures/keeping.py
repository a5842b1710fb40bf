"""What was measured last, kept: the last table of each protocol, as JSON in a hidden folder beside the models."""

import errno
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recommender.errors import CannotStore

FORMAT = 1
NAMES = ("continuation", "next", "cold", "plays", "dials", "curve")
"""What may be kept, in the order in which it is shown: the protocols, and the two other views."""
_FOLDER = ".evaluations"


@dataclass(frozen=True)
class Kept:
    """One table as it was measured."""

    name: str
    command: str
    """As it was typed."""
    measured_at: int
    """Seconds since 1970, UTC."""
    content: str
    """The database's content mark at that time; another mark now means that the playlists changed since."""
    told: dict[str, Any]
    """What `segue evaluate --json` prints."""


def keep(models: Path, kept: Kept) -> None:
    """Write a table whole in the place of the one before. models: the folder of the models. Raises CannotStore."""
    assert kept.name in NAMES
    place = models / _FOLDER / f"{kept.name}.json"
    new = place.with_name(f".{kept.name}.{os.getpid()}.new")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with new.open("w", encoding="utf-8") as file:
                json.dump({"format": FORMAT, **asdict(kept)}, file, indent=1, allow_nan=False)
                file.flush()
                os.fsync(file.fileno())
            new.replace(place)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full: make room" if full else f"{error.strerror or error}: check the folder"
        raise CannotStore(f"what was measured is not kept for the page of models, {why}") from error


def kept_tables(models: Path) -> tuple[list[Kept], list[str]]:
    """Read all tables that are kept, and give a sentence for each that cannot be read."""
    found, damaged = [], []
    for name in NAMES:
        place = models / _FOLDER / f"{name}.json"
        try:
            told = json.loads(place.read_text(encoding="utf-8"))
            if told.pop("format") != FORMAT or told["name"] != name:
                raise ValueError("it is of another Segue")
            found.append(_checked(Kept(**told)))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            damaged.append(f"{place} cannot be read: measure again (segue evaluate)")
    return found, damaged


def _checked(kept: Kept) -> Kept:
    """Give it, where everything in it has its type. Raises ValueError."""
    kinds = (("command", str), ("measured_at", int), ("content", str), ("told", dict))
    if not all(type(getattr(kept, name)) is kind for name, kind in kinds):
        raise ValueError("it is not one of ours")
    return kept
