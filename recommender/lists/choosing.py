"""From a model's scores to the songs of a list: down the ranking until there are enough that may come."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from recommender import catalogue
from recommender.catalogue import SongRow
from recommender.lists import dials
from recommender.lists.filters import PASS, told, verdict
from recommender.lists.listeners import listener_of
from recommender.lists.order import Sound, smooth, total
from recommender.lists.wishes import Wishes
from recommender.ranking import Card, Rules, best_first, best_known, choose
from recommender.scored import Scored

DEEPEST = 20_000
"""So many of the best tracks are looked at before a list stays short: a filter that fits nobody is to end in time."""
SILENT = "it is not known how any of these songs sounds, so they stay as ranked: run `segue features`"
Vectors = Callable[[Sequence[str]], np.ndarray | None]
"""Gives tracks' places in a space, by their raw ids: float32, shape (tracks, dimensions), NaN for unknown ones."""


@dataclass(frozen=True)
class Picked:
    """The songs of a list."""

    numbers: list[int]
    songs: list[SongRow]
    notes: list[str] = field(default_factory=list)


@dataclass
class _Found:
    """What may come, found so far on the way down the ranking."""

    numbers: list[int] = field(default_factory=list)
    songs: list[SongRow] = field(default_factory=list)
    depth: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """By what filters.verdict said."""


def plainly(connection: sqlite3.Connection, scored: Scored, n: int) -> Picked:
    """Take the best n tracks as the model orders them."""
    order = best_first(scored.scores, scored.seeds, n)
    return Picked(order.tolist(), _songs(connection, scored.by.vocabulary.raw_ids(order)))


def picked(
    connection: sqlite3.Connection, scored: Scored, wanted: Sequence[str], n: int, wishes: Wishes, vectors: Vectors
) -> Picked:
    """Choose n songs by the wishes, looking further down the ranking while too few may come.

    wanted: raw ids of the seeds. vectors: asked only where the list is to be diverse.
    """
    sieve = _Sieve(connection, scored, wanted, wishes)
    found, enough, depth = _Found(), dials.pool_size(n) if _turned(wishes) else 2 * n + 100, 0
    while True:
        while len(found.songs) < enough and not sieve.is_done(found, depth):
            depth = min(max(4 * depth, enough), DEEPEST)
            sieve.look_down(found, depth)
        is_last = sieve.is_done(found, depth)
        places = _chosen(found, sieve.heard, n, wishes, scored, vectors, is_last=is_last)
        if len(places) == n or is_last:
            break
        enough = 4 * len(found.songs)
    if not found.songs:  # of none anything but the id is known
        return plainly(connection, scored, n) if not wishes.filters else Picked([], [], sieve.notes(found, 0, n))
    notes = sieve.notes(found, len(places), n)
    if wishes.order == "smooth":
        places, flow = _smoothed(connection, found, places)
        notes.append(flow)
    return Picked([found.numbers[place] for place in places], [found.songs[place] for place in places], notes)


class _Sieve:
    """What may come at all, by blocks, plays and filters, whatever else is chosen."""

    def __init__(self, connection: sqlite3.Connection, scored: Scored, wanted: Sequence[str], wishes: Wishes) -> None:
        self._connection, self._scored, self._wishes = connection, scored, wishes
        blocked = catalogue.blocked(connection)
        self._artists = blocked.artists
        self._listener = None if wishes.unheard is None else listener_of(connection, wishes.unheard or None)
        vocabulary = scored.by.vocabulary
        out = dict.fromkeys([*wanted, *wishes.unlike, *wishes.without, *blocked.tracks])
        numbers = vocabulary.numbers(list(out))
        self._excluded = np.concatenate([scored.seeds, numbers[numbers >= 0]])
        songs = catalogue.songs(connection, list(dict.fromkeys([*out, *vocabulary.raw_ids(scored.seeds)])))
        self.heard = [catalogue.card(song) for song in songs.values()]

    def is_done(self, found: _Found, depth: int) -> bool:
        """Tell whether there is nothing further down that would be looked at."""
        return depth > 0 and (found.depth < depth or depth >= DEEPEST)

    def look_down(self, found: _Found, depth: int) -> None:
        """Add what may come of the tracks from where it was looked last down to this depth."""
        order = best_first(self._scored.scores, self._excluded, depth)
        numbers = order[found.depth :]
        found.depth = len(order)
        ids = self._scored.by.vocabulary.raw_ids(numbers)
        may_come = self._unheard(self._filtered(ids, found.left_out))
        pairs = [(int(number), raw_id) for number, raw_id in zip(numbers, ids, strict=True) if raw_id in may_come]
        songs = _songs(self._connection, [raw_id for _, raw_id in pairs])
        for (number, _), song in zip(pairs, songs, strict=True):
            # A track of which nothing but the id is known is nothing to offer to a person.
            if (song.name or song.artists) and self._artists.isdisjoint(map(catalogue.normal_artist, song.artists)):
                found.numbers.append(number)
                found.songs.append(song)

    def notes(self, found: _Found, n_found: int, n: int) -> list[str]:
        """Say what the filters left out, and how far they made it look."""
        if not self._wishes.filters:
            return []
        depth = f"the best {found.depth:,} tracks were looked through to find {n_found} of {n}" if n_found < n else ""
        return [*told(found.left_out), *filter(None, [depth])]

    def _filtered(self, ids: Sequence[str], left_out: Counter[str]) -> set[str]:
        filters = self._wishes.filters
        if not filters:
            return set(ids)
        facts = catalogue.song_facts(self._connection, ids, genres=filters.asks_genres)
        verdicts = {raw_id: verdict(filters, facts[raw_id]) for raw_id in ids}
        left_out.update(verdicts.values())
        return {raw_id for raw_id, judged in verdicts.items() if judged == PASS}

    def _unheard(self, ids: set[str]) -> set[str]:
        if self._listener is None:
            return ids
        return ids - catalogue.heard(self._connection, self._listener, sorted(ids))


