"""Models side by side: what each would play next, and what they agree on."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web import wording
from web.asking import Asking
from web.comparing import MOST, Column, chosen, column, in_common, shared
from web.lists import answer
from web.lists import models as models_there
from web.places import places
from web.songs import Card, cards, suggested
from web.station import station

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def page() -> ResponseReturnValue:
    """Show the lists of two or more models for the same songs."""
    asking, at = Asking.read(request.args).model_copy(update={"model": None}), station()
    with at.reading() as connection:
        there = models_there(at, connection)
    models = chosen(request.args.getlist("beside"), there)
    asks = bool(asking.seed or asking.title)
    columns = [column(lambda one: answer(at, one), asking, model) for model in models] if asks else []
    with at.reading() as connection:
        lists: list[tuple[Column, list[Card]]] = [
            (one, suggested(connection, one.answer) if one.answer else []) for one in columns
        ]
        shown = {one.track_id: one for one in cards(connection, (*asking.seed, *asking.unlike))}
    return render_template(
        "compare.html",
        asking=asking,
        models=models,
        there=there,
        most=MOST,
        lists=lists,
        shared=shared(columns),
        pairs=in_common(columns),
        going=places(asking.seed, shown),
        sentences=wording.sentences,
    )
