"""The endpoints under /v1, as Spotify's clients ask them.

Any Authorization is taken, or none, where the server asks for no token; where it does, it is this server's own. The
markets in which a song may be heard are not known here, so `market` is checked and then changes nothing but that the
answers say is_playable. Limits are those of before 2026: fifty a page, a hundred audio features.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson
from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from db.spotify_facts import artists_told, tracks_told
from recommender import catalogue
from recommender.catalogue import SongFacts
from web.errors import NotFound
from web.guard import csrf
from web.spotify import searching
from web.spotify.asked import check_market, ids, one_id, recommending
from web.spotify.ids import shown
from web.spotify.objects import Maker, Object
from web.spotify.recommending import known_genres, recommended, related, top_tracks
from web.station import station

PREFIX = "/v1"
_TRACKS, _ARTISTS, _FEATURES = 50, 50, 100
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

blueprint = Blueprint("spotify", __name__, url_prefix=PREFIX)
csrf.exempt(blueprint)  # nothing under it changes anything


def as_spotify(status: int, sentence: str) -> ResponseReturnValue:
    """Say what went wrong as Spotify does."""
    return _told({"error": {"status": status, "message": sentence}}, status)


@blueprint.get("/recommendations")
def recommendations() -> Response:
    """Give songs for one to five seeds, and the pools of the seeds."""
    asked = recommending(request.args)
    with station().reading() as connection:
        found = recommended(station(), connection, asked)
        tracks = _tracks(connection, found.track_ids)
    make = _maker()
    hrefs = {"TRACK": f"{make.base}/tracks/", "ARTIST": f"{make.base}/artists/"}
    seeds = [
        {
            "initialPoolSize": pool.before,
            "afterFilteringSize": pool.after,
            "afterRelinkingSize": pool.after,
            "id": pool.seed.told,
            "type": pool.seed.kind,
            "href": hrefs[pool.seed.kind] + shown(pool.seed.meant) if pool.seed.kind in hrefs else None,
        }
        for pool in found.pools
    ]
    return _told({"tracks": tracks, "seeds": seeds})


@blueprint.get("/recommendations/available-genre-seeds")
def genre_seeds() -> Response:
    """Give the genres that are told here."""
    with station().reading() as connection:
        return _told({"genres": list(known_genres(station(), connection, station().version(connection)))})


@blueprint.get("/tracks")
def several_tracks() -> Response:
    """Give up to fifty tracks, null for what is not here."""
    check_market(request.args)
    wanted = ids(request.args, _TRACKS)
    with station().reading() as connection:
        told, make = tracks_told(connection, wanted), _maker()
    return _told({"tracks": [make.track(told[one]) if one in told else None for one in wanted]})


@blueprint.get("/tracks/<told_id>")
def track(told_id: str) -> Response:
    """Give one track."""
    check_market(request.args)
    wanted = one_id(told_id)
    with station().reading() as connection:
        return _told(_one(_tracks(connection, [wanted])))


@blueprint.get("/artists")
def artists() -> Response:
    """Give up to fifty artists, null for who is not here."""
    wanted = ids(request.args, _ARTISTS)
    with station().reading() as connection:
        told, make = artists_told(connection, wanted), _maker()
    return _told({"artists": [make.artist(told[one]) if one in told else None for one in wanted]})


@blueprint.get("/artists/<told_id>")
def artist(told_id: str) -> Response:
    """Give one artist."""
    wanted = one_id(told_id)
    with station().reading() as connection:
        return _told(_one(_artists(connection, [wanted])))


@blueprint.get("/artists/<told_id>/related-artists")
def related_artists(told_id: str) -> Response:
    """Give up to twenty artists whose songs come next to those of one."""
    wanted = one_id(told_id)
    with station().reading() as connection:
        return _told({"artists": _artists(connection, related(station(), connection, wanted))})


@blueprint.get("/artists/<told_id>/top-tracks")
def best_tracks(told_id: str) -> Response:
    """Give an artist's ten best known songs."""
    check_market(request.args)
    wanted = one_id(told_id)
    with station().reading() as connection:
        return _told({"tracks": _tracks(connection, top_tracks(connection, wanted))})


@blueprint.get("/audio-features")
def features() -> Response:
    """Give the audio features of up to a hundred tracks, null where none are known."""
    wanted = ids(request.args, _FEATURES)
    told = _features(wanted)
    return _told({"audio_features": [told.get(one) for one in wanted]})


@blueprint.get("/audio-features/<told_id>")
def features_of(told_id: str) -> Response:
    """Give the audio features of one track."""
    return _told(_one(list(_features([one_id(told_id)]).values())))


@blueprint.get("/search")
def search() -> Response:
    """Find tracks, artists, albums and playlists."""
    asked = searching.searching(request.args)
    with station().reading() as connection:
        make = _maker()
        key = ("/v1/search", station().version(connection), asked, make.base, make.in_market)
        return _told(station().kept(key, lambda: searching.found(connection, asked, make)))


@blueprint.route("/", methods=_METHODS)
@blueprint.route("/<path:_rest>", methods=_METHODS)
def nothing(_rest: str = "") -> Response:
    """Say that there is no such endpoint."""
    raise NotFound("Service not found")


def _tracks(connection: sqlite3.Connection, wanted: Sequence[str]) -> list[Object]:
    """Give the tracks that are here."""
    told, make = tracks_told(connection, wanted), _maker()
    return [make.track(told[one]) for one in wanted if one in told]


def _artists(connection: sqlite3.Connection, wanted: Sequence[str]) -> list[Object]:
    """Give the artists who are here."""
    told, make = artists_told(connection, wanted), _maker()
    return [make.artist(told[one]) for one in wanted if one in told]


def _features(wanted: list[str]) -> dict[str, Object]:
    """Give the audio features of the tracks of which any are known, by raw id."""
    with station().reading() as connection:
        facts: dict[str, SongFacts] = catalogue.song_facts(connection, wanted, genres=False)
    make = _maker()
    return {one: make.features(one, told.duration_ms, told.audio) for one, told in facts.items() if told.audio}


def _one(found: list[Object]) -> Object:
    if not found:
        raise NotFound("Resource not found")
    return found[0]


def _maker() -> Maker:
    return Maker(
        request.host_url.rstrip("/") + PREFIX,
        url_for("static", filename="icon.svg", _external=True),
        in_market=bool(request.args.get("market")),
        names_owners=station().settings.is_local,
    )


def _told(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json; charset=utf-8")
