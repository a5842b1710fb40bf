"""The application: one database, with all its pages and answers."""

from pathlib import Path

from flask import Flask

from web.addresses import TextConverter
from web.api import routes as api
from web.guard import guard
from web.menu import menu
from web.pages import (
    around,
    compare,
    data,
    find,
    listeners,
    maps,
    models,
    playlists,
    rate,
    save,
    song,
    use,
)
from web.refusing import Room, as_page, refuse, said
from web.running import routes as running
from web.running.watching import note_rooms
from web.settings import Settings
from web.spotify import routes as spotify
from web.spotify.slashes import one_slash
from web.station import Station
from web.subsonic import routes as subsonic
from web.veil import veil

ROOMS = (
    Room(running.blueprint, as_page),
    Room(find.blueprint, as_page),
    Room(api.blueprint, api.as_problem),
    Room(api.described, as_page),
    Room(subsonic.blueprint, subsonic.as_refusal),
    Room(save.blueprint, as_page),
    Room(song.blueprint, as_page),
    Room(compare.blueprint, as_page),
    Room(rate.blueprint, as_page),
    Room(use.blueprint, as_page),
    Room(spotify.blueprint, spotify.as_spotify),
    Room(data.blueprint, as_page),
    Room(models.blueprint, as_page),
    Room(listeners.blueprint, as_page),
    Room(playlists.blueprint, as_page),
    Room(maps.blueprint, as_page),
    Room(around.blueprint, as_page),
)
"""All that is served, room by room."""


def create_app(database: Path, settings: Settings) -> Flask:
    """Make the application of one database; it need not be there yet."""
    app = Flask("web", template_folder="templates", static_folder="static")
    app.url_map.strict_slashes = False
    app.url_map.converters["text"] = TextConverter
    app.extensions["segue"] = Station(database, settings)
    app.jinja_env.filters["said"] = said
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"menu": menu()})
    guard(app, settings)
    if not settings.is_local:
        veil(app, database)
    note_rooms(app)
    refuse(app, ROOMS)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    app.wsgi_app = one_slash(app.wsgi_app)  # type: ignore[assignment]
    return app
