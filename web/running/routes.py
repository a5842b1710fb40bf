"""Is it alive, is it ready, how is it doing, and who may come in."""

import time

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from db.errors import DatabaseError
from recommender.errors import RecommenderError
from web.addresses import own_path
from web.errors import NotAllowed
from web.guard import sign_in as let_in
from web.running.facts import Facts
from web.station import station

blueprint = Blueprint("running", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the server answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say whether it can suggest: the database is there, and a model opens; else name the command that helps."""
    try:
        with station().reading():
            model = station().suggester.ready()
    except (DatabaseError, RecommenderError) as error:
        # To those who show no token it tells no more than the sentence with the cure.
        return Response(f"{error}\n", 503, mimetype="text/plain")
    return Response(f"ready: {model} answers\n", mimetype="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Tell Prometheus what was counted, and what is known of models and data."""
    shown = station().figures.shown(Facts(station(), time.time()))
    return Response(shown, content_type=CONTENT_TYPE_LATEST)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask a person for the server's token once, and let their browser in."""
    target = request.values.get("next", "")
    if request.method != "POST":
        return render_template("sign_in.html", target=target)
    if not let_in(station().settings, request.form.get("token", "").strip()):
        raise NotAllowed("that is not the server's token: it is what was given to `segue serve --token`")
    return redirect(own_path(target) or url_for("find.home"))
