"""The addresses for programs as a page shows them, with examples out of the user's own music."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from db.errors import DatabaseError
from recommender import catalogue
from web.api.openapi import own_first, parameters
from web.api.route import Route

_WORDS = ("SONG", "OTHER", "ARTIST", "TITLE", "PLAYLIST", "LISTENER")
_TWO = 2


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be asked, or has to be."""

    name: str
    about: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One address on the page."""

    route: Route
    path: str
    parameters: tuple[Parameter, ...]
    address: str
    """To try in the browser; empty where that is not possible."""
    command: str
    """To try in a terminal, but for where the server is; empty where the address does."""


def words(database: Path, *, is_local: bool) -> Mapping[str, str]:
    """Give what the words of examples stand for in this database; of what is not here nothing."""
    try:
        with catalogue.open_reader(database) as connection:
            keys = next(catalogue.best_known(connection), [])[:_TWO]
            songs = catalogue.songs_of_keys(connection, keys)
            playlists = [row.playlist_id for row in islice(catalogue.playlist_rows(connection), 1)]
            people = [name for name in catalogue.people(connection, _TWO) if name] if is_local else []
    except DatabaseError:
        return {}
    told = dict(zip(("SONG", "OTHER"), (song.track_id for song in songs), strict=False))
    told |= {"PLAYLIST": playlists[0]} if playlists else {}
    told |= {"LISTENER": people[0]} if people else {}
    if songs and songs[-1].artists:
        told |= {"ARTIST": songs[-1].artists[0], "TITLE": songs[-1].name}
    return told


def show(prefix: str, route: Route, told: Mapping[str, str]) -> Shown:
    """Set one address for the page. told: what the words of examples stand for."""
    lacking = any(word in route.example for word in _WORDS if word not in told)
    address = command = ""
    if route.example and not lacking:
        if route.method == "post":
            body = _filled(route.example, {word: json.dumps(text)[1:-1] for word, text in told.items()})
            command = f"curl -H 'Content-Type: application/json' -d {shlex.quote(body)} {{}}{prefix}{route.path}"
        else:
            asked = prefix + _filled(route.example, {word: quote(text, safe="") for word, text in told.items()})
            address = asked if route.method == "get" else ""
            command = "" if address else f"curl -X {route.method.upper()} {{}}{shlex.quote(asked)}"
    return Shown(route, prefix + route.path, _parameters(route), address, command)


def _parameters(route: Route) -> tuple[Parameter, ...]:
    if route.method != "post":
        return tuple(Parameter(one["name"], one["description"], one["required"]) for one in parameters(route))
    schema = route.asks.model_json_schema()
    needed = schema.get("required", ())
    told = schema["properties"]
    return tuple(Parameter(name, told[name].get("description", ""), name in needed) for name in own_first(route.asks))


def _filled(example: str, told: Mapping[str, str]) -> str:
    for word, text in told.items():
        example = example.replace(word, text)
    return example
