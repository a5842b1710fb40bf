"""Maps as they are served: which model's, made once for each version of the models and the playlists."""

import hashlib
import sqlite3
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from recommender import catalogue
from recommender.maps.atlas import Atlas
from recommender.maps.keeping import drawn_at
from recommender.maps.listening import Listening, listener_map, listening
from recommender.maps.music import music_map
from web import names
from web.errors import NotFound
from web.station import Station

MUSIC, LISTENERS = "music", "listeners"


@dataclass(frozen=True)
class Point:
    """What is at one place of a map."""

    at: int
    name: str
    who: str
    """The artists of a song; empty for a listener."""
    key: str
    """The raw id of a song; of a listener what addresses call them."""


@dataclass(frozen=True)
class Mapped:
    """One map of a station, and of what it is."""

    of: str
    """MUSIC or LISTENERS."""
    model: str
    atlas: Atlas
    version: str
    """Changes when the map may."""
    called: tuple[str, ...] = ()
    """What listeners are called here, in the order of the atlas; empty for songs."""

    def points(self, connection: sqlite3.Connection, places: Sequence[int]) -> list[Point]:
        """Tell what is at some places; what is no place is left out."""
        there = [at for at in places if 0 <= at < len(self.atlas.names)]
        if self.of == LISTENERS:
            return [Point(at, self.called[at], "", self.called[at]) for at in there]
        songs = catalogue.songs(connection, [self.atlas.names[at] for at in there])
        found = ((at, songs.get(self.atlas.names[at])) for at in there)
        return [
            Point(at, song.name or "(title not known)", ", ".join(song.artists), song.track_id)
            for at, song in found
            if song
        ]


def models_with_maps(station: Station) -> list[str]:
    """Name the models that can be drawn, the best first."""
    return station.suggester.shelf.spaces()


def mapped(station: Station, connection: sqlite3.Connection, of: str, model: str | None) -> Mapped | None:
    """Give a map, made anew where anything it shows has changed; None where no model places songs in a space.

    Raises NotFound, DamagedModel.
    """
    there = models_with_maps(station)
    if model and model not in there:
        named = f"there are maps of {', '.join(there)}" if there else "run `segue train`"
        raise NotFound(f"{model} has no map: {named}")
    if not there:
        return None
    name = model or there[0]
    key = _key(station, connection, of, name)

    def make() -> Mapped:
        by = station.suggester.shelf.load(name)
        version = hashlib.blake2b(repr(key).encode(), digest_size=8).hexdigest()
        if of == MUSIC:
            return Mapped(of, name, music_map(connection, station.models, by), version)
        heard = heard_here(station, connection)
        atlas = listener_map(connection, heard, by)
        shown = called(connection, heard.names)
        return Mapped(of, name, atlas, version, tuple(shown[listener] for listener in atlas.names))

    return station.kept(key, make)


def heard_here(station: Station, connection: sqlite3.Connection, also: str | None = None) -> Listening:
    """Gather who played what most, once for each state of the plays."""
    key = ("heard", station.version(connection), catalogue.plays_stored_at(connection), also)
    return station.kept(key, lambda: listening(connection, also))


def called(connection: sqlite3.Connection, listeners: Sequence[str]) -> dict[str, str]:
    """Say what listeners are called here: by name on this machine alone, and elsewhere by their places among all."""
    if names.are_shown():
        return {name: name for name in listeners}
    everybody = catalogue.everybody.found(connection, "", 0, catalogue.everybody.count(connection))
    return dict(zip(everybody, names.all_called(everybody, 0), strict=True))


def _key(station: Station, connection: sqlite3.Connection, of: str, name: str) -> tuple[Hashable, ...]:
    drawn = drawn_at(station.models, name)
    return "map", of, name, drawn, station.version(connection), catalogue.plays_stored_at(connection)