def _turned(wishes: Wishes) -> bool:
    """Tell whether a dial is turned, for which a wider choice is needed."""
    return bool(wishes.popularity or wishes.diversity or wishes.vary is not None)


def _chosen(
    found: _Found, heard: Sequence[Card], n: int, wishes: Wishes, scored: Scored, vectors: Vectors, *, is_last: bool
) -> list[int]:
    """Turn the dials, and choose: places among what was found."""
    order, relevance = _dialled(found, wishes, scored)
    cards = [catalogue.card(found.songs[place]) for place in order]
    stands = {row: row for row in range(len(cards))} if wishes.versions else best_known(cards)
    rows = list(stands.values())
    nearness = None
    if wishes.diversity and (places := vectors([found.songs[order[row]].track_id for row in rows])) is not None:
        nearness = dials.Penalties(places)
    chosen = choose(
        relevance[list(stands)],
        [cards[row] for row in rows],
        heard,
        n,
        Rules(wishes.per_artist, wishes.versions),
        diversity=wishes.diversity,
        nearness=nearness,
        neighbours=is_last,
    )
    return [order[rows[row]] for row in chosen]


def _dialled(found: _Found, wishes: Wishes, scored: Scored) -> tuple[list[int], np.ndarray]:
    """Give the places in the order that the dials make of them, and their relevance, falling."""
    relevance = dials.relevance(scored.scores[np.array(found.numbers, np.int64)])
    fame = np.array([song.playlists for song in found.songs])
    relevance = dials.popular(relevance, fame, wishes.popularity)
    if wishes.vary is not None:
        relevance = dials.vary(relevance, np.random.default_rng(wishes.vary))
    order = np.argsort(-relevance, kind="stable")
    return order.tolist(), relevance[order]


def _smoothed(connection: sqlite3.Connection, found: _Found, places: list[int]) -> tuple[list[int], str]:
    """Put places in an order that flows, and say how much better it does than the ranking's."""
    songs = [found.songs[place] for place in places]
    facts = catalogue.song_facts(connection, [song.track_id for song in songs], genres=False)
    sounds = [_sound(facts[song.track_id].audio) for song in songs]
    if all(sound == Sound() for sound in sounds):
        return places, SILENT
    order = smooth(sounds, [frozenset(map(catalogue.normal_artist, song.artists)) for song in songs])
    steps = max(len(places) - 1, 1)
    before, after = (total(sounds, rows) / steps for rows in (range(len(sounds)), order))
    unknown = sum(sound == Sound() for sound in sounds)
    blind = f"; of {unknown} of the songs it is not known how they sound" if unknown else ""
    return [places[row] for row in order], f"transitions are {after:.2f} rough, as ranked {before:.2f} (0 to 1){blind}"


def _sound(audio: Mapping[str, float]) -> Sound:
    key, mode = audio.get("key"), audio.get("mode")
    return Sound(
        None if key is None else int(key), None if mode is None else int(mode), audio.get("tempo"), audio.get("energy")
    )


def _songs(connection: sqlite3.Connection, ids: Sequence[str]) -> list[SongRow]:
    known = catalogue.songs(connection, ids)
    return [known.get(raw_id) or catalogue.stranger(raw_id) for raw_id in ids]
