"""From a model's scores to the songs of a list: down the ranking until there are enough that may come."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from recommender import catalogue
from recommender.catalogue import SongFacts, SongRow
from recommender.lists import dials
from recommender.lists.filters import FAIL, PASS, told, verdict
from recommender.lists.listeners import listener_of
from recommender.lists.order import Sound, smooth, total
from recommender.lists.targets import drawn, nearness
from recommender.lists.versions import Known
from recommender.lists.wishes import Wishes
from recommender.ranking import Card, Rules, best_first, best_known, choose
from recommender.scored import Ranked

if TYPE_CHECKING:
    from recommender.inferring.filling import Judge

DEEPEST = 100_000
"""So many of the best tracks are looked at before a list stays short: a filter that fits nobody is to end in time."""
_INFERRED, _BY_NEIGHBOURS = 10_000, 1_000
"""Of so many of the best tracks what nobody told is inferred, and by their neighbours of so many: it takes time."""
_ASKED_AROUND = 50
"""Of so many songs whose sound is not known their other versions are looked at."""
SILENT = "it is not known how any of these songs sounds, so they stay as ranked: run `segue features`"
Vectors = Callable[[Sequence[str]], np.ndarray | None]
"""Gives tracks' places in a space, by their raw ids: float32, shape (tracks, dimensions), NaN for unknown ones."""


@dataclass(frozen=True)
class Picked:
    """The songs of a list."""

    numbers: list[int]
    """Of the tracks by which they are placed: where another version is known better, it is that one which comes."""
    songs: list[SongRow]
    notes: list[str] = field(default_factory=list)
    looked_at: int = 0
    """How many tracks, best first, were looked at."""
    fit: int = 0
    """How many of those might come."""


@dataclass
class _Found:
    """What may come, found so far on the way down the ranking."""

    numbers: list[int] = field(default_factory=list)
    songs: list[SongRow] = field(default_factory=list)
    bare: list[tuple[int, SongRow]] = field(default_factory=list)
    """Numbers and tracks of which nothing but the id is known: nothing to offer to a person who may have another."""
    depth: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """By what filters.verdict said."""
    measured: list[Mapping[str, float]] = field(default_factory=list)
    """Of the songs, where the list is to sound like something."""


def plainly(connection: sqlite3.Connection, scored: Ranked, n: int) -> Picked:
    """Take the best n tracks as the model orders them."""
    order = best_first(scored.scores, scored.seeds, n)
    return Picked(order.tolist(), _songs(connection, scored.by.vocabulary.raw_ids(order)))


def picked(
    connection: sqlite3.Connection, scored: Ranked, wanted: Sequence[str], n: int, wishes: Wishes, vectors: Vectors
) -> Picked:
    """Choose n songs by the wishes, looking further down the ranking while too few may come.

    wanted: raw ids of the seeds. vectors: asked only where the list is to be diverse.
    """
    sieve = _Sieve(connection, scored, wanted, wishes)
    found, enough, depth = _Found(), dials.pool_size(n) if _turned(wishes) else 2 * n + 100, 0
    deepest = max(DEEPEST, enough)
    while True:
        while len(found.songs) < enough and found.depth == depth < deepest:
            depth = min(max(4 * depth, enough), deepest)
            sieve.look_down(found, depth)
        is_last = found.depth < depth or depth == deepest
        places = _chosen(found, sieve.heard, n, wishes, scored, vectors, is_last=is_last)
        if len(places) == n or is_last:
            break
        enough = 4 * len(found.songs)
    if not found.songs:
        numbers, bare = [number for number, _ in found.bare[:n]], [song for _, song in found.bare[:n]]
        return Picked(numbers, bare, sieve.notes(found, bare, n), found.depth, len(found.bare))
    notes = sieve.notes(found, [found.songs[place] for place, _ in places], n)
    if wishes.order == "smooth" and len(places) > 1:
        before = catalogue.songs(connection, wanted[-1:]).values() if wishes.later else ()
        places, flow = _smoothed(connection, found, places, [*before], scored.by.by_words)
        notes.append(flow)
    songs = [found.songs[place] for place, _ in places]
    return Picked([found.numbers[placed] for _, placed in places], songs, notes, found.depth, len(found.songs))


