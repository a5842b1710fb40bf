"""The data explored: how much of what there is, how it is spread, and what the imports left out."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from db import exploring
from db.dropped import brought
from web.errors import NotFound
from web.moments import moment
from web.pictures import PICTURES, Drawn, of_page
from web.station import station

blueprint = Blueprint("data", __name__, url_prefix="/data")
PAGES = {"plays": "Plays", "playlists": "Playlists", "songs": "Songs"}
"""The pages of pictures, and what they are called."""

T = TypeVar("T")


class _NotCounted(Exception):
    """It was not counted since the data changed, and takes long."""


@blueprint.get("")
def page() -> ResponseReturnValue:
    """Show how much there is, and from where."""
    return _show("overview", "The data")


@blueprint.get("/<any(plays, playlists, songs):name>")
def pictures(name: str) -> ResponseReturnValue:
    """Show the pictures of one page; those that take long come after it."""
    return _show(name, PAGES[name])


@blueprint.get("/picture/<name>")
def picture(name: str) -> ResponseReturnValue:
    """Show one picture, whatever it takes; `bare` for a page that stands already."""
    if name not in PICTURES:
        raise NotFound(f"there is no picture {name!r}: those that there are hang under Data")
    with station().reading() as connection:
        drawn = _counted(connection, name, lambda: PICTURES[name].drawn(connection))
    bare = "bare" in request.args
    return render_template("data_picture.html", name=name, drawn=drawn, bare=bare, page=PICTURES[name].page)


@blueprint.get("/dropped")
def dropped() -> ResponseReturnValue:
    """Show what each import brought, and what it left out."""
    with station().reading() as connection:
        told = _counted(connection, "brought", lambda: brought(connection))
    local = station().settings.is_local  # a place may name a person
    return render_template("dropped.html", told=told, pages=PAGES, local=local, moment=moment)


def _show(name: str, title: str) -> ResponseReturnValue:
    with station().reading() as connection:
        sizes = _counted(connection, "sizes", lambda: exploring.sizes(connection))
        quick = exploring.is_small(connection)
        drawn = {one: _at_once(connection, one, quick=quick) for one in of_page(name)}
    missing: dict[str, list[str]] = {}
    for one in drawn.values():
        if one and one.is_empty:
            missing.setdefault(one.sentence, []).append(one.title)
    return render_template(
        "data.html",
        name=name,
        title=title,
        pages=PAGES,
        sizes=sizes,
        shown={one: picture for one, picture in drawn.items() if not (picture and picture.is_empty)},
        titles={one: picture.title for one, picture in PICTURES.items()},
        missing=missing,
    )


def _at_once(connection: sqlite3.Connection, name: str, *, quick: bool) -> Drawn | None:
    """Draw a picture that is quick, or give the one that was drawn before; None for one that takes long."""

    def make() -> Drawn:
        if not quick:
            raise _NotCounted
        return PICTURES[name].drawn(connection)

    try:
        return _counted(connection, name, make)
    except _NotCounted:
        return None


def _counted(connection: sqlite3.Connection, name: str, make: Callable[[], T]) -> T:
    """Count once for each state of the data."""
    return station().kept(("data", name, exploring.data_mark(connection)), make)
