"""Who answers when the model that was asked cannot: the next one, then step by step what is less sure."""

import contextlib
import sqlite3
from collections.abc import Sequence

from recommender import catalogue
from recommender.cold.serving import by_content, stood_in
from recommender.cold.steps import RECORDING
from recommender.cold.words import came_late, going_on, left_out
from recommender.errors import DamagedModel, NoSuchModel
from recommender.lists.wishes import Wishes
from recommender.models.registry import CONTENT, YARDSTICKS
from recommender.scored import Scored, by_seeds, popular
from recommender.shelf import Shelf
from recommender.standing import ONLY_POPULAR, POPULARITY

_NO_PLAYLISTS = (
    "nothing here is like these tracks, and no playlist tells what is popular, so these are songs as they come: "
    "import playlists"
)


def fall_back(
    connection: sqlite3.Connection, shelf: Shelf, first: Scored, wanted: Sequence[str], wish: Wishes, *, is_named: bool
) -> tuple[Scored, list[str]]:
    """Let somebody else answer in the place of a model that cannot tell, and say who does; popularity at last.

    is_named: whether a person asked for this very model, so that one without a taste may answer.
    """
    if first.by.name == POPULARITY or first.by.manifest.kind in YARDSTICKS:
        found = None if is_named or not first.cold else by_content(connection, shelf, wanted)
        if found:
            return found
        # What lends popularity its vocabulary is not asked, and that nobody beats it is said already.
        return popular(first), [ONLY_POPULAR] if first.told else []
    untold = [first]
    for name in shelf.standing.stand_ins(first.by.name):
        if name not in CONTENT:
            with contextlib.suppress(DamagedModel, NoSuchModel):
                scored = by_seeds(connection, shelf.load(name), wanted, widen=not wish.versions, later=wish.later)
                if scored.told:
                    said = f"{first.by.name} does not know these tracks, so {name} answers"
                    return scored, [said, *said_of_seeds(connection, scored)]
                untold.append(scored)
    for scored in untold:
        if helped := stood_in(connection, shelf, scored, wanted):
            return helped
    if found := by_content(connection, shelf, wanted):
        return found
    guessed = [shelf.standing.nobody_can_tell() if first.by.listed else _NO_PLAYLISTS]
    late = catalogue.songs(connection, [seed for seed in first.cold if seed in first.unknown])
    return popular(first), [*guessed, came_late(list(late.values()))] if late else guessed


def said_of_seeds(connection: sqlite3.Connection, scored: Scored) -> list[str]:
    """Say of songs of no playlist who speaks for them, where others are known and count."""
    if not scored.by.by_playlists or scored.by.name == POPULARITY:
        return []
    songs = catalogue.songs(connection, [*scored.by_version, *scored.cold])
    said = []
    if versions := [songs[seed] for seed in scored.by_version if seed in songs]:
        said.append(going_on(RECORDING, versions))
    # Of what came here since the training it is said already that it cannot help.
    if cold := [songs[seed] for seed in scored.cold if seed in songs and seed not in scored.unknown]:
        # To let what is near to them speak too was measured beside known songs, and made the lists no better.
        said.append(left_out(cold))
    return said
