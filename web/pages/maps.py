"""The map of the music, and the one of those who listen."""

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recommender.searching import search
from recommender.segments.beside import content_models, models_of_plays
from web.errors import NotFound, NotUnderstood
from web.map_picture import picture
from web.mapped import LISTENERS, MUSIC, Mapped, mapped, models_with_maps
from web.songs import cards
from web.station import station

blueprint = Blueprint("maps", __name__)
COLOURS = ("genre", "region")
_FOUND, _MOST_NAMES = 12, 200
_PAGES = {MUSIC: "maps.page", LISTENERS: "maps.listeners"}


@blueprint.get("/map")
def page() -> ResponseReturnValue:
    """Show the map of the music."""
    return _page(MUSIC)


@blueprint.get("/map/listeners")
def listeners() -> ResponseReturnValue:
    """Show the map of those who listen."""
    return _page(LISTENERS)


@blueprint.get("/map/points")
def points() -> ResponseReturnValue:
    """Give all points as bytes: x and y of all (16 bits, little endian), then the region, then the genre of each."""
    with station().reading() as connection:
        shown = _wanted(mapped(station(), connection, _of(), _model()))
    return _cached(Response(shown.atlas.packed, mimetype="application/octet-stream"), shown)


@blueprint.get("/map/picture.svg")
def still() -> ResponseReturnValue:
    """Give a picture of the best known points, for those whose browser runs no scripts."""
    with station().reading() as connection:
        shown = _wanted(mapped(station(), connection, _of(), _model()))
    return _cached(Response(picture(shown.atlas, _colour(shown)), mimetype="image/svg+xml"), shown)


@blueprint.get("/map/names")
def names() -> ResponseReturnValue:
    """Tell what is at some places of a map: at=1,2,3."""
    told = request.args.get("at", "").split(",")
    if len(told) > _MOST_NAMES or not all(one.isdecimal() and len(one) < 10 for one in told):
        raise NotUnderstood(f"at takes {_MOST_NAMES} numbers of points at most, with commas between them")
    with station().reading() as connection:
        shown = _wanted(mapped(station(), connection, _of(), _model()))
        found = shown.points(connection, [int(one) for one in told])
    return jsonify(points=[{"at": one.at, "name": one.name, "who": one.who} for one in found])


@blueprint.get("/map/find")
def find() -> ResponseReturnValue:
    """Find songs by words, with their places on the map."""
    with station().reading() as connection:
        shown = _wanted(mapped(station(), connection, MUSIC, _model()))
        found = search(connection, request.args.get("q", "").strip(), _FOUND)
    place = {track_id: at for at, track_id in enumerate(shown.atlas.names)}
    songs = [one.song for one in found.matches]
    return jsonify(
        songs=[
            {"name": song.name, "who": ", ".join(song.artists), "at": place.get(song.track_id, -1)} for song in songs
        ]
    )


@blueprint.get("/map/about/<int:at>")
def about(at: int) -> ResponseReturnValue:
    """Say what can be done with the song or the listener at a place."""
    with station().reading() as connection:
        shown = _wanted(mapped(station(), connection, _of(), _model()))
        found = shown.points(connection, [at])
        if not found:
            raise NotFound("there is nothing at this place of the map: it may have been drawn anew, so load it again")
        songs = cards(connection, [found[0].key]) if shown.of == MUSIC else []
    return render_template("map_about.html", point=found[0], songs=songs, model=shown.model)


def _page(of: str) -> ResponseReturnValue:
    here, words = station(), request.args.get("q", "").strip()
    with here.reading() as connection:
        shown = mapped(here, connection, of, _model())
        if shown is None or not len(shown.atlas.names):
            return render_template("map_empty.html", of=of, is_trained=shown is not None)
        members = {region: shown.points(connection, region.members) for region in shown.atlas.regions}
        found = search(connection, words, _FOUND) if words and of == MUSIC else None
        songs = cards(connection, [match.song.track_id for match in found.matches]) if found else []
    folder, name = here.models, shown.model
    near = (
        "is alike in itself, whoever hears it" if name in content_models(folder)
        else "is played by the same people" if name in models_of_plays(folder)
        else "stands in the same playlists"
    )  # fmt: skip
    told = {"model": request.args.get("model"), "colour": request.args.get("colour")}
    kept = {name: value for name, value in told.items() if value}
    return render_template(
        "map.html", of=of, map=shown, colour=_colour(shown), members=members, models=models_with_maps(here),
        legend=legend(shown, _colour(shown)), words=words, songs=songs, found=found, kept=kept, near=near,
        here=lambda **other: url_for(_PAGES[of], **kept | other),
    )  # fmt: skip


def legend(shown: Mapped, colour: str) -> list[tuple[str, int, int]]:
    """Give the name, the tone and the number of points of what has a colour of its own."""
    atlas = shown.atlas
    if colour == "region":
        return [(region.name, region.tone, region.size) for region in atlas.regions]
    sizes = [int((atlas.tones == tone).sum()) for tone in range(len(atlas.genres))]
    rest = len(atlas.names) - sum(sizes)
    named = [(name, tone, size) for tone, (name, size) in enumerate(zip(atlas.genres, sizes, strict=True)) if size]
    return [*named, ("other, or not known", -1, rest)] if rest else named


def _of() -> str:
    of = request.args.get("of", MUSIC)
    if of not in _PAGES:
        raise NotUnderstood(f"of takes {MUSIC} or {LISTENERS}")
    return of


def _model() -> str | None:
    return request.args.get("model") or None


def _colour(shown: Mapped) -> str:
    told = request.args.get("colour") or COLOURS[0]
    if told not in COLOURS:
        raise NotUnderstood(f"colour takes {' or '.join(COLOURS)}")
    # Where no genre is told, regions alone tell anything apart.
    return told if shown.atlas.genres else COLOURS[1]


def _wanted(shown: Mapped | None) -> Mapped:
    if shown is None:
        raise NotFound("no trained model knows which songs are near to each other: run `segue train`")
    return shown


def _cached(response: Response, shown: Mapped) -> Response:
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(shown.version)
    response.make_conditional(request)
    return response
