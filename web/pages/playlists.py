"""Playlists: found by words, looked at song by song, continued, put in order, cleaned, and saved."""

import sqlite3
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recommender import catalogue
from recommender.catalogue import PlaylistRow
from recommender.errors import DamagedModel, NoSuchModel, NoTaste, NothingToContinue
from recommender.lists.flowing import STRETCH
from recommender.naming import spotify_thing
from recommender.taste.judged import suggestions
from recommender.writing.output import exported
from web.asking import Asking
from web.errors import NotFound, NotUnderstood
from web.names import are_shown
from web.pages import reworked
from web.pages.curves import curve
from web.paging import paged
from web.person import person
from web.saving import FORMS, download, refuse_other_forms
from web.songs import cards, suggested
from web.station import station

blueprint = Blueprint("playlists", __name__)
_SIZE, _SONGS = 50, 100
_MOST_FOUND = 5_000
_LONGEST = 200
_NOT_ASKED = ("page", "way", "form", "all", "skips", "keeps")
"""What turns pages or saves, and does not change what a list is."""


@blueprint.get("/playlists")
def index() -> ResponseReturnValue:
    """List the playlists, those that came last first, or those whose names hold some words."""
    words = request.args.get("q", "").strip()[:_LONGEST]
    with station().reading() as connection:
        if words and (row := _named(connection, words)):
            return redirect(url_for("playlists.page", playlist_id=row.playlist_id))
        if words:
            key = ("playlists", catalogue.content_mark(connection), words)
            found = station().kept(key, lambda: catalogue.playlists_near(connection, words, _MOST_FOUND))
            page = paged(request.args, _SIZE, len(found))
            rows = found[page.first : page.end]
        else:
            page = paged(request.args, _SIZE, catalogue.count_playlists(connection))
            rows = catalogue.playlists_last(connection, page.first, page.size)
    return render_template("playlists.html", rows=rows, paged=page, words=words, most=_MOST_FOUND)


@blueprint.get("/playlists/<text:playlist_id>")
def page(playlist_id: str) -> ResponseReturnValue:
    """Show a playlist's songs, and its course."""
    with station().reading() as connection:
        one = reworked.whole(connection, _row(connection, playlist_id))
        page = paged(request.args, _SONGS, len(one.listing.tracks))
        songs = cards(connection, [track.track_id for track in one.listing.tracks[page.first : page.end]])
    return _shown("playlist.html", one, "page", songs=songs, paged=page, curve=curve(one.soundings()))


@blueprint.get("/playlists/<text:playlist_id>/more")
def more(playlist_id: str) -> ResponseReturnValue:
    """Show what may come after a playlist."""
    asking, by_name = Asking.read(request.args), _by_name()
    answer, songs, missing = None, [], ""
    with station().reading() as connection:
        one = reworked.whole(connection, _row(connection, playlist_id))
    if one.track_ids:
        try:
            answer = reworked.continued(station(), one, asking, by_name=by_name)
        except (NoSuchModel, DamagedModel) as error:
            if asking.model:
                raise
            missing = str(error)
    if answer:
        with station().reading() as connection:
            songs = suggested(connection, answer)
    models = station().model_names()
    return _shown(
        "playlist_more.html", one, "more",
        asking=asking, by_name=by_name, answer=answer, songs=songs, missing=missing, models=models,
    )  # fmt: skip


@blueprint.get("/playlists/<text:playlist_id>/smooth")
def smooth(playlist_id: str) -> ResponseReturnValue:
    """Show a playlist in an order that flows, beside the one that it has."""
    with station().reading() as connection:
        one = reworked.whole(connection, _row(connection, playlist_id))
        flow = reworked.smoothed(station(), connection, one)
        page = paged(request.args, _SONGS, len(flow.order))
        ids = [one.listing.tracks[place].track_id for place in flow.order[page.first : page.end]]
        songs = cards(connection, ids)
    before, after = curve(one.soundings()), curve(one.soundings(flow.order))
    return _shown(
        "playlist_smooth.html", one, "smooth",
        flow=flow, paged=page, songs=songs, before=before, after=after, stretch=STRETCH,
    )  # fmt: skip


