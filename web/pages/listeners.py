"""Listeners: who there is, what each of them played and likes, and what may come next, list beside list."""

import shlex
import sqlite3
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from recommender import catalogue
from recommender.errors import SeedNotClear
from recommender.segments.kinds import PROFILES
from recommender.segments.people import known_name, near_names, read_listener
from web import names
from web.asking import Asking
from web.errors import NotFound, NotUnderstood
from web.pages import played
from web.pages.beside import MADE, choice, columns
from web.pages.questions import LONGEST, answered, asked_again, new_name, questions
from web.paging import paged
from web.person import LISTENER, person
from web.station import station

blueprint = Blueprint("listeners", __name__)
_SIZE, _SOME, _NEAR = 50, 8, 5


@blueprint.app_context_processor
def _who() -> dict[str, str]:
    return {"listening_as": person() if names.are_shown() else ""}


@blueprint.get("/listeners")
def index() -> ResponseReturnValue:
    """List those of whom anything is known, or greet somebody new."""
    if request.args.get("called", "").strip():
        return _greeting(new_name(request.args["called"]))
    words = request.args.get("q", "").strip()[:LONGEST] if names.are_shown() else ""
    everybody = catalogue.everybody
    with station().reading() as connection:
        page = paged(request.args, _SIZE, everybody.count(connection, words))
        found = everybody.found(connection, words, page.first, page.size)
        people = everybody.in_figures(connection, found)
        near = near_names(connection, words)[:_NEAR] if words and not people else []
    called = names.all_called(found, page.first)
    return render_template(
        "listeners.html",
        people=list(zip(called, people, strict=True)), paged=page, words=words, near=near, shown=names.are_shown(),
    )  # fmt: skip


@blueprint.post("/listeners")
def sit() -> ResponseReturnValue:
    """Note who sits at the browser, or that nobody is named."""
    names.refuse_elsewhere()
    name = request.form.get("name", "")
    with station().reading() as connection:
        if name and not catalogue.everybody.is_here(connection, name):
            raise _nobody(name)
    if name:
        session[LISTENER] = name
        flash(f"Hello {name}. What you like or skip here is kept under this name.")
        return redirect(_page_of(name), 303)
    session.pop(LISTENER, None)
    flash("Nobody is named now.")
    return redirect(url_for("listeners.index"), 303)


@blueprint.get("/listeners/<text:name>")
def page(name: str) -> ResponseReturnValue:
    """Show one listener: what they played, what may come next by several models, what they like."""
    # What is asked of the lists has an `order` of its own.
    asking, order, profile = Asking.read(request.args), request.args.get("played", "last"), request.args.get("profile")
    kind = next((one for one in PROFILES if one == profile), None)
    if profile and kind is None:
        raise NotUnderstood(f"profile is one of {', '.join(PROFILES)}")
    with station().reading() as connection:
        here = names.meant(connection, name)
        if here is None and names.are_shown() and (same := known_name(connection, name)) != name:
            return redirect(_page_of(same))
        known = _known(name, here)
        listener = read_listener(connection, known, kind)
        told = _told(connection, known, order)
        asked = questions(station(), connection, listener.profile)
    wanted = choice(station().models, station().model_names(), request.args.getlist("beside"))
    lists = [] if listener.is_blank else columns(station(), listener, wanted, asking)
    me = {"quoted": shlex.quote(known), "is_me": bool(name) and person() == known, "shown": names.are_shown()}
    return render_template(
        "listener.html",
        name=name, called=names.spoken(name), listener=listener, order=order, choice=wanted, made=MADE, lists=lists,
        asking=asking, asked=asked, profiles=PROFILES, profile=kind, **told, **me,
    )  # fmt: skip


def _told(connection: sqlite3.Connection, name: str, order: str) -> dict[str, Any]:
    """Gather what somebody played and said: the first few of each, and how many there are."""
    (figures,) = catalogue.everybody.in_figures(connection, [name])
    songs = played.shown(connection, played.history(connection, name, order), 0, _SOME)
    liked, disliked = (
        played.named(connection, played.said(connection, name, liked=one), 0, _SOME) for one in (True, False)
    )
    return {"figures": figures, "songs": songs, "liked": liked, "disliked": disliked}


@blueprint.get("/listeners/<text:name>/played")
def history(name: str) -> ResponseReturnValue:
    """Show all that a listener played, a page at a time."""
    order = request.args.get("order", "last")
    with station().reading() as connection:
        told = played.history(connection, _known(name, names.meant(connection, name)), order)
        page = paged(request.args, _SIZE, len(told))
        songs = played.shown(connection, told, page.first, page.size)
    return render_template("played.html", name=name, called=names.spoken(name), songs=songs, paged=page, order=order)


@blueprint.get("/listeners/<text:name>/said")
def said(name: str) -> ResponseReturnValue:
    """Show all that a listener likes, or does not, a page at a time."""
    liked = request.args.get("liked", "yes") != "no"
    with station().reading() as connection:
        told = played.said(connection, _known(name, names.meant(connection, name)), liked=liked)
        page = paged(request.args, _SIZE, len(told))
        songs = played.named(connection, told, page.first, page.size)
    return render_template("said.html", name=name, called=names.spoken(name), songs=songs, paged=page, liked=liked)


@blueprint.post("/listeners/<text:name>/likes")
def tell(name: str) -> ResponseReturnValue:
    """Keep which artists and genres a listener named."""
    names.refuse_elsewhere()
    with station().reading() as connection:
        is_new = not catalogue.everybody.is_here(connection, name)
        if is_new:
            name = new_name(name)
        try:
            profile = answered(connection, name, request.form)
            if is_new and not (profile.artists or profile.genres):
                raise SeedNotClear("choose an artist or a genre, so that there is something to go by")
        except SeedNotClear as error:
            asked = asked_again(questions(station(), connection, catalogue.Profile(name)), request.form)
            return render_template("new_listener.html", name=name, asked=asked, problem=str(error)), 400
    catalogue.keep_profile(station().database, profile)
    if is_new:
        session[LISTENER] = name
    flash(f"Kept: {', '.join((*profile.artists, *profile.genres)) or 'nothing is named now'}.")
    return redirect(_page_of(name), 303)


def _page_of(name: str) -> str:
    return url_for("listeners.page", name=name)


def _greeting(name: str) -> ResponseReturnValue:
    names.refuse_elsewhere()
    with station().reading() as connection:
        if catalogue.everybody.is_here(connection, name):
            return redirect(_page_of(name))
        asked = questions(station(), connection, catalogue.Profile(name))
    return render_template("new_listener.html", name=name, asked=asked)


def _known(told: str, name: str | None) -> str:
    if name is None:
        raise _nobody(told)
    return name


def _nobody(told: str) -> NotFound:
    called = f'"{told[:LONGEST]}"'
    return NotFound(f"nobody here is called {called}: look in the list of listeners, or begin there as somebody new")
