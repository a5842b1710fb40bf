"""What is around a song or a listener: neighbours, and the neighbours of these, as a network."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recommender import catalogue
from recommender.maps.around import Around, around_listener, around_song, tellers
from recommender.maps.listening import alike
from recommender.maps.network import NEIGHBOURS
from web import names
from web.errors import NotFound
from web.mapped import called, heard_here
from web.network_picture import SHARED, SHEETS, drawn, kinds_of
from web.songs import cards
from web.station import station

blueprint = Blueprint("around", __name__)


@blueprint.get("/around/<track_id>")
def song(track_id: str) -> ResponseReturnValue:
    """Show the neighbours of a song."""
    here, wanted = station(), request.args.get("model") or None
    with here.reading() as connection:
        if track_id not in catalogue.songs(connection, [track_id]):
            raise NotFound("there is no such song here: look for it by its name")
        there = tellers(here.suggester.shelf, here.model_names())
        if wanted and wanted not in there:
            raise NotFound(f"{wanted} knows no neighbours" + (f": there are {', '.join(there)}" if there else ""))
        key = ("around", here.version(connection), track_id, wanted)
        asked = [wanted] if wanted else there
        told = here.kept(key, lambda: around_song(connection, here.suggester.shelf, track_id, asked))
        songs = {card.track_id: card for card in cards(connection, told.web.names)}
    texts = [(songs[one].name, ", ".join(songs[one].artists)) for one in told.web.names]
    links = [url_for("around.song", track_id=one, model=wanted) for one in told.web.names]
    return _page(told, texts, links, models=there, is_trained=bool(there), songs=[songs[one] for one in told.web.names])


@blueprint.get("/around/listener/<text:name>")
def listener(name: str) -> ResponseReturnValue:
    """Show who hears what a listener hears."""
    here = station()
    with here.reading() as connection:
        meant = names.meant(connection, name)
        if meant is None or not catalogue.has_listener(connection, meant):
            raise NotFound("nobody of that name has plays here: look among the listeners")
        heard = heard_here(here, connection)
        if meant not in heard.names:
            heard = heard_here(here, connection, meant)
        key = ("around", here.version(connection), catalogue.plays_stored_at(connection), meant)
        told = here.kept(key, lambda: around_listener(heard, meant))
        shown = called(connection, told.web.names)
    shared = dict(alike(heard, meant, NEIGHBOURS))
    texts = [(shown[one], in_common(shared.get(one, 0))) for one in told.web.names]
    links = [url_for("around.listener", name=shown[one]) for one in told.web.names]
    return _page(told, texts, links, models=[], is_trained=True, songs=[])


def in_common(n_songs: int) -> str:
    """Say how many songs two listeners have in common; nothing where it was not asked."""
    return f"{n_songs:,} song{'' if n_songs == 1 else 's'} in common" if n_songs else ""


def _page(told: Around, texts: list[tuple[str, str]], links: list[str], **more: object) -> ResponseReturnValue:
    web, kinds = told.web, kinds_of(told.web)
    near = [(node, [b for a, b in web.edges if a == node]) for node, level in enumerate(web.levels) if level == 1]
    return render_template(
        "around.html", told=told, texts=texts, links=links, near=near, shared=[kind == SHARED for kind in kinds],
        pictures=[drawn(web, texts, sheet) for sheet in SHEETS] if len(texts) > 1 else [], **more,
    )  # fmt: skip
