"""Lists for programs: suggestions, what comes after a playlist, what is for somebody."""

from dataclasses import asdict
from typing import Any

from db.records import Artist, Playlist, PlaylistEntry, Track
from recommender import catalogue
from recommender.answers import Answer
from recommender.lists import continuing
from recommender.lists.continuing import Listed
from recommender.segments.lists import for_listener
from recommender.segments.people import known_name, read_listener, refuse_nobody
from web.api.answers import Continued, Listeners, Suggestions
from web.api.asked import Continuing, ContinuingStored, ForListener, NamedSong, Suggesting
from web.api.route import Nothing
from web.asking import Wishing
from web.errors import NotFound, NotUnderstood
from web.lists import answer, without_places
from web.names import refuse_elsewhere
from web.station import Station, station

_MOST_PEOPLE = 10_000


def suggestions(asking: Suggesting) -> Suggestions:
    """Give what comes after the seeds."""
    return Suggestions(**_shown(answer(station(), asking)))


def continuation(wanted: Continuing) -> Continued:
    """Give what comes after a playlist that is not stored here."""
    here = station()
    tracks = [_track(one) for one in wanted.tracks]
    entries = tuple(PlaylistEntry(place, track) for place, track in enumerate(tracks))
    with here.reading() as connection:
        listed = continuing.from_file(connection, Playlist("", wanted.title, entries))
    return _continued(here, listed, wanted, wanted.title)


def stored_continuation(playlist_id: str, wanted: ContinuingStored) -> Continued:
    """Give what comes after a stored playlist."""
    here = station()
    with here.reading() as connection:
        if catalogue.playlist_of(connection, playlist_id) is None:
            raise NotFound(f'there is no playlist "{playlist_id}" here: GET /api/playlists?q= finds those that are')
        listed = continuing.stored(connection, playlist_id)
        key = "continuation", here.version(connection), playlist_id, wanted
    title = "" if wanted.no_title else listed.name
    return here.listed(key, lambda: _continued(here, listed, wanted, title))


def listeners(_nothing: Nothing) -> Listeners:
    """Name everybody of whom anything is known."""
    refuse_elsewhere()
    with station().reading() as connection:
        names = catalogue.people(connection, _MOST_PEOPLE)
    return Listeners(listeners=tuple(name for name in names if name))


def for_somebody(name: str, wanted: ForListener) -> Suggestions:
    """Give what is for a listener."""
    refuse_elsewhere()
    here = station()
    with here.reading() as connection:
        listener = read_listener(connection, known_name(connection, name), wanted.profile)
        if listener.is_blank:
            refuse_nobody(connection, name)
    try:
        made = for_listener(here.suggester, listener, wanted.n, wanted.model, **wanted.wishes())
    except ValueError as error:
        raise NotUnderstood(str(error)) from error
    return Suggestions(**_shown(made))


def _continued(here: Station, listed: Listed, wanted: Wishing, title: str) -> Continued:
    without = listed.without.difference(listed.track_ids)
    wishes = {**wanted.wishes(), "title": title, "later": True, "without": without}
    try:
        made = here.suggester.answer(listed.track_ids, wanted.n, wanted.model, **wishes)
    except ValueError as error:
        raise NotUnderstood(str(error)) from error
    return Continued(**_shown(made), name=listed.name, size=listed.size, strangers=listed.strangers)


def _track(told: str | NamedSong) -> Track:
    if isinstance(told, str):
        return Track(told)
    return Track(catalogue.made_up_id(told.artist, told.title), told.title, (Artist(told.artist),))


def _shown(made: Answer) -> dict[str, Any]:
    """Give an answer as plain values."""
    return asdict(without_places(station(), made))
