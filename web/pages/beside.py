"""Lists for one listener, of several models beside each other."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from recommender import catalogue
from recommender.answers import Answer
from recommender.errors import DamagedModel, ListenerNotKnown, NoSuchModel, RecommenderError, SeedNotClear
from recommender.predict import foretell
from recommender.segments.beside import TRAIN_CONTENT, TRAIN_PLAYS, content_models, models_of_plays
from recommender.segments.lists import for_listener
from recommender.segments.people import Listener
from web.asking import Asking
from web.errors import NotUnderstood
from web.songs import Card, suggested
from web.station import Station

MADE = "*"
"""Stands in an address for the list that is made of all that is known of a listener."""
_MOST = 4
_NOT_TRAINED = {TRAIN_CONTENT: "By what songs are", TRAIN_PLAYS: "By what people play"}


@dataclass(frozen=True)
class Shown:
    """One song of a list."""

    card: Card
    expected: float | None
    """Plays, where the model foretells them."""
    elsewhere: int = 0
    """In how many of the other lists it stands, too."""


@dataclass(frozen=True)
class Column:
    """One list, or why there is none."""

    title: str
    about: str
    songs: tuple[Shown, ...] = ()
    notes: tuple[str, ...] = ()
    missing: str = ""
    """A sentence with the cure, where there is no list."""


@dataclass(frozen=True)
class Choice:
    """What may stand beside each other, and what does."""

    content: tuple[str, ...]
    plays: tuple[str, ...]
    others: tuple[str, ...]
    chosen: tuple[str, ...]
    """MADE, names of models, and what is wanted in the place of a model that is not trained."""
    told: tuple[str, ...]
    """As an address says it; empty for what is usual."""


def choice(folder: Path, names: list[str], told: list[str]) -> Choice:
    """Read which lists are wanted: by default of a model of what songs are, of one of plays, and the one that is made.

    Raises NotUnderstood.
    """
    content, plays = content_models(folder), models_of_plays(folder)
    others = [name for name in names if name not in content and name not in plays]
    wanted = tuple(dict.fromkeys(name for name in told if name))
    if unknown := [name for name in wanted if name not in (*names, MADE)]:
        raise NotUnderstood(f"no model called {unknown[0]} is trained here: choose one of {', '.join(names)}")
    if len(wanted) > _MOST:
        raise NotUnderstood(f"{_MOST} lists find room beside each other: choose fewer")
    usual = ((content or [TRAIN_CONTENT])[0], (plays or [TRAIN_PLAYS])[0], MADE)
    return Choice(tuple(content), tuple(plays), tuple(others), wanted or usual, wanted)


def columns(station: Station, listener: Listener, choice: Choice, asking: Asking) -> list[Column]:
    """Make the lists that are wanted; what cannot be made says why. Raises NotUnderstood, DatabaseError."""
    with station.reading() as connection:
        mark = (station.version(connection), catalogue.plays_stored_at(connection))

    def made(name: str) -> Column:
        key = ("listener", mark, listener, name, asking)
        return station.kept(key, lambda: _column(station, listener, name, choice, asking))

    return _compared([_not_trained(name) if name in _NOT_TRAINED else made(name) for name in choice.chosen])


def _column(station: Station, listener: Listener, name: str, choice: Choice, asking: Asking) -> Column:
    title, about = _heading(name, choice)
    try:
        answer = _answer(station, listener, None if name == MADE else name, asking)
    except (NoSuchModel, DamagedModel) as error:
        return Column(title, about, missing=str(error))
    expected, notes = _expected(station, listener, name, answer) if name in choice.plays else ({}, [])
    with station.reading() as connection:
        cards = suggested(connection, answer)
    told = tuple(note for note in answer.notes if note != listener.told)
    shown = tuple(Shown(card, expected.get(card.track_id)) for card in cards)
    missing = "" if shown else "nothing is left to suggest: import more playlists, and run `segue train`"
    return Column(title, about, shown, (*told, *notes), missing)


def _answer(station: Station, listener: Listener, model: str | None, asking: Asking) -> Answer:
    wishes = asking.wishes()
    for of_seeds in ("title", "later"):
        wishes.pop(of_seeds)
    try:
        return for_listener(station.suggester, listener, asking.n, model, **wishes)
    except ValueError as error:
        raise NotUnderstood(str(error)) from error


def _expected(station: Station, listener: Listener, name: str, answer: Answer) -> tuple[dict[str, float], list[str]]:
    """Ask how often the listener will play what is suggested; no name of anybody stands in what is said of it."""
    try:
        told = foretell(station.database, listener.name, [song.track_id for song in answer.suggestions], name)
    except ListenerNotKnown:
        why = f"{name} learned before they came, so it foretells no plays: `segue train {name}` renews it"
        return {}, [why if listener.has_played else "nothing is known that they played, so no plays are foretold"]
    except SeedNotClear:
        return {}, [f"{name} does not know all of these songs, so it foretells no plays"]
    except RecommenderError as error:
        return {}, [str(error)]
    return {one.track_id: one.foretold for one in told.predictions if one.foretold is not None}, []


def _heading(name: str, choice: Choice) -> tuple[str, str]:
    if name == MADE:
        return "Made for them", "By all that is known: several models take turns."
    if name in choice.content:
        return f"By what songs are ({name})", "What is like the songs they play, whoever else plays it."
    if name in choice.plays:
        return f"By what people play ({name})", "What those play who play the same, and how often they may come to it."
    return f"By {name}", "What this model makes of the songs they play."


def _not_trained(sentence: str) -> Column:
    return Column(_NOT_TRAINED[sentence], "", missing=sentence)


def _compared(columns: list[Column]) -> list[Column]:
    """Tell of each song in how many of the other lists it stands."""
    counts = Counter(shown.card.track_id for column in columns for shown in column.songs)
    return [
        replace(column, songs=tuple(replace(one, elsewhere=counts[one.card.track_id] - 1) for one in column.songs))
        for column in columns
    ]
