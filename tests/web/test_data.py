"""The data explored: pictures of whatever there is, and what imports left out."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from db import exploring, index
from db.connection import open_reader, open_writer, transaction
from db.dropped import drop
from db.records import Playlist, PlaylistEntry, Track
from db.runs import ImportRun
from db.write import store
from tests.web import world
from tests.web.conftest import KEY, Served, Window
from web.app import create_app
from web.pictures import PICTURES
from web.settings import Settings

PAGES = ("", "/plays", "/playlists", "/songs", "/dropped")
EVERY = ["desk", "phone", "desk dark", "phone dark", "desk plain"]
"""Without scripts axe cannot look, for it is one."""


def client_of(database: Path, host: str = "127.0.0.1") -> FlaskClient:
    return create_app(database, Settings(key=KEY, host=host, token="a token")).test_client()


def asked(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Authorization": "Bearer a token"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """One playlist of songs of which nothing but the names is told."""
    songs = [Track(f"bare{number}".ljust(22, "0"), f"Song {number}") for number in range(5)]
    with open_writer(tmp_path / "bare.db", "a test") as connection:
        with transaction(connection):
            one = Playlist("bare:1", "Only one", tuple(PlaylistEntry(place, song) for place, song in enumerate(songs)))
            store(connection, ImportRun("csv", "/music/one.csv", world.NOW), [one])
        index.finish(connection)
    return tmp_path / "bare.db"


@pytest.fixture
def large(database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The world, as if counting it took long."""
    monkeypatch.setattr(exploring, "_SMALL", 0)
    return database


def test_every_picture_of_the_world_hangs_on_its_page(client: FlaskClient) -> None:
    pages = {name: client.get(f"/data{'' if name == 'overview' else '/' + name}").get_data(as_text=True)
             for name in ("overview", "plays", "playlists", "songs")}  # fmt: skip
    for picture in PICTURES.values():
        assert f"<h2>{picture.title}</h2>" in pages[picture.page]
    assert sum(page.count("<figure") for page in pages.values()) == len(PICTURES)
    for page in pages.values():
        assert "style=" not in page


def test_sentences_and_tables_say_what_pictures_show(client: FlaskClient) -> None:
    page = client.get("/data/playlists").get_data(as_text=True)
    assert "Half of the 120 playlists hold no more than 14 songs, nine in ten no more than 14" in page
    plays = client.get("/data/plays").get_data(as_text=True)
    assert f"Half of {world.LISTENERS} listeners played no more than" in plays
    with open_reader(client.application.extensions["segue"].database) as connection:
        by_year = exploring.plays_by_year(connection)
    assert f"Half of the {sum(count for _, count in by_year):,} plays are of songs from" in plays


def test_nobody_is_named(client: FlaskClient) -> None:
    for page in PAGES:
        assert "listener 0" not in client.get(f"/data{page}").get_data(as_text=True)


def test_one_playlist_alone_is_drawn_and_what_is_missing_is_said(bare: Path) -> None:
    client = client_of(bare)
    assert "Half of the 1 playlists hold no more than 5 songs" in asked(client, "/data/playlists")
    plays = asked(client, "/data/plays")
    assert "<figure" not in plays
    assert plays.count("No plays are here") == 1, "what is missing is said once for all pictures"
    songs = asked(client, "/data/songs")
    assert "<code>segue features</code>" in songs
    assert "No song&#39;s year is known" in songs
    assert "1 field in 1 is filled" in asked(client, "/data")


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    with open_writer(tmp_path / "empty.db", "a test"):
        pass
    client = client_of(tmp_path / "empty.db")
    for page in ("", "/plays", "/playlists", "/songs", "/dropped"):
        assert "<code>segue import FOLDER</code>" in asked(client, f"/data{page}")
    for name in PICTURES:
        assert "<figure" in asked(client, f"/data/picture/{name}")


def test_no_database_says_what_to_do(tmp_path: Path) -> None:
    answer = create_app(tmp_path / "none.db", Settings(key=KEY)).test_client().get("/data")
    assert answer.status_code == 503
    assert "segue import FOLDER" in answer.get_data(as_text=True)


def test_a_picture_that_there_is_not_is_refused(client: FlaskClient) -> None:
    assert client.get("/data/picture/nothing").status_code == 404
    assert client.get("/data/nothing").status_code == 404