class _Sieve:
    """What may come at all, by blocks, plays and filters, whatever else is chosen."""

    def __init__(self, connection: sqlite3.Connection, scored: Ranked, wanted: Sequence[str], wishes: Wishes) -> None:
        self._connection, self._scored, self._wishes = connection, scored, wishes
        blocked = catalogue.blocked(connection)
        self._listener = None if wishes.unheard is None else listener_of(connection, wishes.unheard or None)
        vocabulary = scored.by.vocabulary
        out = dict.fromkeys([*wanted, *wishes.unlike, *wishes.without, *blocked.tracks])
        numbers = vocabulary.numbers(list(out))
        self._excluded = np.concatenate([scored.seeds, numbers[numbers >= 0]])
        songs = catalogue.songs(connection, list(dict.fromkeys([*out, *vocabulary.raw_ids(scored.seeds)])))
        self.heard = [catalogue.card(song) for song in songs.values()]
        of_seeds = {artist for raw_id in wanted if raw_id in songs for artist in _makers(songs[raw_id])}
        unliked = {_makers(songs[raw_id])[0] for raw_id in wishes.unlike if raw_id in songs and songs[raw_id].artists}
        self._artists = blocked.artists | (unliked - of_seeds) | wishes.not_by
        # Whoever lets other versions come does not mean those of what may not come.
        unwanted = {*wishes.unlike, *blocked.tracks, *wishes.without}.difference(set(wanted) - blocked.tracks)
        self._broken = Known()
        self._judges: list[Judge] = []
        self._never = Known(catalogue.title_of(song) for raw_id, song in songs.items() if raw_id in unwanted)

    def look_down(self, found: _Found, depth: int) -> None:
        """Add what may come of the tracks from where it was looked last down to this depth."""
        order = best_first(self._scored.scores, self._excluded, depth)
        numbers = order[found.depth :]
        found.depth = len(order)
        ids = self._scored.by.vocabulary.raw_ids(numbers)
        may_come = self._unheard(self._filtered(ids, found))
        pairs = [(int(number), raw_id) for number, raw_id in zip(numbers, ids, strict=True) if raw_id in may_come]
        songs = _songs(self._connection, [raw_id for _, raw_id in pairs])
        for (number, _), song in zip(pairs, songs, strict=True):
            if not (song.name or song.artists):
                found.bare.append((number, song))
            elif not self._is_unwanted(song):
                found.numbers.append(number)
                found.songs.append(song)
        if self._wishes.targets:
            ids = [song.track_id for song in found.songs[len(found.measured) :]]
            facts = catalogue.song_facts(self._connection, ids, genres=False)
            found.measured += [facts[raw_id].measured for raw_id in ids]

    def notes(self, found: _Found, listed: Sequence[SongRow], n: int) -> list[str]:
        """Say what the filters left out, how far they made it look, and what is inferred of the songs listed."""
        if not self._wishes.filters:
            return []
        sought = f" to find {len(listed):,} of {n:,}" if len(listed) < n else ""
        depth = f"looked through the best {found.depth:,} of {len(self._scored.scores):,} tracks{sought}"
        return [depth, *told(found.left_out), *self._judge().notes([song.track_id for song in listed])]

    def _is_unwanted(self, song: SongRow) -> bool:
        """Tell whether an artist may not come, or another version may not."""
        if self._artists and not self._artists.isdisjoint(_makers(song)):
            return True
        return len(self._never) > 0 and self._never.nearest(catalogue.title_of(song))[0] != "none"

    def _filtered(self, ids: Sequence[str], found: _Found) -> set[str]:
        filters = self._wishes.filters
        if not filters:
            return set(ids)
        facts, verdicts = self._judge().judged(ids)
        found.left_out.update(verdicts.values())
        passed = {raw_id for raw_id, judged in verdicts.items() if judged == PASS}
        return self._unbroken(passed, facts, verdicts) if filters.keep_unknown else passed

    def _judge(self) -> "Judge":
        """Give what judges by the filters; made when it is asked for, because most lists have none."""
        from recommender.inferring.filling import Judge

        if not self._judges:
            self._judges.append(Judge(self._connection, self._wishes.filters, _INFERRED, _BY_NEIGHBOURS))
        return self._judges[0]

    def _unbroken(self, passed: set[str], facts: Mapping[str, SongFacts], verdicts: Mapping[str, str]) -> set[str]:
        """Leave out what is not known, but of which another version is known to break the filters."""
        broken = [raw_id for raw_id, judged in verdicts.items() if judged == FAIL]
        for song in catalogue.songs(self._connection, broken).values():
            self._broken.add(catalogue.title_of(song))
        strict = replace(self._wishes.filters, keep_unknown=False)
        unknown = [raw_id for raw_id in passed if verdict(strict, facts[raw_id]) != PASS]
        songs = catalogue.songs(self._connection, unknown)
        return passed - {i for i, s in songs.items() if self._broken.nearest(catalogue.title_of(s))[0] == "same"}

    def _unheard(self, ids: set[str]) -> set[str]:
        if self._listener is None:
            return ids
        return ids - catalogue.heard(self._connection, self._listener, sorted(ids))


def _turned(wishes: Wishes) -> bool:
    """Tell whether a dial is turned, for which a wider choice is needed."""
    return bool(wishes.popularity or wishes.diversity or wishes.targets or wishes.vary is not None)


