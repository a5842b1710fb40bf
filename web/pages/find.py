"""Find a song, and what comes next."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from recommender.searching import search
from web.asking import Asking
from web.lists import answer
from web.songs import cards, suggested
from web.station import station

blueprint = Blueprint("find", __name__)
_FOUND = 20


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show the search, and what it found."""
    words = request.args.get("q", "").strip()
    asking = Asking.read(request.args)
    with station().reading() as connection:
        found = search(connection, words, _FOUND) if words else None
        songs = cards(connection, [match.song.track_id for match in found.matches]) if found else []
        seeds = cards(connection, asking.seed)
    return render_template("find.html", words=words, found=found, songs=songs, asking=asking, seeds=seeds)


@blueprint.get("/next")
def following() -> ResponseReturnValue:
    """Show what comes after the seeds."""
    asking = Asking.read(request.args)
    told = answer(station(), asking)
    with station().reading() as connection:
        return render_template(
            "next.html",
            asking=asking,
            answer=told,
            songs=suggested(connection, told),
            seeds=cards(connection, asking.seed),
            unlike=cards(connection, asking.unlike),
        )
