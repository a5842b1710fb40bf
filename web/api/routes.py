"""The addresses for programs, and the page and the description that tell of them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from werkzeug.exceptions import UnsupportedMediaType

from web.api import answers, asked, keeping, lists, songs
from web.api.examples import show, words
from web.api.openapi import describe
from web.api.route import Nothing, Route, read_body, read_query
from web.guard import csrf
from web.station import station

blueprint = Blueprint("api", __name__, url_prefix="/api")
described = Blueprint("described", __name__)
csrf.exempt(blueprint)

ROUTES = (
    Route(
        path="/suggestions",
        name="suggestions",
        summary="What comes after some songs, or in a playlist of a name.",
        asks=asked.Suggesting,
        answers=answers.Suggestions,
        answer=lists.suggestions,
        refuses=(404,),
        example="/suggestions?seed=SONG&n=5",
    ),
    Route(
        path="/songs",
        name="findSongs",
        summary="Songs by words, by filters, or by both.",
        asks=asked.Searching,
        answers=answers.FoundSongs,
        answer=songs.find,
        example="/songs?q=love&n=5",
    ),
    Route(
        path="/songs/{id}",
        name="song",
        summary="All that is known of one song.",
        answers=answers.Song,
        answer=songs.song,
        places={"id": "Raw id of a song."},
        example="/songs/SONG",
    ),
    Route(
        path="/path",
        name="path",
        summary="A road of songs from one to another, in steps as short as can be.",
        asks=asked.Travelling,
        answers=answers.Road,
        answer=songs.road,
        refuses=(404,),
        example="/path?from=SONG&to=OTHER",
    ),
    Route(
        path="/continuation",
        name="continuePlaylist",
        summary="What comes after a playlist of your own.",
        method="post",
        asks=asked.Continuing,
        answers=answers.Continued,
        answer=lists.continuation,
        refuses=(404,),
        example='{"tracks": ["SONG", {"artist": "ARTIST", "title": "TITLE"}], "n": 5}',
    ),
    Route(
        path="/playlists",
        name="findPlaylists",
        summary="Stored playlists by words of their names.",
        asks=asked.Listing,
        answers=answers.Playlists,
        answer=songs.playlists,
        example="/playlists?n=5",
    ),
    Route(
        path="/playlists/{id}/continuation",
        name="continueStoredPlaylist",
        summary="What comes after a stored playlist.",
        asks=asked.ContinuingStored,
        answers=answers.Continued,
        answer=lists.stored_continuation,
        places={"id": "Id of a stored playlist."},
        example="/playlists/PLAYLIST/continuation?n=5",
    ),
    Route(
        path="/listeners",
        name="listeners",
        summary="Everybody of whom anything is known; on this machine alone.",
        answers=answers.Listeners,
        answer=lists.listeners,
        refuses=(403,),
        example="/listeners",
    ),
    Route(
        path="/listeners/{name}/suggestions",
        name="suggestionsForListener",
        summary="What is for somebody, by what they played, like and named; on this machine alone.",
        asks=asked.ForListener,
        answers=answers.Suggestions,
        answer=lists.for_somebody,
        places={"name": "Name of a listener."},
        refuses=(403,),
        example="/listeners/LISTENER/suggestions",
    ),
    Route(
        path="/thumbs",
        name="thumbs",
        summary="What was said of songs, the latest first.",
        asks=asked.Whose,
        answers=answers.Thumbs,
        answer=keeping.thumbs,
        refuses=(403,),
        example="/thumbs",
    ),
    Route(
        path="/thumbs",
        name="tell",
        summary="Say that a song is liked, or is not.",
        method="post",
        asks=asked.Telling,
        answers=answers.Told,
        answer=keeping.tell,
        refuses=(404,),
        example='{"track_id": "SONG", "liked": true}',
    ),
    Route(
        path="/thumbs",
        name="untell",
        summary="Take back what was said of a song.",
        method="delete",
        asks=asked.Untelling,
        answers=answers.Told,
        answer=keeping.untell,
        example="/thumbs?track_id=SONG",
    ),
    Route(
        path="/genres",
        name="genres",
        summary="All genres that artists and playlists are told to be of.",
        answers=answers.Genres,
        answer=songs.genres,
        example="/genres",
    ),
    Route(
        path="/models",
        name="models",
        summary="The trained models, what they are worth, and whether they are stale.",
        answers=answers.Models,
        answer=keeping.models,
        example="/models",
    ),
    Route(
        path="/status",
        name="status",
        summary="What the database holds, and how its models stand.",
        answers=answers.Status,
        answer=keeping.status,
        example="/status",
    ),
)
DESCRIBED = {"/api": ROUTES}
"""All rooms whose addresses the description tells of, by prefix."""


def as_problem(status: int, sentence: str) -> ResponseReturnValue:
    """Say what went wrong as JSON."""
    if status == 404 and request.url_rule is None:
        sentence = "there is no such address: /api lists those that there are"
    return _json(answers.Trouble(error=answers.Problem(status=status, message=sentence)), status)


def serve(room: Blueprint, routes: tuple[Route, ...]) -> None:
    """Have a room answer as its routes declare."""
    for route in routes:
        room.add_url_rule(route.rule, route.name, _view(route), methods=[route.method.upper()])


def _view(route: Route) -> Callable[..., ResponseReturnValue]:
    def view(**places: str) -> ResponseReturnValue:
        if route.method == "post":
            read_query(Nothing, request.args)
            if request.mimetype != "application/json":
                raise UnsupportedMediaType("send JSON, with Content-Type: application/json")
            asks = read_body(route.asks, request.get_data())
        else:
            asks = read_query(route.asks, request.args)
        return _json(route.answer(*(places[name] for name in route.places), asks))

    return view


def _json(told: BaseModel, status: int = 200) -> Response:
    response = Response(told.model_dump_json() + "\n", status, mimetype="application/json")
    if status == 200 and request.method in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for anew each time
        response.add_etag()
        response.make_conditional(request)
    return response


@blueprint.get("/")
def page() -> str:
    """Show people what programs may ask."""
    here = station()
    told = words(here.database, is_local=here.settings.is_local)
    shown = [show(prefix, route, told) for prefix, routes in DESCRIBED.items() for route in routes]
    return render_template("api.html", shown=shown)


@described.get("/openapi.json")
def openapi() -> Response:
    """Give the description of all addresses for programs."""
    settings = station().settings
    told: dict[str, Any] = describe(DESCRIBED, keeping.version_here(), with_token=bool(settings.token))
    return jsonify(told)


serve(blueprint, ROUTES)
