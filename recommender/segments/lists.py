"""A list for a listener, and a list of what is new, chosen as every list is. The command line and the page call it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from recommender import catalogue
from recommender.answers import Answer
from recommender.scored import Scored
from recommender.segments.fresh import told_of_new
from recommender.segments.people import Listener
from recommender.segments.recipes import RECIPES
from recommender.segments.sources import gathered, joined
from recommender.shelf import Shelf
from recommender.suggest import Suggester

_DAY = len("2000-01-01")


def for_listener(suggester: Suggester, listener: Listener, n: int, model: str | None = None, **wishes: Any) -> Answer:
    """Make a list for a listener by the recipe of their kind, or by the model of this name.

    Nothing that they played or do not like comes, nor the songs by which they are known. wishes: as of
    Suggester.answer. Raises what that raises.
    """
    if listener.has_played:
        wishes["unheard"] = listener.name
    wishes["without"] = [*wishes.get("without", ()), *listener.disliked]
    if model is not None:
        answer = suggester.answer(listener.seeds, n, model, **wishes)
        return _said(answer, [listener.told])

    def scoring(connection: sqlite3.Connection, shelf: Shelf) -> tuple[Scored, list[str]]:
        unlike = wishes.get("unlike", ())
        sources, recipe, notes = gathered(connection, shelf, RECIPES[listener.kind], listener.seeds, unlike)
        return joined(connection, sources, recipe, listener.seeds), notes

    return _said(suggester.answer_by(scoring, listener.seeds, n, **wishes), [listener.told])


def new_songs(
    suggester: Suggester, seeds: Sequence[str], n: int, now: int, model: str | None = None, **wishes: Any
) -> Answer:
    """Make a list of songs that playlists say nothing of yet, in the order in which they are near to the seeds.

    Near as the models hear and read it that know what a song is, or as the named one does. Without seeds, or where no
    model knows any, those that came out last are first. now: seconds since 1970, by which a song is new. Raises what
    Suggester.answer does.
    """

    def scoring(connection: sqlite3.Connection, shelf: Shelf) -> tuple[Scored, list[str]]:
        new = [track_id for track_id in catalogue.new_tracks(connection, now) if track_id not in set(seeds)]
        told, notes = told_of_new(connection, shelf, new, seeds, model)
        are = "song is" if len(new) == 1 else "songs are"
        return told, [f"{len(new):,} {are} new here: in no playlist, or in one alone and lately come", *notes]

    answer = suggester.answer_by(scoring, seeds, n, **wishes)
    return _dated(suggester.database, answer, with_checks=wishes.get("why", False))


def _dated(database: Path, answer: Answer, *, with_checks: bool) -> Answer:
    """Say of each song when it came out, where that is known."""
    with catalogue.open_reader(database) as connection:
        dates = catalogue.released(connection, [song.track_id for song in answer.suggestions])
    return replace(
        answer,
        suggestions=tuple(
            replace(
                song,
                reasons=(f"came out in {date}" if len(date) < _DAY else f"came out on {date}", *song.reasons),
                checks=(catalogue.proofs.release(song.track_id), *song.checks) if with_checks else song.checks,
            )
            if (date := dates.get(song.track_id))
            else song
            for song in answer.suggestions
        ),
    )


def _said(answer: Answer, notes: Sequence[str]) -> Answer:
    return replace(answer, notes=(*notes, *answer.notes))
