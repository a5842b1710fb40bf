"""Is it alive, and who may come in."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.addresses import own_path
from web.errors import NotAllowed
from web.guard import sign_in as let_in
from web.station import station

blueprint = Blueprint("running", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the server answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask a person for the server's token once, and let their browser in."""
    target = request.values.get("next", "")
    if request.method == "GET":
        return render_template("sign_in.html", target=target)
    if not let_in(station().settings, request.form.get("token", "").strip()):
        raise NotAllowed("that is not the server's token: it is what was given to `segue serve --token`")
    return redirect(own_path(target) or url_for("find.home"))
