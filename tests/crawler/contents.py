"""What databases hold, for comparing: all of it by raw ids, and what a stopped crawl must not ask for again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.catalogue import ME
from demo.ids import Kind
from demo.spotify.library import Entry
from demo.spotify.seen import Seen
from demo.spotify.serving import Places
from tests.crawler.running import everything, path_of, query_of, rows_of, stored

_FEATURES = """
    SELECT t.track_id, f.danceability, f.energy, f.key, f.loudness, f.mode, f.speechiness, f.acousticness,
        f.instrumentalness, f.liveness, f.valence, f.tempo, f.time_signature
    FROM audio_features f JOIN tracks t ON t.key = f.track_key ORDER BY 1
"""
_STATES = """
    SELECT f.playlist_id, f.state, p.key IS NOT NULL FROM found_playlists f
    LEFT JOIN playlists p ON p.playlist_id = f.playlist_id
"""
_STAGED = """
    SELECT f.playlist_id, s.start FROM staged_pages s JOIN found_playlists f ON f.key = s.playlist_key ORDER BY 1, 2
"""
_OPEN = "(SELECT key FROM crawls WHERE finished_at IS NULL)"


def contents(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give all that the database says by raw ids: without times of ours, internal numbers and gate rows."""
    return everything(database) | {"features": rows_of(database, _FEATURES)}


def music(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give the music alone, without how it was found."""
    told = contents(database)
    return {part: told[part] for part in ("playlists", "entries", "tracks", "artists", "credits", "albums")}


def differing(one: dict[str, list[tuple[Any, ...]]], other: dict[str, list[tuple[Any, ...]]]) -> dict[str, object]:
    """Tell in which parts two contents differ, with the first few rows of each that the other lacks."""
    return {
        part: (sorted(set(one[part]) - set(other[part]), key=repr)[:3],
               sorted(set(other[part]) - set(one[part]), key=repr)[:3])
        for part in one
        if sorted(one[part], key=repr) != sorted(other[part], key=repr)
    }  # fmt: skip


def half_stored(database: Path, expected: Path) -> list[str]:
    """Name the playlists that do not stand here as in the other database, or whose state is not what stands here."""
    here, there = stored(database), stored(expected)
    wrong = [one for one, state, stands in rows_of(database, _STATES) if stands != (state in ("stored", "empty"))]
    return wrong + [one for one in here if here[one] != there.get(one)]


@dataclass(frozen=True)
class Kept:
    """What a stopped crawl has committed: of this, nothing may be asked for again."""

    lists: dict[str, float]
    """The name of a list → all pages before that offset; infinity: all of them."""
    pages: frozenset[tuple[str, int]]
    """Staged pages: playlist, and where the page starts."""
    settled: frozenset[str]
    """Playlists of which it is known what became of them."""

    def asked_again(self, asked: Sequence[Seen]) -> list[str]:
        """Give those of the requests that ask for what was there."""
        return [f"{seen.method} {seen.path}" for seen in asked if self._holds(path_of(seen), query_of(seen))]

    def _holds(self, path: str, query: dict[str, str]) -> bool:
        if name := _listing(path, query):
            return int(query["offset"]) < self.lists.get(name, 0)
        if path == "/me/tracks":
            return self._holds_page(next((one for one in self._all if one.startswith("liked:")), ""), query)
        _, kind, playlist_id, *rest = f"{path}/".split("/")
        return kind == "playlists" and self._holds_page(playlist_id, query if rest[0] else query | {"offset": "0"})

    @property
    def _all(self) -> set[str]:
        return {playlist_id for playlist_id, _ in self.pages} | self.settled

    def _holds_page(self, playlist_id: str, query: dict[str, str]) -> bool:
        # A look whether a playlist changed is no page: it comes after the last of them.
        looks = query.get("fields") == "snapshot_id" or query.get("limit") == "1"
        return playlist_id in self.settled or (not looks and (playlist_id, int(query["offset"])) in self.pages)


def kept(database: Path) -> Kept:
    """Read what the unfinished crawl of a database has committed; nothing where there is none yet."""
    if not database.exists() or not rows_of(database, "SELECT 1 FROM sqlite_master WHERE name = 'staged_pages'"):
        return Kept({}, frozenset(), frozenset())
    lists = rows_of(database, f"SELECT listing, next_offset, done FROM crawl_listings WHERE crawl_key IN {_OPEN}")
    settled = f"SELECT playlist_id FROM found_playlists WHERE state != 'waiting' AND crawl_key IN {_OPEN}"
    return Kept(
        {name: float("inf") if done else beyond for name, beyond, done in lists},
        frozenset(rows_of(database, _STAGED)),  # type: ignore[arg-type]
        frozenset(playlist_id for (playlist_id,) in rows_of(database, settled)),
    )


def _listing(path: str, query: dict[str, str]) -> str | None:
    """Name the list that a request reads, as crawler.frontier does."""
    if path == "/me/playlists":
        return "mine"
    if path == "/search":
        return f"search:{query['q']}"
    return f"user:{path.split('/')[2]}" if path.startswith("/users/") else None


def lengthen(spotify: Places, numbers: Sequence[int], length: int) -> None:
    """Make playlists of the small Spotify so long that they take several requests."""
    songs = spotify.world.music.songs
    for number in numbers:
        entries = [Entry((number * 31 + at * 7) % songs, 1_600_000_000 + at, ME) for at in range(length)]
        spotify.door.desk.library.write((Kind.PLAYLIST, number), entries)
