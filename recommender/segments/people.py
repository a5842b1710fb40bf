"""Who a listener is, read from the database: what they played, like and named."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from recommender import catalogue
from recommender.catalogue import Heard, Profile
from recommender.errors import ListenerNotKnown
from recommender.lines import one_line
from recommender.segments.kinds import Kind, Known, kind_of, known_of, taken_for

_OFTEN, _LATELY, _LIKED = 50, 50, 50
"""So many songs speak for a listener: those played most, those played last, those liked last."""
_OF_ARTIST, _OF_GENRE = 3, 5
"""So many songs stand for an artist, and for a genre, that somebody named."""
_LISTED, _LOOKED_AT = 10, 50_000


@dataclass(frozen=True)
class Listener:
    """One person, with all that a list for them is made of."""

    name: str
    kind: Kind
    seeds: tuple[str, ...]
    """Raw ids of the songs that speak for them; those played last, and liked last, at the end."""
    disliked: tuple[str, ...]
    """Raw ids."""
    has_played: bool
    """Whether there are plays of theirs, so that what they heard is known."""
    profile: Profile
    told: str
    """A sentence for people: for what they are taken, and why."""

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing at all to go by."""
        return not self.seeds and not self.disliked


def read_listener(connection: sqlite3.Connection, name: str, said: Kind | None = None) -> Listener:
    """Gather what is known of a listener. said: the kind that the person says to be, which overrules."""
    played = catalogue.history(connection, name)
    thumbs = catalogue.thumbs(connection, name)[::-1]
    liked = [thumb.track_id for thumb in thumbs if thumb.liked]
    # What the library was taken to dislike was drawn by lot.
    disliked = [thumb.track_id for thumb in thumbs if not thumb.liked and thumb.source != catalogue.LIBRARY]
    profile = catalogue.profile_of(connection, name) or Profile(name)
    known = _known(connection, played, liked)
    kind = said or kind_of(known)
    named = _named(connection, profile) if kind == "new" or not (played or liked) else []
    seeds = dict.fromkeys([*named, *_telling(played), *liked[-_LIKED:]])
    for track_id in disliked:
        seeds.pop(track_id, None)
    told = taken_for(one_line(name) or "You", known, kind, said=said is not None)
    return Listener(name, kind, tuple(seeds), tuple(disliked), bool(played), profile, told)


def known_name(connection: sqlite3.Connection, name: str) -> str:
    """Give the name under which a person is known here, case and spaces around it aside; else the name as it is."""
    names = catalogue.people(connection, _LOOKED_AT)
    same = [other for other in names if other.casefold() == name.strip().casefold()]
    return name if name in names or len(same) != 1 else same[0]


def near_names(connection: sqlite3.Connection, name: str) -> list[str]:
    """Give the names of people here that are like this one, or of some of them where none is."""
    from difflib import get_close_matches  # most lists need none

    names = [other for other in catalogue.people(connection, _LOOKED_AT) if other]
    plain = {other.casefold(): other for other in names}
    return [plain[close] for close in get_close_matches(name.casefold(), plain)]


def refuse_nobody(connection: sqlite3.Connection, name: str) -> None:
    """Raise ListenerNotKnown for a name that nobody here has, naming near ones."""
    near = near_names(connection, name) or [other for other in catalogue.people(connection, _LISTED) if other]
    there = f"there are {', '.join(map(one_line, near))}" if near else "there is nobody yet"
    raise ListenerNotKnown(f'there is nobody called "{one_line(name)}" here: {there}')


def _known(connection: sqlite3.Connection, played: Sequence[Heard], liked: Sequence[str]) -> Known:
    counts = {song.track_id: song.count for song in played}
    artists: dict[str, object] = {song.track_id: song.artist for song in played}
    songs = catalogue.songs(connection, [track_id for track_id in liked if track_id not in counts])
    for track_id, song in songs.items():
        counts[track_id], artists[track_id] = 1, song.artists[:1]
    return known_of(list(counts.values()), list(artists.values()))


def _telling(played: Sequence[Heard]) -> list[str]:
    """Choose the songs that tell most of a listener, in the order in which they were played last."""
    often = sorted(played, key=lambda song: -song.count)[:_OFTEN]
    chosen = {song.track_id for song in (*often, *played[-_LATELY:])}
    return [song.track_id for song in played if song.track_id in chosen]


def _named(connection: sqlite3.Connection, profile: Profile) -> list[str]:
    found = [catalogue.best_by(connection, [artist], _OF_ARTIST) for artist in profile.artists]
    found += [catalogue.best_in(connection, genre, _OF_GENRE) for genre in profile.genres]
    return [track_id for group in found for track_id in group]
