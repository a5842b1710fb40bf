"""Plays summed while they stream by: one number for each listener and track, however often it was played.

Pure.
"""

from collections.abc import Iterator

from db.records import Album, Artist, Play, Track
from db.told import track_of
from importer.contract import Item, PlayLog


class PlaySums:
    """Counts of plays by listener, artist and title; its memory grows with distinct triples, not with plays."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str, str], tuple[int, int | None, str]] = {}

    def add(self, key: tuple[str, str, str], count: int, last: int | None, album: str) -> None:
        """Add plays of one listener, artist and title; last: seconds since 1970."""
        before, known, name = self._sums.get(key, (0, None, album))
        latest = last if known is None else known if last is None else max(known, last)
        self._sums[key] = (before + count, latest, name or album)

    def items(self, log: str) -> Iterator[Item]:
        """Yield the log and then its plays."""
        listeners = {listener for listener, _, _ in self._sums}
        if not listeners:
            return
        yield PlayLog(log, listeners.pop() if len(listeners) == 1 else "")
        tracks: dict[tuple[str, str], Track | None] = {}
        for (listener, artist, title), (count, last, album) in self._sums.items():
            if (artist, title) not in tracks:
                release = Album(album) if album else None
                tracks[artist, title] = track_of("", (Artist(artist),) if artist else (), title, album=release)
            if track := tracks[artist, title]:
                yield Play(listener, track, count, last)
