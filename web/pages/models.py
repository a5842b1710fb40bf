"""The models: what each is and is worth, and what was measured last."""

import time

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from recommender import artifacts, catalogue
from recommender.measures.keeping import Kept, kept_tables
from web.evaluations import Shown, names, shown
from web.moments import ago, moment
from web.station import station
from web.trained import Trained, megabytes, said_of, trained, worths

blueprint = Blueprint("models", __name__, url_prefix="/models")


@blueprint.get("")
def page() -> ResponseReturnValue:
    """Show the trained models, and the tables of `segue evaluate`."""
    with station().reading() as connection:
        content = catalogue.content_mark(connection)
    models, damaged = trained(station().models, content)
    tables, unreadable = _tables()
    return render_template(
        "models.html",
        models=models,
        worths=worths(models),
        tables=[(one, _since(one.kept, one, models, content)) for one in tables],
        notes=[*damaged, *unreadable],
        ago=lambda seconds: ago(seconds, time.time()),
        moment=moment,
        megabytes=megabytes,
    )


@blueprint.app_template_global()
def model_words(name: str) -> str:
    """Say in a sentence what a trained model goes by; empty for one that is not known."""
    at = station()
    key = "words", name, artifacts.changed_at(at.models, name)
    return at.kept(key, lambda: said_of(at.models, name))


def _tables() -> tuple[list[Shown], list[str]]:
    kept, unreadable = kept_tables(station().models)
    tables = []
    for one in kept:
        try:
            tables.append(shown(one))
        except (LookupError, TypeError, ValueError, AttributeError):
            unreadable.append(f"what {one.command} measured cannot be read: measure again (`{one.command}`)")
    return tables, unreadable


def _since(kept: Kept, table: Shown, models: list[Trained], content: str) -> str:
    """Say what changed since a table was measured; empty where nothing did."""
    if kept.content != content:
        return f"The playlists changed since: `{kept.command}` measures again."
    spoken_of = set().union(*map(names, table.boards))
    later = [
        one.manifest.name
        for one in models
        if one.manifest.kind in spoken_of and one.manifest.trained_at > kept.measured_at
    ]
    return f"Trained again since: {', '.join(later)}." if later else ""
