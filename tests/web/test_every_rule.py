"""Every address that there is, asked sensibly, strangely, by strangers and by other sites."""

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.routing.exceptions import BuildError
from werkzeug.test import TestResponse

from tests.web.conftest import KEY
from tests.web.every_rule import Ask, Page, hostile_world, rules, with_one_strange
from web.app import create_app
from web.guard import HEADERS, OPEN_TO_ALL
from web.settings import Settings

TOKEN = "a generated token"
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
LEADS_ON = {"use.go": 302, "spotify.nothing": 404}
"""What is answered otherwise than with 200 even where it is asked well."""
ALIKE = 20
"""So many pages of one kind are looked at."""
WITHOUT_A_FORM = {"api.continuePlaylist", "api.tell", "api.untell", "subsonic.question", "use.go", "spotify.nothing"}
"""What programs send, or a browser by itself: no form stands before it, so that it has no token of one."""


@pytest.fixture(scope="module")
def app(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A world in which every name is an attack."""
    return create_app(hostile_world(made, tmp_path_factory.mktemp("hostile")), Settings(key=KEY, remembers=True))


@pytest.fixture(scope="module")
def elsewhere(app: Flask) -> Flask:
    """The same, reached by others with a token."""
    settings = Settings(key=KEY, host="0.0.0.0", names=("localhost",), token=TOKEN)
    return create_app(app.extensions["segue"].database, settings)


def asked_by_get(app: Flask) -> list[Ask]:
    return [ask for ask in rules(app) if "GET" in (ask.rule.methods or ())]


def look(response: TestResponse) -> None:
    """Make sure that an answer is safe, whatever it is."""
    where = f"{response.request.method} {response.request.url[:300]}"
    assert response.status_code < 500, f"{where}: {response.status_code} {response.text[:300]}"
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, f"{where}: {name}"
    if response.mimetype == "text/html":
        assert not (found := Page(response.text).wrong), f"{where}: {found[:3]}"
        assert "49$" not in response.text, where
    elif response.mimetype in ("image/svg+xml", "text/xml") and response.data:
        for element in ElementTree.fromstring(response.text).iter():
            assert not element.tag.endswith("script"), where
            assert not any(name.startswith("on") for name in element.attrib), where
    if response.mimetype == "application/json":
        response.get_json()


def test_every_address_answers_whom_it_is_meant_for(app: Flask) -> None:
    client = app.test_client()
    for ask in asked_by_get(app):
        path = ask.path(app)
        with client.get(path, query_string=ask.query) as response:
            look(response)
            assert response.status_code == LEADS_ON.get(ask.rule.endpoint, 200), f"{path}: {response.text[:300]}"
        with client.head(path, query_string=ask.query) as head:
            assert (head.status_code, head.data) == (response.status_code, b""), path
        with client.options(path) as options:
            assert "Access-Control-Allow-Origin" not in options.headers
            look(options)


def test_nothing_strange_in_an_address_makes_one_stumble(app: Flask) -> None:
    client = app.test_client()
    for ask in asked_by_get(app):
        for places, query in with_one_strange(ask):
            try:
                path = ask.path(app, **places)
            except (BuildError, ValueError):
                continue  # it fits no such address, so that none leads here with it
            with client.get(path, query_string=query) as response:
                look(response)


@pytest.mark.slow
def test_every_link_leads_somewhere_whatever_things_are_called(app: Flask) -> None:
    client = app.test_client()
    waiting, known = ["/", "/listeners", "/playlists", "/data", "/map?of=listeners"], set[str]()
    alike: Counter[str] = Counter()
    while waiting:
        link = waiting.pop(0)
        kind = re.sub(r"/(song|around|playlists|listeners|around/listener)/[^/?]+", r"/\1/*", link.partition("?")[0])
        if link in known or alike[kind] == ALIKE:
            continue
        alike[kind] += 1
        known.add(link)
        with client.get(link) as response:
            look(response)
            assert response.status_code < 400, f"{link}: {response.status_code} {response.text[:500]}"
            if response.mimetype == "text/html":
                base = link.partition("?")[0]
                waiting += [base + one if one[0] == "?" else one for one in Page(response.text).links]
    assert len(known) > 5 * ALIKE


def test_no_other_site_changes_anything(app: Flask) -> None:
    client = app.test_client()
    others = (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    )
    for ask in rules(app):
        for method in CHANGING:
            for headers in others:
                response = client.open(ask.path(app), method=method, headers=headers)
                assert response.status_code in (403, 405) or ask.rule.endpoint == "subsonic.question", (
                    f"{method} {ask.rule}: {response.status_code}"
                )
                look(response)


def test_no_form_is_taken_without_its_own_token(app: Flask) -> None:
    client = app.test_client()
    for ask in rules(app):
        for method in {*CHANGING} & {*(ask.rule.methods or ())} - {"GET"}:
            response = client.open(ask.path(app), method=method, data={"track": "x", "what": "all", "token": "x"})
            look(response)
            if ask.rule.endpoint not in WITHOUT_A_FORM:
                assert response.status_code == 400, f"{method} {ask.rule}"
                assert "CSRF" in response.text, f"{method} {ask.rule}: {response.text}"
            elif ask.rule.endpoint.startswith("api.") and method == "POST":
                assert response.status_code == 415, f"{method} {ask.rule}"


def test_nobody_comes_in_without_the_token(elsewhere: Flask) -> None:
    client = elsewhere.test_client()
    for ask in rules(elsewhere):
        for method in (ask.rule.methods or set()) - {"HEAD"}:
            asked: dict[str, Any] = {"method": method, "query_string": ask.query}
            with client.open(ask.path(elsewhere), headers={"Authorization": "Bearer wrong"}, **asked) as response:
                look(response)
            if ask.rule.endpoint in OPEN_TO_ALL:
                continue
            if ask.rule.endpoint == "subsonic.question":
                assert method == "OPTIONS" or response.get_json()["subsonic-response"]["status"] == "failed"
                continue
            assert response.status_code == 401, f"{method} {ask.rule}: {response.status_code}"
            page = client.open(ask.path(elsewhere), headers={"Accept": "text/html"}, **asked)
            assert page.status_code == (302 if method == "GET" else 401), f"{method} {ask.rule}"


@pytest.mark.parametrize("damaged", ["nothing", "the models", "the database"])
def test_from_elsewhere_nobody_is_told_where_files_lie(elsewhere: Flask, damaged: str, tmp_path: Path) -> None:
    database = tmp_path / "a folder of Zelda's" / "segue.db"
    shutil.copytree(elsewhere.extensions["segue"].models, database.with_suffix(".models"))
    shutil.copy(elsewhere.extensions["segue"].database, database)
    if damaged == "the models":
        for manifest in database.with_suffix(".models").glob("*/*.json"):
            manifest.write_text("{")
    elif damaged == "the database":
        database.write_bytes(b"no database at all" * 500)
    app = create_app(database, Settings(key=KEY, host="0.0.0.0", names=("localhost",), token=TOKEN))
    client = app.test_client()
    for ask in asked_by_get(app):
        for headers in ({"Authorization": f"Bearer {TOKEN}"}, {}):
            with client.get(ask.path(app), query_string=ask.query, headers=headers) as response:
                assert damaged == "the database" or response.status_code != 500, f"{ask.rule}: {response.text[:300]}"
                assert b"Zelda" not in response.data, f"{ask.rule}: {response.text}"
                assert "Werkzeug" not in str(response.headers)
