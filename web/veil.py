"""From afar nobody is told where the database and its models lie, whatever sentence names them."""

import json
import re
from pathlib import Path

from flask import Flask, Response
from markupsafe import escape

from recommender.artifacts import models_folder

_TEXT = re.compile(r"text/|image/svg|application/(?:json|xml)")


def veil(app: Flask, database: Path) -> None:
    """Tell the database and its models by their names alone in all that is answered.

    Only these two whole paths: a folder by itself may be called as an address of ours is, such as /data.
    """
    folders = {str(database.parent), str(database.resolve().parent)} - {"."}
    ways = (str, escape, lambda text: json.dumps(text)[1:-1], lambda text: json.dumps(text, ensure_ascii=False)[1:-1])
    told_by_name = {
        str(way(str(Path(folder, name)))).encode(): str(way(name)).encode()
        for folder in folders
        for name in (database.name, models_folder(database).name)
        for way in ways
    }

    @app.after_request
    def _without(response: Response) -> Response:
        if response.is_streamed or response.direct_passthrough or not _TEXT.match(response.mimetype or ""):
            return response
        told = plain = response.get_data()
        for path, name in told_by_name.items():
            plain = plain.replace(path, name)
        if plain != told:
            response.set_data(plain)
        return response
