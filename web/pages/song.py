"""One song: all that is known of it, and where it leads."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from recommender import catalogue
from recommender.errors import RecommenderError
from web import wording
from web.asking import Asking
from web.errors import NotFound
from web.lists import answer
from web.one_song import known_of
from web.songs import cards, suggested
from web.station import station

blueprint = Blueprint("song", __name__)


@blueprint.get("/song/<track_id>")
def page(track_id: str) -> ResponseReturnValue:
    """Show one song."""
    at, asking, problem, told = station(), Asking.model_validate({"seed": (track_id,)}), "", None
    with at.reading() as connection:
        song = catalogue.songs(connection, [track_id]).get(track_id)
        if song is None:
            raise NotFound("this song is not in your database: find it by its name")
        known = known_of(connection, song)
        (card,) = cards(connection, [track_id])
        others = cards(connection, known.versions)
    try:
        told = answer(at, asking)
    except RecommenderError as error:
        problem = str(error)
    with at.reading() as connection:
        songs = suggested(connection, told) if told else []
    return render_template(
        "song.html",
        card=card,
        known=known,
        others=others,
        songs=songs,
        said=wording.sentences(told.notes) if told else [],
        problem=problem,
        asking=asking,
    )