def _chosen(
    found: _Found, heard: Sequence[Card], n: int, wishes: Wishes, scored: Ranked, vectors: Vectors, *, is_last: bool
) -> list[tuple[int, int]]:
    """Turn the dials, and choose: places among what was found, each with that of the version by which it is placed."""
    order, relevance = _dialled(found, wishes, scored)
    cards = [catalogue.card(found.songs[place]) for place in order]
    stands = {row: row for row in range(len(cards))} if wishes.versions else best_known(cards)
    placed, rows = list(stands), list(stands.values())
    nearness = None
    if wishes.diversity and (places := vectors([found.songs[order[row]].track_id for row in rows])) is not None:
        untold = np.isnan(scored.scores[[found.numbers[order[row]] for row in placed]])
        nearness = dials.Penalties(places, untold)
    chosen = choose(
        relevance[placed],
        [cards[row] for row in rows],
        heard,
        n,
        Rules(wishes.per_artist, wishes.versions),
        diversity=wishes.diversity,
        nearness=nearness,
        neighbours=is_last,
    )
    return [(order[rows[row]], order[placed[row]]) for row in chosen]


def _dialled(found: _Found, wishes: Wishes, scored: Ranked) -> tuple[list[int], np.ndarray]:
    """Give the places in the order that the dials make of them, and their relevance, falling.

    What the model cannot tell, which comes last, is turned only where it can tell nothing.
    """
    scores = scored.scores[np.array(found.numbers, np.int64)]
    relevance = dials.relevance(scores)
    told = int((~np.isnan(scores)).sum()) or len(scores)
    turned = relevance[:told]
    turned = dials.popular(turned, np.array([song.playlists for song in found.songs[:told]]), wishes.popularity)
    if wishes.targets:
        turned = drawn(turned, nearness(wishes.targets, found.measured[:told]))
    if wishes.vary is not None:
        turned = dials.vary(turned, np.random.default_rng(wishes.vary))
    relevance = np.concatenate([turned, relevance[told:]])
    order = np.argsort(-relevance, kind="stable")
    return order.tolist(), relevance[order]


def _smoothed(
    connection: sqlite3.Connection,
    found: _Found,
    places: list[tuple[int, int]],
    before: Sequence[SongRow],
    by_words: bool,
) -> tuple[list[tuple[int, int]], str]:
    """Put places in an order that flows, and say how much better it does than the ranking's.

    before: the song that the list goes on from, if there is one.
    """
    songs = [found.songs[place] for place, _ in places]
    sounds = _sounds(connection, songs, by_words)
    if all(sound == Sound() for sound in sounds):
        return places, SILENT
    heard = _sounds(connection, before, by_words)
    order = smooth(sounds, [frozenset(_makers(song)) for song in songs], heard[0] if heard else None)
    ranked, flows = (total(sounds, rows) / (len(places) - 1) for rows in (range(len(sounds)), order))
    unknown = sum(sound == Sound() for sound in sounds)
    blind = f"; of {unknown} of the songs it is not known how they sound" if unknown else ""
    return [places[row] for row in order], f"transitions are {flows:.2f} rough, as ranked {ranked:.2f} (0 to 1){blind}"


def _sounds(connection: sqlite3.Connection, songs: Sequence[SongRow], by_words: bool) -> list[Sound]:
    """Tell how each song sounds, by another version of the recording where nothing is known of the one that comes."""
    facts = catalogue.song_facts(connection, [song.track_id for song in songs], genres=False)
    sounds = {song.track_id: _sound(facts[song.track_id].audio) for song in songs}
    silent = [song for song in songs if sounds[song.track_id] == Sound()][:_ASKED_AROUND]
    others = {song.track_id: catalogue.other_versions(connection, song, by_words=by_words) for song in silent}
    theirs = catalogue.song_facts(connection, [other for ids in others.values() for other in ids], genres=False)
    for track_id, ids in others.items():
        heard = (_sound(theirs[other].audio) for other in ids)
        sounds[track_id] = next((sound for sound in heard if sound != Sound()), Sound())
    return [sounds[song.track_id] for song in songs]


def _sound(audio: Mapping[str, float]) -> Sound:
    key, mode = audio.get("key"), audio.get("mode")
    return Sound(
        None if key is None else int(key), None if mode is None else int(mode), audio.get("tempo"), audio.get("energy")
    )


def _makers(song: SongRow) -> list[str]:
    return [catalogue.normal_artist(artist) for artist in song.artists]


def _songs(connection: sqlite3.Connection, ids: Sequence[str]) -> list[SongRow]:
    known = catalogue.songs(connection, ids)
    return [known.get(raw_id) or catalogue.stranger(raw_id) for raw_id in ids]
