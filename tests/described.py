"""Answers held against Spotify's own description of its API, where that is at hand."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

PLACE = "SEGUE_SPOTIFY_OPENAPI"


def description_at_hand() -> dict[str, Any]:
    """Read the description that the environment names, or skip the test."""
    if not os.environ.get(PLACE):
        pytest.skip(f"{PLACE} does not name Spotify's OpenAPI file")
    told = yaml.safe_load(Path(os.environ[PLACE]).read_text(encoding="utf-8"))
    described = _as_json_schema(told)
    assert isinstance(described, dict)
    return described


def _as_json_schema(told: Any) -> Any:
    """Say OpenAPI's `nullable` in JSON Schema's words."""
    if isinstance(told, list):
        return [_as_json_schema(item) for item in told]
    if not isinstance(told, dict):
        return told
    schema = {key: _as_json_schema(value) for key, value in told.items() if key != "example"}
    if schema.pop("nullable", None) is True:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def schema_of(description: dict[str, Any], method: str, status: str, path: str) -> dict[str, Any]:
    """Give the schema of an answer."""
    answer = description["paths"][path][method.lower()]["responses"][status]
    if "$ref" in answer:
        answer = description["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
    return dict(answer["content"]["application/json"]["schema"])


def errors(description: dict[str, Any], schema: dict[str, Any], body: Any) -> set[str]:
    """Give the places where a body is not as described, without the numbers of items."""
    found: set[str] = set()
    waiting = list(Draft202012Validator({**schema, "components": description["components"]}).iter_errors(body))
    while waiting:
        error = waiting.pop()
        inner = [part for part in error.context if len(part.absolute_path) > len(error.absolute_path)]
        waiting += inner
        if not inner:
            place = ".".join("*" if isinstance(part, int) else part for part in error.absolute_path)
            found.add(f"{place}: {error.message}")
    return found
