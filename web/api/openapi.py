"""The description of all addresses for programs, in the words of OpenAPI 3.1, from what they declare. Pure."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.api.answers import Trouble
from web.api.route import Route

_REFS = "#/components/schemas/{model}"
_SAID = {
    304: "Nothing changed since the answer of that ETag.",
    400: "It was not understood; the message says why, and what helps.",
    401: "The server's token is not shown.",
    403: "It is not allowed to the one who asks.",
    404: "There is no such thing here.",
    413: "The body is too long.",
    414: "The address is too long.",
    415: "The body is no JSON.",
    429: "Too many ask at once; Retry-After says when to come again.",
    503: "It cannot be answered now: no model is trained yet, the database is busy, or it took too long.",
}
_ALWAYS = (400, 414, 429, 503)
_OF_BODIES = (403, 413, 415)


def describe(rooms: Mapping[str, Sequence[Route]], version: str, *, with_token: bool) -> dict[str, Any]:
    """Describe the routes of each room by its prefix. with_token: whether the server asks for one."""
    routes = [route for room in rooms.values() for route in room]
    answers = {route.answers: None for route in routes} | {Trouble: None}
    bodies = {route.asks: None for route in routes if route.method == "post"}
    models: list[tuple[type[BaseModel], Literal["serialization", "validation"]]] = []
    models += [(model, "serialization") for model in answers]
    models += [(model, "validation") for model in bodies]
    refs, told = models_json_schema(models, ref_template=_REFS)
    names: dict[Any, Any] = {model: schema for (model, _), schema in refs.items()}
    paths: dict[str, dict[str, Any]] = {}
    for prefix, room in rooms.items():
        for route in room:
            paths.setdefault(prefix + route.path, {})[route.method] = _operation(route, names, with_token=with_token)
    components: dict[str, Any] = {"schemas": told["$defs"]}
    if with_token:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Segue",
            "version": version,
            "summary": "Playlists in, the next song out.",
            "description": "What one Segue server answers to programs. Songs go by raw ids: Spotify's, or `x:` and "
            "twenty hex digits for songs that Spotify does not name.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": components,
        **({"security": [{"token": []}]} if with_token else {}),
    }


def parameters(route: Route) -> list[dict[str, Any]]:
    """Describe what stands in the path of a route, and in its query."""
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": about,
            "schema": {"type": "string", "minLength": 1},
        }
        for name, about in route.places.items()
    ]
    return in_path if route.method == "post" else [*in_path, *_of_query(route.asks)]


def own_first(asks: type[BaseModel]) -> list[str]:
    """Name the fields in the order in which they matter: what a question alone asks before what many ask."""
    fields = [
        name for kind in asks.__mro__ for name in vars(kind).get("__annotations__", {}) if name in asks.model_fields
    ]
    return [asks.model_fields[name].alias or name for name in dict.fromkeys(fields)]


def _of_query(asks: type[BaseModel]) -> Iterator[dict[str, Any]]:
    schema = asks.model_json_schema()
    for name in own_first(asks):
        one = _given(copy.deepcopy(schema["properties"][name]))
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": one.pop("description", ""),
            "schema": one,
            **({"style": "form", "explode": True} if one.get("type") == "array" else {}),
        }


def _given(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out that a parameter may be null: in an address it is left out then."""
    choices = [one for one in told.pop("anyOf", []) if one != {"type": "null"}]
    for choice in choices:
        told |= choice
    if told.get("default", ...) is None:
        del told["default"]
    told.pop("title", None)
    return told


def _operation(route: Route, names: Mapping[Any, Any], *, with_token: bool) -> dict[str, Any]:
    statuses = {*_ALWAYS, *route.refuses}
    statuses |= {401} if with_token else set()
    statuses |= {403} if route.method != "get" else set()
    statuses |= set(_OF_BODIES) if route.method == "post" else set()
    statuses |= {404} if route.places else set()
    told: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": parameters(route),
        "responses": {"200": {"description": "The answer.", **_json(names[route.answers])}},
    }
    if route.method == "get":
        told["responses"]["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}}
        told["responses"]["304"] = {"description": _SAID[304]}
    for status in sorted(statuses):
        told["responses"][str(status)] = {"description": _SAID[status], **_json(names[Trouble])}
    if route.method == "post":
        told["requestBody"] = {"required": True, **_json(names[route.asks])}
    return told


def _json(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}
