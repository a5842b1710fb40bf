"""What can be made of a playlist: continued, put in an order that flows, or cleaned by a taste."""

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from recommender import catalogue
from recommender.answers import Answer
from recommender.catalogue import PlaylistRow
from recommender.lists.continuing import Listed as Holding
from recommender.lists.flowing import flowing, mean_roughness, sounds_of
from recommender.lists.order import Sound
from recommender.lists.playlists import read_playlist
from recommender.taste.cleaning import Apart, tell_apart
from recommender.taste.judged import notes
from recommender.taste.opening import Taste
from recommender.writing.listing import Listed, Listing, listing_of
from web.asking import Asking
from web.errors import NotUnderstood
from web.pages.curves import Sounding
from web.station import Station


@dataclass(frozen=True)
class Whole:
    """A playlist with how its songs sound."""

    row: PlaylistRow
    listing: Listing
    sounds: tuple[Sound, ...]

    @property
    def track_ids(self) -> tuple[str, ...]:
        """The raw ids of its songs, each once."""
        return tuple(dict.fromkeys(track.track_id for track in self.listing.tracks))

    def soundings(self, order: tuple[int, ...] | None = None) -> list[Sounding]:
        """Give what is drawn of the songs, in the playlist's order or in this one."""
        places = range(len(self.sounds)) if order is None else order
        return [_sounding(self.listing.tracks[place], self.sounds[place]) for place in places]


@dataclass(frozen=True)
class Smooth:
    """A playlist in an order that flows."""

    order: tuple[int, ...]
    before: float | None
    """How rough its transitions are on the mean, 0 to 1."""
    after: float | None


@dataclass(frozen=True)
class Kept:
    """A playlist without what somebody would skip."""

    taste: Taste
    apart: Apart
    threshold: float
    notes: tuple[str, ...]
    """What a person has to know before they believe it, in the words of those who measure."""


def whole(connection: sqlite3.Connection, row: PlaylistRow, *, files: bool = False) -> Whole:
    """Read a playlist whole. files: whether sound files are looked for."""
    listing = read_playlist(connection, row, _is_there if files else None)
    sounds = sounds_of(connection, [track.track_id for track in listing.tracks])
    return Whole(row, listing, tuple(sounds))


def continued(station: Station, one: Whole, asking: Asking, *, by_name: bool) -> Answer:
    """Suggest what comes after a playlist; its later songs weigh more. Raises NotUnderstood, RecommenderError."""
    with station.reading() as connection:
        key = ("continued", one.row, station.version(connection), asking, by_name)
    wishes = asking.wishes() | {"title": one.listing.title if by_name else "", "later": True}

    def make() -> Answer:
        try:
            return station.suggester.answer(one.track_ids, asking.n, asking.model, **wishes)
        except ValueError as error:
            raise NotUnderstood(str(error)) from error

    return station.listed(key, make)


def with_more(one: Whole, answer: Answer, *, all_of_it: bool) -> Listing:
    """Give the songs that were added, or the playlist with them at its end."""
    added = listing_of(answer, title=f"{_title(one)}, continued")
    return replace(added, tracks=(*one.listing.tracks, *added.tracks)) if all_of_it else added


def smoothed(station: Station, connection: sqlite3.Connection, one: Whole) -> Smooth:
    """Put a playlist in an order that flows, or give the one that was found before."""

    def make() -> Smooth:
        makers = [frozenset(map(catalogue.normal_artist, track.artists)) for track in one.listing.tracks]
        order = flowing(one.sounds, makers)
        after = mean_roughness([one.sounds[place] for place in order])
        return Smooth(tuple(order), mean_roughness(one.sounds), after)

    return station.kept(("smooth", one.row, station.version(connection)), make)


def in_order(one: Whole, smooth: Smooth) -> Listing:
    """Give the playlist in the order that flows."""
    tracks = tuple(one.listing.tracks[place] for place in smooth.order)
    return replace(one.listing, title=f"{_title(one)}, smooth", tracks=tracks, playlist_id="")


def kept(station: Station, connection: sqlite3.Connection, one: Whole, listener: str, least: float | None) -> Kept:
    """Tell what a person would skip. least: the chance from which on a song stays; None for what the taste found.

    Raises NoTaste, DamagedModel, NothingToContinue.
    """
    taste = Taste.open(station.database, listener)
    threshold = taste.threshold if least is None else least
    holding = Holding(_title(one), one.track_ids, (), frozenset(one.track_ids), {})
    key = ("apart", one.row, station.version(connection), listener, taste.report.trained_at, threshold)
    apart = station.kept(key, lambda: tell_apart(connection, taste, holding, threshold))
    return Kept(taste, apart, threshold, notes(taste))


def without_skipped(one: Whole, told: Kept) -> Listing:
    """Give the playlist without what would be skipped."""
    out = {one.song.track_id for one in told.apart.skipped}
    tracks = tuple(track for track in one.listing.tracks if track.track_id not in out)
    return replace(one.listing, title=f"{_title(one)}, cleaned", tracks=tracks, playlist_id="")


def _is_there(path: str) -> bool:
    return Path(path).exists()


def _title(one: Whole) -> str:
    return one.listing.title.strip() or "Playlist"


def _sounding(track: Listed, sound: Sound) -> Sounding:
    name = f"{track.name or '(title not known)'} · {', '.join(track.artists) or '(artist not known)'}"
    return Sounding(name, sound.energy, sound.tempo or None)