def test_a_large_database_answers_at_once_and_is_counted_once(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page has links where pictures take long; what was counted once is there at once, until the data change."""
    client = client_of(large)
    page = asked(client, "/data/playlists")
    assert "<figure" not in page
    assert page.count("data-picture=") == 2
    assert "Half of the 120 playlists" in asked(client, "/data/picture/playlist-lengths")
    bare = asked(client, "/data/picture/playlist-lengths?bare=1")
    assert "<figure" in bare
    assert "<html" not in bare
    with monkeypatch.context() as patch:
        patch.setattr(exploring, "playlist_lengths", None)
        page = asked(client, "/data/playlists")
    assert page.count("<figure") == 1
    assert page.count("data-picture=") == 1
    with open_writer(large, "a test") as connection, transaction(connection):
        store(connection, ImportRun("csv", "x", world.NOW), [Playlist("new:1", "New", ())])
    assert asked(client, "/data/playlists").count("<figure") == 0


class TestImports:
    @pytest.fixture
    def database(self, database: Path) -> Path:
        with open_writer(database, "a test") as connection, transaction(connection):
            drop(connection, 1, {"podcast episodes": 1_234, "rows with more cells than columns": 2})
        return database

    def test_what_was_left_out_is_told_with_the_reasons(self, database: Path) -> None:
        page = asked(client_of(database), "/data/dropped")
        assert "Import 1: made-up" in page
        assert "1,234</span> podcast episodes" in page
        assert "120 playlists, 1,680 places in playlists, 120 new songs" in page
        assert page.index("podcast episodes") < page.index("rows with more cells")
        assert "nowhere" in page

    def test_places_are_shown_on_this_machine_alone(self, database: Path) -> None:
        client = create_app(database, Settings(key=KEY, host="192.0.2.1", token="a token")).test_client()
        answer = client.get(
            "/data/dropped", headers={"Authorization": "Bearer a token", "Host": "192.0.2.1:8484"}
        ).get_data(as_text=True)
        assert "Import 1: made-up" in answer
        assert "nowhere" not in answer

    def test_an_import_of_an_earlier_segue_left_out_nobody_knows_what(self, database: Path) -> None:
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("DELETE FROM dropped")
            connection.execute("UPDATE state SET value = '1' WHERE name = 'dropped_since'")
        page = asked(client_of(database), "/data/dropped")
        assert "was not noted then" in page
        assert "Nothing was left out" not in page

    @pytest.mark.parametrize("window", ["desk", "phone dark"], indirect=True)
    def test_a_person_reads_it(self, window: Window, request: pytest.FixtureRequest) -> None:
        page = window.go("/data/dropped")
        page.get_by_text("podcast episodes").wait_for()
        window.no_barriers()
        window.shoot(f"data-dropped-{request.node.callspec.id.replace(' ', '-')}")


@pytest.mark.parametrize("window", EVERY, indirect=True)
def test_a_person_looks_through_the_data(window: Window, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id.replace(" ", "-")
    looks = window.no_barriers if "plain" not in name else lambda: None
    page = window.go("/data")
    looks()
    window.shoot(f"data-{name}")
    for title, pictures in (("Plays", 7), ("Playlists", 2), ("Songs", 11)):
        page.get_by_role("navigation", name="Parts of the data").get_by_role("link", name=title, exact=True).click()
        page.get_by_role("heading", level=1, name=title).wait_for()
        assert page.locator("figure").count() == pictures
        page.get_by_text("As a table").first.click()
        page.locator("details[open] table").first.wait_for()
        looks()
        window.shoot(f"data-{title.lower()}-{name}")


@pytest.mark.parametrize("window", ["desk", "phone"], indirect=True)
def test_pictures_that_take_long_come_by_themselves(large: Path, window: Window) -> None:
    page = window.go("/data/playlists")
    page.locator("figure").nth(1).wait_for()
    assert page.locator("[data-picture]").count() == 0
    window.no_barriers()


@pytest.mark.parametrize("window", ["desk plain"], indirect=True)
def test_without_scripts_pictures_that_take_long_are_links(large: Path, window: Window) -> None:
    page = window.go("/data/playlists")
    page.get_by_role("link", name="Count it").first.click()
    page.locator("figure").wait_for()
    page.get_by_role("link", name="Back to the other pictures").click()
    assert page.locator("figure").count() == 1


@pytest.mark.parametrize("window", ["desk"], indirect=True)
def test_a_picture_that_does_not_come_leaves_its_link(large: Path, served: Served, window: Window) -> None:
    window.expects = ("status of 503",)
    page = window.go("/data/playlists")  # so that the browser knows the page's files
    page.route("**/data/picture/**", lambda route: route.fulfill(status=503, body="no"))
    served.app.extensions["segue"]._answers.clear()
    page = window.go("/data/playlists")
    assert page.get_by_role("link", name="Count it").count() == 2
    assert page.locator("[aria-busy]").count() == 0
