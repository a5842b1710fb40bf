"""Raw ids in, suggestions out: what the command line, the page and other programs call."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from recommender import artifacts, catalogue
from recommender.answers import Answer, Suggestion
from recommender.errors import DamagedModel, NoSuchModel
from recommender.lines import one_line
from recommender.models.contract import Titled
from recommender.opening import open_model
from recommender.ranking import best_first, spread
from recommender.scored import Loaded, Scored, beside, best_of, by_seeds, by_title
from recommender.standing import ONLY_POPULAR, POPULARITY, Standing

__all__ = ["POPULARITY", "Answer", "Suggester", "Suggestion"]

TITLE = "title"
PER_ARTIST = 3
"""So many tracks of one artist come in a list, unless told otherwise."""


class Suggester:
    """Suggests next songs from one database and its trained models. Safe to call from several threads."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._folder = artifacts.models_folder(database)
        self._loaded: dict[str, Loaded] = {}
        self._damaged: dict[tuple[str, int], str] = {}
        """Models, by name and time, whose damage showed while they were asked: the sentence on each."""
        self._standing = Standing(self._folder)
        self._lock = threading.Lock()

    @classmethod
    def open(cls, database: str | Path) -> Self:
        """Open a database that exists. Raises db.errors.DatabaseError."""
        path = Path(database)
        with catalogue.open_reader(path):
            return cls(path)

    def suggest(self, seeds: Sequence[str], n: int = 10, model: str | None = None, **choices: Any) -> list[Suggestion]:
        """Give the suggestions of answer(), best first."""
        return list(self.answer(seeds, n, model, **choices).suggestions)

    def answer(
        self,
        seeds: Sequence[str],
        n: int = 10,
        model: str | None = None,
        *,
        title: str | None = None,
        plain: bool = False,
        per_artist: int | None = PER_ARTIST,
        versions: bool = False,
    ) -> Answer:
        """Continue the seeds (raw track ids, oldest first), or a playlist of a title, or both, with n tracks.

        model: the name of a trained model; None takes the best there is. plain: the model's own order, n distinct
        tracks while there are n, no seed, what the model cannot tell last by popularity. per_artist: how many tracks
        of one artist may come, None for any number. versions: whether other versions of the seeds and of each other
        may come. Without seeds the model that reads titles answers. Raises NoSuchModel, DamagedModel, ValueError.
        """
        _refuse_nonsense(seeds, n, per_artist)
        title = one_line(title or "").strip()
        with catalogue.open_reader(self._database) as connection:
            wanted = list(dict.fromkeys(seeds))
            # A person who names one version of a recording means the recording, and each version has playlists to tell.
            widen = not (plain or versions)
            while True:
                loaded, notes = (self._reader(model or TITLE), []) if title and not wanted else self._choose(model)
                with self._noting_damage(loaded):
                    if title and not wanted:
                        scored = _title_alone(loaded, title, notes)
                    else:
                        scored = self._continued(connection, loaded, wanted, title, widen, plain, notes)
                    with self._noting_damage(scored.by):
                        return _answer(connection, scored, notes, wanted, n, plain, per_artist, versions)

    @contextlib.contextmanager
    def _noting_damage(self, by: Loaded) -> Iterator[None]:
        """Keep in mind that a model turned out to be damaged while it was asked: the next choice passes it by."""
        try:
            yield
        except DamagedModel as error:
            self._remember(by, error)

    def _remember(self, by: Loaded, error: DamagedModel) -> str:
        sentence = self._damaged[by.place.name, by.changed] = artifacts.damaged(by.place, str(error))
        return sentence

    def _choose(self, name: str | None) -> tuple[Loaded, list[str]]:
        if name is not None:
            return self._load(name), []
        notes: list[str] = []
        for candidate in self._standing.in_order():
            try:
                loaded = self._load(candidate)
            except (DamagedModel, NoSuchModel) as error:
                notes.append(str(error))
                continue
            # What is below popularity lends it the vocabulary where nobody trained popularity itself.
            by = replace(loaded, name=POPULARITY) if self._standing.is_below(candidate) else loaded
            return by, [*self._standing.said_of(candidate), *notes]
        raise NoSuchModel(". ".join(["no model is trained yet: run `segue train`", *notes]))

    def _load(self, name: str) -> Loaded:
        """Open a model once, and again only when it was trained anew."""
        changed = artifacts.changed_at(self._folder, name)
        with self._lock:
            if (name, changed) in self._damaged:
                raise DamagedModel(self._damaged[name, changed])
            known = self._loaded.get(name)
            if known is None or known.changed != changed:
                known = self._loaded[name] = _open(self._folder, name, changed)
            return known

    def _reader(self, name: str) -> Loaded:
        """Open a model that reads titles."""
        if name == TITLE and name not in artifacts.model_names(self._folder):
            raise NoSuchModel("no model that reads titles is trained: run `segue train title`")
        reader = self._load(name)
        if not isinstance(reader.model, Titled):
            raise NoSuchModel(f"{name} reads no titles: name tracks too, or leave the model to Segue")
        return reader

    def _continued(
        self,
        connection: sqlite3.Connection,
        loaded: Loaded,
        wanted: Sequence[str],
        title: str,
        widen: bool,
        plain: bool,
        notes: list[str],
    ) -> Scored:
        """Let the seeds speak, through another model where this one cannot tell, and the title beside them."""
        scored, note = by_seeds(connection, loaded, wanted, widen=widen), ""
        if loaded.name != loaded.place.name:
            scored = replace(scored, scores=np.full_like(scored.scores, np.nan))
        elif not scored.told:
            # A plain list is one model's own, for measuring: another one's merits are not to be counted as its.
            told = f"{loaded.name} knows none of these tracks, so these are the most popular ones"
            scored, note = (_popular(scored), told) if plain else self._fall_back(connection, scored, wanted)
        elif not len(scored.seeds):
            note = ONLY_POPULAR
        if title:
            scored = self._with_title(scored, wanted, title, notes)
        if note and (note != ONLY_POPULAR or scored.fits is None):
            notes.append(note)
        return scored

    def _with_title(self, first: Scored, wanted: Sequence[str], title: str, notes: list[str]) -> Scored:
        """Let the title speak beside the seeds, or alone where nothing is known of these."""
        known = first.by.vocabulary.raw_ids(first.seeds)
        try:
            reader = self._reader(TITLE)
            try:
                said = by_title(reader, title, known)
                best = best_of(said)
            except DamagedModel as error:
                raise DamagedModel(self._remember(reader, error)) from error
        except (DamagedModel, NoSuchModel) as error:
            notes.append(f"the title does not count: {error}")
            return first
        if not best:
            notes.append(f'no playlist here has a name like "{title}", so it does not count')
            return first
        notes.append(f'the title "{title}" counts too')
        return beside(first, len(wanted) - len(first.unknown), said, best)

    def _fall_back(self, connection: sqlite3.Connection, first: Scored, wanted: Sequence[str]) -> tuple[Scored, str]:
        """Let the next model that can tell, and is worth it, answer; at last the vocabulary, in order of popularity."""
        for name in self._standing.stand_ins(first.by.name):
            with contextlib.suppress(DamagedModel, NoSuchModel):
                scored = by_seeds(connection, self._load(name), wanted)
                if scored.told:
                    return scored, f"{first.by.name} does not know these tracks, so {name} answers"
        return _popular(first), self._standing.nobody_can_tell()


