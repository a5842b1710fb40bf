"""What lies around the way from one track to another: the space it lies in, and the songs that a road may lead over."""

import sqlite3
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recommender import artifacts, catalogue
from recommender.errors import DamagedModel, NoRoad, NoSuchModel
from recommender.lists.versions import Known, kin
from recommender.models.contract import Embedding
from recommender.models.registry import model_class
from recommender.opening import open_model
from recommender.roads.laying import Ground
from recommender.roads.steps import aside, by_playlists, by_sound, distances, progress, walked, waypoints
from recommender.standing import Standing
from recommender.vocabulary import NOT_FOUND, Vocabulary

_AT_ONCE = 50_000
_LOOKED_AT = 300_000
"""So many of the best known tracks may lie on a road."""
_AROUND = 1_500
"""So many tracks near the points of the straight line are looked at in all."""
_FEWEST, _MOST = 20, 150
"""Between these for each point; most fall away, because what is nearest to an end is by the same artist."""
_POOL = 400
"""So many songs, those least beside the way, are left to choose from; more make no better roads."""
_RING = 60
"""So many companions of each end are looked at, and as many of these companions' own."""
_RING_LISTS, _OUTER_LISTS, _OUTER_SEEDS = 100, 30, 15
_BRIDGE_LISTS = 500
"""So many new playlists are looked at on each step from either end, where a way through playlists is searched."""
_LISTS = 1_000
"""Of a track in more playlists than that the first ones are compared."""
_LOUDNESS = 60.0
"""Decibels from silence to the loudest."""


@dataclass(frozen=True)
class Space:
    """A model that places tracks in a space, with what it knows them by."""

    name: str
    vocabulary: Vocabulary
    model: Embedding
    content: str
    """The database's content mark when it was trained."""


@dataclass(frozen=True)
class Around:
    """The songs around a way, in the order of the ground."""

    songs: list[catalogue.SongRow]
    ground: Ground
    sounds: np.ndarray
    """float64, shape (songs, SOUND): how each one sounds, NaN where that is not known."""
    nearness: np.ndarray
    """float64, shape (points, songs): how near each song is to the points of the straight line."""
    fewest: int | None = None
    """How many songs the shortest way through playlists has; None where that was not looked for, 0 where none is."""


def choose_space(folder: Path, name: str | None) -> tuple[Space, list[str]]:
    """Open the model of a name, or the best that places tracks in a space, with what is to be said of others.

    Raises NoSuchModel, DamagedModel.
    """
    if name is not None:
        return _open(folder, name), []
    notes: list[str] = []
    for candidate in Standing(folder).in_order():
        try:
            if hasattr(model_class(artifacts.read_manifest(folder, candidate).kind), "vectors"):
                return _open(folder, candidate), notes
        except (DamagedModel, NoSuchModel) as error:
            notes.append(str(error))
    told = "no model that places tracks in a space is trained: run `segue train word2vec`"
    raise NoSuchModel(". ".join([told, *notes]))


def _open(folder: Path, name: str) -> Space:
    stored, model = open_model(folder, name)
    if not isinstance(model, Embedding):
        raise NoSuchModel(f"{name} places no tracks in a space: run `segue train word2vec`, or name another model")
    return Space(name, stored.vocabulary, model, stored.manifest.content)


def end_number(connection: sqlite3.Connection, space: Space, track_id: str) -> int:
    """Give an end's number, by its id or by that of the same song. Raises NoRoad where it has no place."""
    song = catalogue.songs(connection, [track_id]).get(track_id)
    numbers = space.vocabulary.numbers([track_id, *(catalogue.same_song(connection, song) if song else [])])
    numbers = numbers[numbers != NOT_FOUND]
    placed = numbers[~np.isnan(space.model.vectors(numbers)).any(axis=1)]
    if not len(placed):
        called = catalogue.title_line(song) if song else track_id
        raise NoRoad(
            f"{called} stands in no playlist that {space.name} learned from, so no road leads there: name another "
            "track, or import playlists with it and run `segue train`"
        )
    return int(placed[0])


