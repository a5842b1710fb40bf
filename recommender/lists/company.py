"""The company that songs keep: seeds and songs, each with the playlists that hold it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from recommender import catalogue
from recommender.catalogue import Facts, SongRow

SEEDS, BY_THE_SAME = 50, 10
"""So many seeds, the last ones, are looked at, and so many of the others that are by an artist of the songs."""
_ROWS = 400
"""So many rows, the last ones, are looked through for seeds and their versions."""
_VERSIONS = 12
"""So many versions of a seed are looked at, those in most playlists."""
_READ = 15_000
"""So many playlists are read for all tracks together, and _FEWEST to _MOST of one track: more would take too long."""
_FEWEST, _MOST = 200, 1_000
_PROBED = 5_000
"""So many playlists, over all pairs of a song and a seed, are looked up one by one where one of the two stands in more
than are read, and the other does not."""
TEMPO_WITHIN, MOOD_WITHIN = 4.0, 0.1
"""Two songs sound alike when their tempos, in beats a minute, and their energy and valence, from 0 to 1, differ by no
more."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One track under which a song is stored, and the playlists that hold it."""

    track_id: str
    key: int
    playlists: frozenset[int]
    whole: bool
    """Whether all its playlists are read."""


@dataclass(frozen=True, slots=True)
class Held:
    """A song, or a seed with its versions, and the playlists that hold one of its copies."""

    song: SongRow
    """Of a seed the version that was named."""
    facts: tuple[Facts, ...]
    """Of the song, then of its other versions."""
    copies: tuple[Copy, ...]
    """The song, its other versions, and the tracks that are linked to them."""
    every: bool
    """Whether these are all of them."""
    track_ids: frozenset[str]
    """Of the copies."""
    playlists: frozenset[int]
    whole: bool
    """Whether all playlists of the copies are read."""

    @property
    def keys(self) -> list[int]:
        """Give the keys of the copies."""
        return [copy.key for copy in self.copies]


@dataclass(frozen=True, slots=True)
class Pair:
    """A seed, and the playlists that it shares with a song: one at least."""

    seed: Held
    shared: frozenset[int]
    whole: bool
    """Whether these are all of them."""

    @property
    def copies(self) -> list[Copy]:
        """Give the copies of the seed that may stand in these playlists."""
        return [copy for copy in self.seed.copies if not copy.whole or not copy.playlists.isdisjoint(self.shared)]

    @property
    def copy_ids(self) -> list[str]:
        """Give the track ids of these."""
        return [copy.track_id for copy in self.copies]


@dataclass(frozen=True, slots=True)
class Company:
    """Seeds, oldest first, and songs."""

    seeds: list[Held]
    songs: list[Held]
    complete: bool
    """Whether all seeds are looked at, with all their versions and all playlists that hold them."""


def company(connection: sqlite3.Connection, seeds: Sequence[SongRow], songs: Sequence[SongRow]) -> Company:
    """Read what is known of seeds and songs; the last version of a seed's recording is the one that was named."""
    recordings = _recordings(seeds[-_ROWS:])
    makers = {artist for song in songs for artist in song.artists}
    by_the_same = [rows for rows in recordings[:-SEEDS] if not makers.isdisjoint(rows[0].artists)]
    groups = [_with_versions(rows) for rows in [*by_the_same[-BY_THE_SAME:], *recordings[-SEEDS:]]]
    n_seeds = len(groups)
    groups += [([song], True) for song in songs]
    known = catalogue.facts(connection, dict.fromkeys(row.track_id for rows, _ in groups for row in rows))
    most = min(max(_READ // max(len(known), 1), _FEWEST), _MOST)
    copies = {track_id: _copies(connection, facts, most) for track_id, facts in known.items()}
    held = [_held(rows, every, known, copies) for rows, every in groups]
    complete = len(seeds) <= _ROWS and len(recordings) <= SEEDS and all(h.whole and h.every for h in held[:n_seeds])
    return Company(held[:n_seeds], held[n_seeds:], complete)


def pair(connection: sqlite3.Connection, song: Held, seed: Held, among: Company) -> Pair | None:
    """Give what a song and a seed share; None where that is no playlist, or where both are one track."""
    shared, whole = song.playlists & seed.playlists, song.whole and seed.whole
    if (whole and not shared) or not song.track_ids.isdisjoint(seed.track_ids):
        return None
    if song.whole != seed.whole:
        short, long = (song, seed) if song.whole else (seed, song)
        if len(short.playlists) * len(among.seeds) * len(among.songs) <= _PROBED:
            shared, whole = frozenset(catalogue.among(connection, long.keys, short.playlists)), True
    return Pair(seed, shared, whole and seed.every) if shared else None


def _recordings(rows: Sequence[SongRow]) -> list[list[SongRow]]:
    """Gather the versions of each recording, the last one first; the recordings in the order of these."""
    found: dict[tuple[str, str], list[SongRow]] = {}
    for row in reversed(rows):
        artist = row.artists[0] if row.artists else ""
        found.setdefault(catalogue.recording(artist, row.name) if row.name else ("", row.track_id), []).append(row)
    return [*reversed(found.values())]


def _with_versions(rows: Sequence[SongRow]) -> tuple[list[SongRow], bool]:
    """Choose the versions to look at, and tell whether any of the others stands in a playlist."""
    used = sorted((row for row in rows[1:] if row.playlists), key=lambda row: -row.playlists)
    return [rows[0], *used[:_VERSIONS]], len(used) <= _VERSIONS


def _copies(connection: sqlite3.Connection, facts: Facts, most: int) -> list[Copy]:
    found = []
    for track_id, key in ((facts.track_id, facts.key), *facts.twins):
        playlists = catalogue.playlists_of(connection, key, most + 1)
        found.append(Copy(track_id, key, frozenset(playlists[:most]), len(playlists) <= most))
    return found


def _held(rows: Sequence[SongRow], every: bool, known: dict[str, Facts], copies: dict[str, list[Copy]]) -> Held:
    ids = [row.track_id for row in rows if row.track_id in known]
    # Two versions may be linked to each other, and each copy counts once.
    found = {copy.track_id: copy for track_id in ids for copy in copies[track_id]}
    playlists = frozenset[int]().union(*(copy.playlists for copy in found.values()))
    return Held(
        rows[0],
        tuple(known[track_id] for track_id in ids),
        tuple(found.values()),
        every,
        frozenset(found),
        playlists,
        all(copy.whole for copy in found.values()),
    )


@dataclass(frozen=True, slots=True)
class Sound:
    """How one track of a song sounds."""

    track_id: str
    tempo: float
    energy: float
    valence: float

    @property
    def beats(self) -> int:
        """Give the beats a minute in whole numbers, rounded as SQLite does."""
        return int(self.tempo + 0.5)

    def is_like(self, other: "Sound") -> bool:
        """Tell whether two songs sound alike, by the rule that the proof repeats."""
        apart = abs(self.energy - other.energy), abs(self.valence - other.valence)
        return abs(self.tempo - other.tempo) <= TEMPO_WITHIN and max(apart) <= MOOD_WITHIN


def sound(held: Held) -> Sound | None:
    """Give how a song sounds, by the first of its tracks of which that is known."""
    for f in held.facts:
        if f.tempo and f.energy is not None and f.valence is not None:
            return Sound(f.track_id, f.tempo, f.energy, f.valence)
    return None
