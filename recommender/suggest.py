"""Raw ids in, suggestions out: what the command line, the page and other programs call."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from recommender import artifacts, catalogue
from recommender.answers import Answer, Suggestion
from recommender.catalogue import SongRow
from recommender.cold.fall_back import fall_back, said_of_seeds
from recommender.errors import DamagedModel, NoSuchModel
from recommender.lines import one_line
from recommender.lists.choosing import Picked, Vectors, picked, plainly
from recommender.lists.filters import genre_not_here
from recommender.lists.reasons import Reason, reasons
from recommender.lists.sound_files import paths
from recommender.lists.wishes import Wishes
from recommender.models.contract import Embedding
from recommender.models.registry import YARDSTICKS
from recommender.models.title_words import title_words
from recommender.scored import Loaded, Scored, beside, best_of, by_seeds, by_title, kept_away, popular
from recommender.shelf import TITLE, Shelf
from recommender.standing import ONLY_POPULAR, POPULARITY, TOO_FEW, UNTAUGHT
from recommender.vocabulary import NOT_FOUND

__all__ = ["POPULARITY", "Answer", "Suggester", "Suggestion", "Wishes"]

NOTHING = "nothing can be suggested: wish for less, or import more playlists"
NO_SPACE = "no trained model knows how alike songs are, so diversity does not count: run `segue train word2vec`"

Scoring = Callable[[sqlite3.Connection, Shelf], tuple[Scored, list[str]]]
"""Scores tracks by the models of a shelf, with what is to be said about it."""


class Suggester:
    """Suggests next songs from one database and its trained models. Safe to call from several threads."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self._shelf = Shelf(artifacts.models_folder(database))

    @classmethod
    def open(cls, database: str | Path) -> Self:
        """Open a database that exists. Raises db.errors.DatabaseError."""
        path = Path(database)
        with catalogue.open_reader(path):
            return cls(path)

    def ready(self) -> str:
        """Open the model that answers when none is named, and give its name. Raises NoSuchModel."""
        return self._shelf.choose(None)[0].name

    @property
    def shelf(self) -> Shelf:
        """The trained models, each opened once."""
        return self._shelf

    def suggest(self, seeds: Sequence[str], n: int = 10, model: str | None = None, **wishes: Any) -> list[Suggestion]:
        """Give the suggestions of answer(), best first."""
        return list(self.answer(seeds, n, model, **wishes).suggestions)

    def answer(self, seeds: Sequence[str], n: int = 10, model: str | None = None, **wishes: Any) -> Answer:
        """Continue the seeds (raw track ids, oldest first), or a playlist of a title, or both, with n tracks.

        model: the name of a trained model; None takes the best there is. wishes: the fields of Wishes. plain=True: the
        model's own order, n distinct tracks while there are n, no seed, what the model cannot tell last by popularity.
        Without seeds the model that reads titles answers. Raises NoSuchModel, DamagedModel, ListenerNotKnown,
        ValueError.
        """
        if n < 1:
            raise ValueError("n must be 1 or more")
        if isinstance(seeds, str):
            raise ValueError("seeds must be a list of raw track ids, not one text")
        wish = Wishes(**wishes)
        wish = replace(wish, title=one_line(wish.title or "").strip())
        if not set(wish.unlike).isdisjoint(seeds):
            raise ValueError("a track to go by cannot be one to keep away from")
        if wish.plain:
            wish = Wishes(plain=True, title=wish.title)
        with catalogue.open_reader(self.database) as connection:
            wanted = list(dict.fromkeys(seeds))
            while True:
                alone = bool(wish.title) and not wanted
                loaded, notes = (self._shelf.reader(model or TITLE), []) if alone else self._shelf.choose(model)
                with self._shelf.noting_damage(loaded):
                    if alone:
                        scored = _title_alone(loaded, wish.title, notes)
                    else:
                        scored = self._continued(connection, loaded, wanted, wish, notes, is_named=model is not None)
                    if wish.unlike:
                        scored = kept_away(connection, scored, wish.unlike, widen=not wish.versions)
                    with self._shelf.noting_damage(scored.by):
                        return self._answer(connection, scored, notes, wanted, n, wish)

    def answer_by(self, scoring: Scoring, seeds: Sequence[str], n: int = 10, **wishes: Any) -> Answer:
        """Choose n tracks by what `scoring` makes of the models, for lists that are of more than one.

        seeds: raw ids of what does not come, and that the reasons speak of. wishes: as of answer(), but for title,
        plain and unlike, which are of what scores. Raises what answer() does.
        """
        wish = Wishes(**wishes)
        with catalogue.open_reader(self.database) as connection:
            scored, notes = scoring(connection, self._shelf)
            return self._answer(connection, scored, notes, list(dict.fromkeys(seeds)), n, wish)

    def _continued(
        self,
        connection: sqlite3.Connection,
        loaded: Loaded,
        wanted: Sequence[str],
        wish: Wishes,
        notes: list[str],
        *,
        is_named: bool,
    ) -> Scored:
        """Let the seeds speak, through another model where this one cannot tell, and the title beside them."""
        # A person who names one version of a recording means the recording, and each version has playlists to tell.
        widen = not (wish.plain or wish.versions)
        scored, said = by_seeds(connection, loaded, wanted, widen=widen, later=wish.later), list[str]()
        if loaded.name != loaded.place.name:
            scored = replace(scored, scores=np.full_like(scored.scores, np.nan))
        if wish.plain and not scored.told and loaded.name != POPULARITY:
            # A plain list is one model's own, for measuring: another one's merits are not to be counted as its.
            scored = popular(scored)
            said = [f"{loaded.name} knows none of these tracks, so these are the most popular ones"]
        elif not (wish.plain or (scored.n_speaking and (scored.told or loaded.name == POPULARITY))):
            scored, said = fall_back(connection, self._shelf, scored, wanted, wish, is_named=is_named)
        elif not scored.n_speaking and scored.told:
            said = [ONLY_POPULAR]
        else:
            said = said_of_seeds(connection, scored)
        if scored.by.name != POPULARITY:
            notes[:] = [note for note in notes if note not in (TOO_FEW, UNTAUGHT)]
        if wish.title:
            scored = self._with_title(scored, wanted, wish.title, notes)
        notes += [note for note in said if note != ONLY_POPULAR or scored.fits is None]
        return scored

    def _with_title(self, first: Scored, wanted: Sequence[str], title: str, notes: list[str]) -> Scored:
        """Let the title speak beside the seeds, or alone where nothing is known of these."""
        known = first.by.vocabulary.raw_ids(first.seeds)
        try:
            reader = self._shelf.reader()
            try:
                said = by_title(reader, title, known)
                best = best_of(said)
            except DamagedModel as error:
                raise DamagedModel(self._shelf.remember(reader, error)) from error
        except (DamagedModel, NoSuchModel) as error:
            notes.append(f"the title does not count: {error}")
            return first
        if not best:
            notes.append(f"{_nobody_uses(title)}, so it does not count")
            return first
        notes.append(_counts(title))
        return beside(first, len(wanted) - len(first.unknown), said, best)

    def _answer(
        self,
        connection: sqlite3.Connection,
        scored: Scored,
        notes: list[str],
        wanted: Sequence[str],
        n: int,
        wish: Wishes,
    ) -> Answer:
        mark = catalogue.content_mark(connection)
        notes += [
            f"{by.name} was trained before the playlists changed: run `segue train` to renew it"
            for by in (scored.by, scored.reader)
            if by and by.manifest.content != mark
        ]
        if wish.plain:
            found = plainly(connection, scored, n)
            why: list[tuple[Reason, ...]] = [()] * len(found.songs)
        else:
            found = picked(connection, scored, wanted, n, wish, self._vectors(scored.by, notes))
            why = _reasons(connection, scored, wanted, found, wish) if wish.reasons else [()] * len(found.songs)
        if _counts(wish.title) in notes and scored.fits is not None and not scored.fits[found.numbers].any():
            changes = f'the title "{wish.title}" changes nothing: playlists of such names hold none of these songs'
            notes[notes.index(_counts(wish.title))] = changes
        notes += found.notes
        if not found.songs and wish.filters.genres:
            strange = genre_not_here(wish.filters, catalogue.genre_names(connection))
            notes += [strange] if strange else []
        if len(found.songs) < n:
            notes.append(_short(len(found.songs), wish))
        known = tuple(seed for seed in wanted if seed not in scored.unknown)
        places = paths(connection, found.songs)
        suggestions = tuple(
            _suggestion(scored, number, song, told, path, wish.why)
            for number, song, told, path in zip(found.numbers, found.songs, why, places, strict=True)
        )
        return Answer(scored.by.name, known, scored.unknown, tuple(notes), suggestions, found.looked_at, found.fit)

    def _vectors(self, by: Loaded, notes: list[str]) -> Vectors:
        """Give what tells the tracks' places in the space of this model, or of another that has one."""

        def places(ids: Sequence[str]) -> np.ndarray | None:
            while (space := self._shelf.space(by)) is not None:
                try:
                    return _placed(space, ids)
                except DamagedModel as error:
                    if space is by:
                        raise
                    notes.append(self._shelf.remember(space, error))
            if NO_SPACE not in notes:
                notes.append(NO_SPACE)
            return None

        return places