def look_around(connection: sqlite3.Connection, space: Space, ends: Sequence[int], n: int) -> Around:
    """Gather the songs near the straight line and around the ends (track numbers) for a road of n songs.

    Raises NoRoad when the ends are one song, DamagedModel.
    """
    candidates = _candidates(connection, space, ends, n)
    kept = candidates.strict if len(candidates.strict) >= n - 2 else candidates.free
    return _around(connection, candidates, kept[: max(_POOL, n)])


def look_farther(connection: sqlite3.Connection, space: Space, ends: Sequence[int], n: int) -> Around:
    """Gather also what is a detour in the space, and what lies on the shortest way through playlists.

    Where there is such a way, it tells how far along the songs are. Raises as look_around.
    """
    ids = space.vocabulary.raw_ids(np.array(ends))
    bridge = catalogue.bridge(connection, ids[0], ids[1], _BRIDGE_LISTS)
    beside = [other for one in bridge[:n] for other in catalogue.companions(connection, [one], _RING_LISTS, _RING // 4)]
    numbers = space.vocabulary.numbers([*bridge, *beside])
    also = set(numbers[numbers != NOT_FOUND].tolist())
    candidates = _candidates(connection, space, ends, n, also)
    always = [place for place in candidates.free if candidates.numbers[place] in also]
    kept = dict.fromkeys([*always, *candidates.free[: max(_POOL, n)]])
    around = _around(connection, candidates, list(kept))
    if not bridge:
        return replace(around, fewest=0)
    along = walked(around.ground.far)
    order = np.array([0, *(1 + np.argsort(along[1:-1], kind="stable")), len(along) - 1])
    ground = replace(around.ground, along=along).only(order)
    songs = [around.songs[place] for place in order.tolist()]
    return Around(songs, ground, around.sounds[order], around.nearness[:, order], len(bridge))


@dataclass(frozen=True)
class _Candidates:
    """Tracks around a way, the ends first, with what better had come and what may, least beside the way first."""

    numbers: list[int]
    rows: list[catalogue.SongRow]
    vectors: np.ndarray
    points: np.ndarray
    strict: list[int]
    free: list[int]


def _candidates(
    connection: sqlite3.Connection, space: Space, ends: Sequence[int], n: int, also: Set[int] = frozenset()
) -> _Candidates:
    start, end = space.model.vectors(np.array(ends)).astype(np.float64)
    points = waypoints(start, end, n)
    found = set(also)
    if n > 2:
        found.update(_near(space, points[1:-1], _listed_twice(connection, space.vocabulary, n)))
        found.update(_companions(connection, space, space.vocabulary.raw_ids(np.array(ends))))
    numbers = [*ends, *sorted(found - set(ends))]
    track_ids = space.vocabulary.raw_ids(np.array(numbers))
    known = catalogue.songs(connection, track_ids)
    rows = [known.get(track_id) or catalogue.stranger(track_id) for track_id in track_ids]
    vectors = np.nan_to_num(space.model.vectors(np.array(numbers)).astype(np.float64))
    beside, to_ends = aside(vectors, start, end), np.maximum(vectors @ start, vectors @ end)
    strict, free = (
        sorted(places, key=lambda place: (beside[place], place)) for places in _kept(rows, to_ends > start @ end)
    )
    return _Candidates(numbers, rows, vectors, points, strict, free)


def _around(connection: sqlite3.Connection, candidates: _Candidates, kept: Sequence[int]) -> Around:
    """Put those that are kept in the order in which they lie along the way, and tell how far they are apart."""
    start, end = candidates.vectors[:2]
    along = progress(candidates.vectors, start, end)
    order = [0, *sorted(kept, key=lambda place: (along[place], place)), 1]
    along[[0, 1]] = 0.0, 1.0
    songs = [candidates.rows[place] for place in order]
    far, sounds = _far(connection, [song.track_id for song in songs])
    artists = [frozenset(card.artists) for card in map(catalogue.card, songs)]
    vectors = candidates.vectors[order]
    ground = Ground(far, along[order], aside(vectors, start, end), artists)
    return Around(songs, ground, sounds, candidates.points @ vectors.T)


def _listed_twice(connection: sqlite3.Connection, vocabulary: Vocabulary, n: int) -> int:
    """Count the tracks in two playlists and more, which are the first of the vocabulary; all where they are too few."""
    low, high = 0, min(len(vocabulary), _LOOKED_AT)
    most = high
    while low < high:
        middle = (low + high) // 2
        (track_id,) = vocabulary.raw_ids(np.array([middle]))
        song = catalogue.songs(connection, [track_id]).get(track_id)
        low, high = (middle + 1, high) if song and song.playlists > 1 else (low, middle)
    return low if low >= _FEWEST * n else most


def _near(space: Space, points: np.ndarray, known: int) -> list[int]:
    """Give the numbers of the tracks nearest to some points among the first ones, reading the space part by part."""
    each = max(_FEWEST, min(_MOST, _AROUND // len(points)))
    numbers, nearness = np.zeros((len(points), 0), np.int64), np.zeros((len(points), 0), np.float32)
    for begin in range(0, known, _AT_ONCE):
        part = np.arange(begin, min(begin + _AT_ONCE, known))
        told = (space.model.vectors(part) @ points.T.astype(np.float32)).T
        nearness = np.concatenate([nearness, np.nan_to_num(told, nan=-2.0)], axis=1)
        numbers = np.concatenate([numbers, np.broadcast_to(part, told.shape)], axis=1)
        if numbers.shape[1] > each:
            best = np.argpartition(-nearness, each, axis=1)[:, :each]
            numbers, nearness = np.take_along_axis(numbers, best, 1), np.take_along_axis(nearness, best, 1)
    return [int(number) for number in numbers[nearness > -2.0]]


def _companions(connection: sqlite3.Connection, space: Space, ends: Sequence[str]) -> list[int]:
    """Give the numbers of the companions of both ends, and of these companions' own."""
    ids: list[str] = []
    for end in ends:
        inner = catalogue.companions(connection, [end], _RING_LISTS, _RING)
        ids += inner + catalogue.companions(connection, inner[:_OUTER_SEEDS], _OUTER_LISTS, _RING)
    numbers = space.vocabulary.numbers(ids)
    return [int(number) for number in numbers[numbers != NOT_FOUND]]


def _kept(rows: Sequence[catalogue.SongRow], on_the_way: np.ndarray) -> tuple[list[int], list[int]]:
    """Choose what had better come between the first two rows, and what may: each song once, in its best known version.

    on_the_way: bool, shape (rows,): which songs are nearer to one of the ends than the ends are to each other; the
    others are a detour. A song in a single playlist has next to nobody who vouches for it, and of the ends' artists
    the ends are enough. Gives their places. Raises NoRoad when the ends are one song.
    """
    cards = list(map(catalogue.card, rows))
    taken = Known(card.title for card in cards[:2])
    if kin(cards[0].title, cards[1].title) != "none":
        first, second = (catalogue.title_line(row) for row in rows[:2])
        raise NoRoad(f"{first} and {second} are one song: name two different ones")
    theirs = {artist for card in cards[:2] for artist in card.artists}
    free: list[int] = []
    strict: list[int] = []
    for place in sorted(range(2, len(rows)), key=lambda place: -rows[place].playlists):
        card, row = cards[place], rows[place]
        if not row.name or taken.nearest(card.title)[0] != "none":
            continue
        taken.add(card.title)
        free.append(place)
        if on_the_way[place] and row.playlists > 1 and not theirs & set(card.artists):
            strict.append(place)
    return strict, free


def _far(connection: sqlite3.Connection, ids: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Give the distances between songs, and how each one sounds: float64, shape (songs, SOUND)."""
    held = list(catalogue.holders(connection, ids, _LISTS).values())
    lengths = catalogue.playlist_lengths(connection, sorted(set().union(*held)))
    told = catalogue.sounds(connection, ids)
    blank = (None,) * len(catalogue.SOUND)
    sounds = np.array([told.get(track_id, blank) for track_id in ids], np.float64)
    tempo, loudness = catalogue.SOUND.index("tempo"), catalogue.SOUND.index("loudness")
    sounds[~(sounds[:, tempo] > 0), tempo] = np.nan
    shares = sounds[:, :tempo].copy()
    shares[:, loudness] = np.clip(1 + shares[:, loudness] / _LOUDNESS, 0, 1)
    return distances(by_playlists(held, lengths, _LISTS), by_sound(shares, sounds[:, tempo])), sounds
