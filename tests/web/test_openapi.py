"""The description of the addresses for programs, held against the addresses themselves."""

import html
import json
import re
import shlex
from argparse import ArgumentParser
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from tests.web.conftest import KEY, Served, Window
from web.api.openapi import describe, parameters
from web.api.routes import DESCRIBED, ROUTES
from web.app import create_app
from web.settings import Settings

_SILENT = {"HEAD", "OPTIONS"}


def _described(client: FlaskClient) -> dict:
    return client.get("/openapi.json").get_json()


def test_every_address_is_described_and_nothing_else_is(app: Flask, client: FlaskClient) -> None:
    there = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - _SILENT
        if rule.rule.startswith(tuple(f"{prefix}/" for prefix in DESCRIBED)) and rule.endpoint != "api.page"
    }
    told = {(path, method) for path, operations in _described(client)["paths"].items() for method in operations}
    assert told == there


def test_every_operation_has_a_name_of_its_own(client: FlaskClient) -> None:
    names = [one["operationId"] for operations in _described(client)["paths"].values() for one in operations.values()]
    assert len(set(names)) == len(names) == sum(map(len, DESCRIBED.values()))


def test_all_schemas_are_schemas_and_all_references_lead_somewhere(client: FlaskClient) -> None:
    told = _described(client)
    for schema in told["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = set(re.findall(r'"#/components/schemas/(\w+)"', client.get("/openapi.json").get_data(as_text=True)))
    assert names == set(told["components"]["schemas"])


def test_no_parameter_may_be_null_for_an_address_cannot_say_so() -> None:
    for route in ROUTES:
        for one in parameters(route):
            assert "anyOf" not in one["schema"], (route.name, one["name"])
            assert one["description"], (route.name, one["name"])


def test_what_stands_in_a_path_is_described() -> None:
    for route in ROUTES:
        assert re.findall(r"\{(\w+)\}", route.path) == list(route.places)


def test_a_server_with_a_token_says_that_it_asks_for_one() -> None:
    told = describe(DESCRIBED, "1", with_token=True)
    assert told["security"] == [{"token": []}]
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert all("401" in one["responses"] for operations in told["paths"].values() for one in operations.values())
    assert "security" not in describe(DESCRIBED, "1", with_token=False)


def test_nothing_is_answered_without_the_token(made: Path) -> None:
    client = create_app(made, Settings(key=KEY, token="a generated token")).test_client()
    for route in ROUTES:
        path = "/api" + re.sub(r"\{\w+\}", "1", route.path)
        assert client.open(path, method=route.method.upper()).status_code == 401, path


def test_the_description_is_no_more_open_than_the_answers(made: Path) -> None:
    client = create_app(made, Settings(key=KEY, token="a generated token")).test_client()
    assert client.get("/openapi.json").status_code == 401


def test_every_example_of_the_page_has_an_answer(client: FlaskClient) -> None:
    page = client.get("/api").get_data(as_text=True)
    examples = re.findall(r'Try it: <a href="([^"]+)"', page)
    assert len(examples) == sum(route.method == "get" for route in ROUTES)
    for example in examples:
        assert client.get(example.replace("&amp;", "&")).status_code == 200, example


def test_examples_are_of_the_users_own_music_and_name_nobody_to_others(made: Path, tmp_path: Path) -> None:
    pages = {}
    for name, settings in (("near", Settings(key=KEY)), ("afar", Settings(key=KEY, host="0.0.0.0", token="t"))):
        client = create_app(made, settings).test_client()
        pages[name] = client.get("/api", headers={"Authorization": "Bearer t"}).get_data(as_text=True)
    assert "/api/listeners/listener%200/suggestions" in pages["near"]
    assert "listener%200" not in pages["afar"]
    assert "/api/songs/folk4" in pages["afar"]
    empty = create_app(tmp_path / "none.db", Settings(key=KEY)).test_client().get("/api")
    assert empty.status_code == 200
    assert "SONG" not in empty.get_data(as_text=True)


def test_the_commands_of_the_page_do_what_they_say(served: Served) -> None:
    with urlopen(f"{served.address}/api") as answer:
        page = html.unescape(answer.read().decode())
    commands = re.findall(r"<pre[^>]*>(curl[^<]+)</pre>", page)
    assert len(commands) == sum(route.method != "get" for route in ROUTES)
    curl = ArgumentParser()
    for option in ("-H", "-d", "-X"):
        curl.add_argument(option)
    curl.add_argument("address")
    for command in commands:
        told = curl.parse_args(shlex.split(command)[1:])
        headers = dict([told.H.split(": ", 1)]) if told.H else {}
        data = told.d.encode() if told.d else None
        with urlopen(Request(told.address, data, headers, method=told.X)) as answer:
            assert "error" not in json.loads(answer.read()), command


def test_both_forms_of_the_address_answer_without_a_redirect(client: FlaskClient) -> None:
    for path in ("/api", "/api/", "/api/models", "/api/models/"):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark", "plain"], indirect=True)
def test_a_person_reads_what_programs_may_ask(window: Window, request: pytest.FixtureRequest) -> None:
    page = window.go("/")
    page.get_by_role("link", name="For programs").click()
    page.get_by_role("heading", name="For programs").wait_for()
    page.get_by_text("What may be asked").first.click()
    page.get_by_text("Raw ids of the songs to go by").first.wait_for()
    window.shoot(f"api-{request.node.callspec.id.replace(' ', '-')}")
    if "plain" not in request.node.callspec.id:
        window.no_barriers()
