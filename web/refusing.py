"""Errors as answers: one sentence, as a page, or in the shape that programs of a room expect."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException, SecurityError

from db.errors import DatabaseError
from recommender.errors import DamagedModel, ListenerNotKnown, NoSuchModel, NoTaste, PlaylistNotClear, RecommenderError
from web.errors import WebError
from web.station import station

Shape = Callable[[int, str], ResponseReturnValue]
"""Makes an answer of a status and a sentence."""

_TITLES = {
    400: "That was not understood",
    401: "Show your token",
    403: "That is not allowed",
    404: "There is no such thing here",
    405: "That is not how it is asked",
    413: "That is too much at once",
    414: "That is too much at once",
    429: "Too many at once",
    500: "Something went wrong here",
    503: "Not yet",
}
_CODE = re.compile(r"`([^`]+)`")
_WRONG_HERE = "it is Segue's fault, and its log says more: try again, or tell its authors"


@dataclass(frozen=True)
class Room:
    """Addresses that belong together, and how they say what went wrong."""

    blueprint: Blueprint
    shape: Shape


def as_page(status: int, sentence: str) -> ResponseReturnValue:
    """Say it on a page."""
    title = _TITLES.get(status, _TITLES[400])
    return render_template("state.html", title=title, sentence=sentence, status=status), status


def refuse(app: Flask, rooms: tuple[Room, ...]) -> None:
    """Turn whatever is raised while a request is answered into one sentence in the shape of its room."""

    def shaped(status: int, sentence: str) -> ResponseReturnValue:
        prefixes = {room.blueprint.url_prefix: room.shape for room in rooms if room.blueprint.url_prefix}
        shape = next((shape for prefix, shape in prefixes.items() if _is_under(request.path, prefix)), as_page)
        return shape(status, sentence)

    @app.errorhandler(WebError)
    def _of_the_web(error: WebError) -> ResponseReturnValue:
        return shaped(error.status, str(error))

    @app.errorhandler(RecommenderError)
    def _of_the_recommender(error: RecommenderError) -> ResponseReturnValue:
        return shaped(status_of(error), str(error))

    @app.errorhandler(DatabaseError)
    def _of_the_database(error: DatabaseError) -> ResponseReturnValue:
        return shaped(503, str(error))

    @app.errorhandler(SecurityError)
    def _of_a_strange_host(_error: SecurityError) -> ResponseReturnValue:
        # Flask knows no addresses for it, of which a page is full.
        return Response("the Host header is no name of a server\n", 400, mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def _of_http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        told = shaped(status, _WRONG_HERE if status == 500 else error.description or "")
        response = app.make_response(told)
        response.headers.extend([pair for pair in error.get_headers() if pair[0] in ("Allow", "Retry-After")])
        return response


def said(sentence: str) -> Markup:
    """Set what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(sentence))))  # noqa: S704 - escaped in the same line


def status_of(error: RecommenderError) -> int:
    """Give the status that an error of the recommender has as an answer."""
    if isinstance(error, NoSuchModel):
        return 404 if station().model_names() else 503
    if isinstance(error, DamagedModel | NoTaste):
        return 503
    return 404 if isinstance(error, ListenerNotKnown | PlaylistNotClear) else 400


def _is_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")
