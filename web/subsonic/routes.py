"""Subsonic's addresses: one for each question, with `.view` behind it or without, asked by GET or by a form."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from web.api.keeping import version_here
from web.errors import Refused
from web.guard import csrf
from web.station import station
from web.subsonic.envelope import Tree, as_json, as_xml, failed, succeeded
from web.subsonic.methods import METHODS, OPEN
from web.subsonic.proof import admit

blueprint = Blueprint("subsonic", __name__, url_prefix="/rest")
csrf.exempt(blueprint)

_CODES = {401: 40, 403: 50, 404: 70}
_AS_THEY_ARE = frozenset({413, 414, 429, 500})
"""Statuses that a player has to see; all else is told in a whole answer, as the interface asks."""


def as_refusal(status: int, sentence: str) -> ResponseReturnValue:
    """Say what went wrong as music players read it."""
    told = failed(_CODES.get(status, 0), sentence, version_here())
    return _written(told, status if status in _AS_THEY_ARE else 200)


@blueprint.route("/<name>", methods=["GET", "POST"])
def question(name: str) -> ResponseReturnValue:
    """Answer one question."""
    told = request.values.to_dict()
    name = name.removesuffix(".view")
    try:
        if told.get("f", "xml") not in ("xml", "json"):
            raise Refused(0, "answers are written as f=xml or f=json")
        if name not in OPEN:
            admit(told, station().settings.token)
        if name not in METHODS:
            raise Refused(0, f"Segue does not answer {name}: it has no sound to play, only what to play next")
        return _written(succeeded(METHODS[name](told), version_here()))
    except Refused as error:
        return _written(failed(error.code, str(error), version_here()))


def _written(told: Tree, status: int = 200) -> Response:
    if request.values.get("f", "xml").startswith("json"):
        return Response(as_json(told), status, mimetype="application/json")
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{as_xml(told)}\n', status, mimetype="text/xml")
