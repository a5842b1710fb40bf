"""What is remembered of use, what came of it, and how to forget it; and the way out to Spotify that notices it."""

import time
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from db.use import KEPT_DAYS, Done
from db.use_counts import forget_use, latest_done
from recommender import catalogue
from recommender.measures.outcomes import LEAST_PEOPLE
from recommender.use_report import KINDS, percent, use_report
from recommender.writing.listing import link
from web import remembering
from web.errors import NotAllowed, NotFound, NotUnderstood
from web.guard import csrf
from web.songs import Card
from web.station import station
from web.visitor import known_visitor

blueprint = Blueprint("use", __name__)
_LATEST = 12


@dataclass(frozen=True)
class Line:
    """One thing that this browser did."""

    when: str
    kind: str
    what: str


@blueprint.get("/use")
def page() -> ResponseReturnValue:
    """Show what is remembered, what came of the lists of each model, and how to forget it."""
    with station().reading() as connection:
        report = use_report(connection)
        mine = latest_done(connection, known_visitor(), _LATEST) if known_visitor() else []
        songs = catalogue.songs(connection, [one.track_id for one in mine if one.track_id])
    titles = {track_id: catalogue.title_line(song) for track_id, song in songs.items()}
    since = report.remembered.since
    return render_template(
        "use.html",
        report=report,
        since=time.strftime("%-d %B %Y", time.localtime(since)) if since is not None else "",
        kinds=KINDS,
        percent=percent,
        lines=[_line(one, titles) for one in mine],
        settings=station().settings,
        days=KEPT_DAYS,
        least=LEAST_PEOPLE,
    )


@blueprint.post("/use/forget")
def forget() -> ResponseReturnValue:
    """Forget what this browser did, or all that is remembered."""
    what = request.form.get("what", "")
    if what not in ("mine", "all"):
        raise NotUnderstood("say what is to be forgotten: mine, or all")
    if what == "all" and not station().settings.is_local:
        raise NotAllowed("others use this server too: run `segue use forget` where it stands")
    count = forget_use(station().database, known_visitor() if what == "mine" else None)
    flash(f"Forgotten: {count:,} lists and things done" if count else "There was nothing to forget")
    return redirect(url_for("use.page"), 303)


@blueprint.route("/use/go", methods=["GET", "POST"])
def go() -> ResponseReturnValue:
    """Remember that a song was opened, and lead there: to Spotify, and nowhere else."""
    track_id = request.args.get("track", "")
    target = link(track_id) if catalogue.is_track_id(track_id) else ""
    if not target:
        raise NotFound("that song is not at Spotify: search it by its name")
    remembering.opened(track_id)
    return ("", 204) if request.method == "POST" else redirect(target)


csrf.exempt(go)  # a beacon has no form, and the guard lets no other site send one


@blueprint.app_template_global()
def opens(card: Card) -> str:
    """Give where a song opens: at Spotify, by way of what notices it where use is remembered."""
    if card.link and station().settings.remembers:
        return url_for("use.go", track=card.track_id)
    return card.link or ""


@blueprint.app_context_processor
def told_on_every_page() -> dict[str, bool]:
    """Let every page say whether use is remembered."""
    return {"remembers": station().settings.remembers}


def _line(done: Done, titles: dict[str, str]) -> Line:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(done.at))
    what = f'"{done.words}"' if done.words else titles.get(done.track_id or "", "(a song that is no longer here)")
    return Line(when, done.kind, what)