def _placed(space: Loaded, ids: Sequence[str]) -> np.ndarray:
    """Give the places of tracks in a space: float32, shape (tracks, dimensions), NaN for what it does not know."""
    assert isinstance(space.model, Embedding)
    numbers = space.vocabulary.numbers(ids)
    known = space.model.vectors(numbers[numbers != NOT_FOUND])
    placed = np.full((len(ids), known.shape[1]), np.nan, np.float32)
    placed[numbers != NOT_FOUND] = known
    return placed


def _counts(title: str) -> str:
    return f'the title "{title}" counts too'


def _short(n_found: int, wish: Wishes) -> str:
    """Say that a list is shorter than it was to be, and what may cure it."""
    if not n_found:
        return NOTHING
    capped = wish.per_artist is not None and not wish.plain
    cap = f" with at most {wish.per_artist} by one artist (--per-artist 0 lets any number come)" if capped else ""
    return f"no more than these {n_found:,} can be suggested{cap}"


def _title_alone(reader: Loaded, title: str, notes: list[str]) -> Scored:
    said = by_title(reader, title)
    if said.told:
        return said
    notes.append(f"{_nobody_uses(title)}, so these are the most popular ones")
    return popular(said)


def _nobody_uses(title: str) -> str:
    return (
        f'too few playlists here have a name like "{title}"'
        if title_words(title)
        else f'"{title}" holds no word to go by'
    )


def _reasons(
    connection: sqlite3.Connection, scored: Scored, wanted: Sequence[str], found: Picked, wish: Wishes
) -> list[tuple[Reason, ...]]:
    seeds = list(dict.fromkeys([*scored.by.vocabulary.raw_ids(scored.seeds), *wanted]))
    songs = catalogue.songs(connection, seeds)
    numbers = np.array(found.numbers, np.int64)
    told = ~np.isnan(scored.scores[numbers]) & (scored.by.manifest.kind not in YARDSTICKS)
    fits = scored.fits[numbers].tolist() if scored.fits is not None else ()
    return reasons(
        connection, [songs[seed] for seed in seeds if seed in songs], found.songs, told.tolist(), wish.title, fits
    )


def _suggestion(
    scored: Scored, number: int, song: SongRow, why: Sequence[Reason], path: str, with_checks: bool
) -> Suggestion:
    score = float(scored.scores[number])
    told, model = (None, POPULARITY) if np.isnan(score) else (score, scored.by.name)
    return Suggestion(
        song.track_id,
        song.name,
        song.artists,
        told,
        model,
        tuple(reason.text for reason in why),
        tuple(reason.check for reason in why) if with_checks else (),
        song.album,
        song.duration_ms,
        path,
    )
