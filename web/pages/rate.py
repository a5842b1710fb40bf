"""One song after another: liked, disliked, or skipped; and a thumb beside any song of other pages."""

import shlex
import sqlite3
import time
from dataclasses import dataclass

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from recommender import catalogue
from recommender.catalogue import SongRow, Thumb
from recommender.taste.asking_next import APART
from web import remembering
from web.addresses import own_path
from web.errors import NotFound, NotUnderstood
from web.person import person
from web.rating import Standing, next_up, standing
from web.songs import cards
from web.station import station

blueprint = Blueprint("rate", __name__)
_SKIPPED = "skipped"
_LAST, _LATELY = "rated last", "rated lately"
_MOST_SKIPPED = 60
"""A cookie holds no more; who skipped more than that may be asked again."""
_RECENT = 12
_SAID = {"like": True, "dislike": False}
_DONE = {"like": "You like", "dislike": "You do not like", "none": "Taken back:"}


@dataclass(frozen=True)
class Recent:
    """A song that was rated, for the list below."""

    track_id: str
    title: str
    liked: bool


@blueprint.get("/rate")
def page() -> ResponseReturnValue:
    """Show the next song, or the one that is asked for, with what was rated lately."""
    wanted = request.args.get("track", "")
    with station().reading() as connection:
        if wanted:
            _song(connection, wanted)
        now = standing(station(), connection, person())
        track_id = wanted or next_up(station(), connection, now, session.get(_SKIPPED, []), session.get(_LATELY, []))
        songs = cards(connection, [track_id]) if track_id else []
        return render_template(
            "rate.html",
            card=songs[0] if songs else None,
            now=now,
            recent=_recent(connection, now),
            can_undo=bool(session.get(_LAST)),
            who=_named(person()),
        )


@blueprint.post("/rate")
def rate() -> ResponseReturnValue:
    """Take what is said of the song, and go on to the next."""
    said, track_id = request.form.get("said", ""), request.form.get("track", "")
    if said == "undo":
        return _undo()
    if said not in (*_SAID, "skip"):
        raise NotUnderstood("say like, dislike or skip")
    with station().reading() as connection:
        song = _song(connection, track_id)
        before = _liked(connection, song)
    if said == "skip":
        session[_SKIPPED] = [*(one for one in session.get(_SKIPPED, []) if one != track_id), track_id][-_MOST_SKIPPED:]
        remembering.skipped(track_id)
    else:
        _tell(song, _SAID[said])
    session[_LAST] = [track_id, said, before]
    session[_LATELY] = [*session.get(_LATELY, []), track_id][-APART:]
    return redirect(url_for("rate.page"), 303)


@blueprint.post("/rate/thumb")
def thumb() -> ResponseReturnValue:
    """Take a thumb that was given beside a song, or taken back; answer in the form that is asked for."""
    said, track_id = request.form.get("said", ""), request.form.get("track", "")
    if said not in _DONE:
        raise NotUnderstood("say like, dislike or none")
    with station().reading() as connection:
        song = _song(connection, track_id)
    _tell(song, _SAID.get(said))
    if request.accept_mimetypes.best == "application/json":
        return jsonify(liked=_SAID.get(said))
    flash(f"{_DONE[said]} {song.name or 'this song'}")
    return redirect(own_path(request.form.get("back", "")) or url_for("rate.page"), 303)


@blueprint.app_template_global()
def thumb_of(rated_as: str) -> bool | None:
    """Tell what the one at the browser said of a song; None for nothing."""
    if "thumbs" not in g:
        with station().reading() as connection:
            g.thumbs = {one.track_id: one.liked for one in catalogue.thumbs(connection, person())}
    liked: bool | None = g.thumbs.get(rated_as)
    return liked


def _undo() -> ResponseReturnValue:
    """Take back what was done last, and show that song again."""
    last = session.pop(_LAST, None)
    if last is None:
        flash("There is nothing to undo")
        return redirect(url_for("rate.page"), 303)
    track_id, said, before = last
    session[_LATELY] = [one for one in session.get(_LATELY, []) if one != track_id]
    with station().reading() as connection:
        song = _song(connection, track_id)
    if said == "skip":
        session[_SKIPPED] = [one for one in session.get(_SKIPPED, []) if one != track_id]
    else:
        _tell(song, before)
    return redirect(url_for("rate.page", track=track_id), 303)


def _song(connection: sqlite3.Connection, track_id: str) -> SongRow:
    song = catalogue.songs(connection, [track_id]).get(track_id)
    if song is None:
        raise NotFound("that song is not here: it may have been removed; go on with the next (/rate)")
    return song


def _same(song: SongRow) -> str:
    """Give the id under which a song is rated: what has a twin at Spotify is rated as that."""
    return song.linked_id or song.track_id


def _liked(connection: sqlite3.Connection, song: SongRow) -> bool | None:
    told = {one.track_id: one.liked for one in catalogue.thumbs(connection, person())}
    return told.get(_same(song))


def _tell(song: SongRow, liked: bool | None) -> None:
    """Store a thumb, or take it back where liked is None."""
    if liked is None:
        catalogue.untell(station().database, person(), [_same(song)])
    else:
        told = Thumb(person(), _same(song), liked, catalogue.BY_HAND, int(time.time()))
        catalogue.tell(station().database, [told])
    remembering.rated(song.track_id, liked=liked)


def _named(listener: str) -> str:
    """Write the option that a command needs for this person."""
    return f" --listener {shlex.quote(listener)}" if listener else ""


def _recent(connection: sqlite3.Connection, now: Standing) -> list[Recent]:
    latest = now.thumbs[:_RECENT]
    songs = catalogue.songs(connection, [one.track_id for one in latest])
    return [
        Recent(one.track_id, catalogue.title_line(songs[one.track_id]), one.liked)
        for one in latest
        if one.track_id in songs
    ]
