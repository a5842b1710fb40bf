"""Lists to take along: as a file, or as a playlist at Spotify."""

import time

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from crawler.errors import CrawlerError
from crawler.export_option import export
from db.errors import DatabaseError
from recommender.writing.output import written
from web.asking import Asking
from web.errors import NotAllowed, NotFound, NotUnderstood
from web.lists import answer, without_places
from web.saving import called, download, refuse_other_forms
from web.songs import cards
from web.station import Station, station

blueprint = Blueprint("save", __name__)
_LONGEST_NAME = 100


@blueprint.get("/next/save")
def as_file() -> Response:
    """Give a list as a file."""
    asking, form, at = Asking.read(request.args), request.args.get("form", "m3u8"), station()
    refuse_other_forms(form)
    told = answer(at, asking)
    if not told.suggestions:
        raise NotFound("there is no song in this list to save: wish for less, or add songs to go by")
    told = without_places(at, told)
    title = _title(at, asking)
    return download(written(told, form, made_at=int(time.time()), title=title), title, form)


@blueprint.post("/next/save/spotify")
def to_spotify() -> ResponseReturnValue:
    """Make a playlist of a list, in the account that is logged in on this machine."""
    at = station()
    if not (at.settings.is_local or at.settings.token):
        raise NotAllowed("whoever can reach this server is not asked who they are, so it makes no playlists at Spotify")
    asking, name = Asking.read(request.form), request.form.get("name", "").strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise NotUnderstood(f"the playlist needs a name, of {_LONGEST_NAME} letters at most")
    track_ids = [song.track_id for song in answer(at, asking).suggestions]
    public = request.form.get("public") == "yes"
    try:
        made = export(at.database, name, track_ids, public=public, asker="segue serve")
    except (CrawlerError, DatabaseError) as error:
        flash(f"That did not work: {error}", "bad")
        return redirect(url_for("find.following", **asking.query()), 303)
    left_out = f" ({made.left_out:,} that are not Spotify's are left out)" if made.left_out else ""
    told = Markup('"{}" is at Spotify now, with {:,} songs{}. <a href="{}" rel="noreferrer">Open it</a>')
    flash(told.format(name, made.added, left_out, made.url), "good")
    return redirect(url_for("find.following", **asking.query()), 303)


def _title(at: Station, asking: Asking) -> str:
    with at.reading() as connection:
        return called(asking, cards(connection, asking.seed))
