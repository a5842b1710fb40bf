"""What is known of songs, filled up by what can be inferred, which is marked so; and judging songs by both."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from recommender import catalogue
from recommender.catalogue import SongFacts, SongRow
from recommender.inferring import countries, languages
from recommender.inferring.genres import Lexicon, agreed
from recommender.inferring.likely import likely_first
from recommender.inferring.moods import spans_of
from recommender.lists.filters import FURTHER, INFERABLE, PASS, Filters, is_called, verdict

NAMES, ARTIST, BESIDE, NUMBER, SCRIPT = (
    "playlist names", "the artist's other songs", "songs beside it in playlists", "where it was registered", "script"
)  # fmt: skip
"""From what a value is inferred, in the words in which a person reads it."""
_LISTS, _OTHERS, _LISTS_OF_OTHERS = 50, 10, 10
"""So many playlists of a track are asked, so many neighbours where they tell nothing, and so many lists of those."""
_LISTS_BESIDE, _BESIDE = 4, 6
"""Neighbours are also the nearest tracks, so many of each, in so many playlists of a track."""
_FEWEST = 2
"""So many neighbours have to agree: with one alone more songs got a genre, and it was wrong oftener."""
_SAID = {**{value: f"the {value}" for value in INFERABLE}, FURTHER: "a further genre"}
_TELLS: Mapping[str, Callable[[str], str | None]] = {
    "country": countries.country_code,
    "language": languages.language_code,
}


class Filling:
    """Infers what is not told, of so many songs at most; the others stay as they were told."""

    def __init__(
        self, connection: sqlite3.Connection, most: int, most_by_neighbours: int, genres: Sequence[str] = ()
    ) -> None:
        """Take the room there is: neighbours take the most time, and are asked of fewer songs than playlists are.

        genres: those that a person asks for. Where nobody tells one of them, songs that are told "rock" may be of it.
        """
        self._connection, self._left, self._left_by_neighbours = connection, most, most_by_neighbours
        self._words: Lexicon | None = None
        self._names = catalogue.some_genre_names(connection) if genres else None
        self._untold = [asked for asked in genres if not any(is_called(asked, told) for told in self._names or ())]
        self.is_full = False
        """Whether of some songs nothing could be inferred for want of room."""

    def filled(
        self, facts: Mapping[str, SongFacts], ids: Sequence[str], values: frozenset[str], *, told_only: bool = False
    ) -> dict[str, SongFacts]:
        """Give the facts of these tracks with the values of INFERABLE that are wanted. facts: with genres as told."""
        found = {raw_id: facts[raw_id] for raw_id in ids}
        self._tell(found, values)
        if told_only:
            return found
        if values & {"language", "country"}:
            self._by_credits(found, ids, values)
        by_names = values & {"genre", "country"}
        is_finer = "genre" in values and bool(self._untold)
        asked = [raw_id for raw_id in ids if is_finer or by_names - _known(found[raw_id])]
        self.is_full |= len(asked) > self._left
        asked = asked[: self._left]
        self._left -= len(asked)
        if asked:
            self._by_lists(found, asked, by_names)
        return found

    def _by_lists(self, found: dict[str, SongFacts], ids: Sequence[str], values: frozenset[str]) -> None:
        """Infer countries and genres from names of playlists, and genres then from neighbours."""
        names = catalogue.list_names(self._connection, ids, _LISTS)
        if "country" in values:
            _set(found, "country", NAMES, {i: countries.from_lists(listed) for i, listed in names.items()})
        if "genre" in values:
            lexicon = self.lexicon()
            self._set_further(found, {i: listed for i, listed in names.items() if found[i].genres})
            _set(found, "genre", NAMES, {i: lexicon.of_lists(listed) for i, listed in names.items()})
            self._by_neighbours(found, [i for i in ids if not found[i].genres])

    def _set_further(self, found: dict[str, SongFacts], names: Mapping[str, Sequence[str]]) -> None:
        """Set which of the genres that nobody tells the names of playlists tell beside the told ones; and mark it."""
        for raw_id, listed in names.items() if self._untold else ():
            genres = self.lexicon().of_plain_lists(listed)
            further = tuple(genre for genre in genres if any(is_called(asked, genre) for asked in self._untold))
            if further:
                facts = found[raw_id]
                found[raw_id] = replace(facts, further=further, inferred={**facts.inferred, FURTHER: NAMES})

    def lexicon(self) -> Lexicon:
        """Give the words of genres, which are learnt when they are first needed."""
        if self._words is None:
            told = catalogue.some_genre_names(self._connection) if self._names is None else self._names
            self._words = Lexicon(told)
        return self._words

    def _tell(self, found: dict[str, SongFacts], values: frozenset[str]) -> None:
        """Add what imported tables tell of single tracks: countries, languages, and tags that are genres."""
        kinds = [*(values & _TELLS.keys()), *(["tag"] if "genre" in values else [])]
        for raw_id, told in catalogue.texts_told(self._connection, list(found), kinds).items():
            facts = found[raw_id]
            for value, code in _TELLS.items():
                codes = {known for text in told.get(value, ()) if (known := code(text))}
                if len(codes) == 1:  # several are the countries of charts, in which a song was heard
                    facts = replace(facts, **{value: codes.pop()})  # type: ignore[arg-type]
            if not facts.genres and "tag" in told:
                genres = dict.fromkeys(genre for tag in told["tag"] for genre in self.lexicon().named(tag))
                facts = replace(facts, genres=tuple(genres))
            found[raw_id] = facts

    def _by_credits(self, found: dict[str, SongFacts], ids: Sequence[str], values: frozenset[str]) -> None:
        told = catalogue.credits_of(self._connection, ids)
        if "language" in values:
            spoken = {i: languages.by_script(credit.name, credit.artists) for i, credit in told.items()}
            _set(found, "language", SCRIPT, spoken)
        if "country" in values:
            _set(found, "country", NUMBER, {i: countries.from_isrc(credit.isrc) for i, credit in told.items()})

    def _by_neighbours(self, found: dict[str, SongFacts], ids: Sequence[str]) -> None:
        """Infer genres from the artist's other tracks, or else from the tracks nearest in playlists."""
        self.is_full |= len(ids) > self._left_by_neighbours
        ids = ids[: self._left_by_neighbours]
        self._left_by_neighbours -= len(ids)
        roads: tuple[tuple[str, Callable[[Sequence[str]], dict[str, list[str]]]], ...] = (
            (ARTIST, lambda ids: catalogue.artists_others(self._connection, ids, _OTHERS)),
            (BESIDE, lambda ids: catalogue.listed_beside(self._connection, ids, _LISTS_BESIDE, _BESIDE)),
        )
        for road, neighbours in roads:
            ids = [raw_id for raw_id in ids if not found[raw_id].genres]
            others = neighbours(ids)
            genres = self._genres_of(list(dict.fromkeys(other for theirs in others.values() for other in theirs)))
            told = {i: [genres[other] for other in theirs if genres[other]] for i, theirs in others.items()}
            _set(found, "genre", road, {raw_id: agreed(theirs, _FEWEST) for raw_id, theirs in told.items()})

    def _genres_of(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        facts = catalogue.song_facts(self._connection, ids)
        untold = [raw_id for raw_id in ids if not facts[raw_id].genres]
        names = catalogue.list_names(self._connection, untold, _LISTS_OF_OTHERS)
        return {raw_id: facts[raw_id].genres or self.lexicon().of_lists(names.get(raw_id, ())) for raw_id in ids}


class Judge:
    """Judges songs by filters, by what is told of them and, unless told alone counts, by what is inferred."""

    def __init__(self, connection: sqlite3.Connection, filters: Filters, most: int, most_by_neighbours: int) -> None:
        self._connection, self._filters = connection, filters
        asked = () if filters.told_only else (*filters.genres, *filters.not_genres)
        self._filling = Filling(connection, most, most_by_neighbours, asked)
        self._plain = replace(filters, genres=(), not_genres=(), countries=(), languages=())
        self._wanted = frozenset(filters.asks)
        self.inferred: dict[str, Mapping[str, str]] = {}
        """From what the values that were asked for are inferred, by the raw ids of those that passed."""

    def judged(self, ids: Sequence[str]) -> tuple[dict[str, SongFacts], dict[str, str]]:
        """Give what is known of each track as far as it was needed, and what filters.verdict says of it."""
        facts = catalogue.song_facts(self._connection, ids, genres="genre" in self._wanted and not self._plain)
        verdicts = {raw_id: verdict(self._plain, facts[raw_id]) for raw_id in ids}
        if not self._wanted:
            return facts, verdicts
        rest = [raw_id for raw_id in ids if verdicts[raw_id] == PASS]
        if "genre" in self._wanted and self._plain:  # asked of few, because genres are half of the work
            facts |= catalogue.song_facts(self._connection, rest)
        facts |= self._filling.filled(facts, rest, self._wanted, told_only=self._filters.told_only)
        verdicts |= {raw_id: verdict(self._filters, facts[raw_id]) for raw_id in rest}
        self.inferred |= {i: facts[i].inferred for i in rest if verdicts[i] == PASS and facts[i].inferred}
        return facts, verdicts

    def passed(self, keys: Sequence[int], left_out: Counter[str]) -> list[SongRow]:
        """Give those tracks that keep the filters, in the order of the keys, and count what was said of the others."""
        filters = self._filters
        # What is known to lie beyond a range need not be read.
        spans = spans_of(filters.moods) | {name: (span.low, span.high) for name, span in filters.audio}
        ids = catalogue.not_beyond(self._connection, keys, spans)
        _, verdicts = self.judged(ids)
        left_out.update(verdicts.values())
        songs = catalogue.songs(self._connection, [raw_id for raw_id in ids if verdicts[raw_id] == PASS])
        return [songs[raw_id] for raw_id in ids if raw_id in songs]

    def likely(self, best_known: Iterator[list[int]]) -> Iterator[list[int]]:
        """Give keys of tracks, page after page: first where what is asked for stands together, then the best known."""
        if self._filters.told_only or not self._wanted:
            return best_known
        return likely_first(self._connection, self._filters, self._filling.lexicon, best_known)

    def notes(self, ids: Sequence[str]) -> list[str]:
        """Say of how many of these songs, which are listed, a value that was asked for is inferred, and from what."""
        times = Counter((value, road) for i in ids for value, road in self.inferred.get(i, {}).items())
        said = [
            f"{_SAID[value]} of {count:,} of these songs is inferred from {road} "
            f"(--told-only leaves {'it' if count == 1 else 'them'} out)"
            for (value, road), count in times.items()
        ]
        if self._filling.is_full:
            *most, last = sorted(self._wanted)
            were = f"{', '.join(most)} and {last} were" if most else f"{last} was"
            said.append(f"{were} inferred of the best songs alone, because it takes time")
        return said


def full_facts(
    connection: sqlite3.Connection, ids: Sequence[str], *, told_only: bool = False, genres: Sequence[str] = ()
) -> dict[str, SongFacts]:
    """Give all that is known and, unless told alone counts, all that can be inferred of some songs: a page of them.

    genres: those that a person asks for, which may be inferred beside the told ones.
    """
    told = catalogue.song_facts(connection, ids)
    return Filling(connection, len(ids), len(ids), genres).filled(told, ids, INFERABLE, told_only=told_only)


def _known(facts: SongFacts) -> set[str]:
    known = {"genre": facts.genres, "country": facts.country, "language": facts.language}
    return {value for value, told in known.items() if told}


def _set(
    found: dict[str, SongFacts], value: str, road: str, told: Mapping[str, str | None] | Mapping[str, tuple[str, ...]]
) -> None:
    """Set a value where it is inferred, and was not told; and mark it."""
    for raw_id, inferred in told.items():
        facts = found[raw_id]
        if inferred and value not in _known(facts):
            marks = {**facts.inferred, value: road}
            field = "genres" if value == "genre" else value
            found[raw_id] = replace(facts, inferred=marks, **{field: inferred})  # type: ignore[arg-type]
