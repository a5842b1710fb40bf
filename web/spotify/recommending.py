"""What /v1/recommendations answers: the seeds as songs, one list for all of them, and how large the pools were."""

import sqlite3
from collections.abc import Hashable
from dataclasses import dataclass

from db.spotify_facts import artists_told, is_measured, tracks_told
from recommender import catalogue
from recommender.lists.wishes import PER_ARTIST
from web.errors import NotFound, NotUnderstood
from web.spotify import genres
from web.spotify.asked import Recommending, Seed, filters
from web.station import Station

_SPEAKING = 5
"""So many songs speak for artists and genres beside tracks, all seeds together, so that each counts about the same."""
_SPEAKING_ALONE = 10
"""So many where no track is a seed."""
_RELATED = 20
_TOP = 10
_GENRES_ASKED = 3
"""Of the genres that one slug means so many lend their songs."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A seed, and how many songs there were to choose from.

    The seeds are asked together, so their pools are the same: before, so many songs the model named, best first, until
    there were enough; after, so many of those keep min_ and max_ and are not blocked. No market is held here, so
    relinking takes none away. A seed that is not here, or of which nothing is known, has nothing to choose from.
    """

    seed: Seed
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Recommended:
    """Raw ids of songs, best first, and the pools of the seeds in the order in which they were asked for."""

    model: str
    track_ids: tuple[str, ...]
    pools: tuple[Pool, ...]


def recommended(station: Station, connection: sqlite3.Connection, asked: Recommending) -> Recommended:
    """Give the songs that are asked for, or those that were given before of the same models and playlists.

    Where no seed is here there are none: the best known songs would look as if somebody had chosen them for these
    seeds, and the answer has no place to say otherwise. The songs that stand for a seed do not come back either. Raises
    RecommenderError, DatabaseError, NotUnderstood.
    """
    version = station.version(connection)
    key = ("/v1/recommendations", version, asked)
    return station.listed(key, lambda: _recommended(station, connection, version, asked))


def _recommended(
    station: Station, connection: sqlite3.Connection, version: Hashable, asked: Recommending
) -> Recommended:
    alone = all(seed.kind != "TRACK" for seed in asked.seeds)
    each = max(1, (_SPEAKING_ALONE if alone else _SPEAKING) // len(asked.seeds))
    here = catalogue.songs(connection, [seed.meant for seed in asked.seeds if seed.kind == "TRACK"])
    songs = {
        seed: (seed.meant,) * (seed.meant in here)
        if seed.kind == "TRACK"
        else _songs(station, connection, version, seed, each)
        for seed in asked.seeds
    }
    wanted = list(dict.fromkeys(track_id for of_seed in songs.values() for track_id in of_seed))
    if not wanted:
        return Recommended("none", (), tuple(Pool(seed, 0, 0) for seed in asked.seeds))
    kept = tuple(span for span in asked.spans if _is_measured(station, connection, version, span[0]))
    try:
        answer = station.suggester.answer(
            wanted,
            asked.limit,
            filters=filters(kept),
            targets=asked.targets,
            per_artist=max(PER_ARTIST, asked.limit // 10),
            reasons=False,
        )
    except ValueError as error:
        raise NotUnderstood(str(error)) from error
    unknown = set(answer.unknown)
    pools = [
        Pool(seed, answer.looked_at, answer.fit) if set(of_seed) - unknown else Pool(seed, 0, 0)
        for seed, of_seed in songs.items()
    ]
    return Recommended(answer.model, tuple(song.track_id for song in answer.suggestions), tuple(pools))


def _songs(
    station: Station, connection: sqlite3.Connection, version: Hashable, seed: Seed, most: int
) -> tuple[str, ...]:
    """Give the raw ids of the songs that speak for an artist or a genre; none where it is not here."""

    def make() -> tuple[str, ...]:
        if seed.kind == "ARTIST":
            return tuple(best_of(connection, seed.meant, most))
        found = genres.meant(seed.meant, known_genres(station, connection, version))[:_GENRES_ASKED]
        lists = [catalogue.best_in(connection, genre, most) for genre in found]
        ranked = sorted((place, which, song) for which, list_ in enumerate(lists) for place, song in enumerate(list_))
        return tuple(dict.fromkeys(song for _, _, song in ranked))[:most]

    return station.kept(("songs of a seed", version, seed, most), make)


def best_of(connection: sqlite3.Connection, artist_id: str, most: int) -> list[str]:
    """Give the raw ids of an artist's best known songs; none where the artist is not here."""
    told = artists_told(connection, [artist_id])
    return catalogue.best_by(connection, [told[artist_id].name], most) if told else []


def known_genres(station: Station, connection: sqlite3.Connection, version: Hashable) -> dict[str, list[str]]:
    """Give the genres that are told here, by their slugs."""
    return station.kept(("genres", version), lambda: genres.slugs(catalogue.genre_names(connection)))


def _is_measured(station: Station, connection: sqlite3.Connection, version: Hashable, name: str) -> bool:
    """Tell whether a span can be kept: where nothing is known of any song, it would leave none."""
    return station.kept(("measured", version, name), lambda: is_measured(connection, name))


def related(station: Station, connection: sqlite3.Connection, artist_id: str) -> list[str]:
    """Give the raw ids of artists whose songs come next to those of an artist, nearest first. Raises NotFound."""

    def make() -> list[str]:
        own = catalogue.normal_artist(_artist(connection, artist_id))
        seeds = best_of(connection, artist_id, _SPEAKING_ALONE)
        if not seeds:
            return []
        answer = station.suggester.answer(seeds, _RELATED, per_artist=1, not_by=frozenset({own}), reasons=False)
        names = tracks_told(connection, [song.track_id for song in answer.suggestions])
        first = [names[song.track_id].artists[:1] for song in answer.suggestions if song.track_id in names]
        ids = dict.fromkeys(one.artist_id for artists in first for one in artists)
        return [other for other in ids if other != artist_id]

    return station.kept(("related", station.version(connection), artist_id), make)


def top_tracks(connection: sqlite3.Connection, artist_id: str) -> list[str]:
    """Give the raw ids of an artist's ten best known songs. Raises NotFound."""
    _artist(connection, artist_id)
    return best_of(connection, artist_id, _TOP)


def _artist(connection: sqlite3.Connection, artist_id: str) -> str:
    """Give an artist's name. Raises NotFound."""
    told = artists_told(connection, [artist_id])
    if not told:
        raise NotFound("Resource not found")
    return told[artist_id].name
