"""Songs for programs: found, told, and the roads between them."""

from itertools import islice
from statistics import fmean

from recommender import catalogue
from recommender.inferring.filling import full_facts
from recommender.lists.sorting import parse_sort
from recommender.naming import Match
from recommender.roads import journey
from recommender.searching import search
from recommender.writing.found import as_object
from recommender.writing.listing import link
from web.api import answers
from web.api.asked import Listing, Searching, Travelling
from web.api.route import Nothing
from web.errors import NotFound, NotUnderstood
from web.station import station


def find(wanted: Searching) -> answers.FoundSongs:
    """Find songs by words, filters, or both."""
    filters, sort = wanted.filters, parse_sort(wanted.sort) if wanted.sort is not None else None
    with station().reading() as connection:
        found = search(connection, wanted.q.strip(), wanted.n, filters, page=wanted.page, sort=sort)
        ids = [match.song.track_id for match in found.matches]
        facts = full_facts(connection, ids, told_only=filters.told_only, genres=filters.genres)
        behind = catalogue.not_indexed(connection)
    notes = (
        [f"{behind:,} tracks are not in the search index yet: the next `segue import` completes it"] if behind else []
    )
    told = (_told(match, facts[match.song.track_id]) for match in found.matches)
    return answers.FoundSongs(
        page=wanted.page,
        notes=(*notes, *found.notes),
        songs=tuple(answers.FoundSong.model_validate(one) for one in told),
    )


def song(track_id: str, _nothing: Nothing) -> answers.Song:
    """Tell all that is known of one song."""
    with station().reading() as connection:
        row = catalogue.songs(connection, [track_id]).get(track_id)
        if row is None:
            raise NotFound(f'there is no song "{track_id}" here: GET /api/songs?q= finds those that are')
        facts = full_facts(connection, [track_id])[track_id]
    return answers.Song.model_validate(_told(Match(row, 1, row.playlists, exact=True), facts))


def road(wanted: Travelling) -> answers.Road:
    """Find a road of songs from one to another."""
    here = station()
    with here.reading() as connection:
        key = "road", here.version(connection), wanted
    try:
        found = here.kept(
            key, lambda: journey.find_road(here.database, wanted.start, wanted.end, wanted.n, wanted.model)
        )
    except ValueError as error:
        raise NotUnderstood(str(error)) from error
    steps = zip(found.songs, (None, *found.steps), (None, *found.shared), strict=True)
    return answers.Road(
        model=found.model,
        notes=found.notes,
        songs=tuple(
            answers.Step(
                track_id=one.track_id,
                name=one.name,
                artists=one.artists,
                reasons=one.reasons,
                step=step,
                shared=shared,
            )
            for one, step, shared in steps
        ),
        mean=fmean(found.steps),
        worst=max(found.steps),
        straight=answers.Line(songs=found.straight, mean=fmean(found.straight_steps), worst=max(found.straight_steps)),
    )


def genres(_nothing: Nothing) -> answers.Genres:
    """Name all genres."""
    here = station()
    with here.reading() as connection:
        key = "genres", here.version(connection)
        return answers.Genres(genres=tuple(here.kept(key, lambda: catalogue.genre_names(connection))))


def playlists(wanted: Listing) -> answers.Playlists:
    """Find playlists by words of their names, the longest first, or list all by their ids."""
    first, last = (wanted.page - 1) * wanted.n, wanted.page * wanted.n
    with station().reading() as connection:
        if wanted.q.strip():
            rows = catalogue.playlists_near(connection, wanted.q, last)[first:]
        else:
            rows = list(islice(catalogue.playlist_rows(connection), first, last))
    return answers.Playlists(page=wanted.page, playlists=tuple(answers.Playlist.model_validate(row) for row in rows))


def _told(match: Match, facts: catalogue.SongFacts) -> dict[str, object]:
    return {**as_object(match, facts), "link": link(match.song.track_id) or None}
