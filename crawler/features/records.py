"""ReccoBeats' answers: records found again by what was asked, and one chosen where there are several. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.errors import Unreachable
from crawler.features.values import features_of, text
from db.identity import words
from db.lacking import Asked
from db.records import AudioFeatures

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_SAME_MS = 2_000
"""Durations that are no further apart count as the same."""
_UNKNOWN = 5
"""Where a duration is not told, it counts as so many times _SAME_MS off."""


@dataclass(frozen=True, slots=True)
class Record:
    """What ReccoBeats has about one track."""

    own_id: str
    track_id: str
    """Spotify's id, empty where it is not told."""
    isrc: str
    told: Mapping[str, Any]

    def features(self, track_id: str) -> AudioFeatures | None:
        """Give its features as those of a track."""
        return features_of(self.told, track_id)


@dataclass(frozen=True, slots=True)
class Details:
    """What tells the records of one ISRC apart."""

    title: str
    duration_ms: int | None


def isrc_of(told: str | None) -> str:
    """Write an ISRC as ReccoBeats has it; empty where it is none."""
    isrc = (told or "").upper().replace("-", "").strip()
    return isrc if _ISRC.fullmatch(isrc) else ""


def records(told: Any) -> list[Record]:
    """Read an answer, in which the order means nothing; raises Unreachable where it is none."""
    return [
        Record(text(entry.get("id")), _last_part(entry.get("href")), isrc_of(text(entry.get("isrc"))), entry)
        for entry in _content(told)
    ]


def details(told: Any) -> dict[str, Details]:
    """Read titles and durations, by ReccoBeats' own id; raises Unreachable where the answer is none."""
    return {
        text(entry.get("id")): Details(text(entry.get("trackTitle")), _duration(entry.get("durationMs")))
        for entry in _content(told)
    }


def by_track_id(told: Iterable[Record], wanted: Iterable[str]) -> dict[str, AudioFeatures]:
    """Find the features of the tracks that were asked for by Spotify's id; the first record of a track stands."""
    left, found = set(wanted), {}
    for record in told:
        if record.track_id in left and (features := record.features(record.track_id)):
            found[record.track_id] = features
            left.discard(record.track_id)
    return found


def by_code(told: Iterable[Record], wanted: Iterable[str]) -> dict[str, list[Record]]:
    """Find the records of each ISRC that was asked for, without those that tell nothing."""
    found: dict[str, list[Record]] = {isrc: [] for isrc in wanted}
    for record in told:
        if record.isrc in found and record.features(""):
            found[record.isrc].append(record)
    return found


def choose(asked: Asked, among: Sequence[Record], known: Mapping[str, Details]) -> Record:
    """Choose the record that fits a track best: by duration, then by title; the first of those that fit as well."""
    return min(among, key=lambda record: _misfit(asked, known.get(record.own_id)))


def _misfit(asked: Asked, known: Details | None) -> tuple[int, bool]:
    if known is None:
        return _UNKNOWN, True
    if asked.duration_ms is None or known.duration_ms is None:
        off = _UNKNOWN
    else:
        off = abs(asked.duration_ms - known.duration_ms) // _SAME_MS
    return off, words(asked.name) != words(known.title)


def _content(told: Any) -> list[Mapping[str, Any]]:
    content = told.get("content") if isinstance(told, dict) else None
    if not isinstance(content, list):
        raise Unreachable("ReccoBeats' answer has no contents: its form is not one that is known; update Segue")
    return [entry for entry in content if isinstance(entry, dict)]


def _last_part(href: Any) -> str:
    return text(href).partition("?")[0].rstrip("/").rpartition("/")[2]


def _duration(told: Any) -> int | None:
    whole = isinstance(told, int | float) and not isinstance(told, bool) and 0 < told < 2**53
    return int(told) if whole else None