@blueprint.get("/playlists/<text:playlist_id>/clean")
def clean(playlist_id: str) -> ResponseReturnValue:
    """Show what the person at the browser would skip of a playlist, and what they would keep."""
    kept, told, least = None, {"kept": None, "missing": ""}, _least()
    with station().reading() as connection:
        one = reworked.whole(connection, _row(connection, playlist_id))
        try:
            kept = reworked.kept(station(), connection, one, person(), least)
        except (NoTaste, DamagedModel, NothingToContinue) as error:
            told["missing"] = str(error)
        if kept:
            told |= _told_apart(connection, kept)
    return _shown("playlist_clean.html", one, "clean", **told)


def _told_apart(connection: sqlite3.Connection, kept: reworked.Kept) -> dict[str, Any]:
    """Say why of those songs that are on the pages that are shown."""
    told: dict[str, Any] = {"kept": kept}
    for name, part in (("skips", kept.apart.skipped), ("keeps", kept.apart.kept)):
        page = paged(request.args, _SONGS, len(part), name)
        songs = suggestions(connection, kept.taste, part[page.first : page.end], against=name == "skips")
        told |= {name: page, f"{name}_songs": songs}
    return told


@blueprint.get("/playlists/<text:playlist_id>/save")
def save(playlist_id: str) -> Response:
    """Give a playlist, or what was made of it, as a file."""
    way, form = request.args.get("way", "page"), request.args.get("form", "")
    with station().reading() as connection:
        one = reworked.whole(connection, _row(connection, playlist_id), files=are_shown())
        refuse_other_forms(form)
        if way == "page":
            listing = one.listing
        elif way == "more":
            answer = reworked.continued(station(), one, Asking.read(request.args), by_name=_by_name())
            listing = reworked.with_more(one, answer, all_of_it="all" in request.args)
        elif way == "smooth":
            listing = reworked.in_order(one, reworked.smoothed(station(), connection, one))
        elif way == "clean":
            listing = reworked.without_skipped(one, reworked.kept(station(), connection, one, person(), _least()))
        else:
            raise NotUnderstood("way is one of page, more, smooth, clean")
    return download(exported(listing, form), listing.title, form)


def _shown(template: str, one: reworked.Whole, way: str, **told: Any) -> str:
    length = sum(track.duration_ms or 0 for track in one.listing.tracks)
    return render_template(
        template,
        one=one,
        row=one.row,
        way=way,
        length=_length(length),
        forms=FORMS,
        args={"way": [way], **_args()},
        **told,
    )


def _args() -> dict[str, list[str]]:
    """Give what is asked, to be asked again where the list is saved."""
    return {name: texts for name, texts in request.args.lists() if name not in _NOT_ASKED}


def _length(duration_ms: int) -> str:
    hours, rest = divmod(round(duration_ms / 60_000), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min" if rest else ""


def _by_name() -> bool:
    return request.args.get("by_name", "yes") != "no"


def _least() -> float | None:
    text = request.args.get("least", "").strip()
    if not text:
        return None
    try:
        least = float(text) / 100
    except ValueError as error:
        raise NotUnderstood("the chance from which a song stays is a number from 1 to 99, in per cent") from error
    if not 0.01 <= least <= 0.99:
        raise NotUnderstood("the chance from which a song stays is a number from 1 to 99, in per cent")
    return least


def _named(connection: sqlite3.Connection, words: str) -> PlaylistRow | None:
    """Give the playlist that an id or an address means."""
    thing = spotify_thing(words)
    return catalogue.playlist_of(connection, thing[1] if thing else words)


def _row(connection: sqlite3.Connection, playlist_id: str) -> PlaylistRow:
    row = catalogue.playlist_of(connection, playlist_id)
    if row is None:
        raise NotFound("there is no such playlist here: find it by a word of its name")
    return row
