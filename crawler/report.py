"""What a crawl did, in named counts and a reason for stopping: as sentences and as plain values. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from crawler.errors import Blocked, CrawlerError
from crawler.frontier import UNCHANGED
from crawler.parse import CUT, EPISODES, LOCAL, UNAVAILABLE
from crawler.reasons import FAILED as WITH_FAILURES
from crawler.reasons import reason_of
from db.found import EMPTY, FAILED, GONE, STORED, WITHHELD
from db.runs import Counts

_PLAYLISTS = (STORED, UNCHANGED, EMPTY, WITHHELD, GONE, FAILED)
_PLACES = (EPISODES, LOCAL, UNAVAILABLE)
_LEFT_OUT = {
    EPISODES: "podcast episodes",
    UNAVAILABLE: "songs that Spotify no longer has",
    CUT: "playlists cut at 10,000 entries",
}
_ROAD = ("requests", "retries", "waits", "renewals")


@dataclass(frozen=True, slots=True)
class Report:
    """One crawl, told."""

    reason: str
    """done, incomplete, quota, max-requests, interrupted, unreachable, refused, not allowed, not logged in."""
    sentence: str
    """The reason for people; empty where all is done."""
    exit_code: int
    until: float | None
    """When the quota is given again, seconds since 1970."""
    import_number: int | None
    counts: dict[str, int]
    stored: Counts
    refused: tuple[str, ...]

    @property
    def finished(self) -> bool:
        """Tell whether the next crawl of this kind begins anew."""
        return self.reason in ("done", "incomplete")


def report(
    stopped_by: CrawlerError | None,
    counts: dict[str, int],
    stored: Counts,
    refused: tuple[str, ...],
    import_number: int | None,
) -> Report:
    """Put a report together. counts: of the crawl and of its requests, by name."""
    told = {name: counts.get(name, 0) for name in (*_PLAYLISTS, *_PLACES, *_ROAD)}
    told |= {name: count for name, count in sorted(counts.items()) if name not in told and count}
    reason, code = reason_of(stopped_by)
    sentence = str(stopped_by or "")
    if stopped_by is None and (told[FAILED] or refused):
        reason, code = "incomplete", WITH_FAILURES
        sentence = (
            "Not all could be read." if refused else "Some could not be read: run this again, and they are tried."
        )
    until = stopped_by.until if isinstance(stopped_by, Blocked) else None
    return Report(reason, sentence, code, until, import_number, told, stored, refused)


def left_out(told: Report) -> dict[str, int]:
    """Count what was left out of the playlists that were read, by the reason in words."""
    return {words: told.counts.get(name, 0) for name, words in _LEFT_OUT.items()}


def as_dict(told: Report) -> dict[str, Any]:
    """Give it as plain values for JSON."""
    stored = asdict(told.stored)
    return {
        "reason": told.reason,
        "message": told.sentence,
        "until": told.until,
        "import": told.import_number,
        "counts": told.counts,
        "entries": stored["entries"],
        "tracks_new": stored["tracks_new"],
        "artists_new": stored["artists_new"],
        "refused": list(told.refused),
    }


def sentences(told: Report) -> Iterator[str]:
    """Say it in lines for people."""
    counts = told.counts
    playlists = ", ".join(f"{counts[name]:,} {name}" for name in _PLAYLISTS if counts[name])
    yield f"Playlists: {playlists or 'none'}"
    if told.stored.entries:
        stored = told.stored
        yield f"New: {stored.entries:,} entries, {stored.tracks_new:,} tracks, {stored.artists_new:,} artists"
    if odd := ", ".join(_counted(counts[name], name) for name in _PLACES if counts[name]):
        yield f"Odd entries: {odd} (episodes and unavailable ones are left out)"
    more = [name for name in counts if name not in (*_PLAYLISTS, *_PLACES, *_ROAD)]
    road = ", ".join(_counted(counts[name], name) for name in (*_ROAD, *more) if counts[name])
    yield f"On the way: {road or 'no requests'}"
    if counts[WITHHELD]:
        yield "Withheld: Spotify gives this app the contents of playlists that you own or work on; of others the name"
    yield from (f"Not read: {line}" for line in told.refused)
    if told.import_number:
        yield f"To take it back: segue purge --import {told.import_number}"
    if not told.finished:
        yield f"Stopped ({told.reason}): {told.sentence}"
    elif told.sentence:
        yield told.sentence
    else:
        yield "Done."


_ONE = {"requests": "request", "retries": "retry", "waits": "wait", "renewals": "renewal", EPISODES: "episode",
        LOCAL: "local file"}  # fmt: skip


def _counted(count: int, names: str) -> str:
    return f"{count:,} {_ONE.get(names, names) if count == 1 else names}"