def _popular(scored: Scored) -> Scored:
    """Let the vocabulary answer, which is in order of popularity."""
    return replace(scored, by=replace(scored.by, name=POPULARITY), fits=None)


def _title_alone(reader: Loaded, title: str, notes: list[str]) -> Scored:
    said = by_title(reader, title)
    if said.told:
        return said
    notes.append(f'no playlist here has a name like "{title}", so these are the most popular ones')
    return _popular(said)


def _refuse_nonsense(seeds: Sequence[str], n: int, per_artist: int | None) -> None:
    if n < 1 or (per_artist is not None and per_artist < 1):
        raise ValueError("n and per_artist must be 1 or more; per_artist=None lets any number come")
    if isinstance(seeds, str):
        raise ValueError("seeds must be a list of raw track ids, not one text")


def _open(folder: Path, name: str, changed: int) -> Loaded:
    stored, model = open_model(folder, name)
    return Loaded(name, stored.manifest, stored.vocabulary, model, changed, folder / name)


def _answer(
    connection: sqlite3.Connection,
    scored: Scored,
    notes: list[str],
    wanted: Sequence[str],
    n: int,
    plain: bool,
    per_artist: int | None,
    versions: bool,
) -> Answer:
    mark = catalogue.content_mark(connection)
    notes += [
        f"{by.name} was trained before the playlists changed: run `segue train` to renew it"
        for by in (scored.by, scored.reader)
        if by and by.manifest.content != mark
    ]
    if plain:
        chosen, shared = _plain(connection, scored, n), dict[str, int]()
    else:
        chosen = _spread_out(connection, scored, wanted, n, per_artist, versions)
        used = dict.fromkeys([*wanted, *scored.by.vocabulary.raw_ids(scored.seeds)])
        shared = catalogue.shared_playlists(connection, list(used), [song.track_id for _, song in chosen])
    if len(chosen) < n:
        notes.append(f"no more than these {len(chosen)} can be suggested")
    known = tuple(seed for seed in wanted if seed not in scored.unknown)
    found = tuple(_suggestion(scored, number, song, shared) for number, song in chosen)
    return Answer(scored.by.name, known, scored.unknown, tuple(notes), found)


Chosen = list[tuple[int, catalogue.SongRow]]


def _plain(connection: sqlite3.Connection, scored: Scored, n: int) -> Chosen:
    order = best_first(scored.scores, scored.seeds, n)
    return _with_songs(connection, scored, order)


def _spread_out(
    connection: sqlite3.Connection,
    scored: Scored,
    wanted: Sequence[str],
    n: int,
    per_artist: int | None,
    versions: bool,
) -> Chosen:
    """Choose from the best of the scores, looking further down while caps and versions leave too few."""
    seed_ids = dict.fromkeys([*wanted, *scored.by.vocabulary.raw_ids(scored.seeds)])
    seed_cards = list(catalogue.cards(catalogue.songs(connection, list(seed_ids)).values()))
    pool = 2 * n + 100
    while True:
        order = best_first(scored.scores, scored.seeds, pool)
        known = _with_songs(connection, scored, order)
        # A track of which nothing but the id is known is nothing to offer to a person, while there are others.
        songs = [pair for pair in known if pair[1].name or pair[1].artists]
        places = spread(catalogue.cards(song for _, song in songs), seed_cards, n, per_artist, versions)
        if len(places) == n or len(order) < pool:
            return [songs[place] for place in places] or known[:n]
        pool *= 4


def _with_songs(connection: sqlite3.Connection, scored: Scored, order: np.ndarray) -> Chosen:
    ids = scored.by.vocabulary.raw_ids(order)
    songs = catalogue.songs(connection, ids)
    return [(int(n), songs.get(raw_id) or catalogue.stranger(raw_id)) for n, raw_id in zip(order, ids, strict=True)]


def _suggestion(scored: Scored, number: int, song: catalogue.SongRow, shared: dict[str, int]) -> Suggestion:
    score = float(scored.scores[number])
    together = shared.get(song.track_id, 0)
    if together:
        reason = f"shares {together} {'playlist' if together == 1 else 'playlists'} with the seeds"
    elif not song.playlists:
        reason = "stands in no playlist here"
    else:
        reason = f"stands in {song.playlists} {'playlist' if song.playlists == 1 else 'playlists'} here"
    reasons = ("fits the title", reason) if scored.fits is not None and scored.fits[number] else (reason,)
    told, model = (None, POPULARITY) if np.isnan(score) else (score, scored.by.name)
    return Suggestion(song.track_id, song.name, song.artists, told, model, reasons)
