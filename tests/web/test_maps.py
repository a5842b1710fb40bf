"""The map of the music, and the one of those who listen."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from recommender.maps.drawing import draw
from tests.web import world
from tests.web.conftest import KEY, Served, Window, serving
from web.app import create_app
from web.settings import Settings

SONGS = world.ARTISTS * world.SONGS * len(world.KINDS)


def points(client: FlaskClient, query: str = "") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fetch the points: places, regions, genres."""
    data = client.get(f"/map/points{query}").data
    n = len(data) // 6
    places = np.frombuffer(data, "<u2", 2 * n).reshape(2, n).T
    return places, np.frombuffer(data, np.uint8, n, 4 * n), np.frombuffer(data, np.uint8, n, 5 * n)


class TestAskedByPrograms:
    def test_every_song_is_a_point_of_six_bytes(self, client: FlaskClient) -> None:
        places, regions, genres = points(client)
        assert len(places) == SONGS
        assert len(set(regions.tolist())) == len(world.KINDS)
        assert genres.max() < 255

    def test_kinds_of_music_are_regions_with_their_names(self, client: FlaskClient) -> None:
        page = client.get("/map?colour=region").get_data(as_text=True)
        for kind, band in (("pop", "Sparks"), ("folk", "Family"), ("techno", "Machine")):
            assert f"{kind} · " in page
            assert band in page

    def test_points_that_did_not_change_are_not_sent_again(self, client: FlaskClient) -> None:
        first = client.get("/map/points")
        again = client.get("/map/points", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert not again.data
        assert "no-cache" in first.headers["Cache-Control"]

    def test_names_are_told_by_place(self, client: FlaskClient) -> None:
        told = client.get("/map/names?at=0,5,999999").get_json()["points"]
        assert [one["at"] for one in told] == [0, 5]
        assert all(one["name"] and one["who"] for one in told)

    def test_words_find_places(self, client: FlaskClient) -> None:
        found = client.get("/map/find?q=golden circuit bryn").get_json()["songs"][0]
        assert found["name"] == "Golden Circuit Bryn"
        told = client.get(f"/map/names?at={found['at']}").get_json()["points"]
        assert told[0]["name"] == "Golden Circuit Bryn"

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/map?model=none-such", 404),
            ("/map?model=item-knn", 404),
            ("/map?colour=blue", 400),
            ("/map/points?of=trees", 400),
            ("/map/names", 400),
            ("/map/names?at=1,x", 400),
            ("/map/names?at=-1", 400),
            ("/map/names?at=²", 400),
            ("/map/names?at=" + ",".join("1" * 201), 400),
            ("/map/about/999999", 404),
            ("/map/find?q=", 200),
            ("/map?q=&model=", 200),
            ("/map/?q=%00%22", 200),
        ],
    )
    def test_what_makes_no_sense_is_said(self, client: FlaskClient, path: str, status: int) -> None:
        assert client.get(path).status_code == status

    @pytest.mark.parametrize("model", ["hybrid", "word2vec", "svd", "audio"])
    def test_each_model_that_knows_what_is_near_has_a_map(self, client: FlaskClient, model: str) -> None:
        page = client.get(f"/map?model={model}").get_data(as_text=True)
        assert f'aria-current="true">{model}<' in page
        assert len(points(client, f"?model={model}")[0]) > SONGS / 2

    def test_a_map_that_training_laid_out_takes_the_place_of_the_projection(self, database: Path) -> None:
        client = create_app(database, Settings(key=KEY)).test_client()
        before = client.get("/map/points?model=word2vec")
        assert "train --update --map" in client.get("/map?model=word2vec").get_data(as_text=True)
        draw(database.with_suffix(".models"), "word2vec", 1, lambda _share: None)
        after = client.get("/map/points?model=word2vec")
        assert after.headers["ETag"] != before.headers["ETag"]
        assert after.data != before.data
        assert "Laid out" in client.get("/map?model=word2vec").get_data(as_text=True)

    def test_without_models_the_command_that_helps_is_named(self, database: Path) -> None:
        shutil.rmtree(database.with_suffix(".models"))
        client = create_app(database, Settings(key=KEY)).test_client()
        for path in ("/map", "/map/listeners"):
            response = client.get(path)
            assert response.status_code == 200
            assert "<code>segue train</code>" in response.get_data(as_text=True)
        assert client.get("/map/points").status_code == 404

    def test_without_plays_the_map_of_listeners_says_how_to_import_some(self, tmp_path: Path) -> None:
        database = world.make(tmp_path / "world.db", ("word2vec",))
        client = create_app(database, Settings(key=KEY)).test_client()
        from db.connection import open_writer, transaction

        with open_writer(database, "a test") as connection, transaction(connection):
            connection.execute("DELETE FROM plays")
        assert "segue import FILE" in client.get("/map/listeners").get_data(as_text=True)


class TestListeners:
    def test_those_who_play_the_same_kind_are_one_region(self, client: FlaskClient) -> None:
        _, regions, _ = points(client, "?of=listeners")
        names = client.get("/map/names?of=listeners&at=" + ",".join(map(str, range(world.LISTENERS)))).get_json()[
            "points"
        ]
        kinds = [int(one["name"].removeprefix("listener ")) % 3 for one in names]
        assert f"{world.LISTENERS} listeners" in client.get("/map/listeners").get_data(as_text=True)
        assert len(names) == world.LISTENERS
        assert len(set(regions.tolist())) >= len(world.KINDS)
        assert len(set(zip(kinds, regions.tolist(), strict=True))) == len(set(regions.tolist())), "a region of one kind"

    def test_elsewhere_than_on_loopback_nobody_is_named(self, database: Path) -> None:
        from db.connection import open_writer, transaction

        with open_writer(database, "a test") as connection, transaction(connection):
            connection.execute("UPDATE listeners SET name = 'Ada ' || key")
        here = create_app(database, Settings(key=KEY)).test_client()
        away = create_app(database, Settings(key=KEY, host="10.1.2.3", token="t")).test_client()
        shown = {"Authorization": "Bearer t", "Host": "10.1.2.3"}
        assert "Ada 1" in here.get("/map/listeners").get_data(as_text=True)
        paths = ["/map/listeners", "/map/names?of=listeners&at=0,1,2", "/map/about/1?of=listeners"]
        for path in [*paths, "/around/listener/listener 2"]:
            told = away.get(path, headers=shown)
            assert told.status_code == 200
            assert "Ada" not in told.get_data(as_text=True)
            assert "listener " in told.get_data(as_text=True)
        assert away.get("/around/listener/Ada 1", headers=shown).status_code == 404


def ready(window: Window, path: str) -> None:
    """Open a map, and wait until it is drawn."""
    window.go(path)
    window.page.locator(".map[data-ready]").wait_for()


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_looks_at_the_map_and_listens_on(window: Window, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id.replace(" ", "-")
    ready(window, "/map")
    page = window.page
    window.no_barriers()
    window.shoot(f"map-{name}")
    page.get_by_role("searchbox").fill("golden circuit bryn")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Golden Circuit Bryn").click()
    page.locator(".about .song").wait_for()
    page.wait_for_timeout(1_000)  # it flies there, and then names what is in sight
    window.no_barriers()
    window.shoot(f"map-found-{name}")
    assert "view=" in page.url
    assert "point=" in page.url
    page.locator(".about").get_by_role("link", name="What comes next").click()
    page.get_by_role("heading", level=1, name="After Golden Circuit Bryn").wait_for()


@pytest.mark.parametrize("window", ["desk"], indirect=True)
def test_keys_wheel_and_pointer_move_the_map(window: Window) -> None:
    ready(window, "/map")
    page, canvas = window.page, window.page.locator("canvas")

    def view() -> list[float]:
        page.wait_for_timeout(500)
        told = dict(part.split("=") for part in page.url.partition("?")[2].replace("%2C", ",").split("&") if part)
        return [float(one) for one in told.get("view", "0.5,0.5,1").split(",")]

    canvas.focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    x, _, scale = view()
    assert scale == pytest.approx(1.96)
    assert x > 0.5
    page.keyboard.press("-")
    assert view()[2] == pytest.approx(1.4)
    page.keyboard.press("0")
    assert view() == [0.5, 0.5, 1]
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 200)
    page.mouse.wheel(0, -400)
    nearer = view()
    assert nearer[2] > 1.5
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 - 100, box["y"] + 200, steps=4)
    page.mouse.up()
    assert view()[0] > nearer[0]
    page.get_by_role("button", name="All of it").click()
    assert view() == [0.5, 0.5, 1]


@pytest.mark.parametrize("window", ["desk"], indirect=True)
def test_a_point_says_what_it_is_and_is_chosen_by_a_click_or_by_enter(window: Window) -> None:
    ready(window, "/map?model=word2vec")
    page = window.page
    data = page.request.get(f"{window.address}/map/points?model=word2vec").body()
    x, y = (int.from_bytes(data[start : start + 2], "little") / 65_535 for start in (0, 2 * SONGS))
    box = page.locator("canvas").bounding_box()
    assert box is not None
    size = min(box["width"], box["height"]) * 0.98
    at = box["x"] + (x - 0.5) * size + box["width"] / 2, box["y"] + (y - 0.5) * size + box["height"] / 2
    page.mouse.move(*at)
    page.locator(".tip .name").wait_for()
    page.mouse.click(*at)
    page.locator(".about .song").wait_for()
    page.goto(f"{window.address}/map?model=word2vec&view={x:.4f},{y:.4f},20")
    page.locator(".map[data-ready]").wait_for()
    page.locator("canvas").focus()
    page.keyboard.press("Enter")
    page.locator(".about .song").wait_for()


@pytest.mark.parametrize("window", ["desk"], indirect=True)
def test_the_legend_hides_and_the_table_leads_to_its_region(window: Window) -> None:
    ready(window, "/map")
    page = window.page
    first = page.locator(".legend button").first
    before = page.evaluate("document.querySelector('canvas').toDataURL()")
    first.click()
    assert first.get_attribute("aria-pressed") == "false"
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelector('canvas').toDataURL()") != before
    page.locator("tr[data-region] button").first.click()
    page.wait_for_timeout(1_200)
    assert "view=" in page.url


@pytest.mark.parametrize("window", ["desk", "phone dark"], indirect=True)
def test_listeners_are_looked_at(window: Window, request: pytest.FixtureRequest) -> None:
    ready(window, "/map/listeners")
    window.no_barriers()
    window.shoot(f"map-listeners-{request.node.callspec.id.replace(' ', '-')}")
    window.page.locator("table a").first.click()
    window.page.get_by_role("heading", name="Who hears what").wait_for()
    window.no_barriers()


@pytest.mark.parametrize("window", ["desk plain"], indirect=True)
def test_without_scripts_there_is_a_picture_and_a_table(window: Window) -> None:
    page = window.go("/map?q=golden circuit bryn")
    assert page.locator(".still").evaluate("image => image.naturalWidth") > 100
    assert page.get_by_role("link", name="What comes next").count() >= 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    window.shoot("map-plain")
    page.locator("table a").first.click()
    page.get_by_role("heading", level=1, name="After").wait_for()


@pytest.fixture
def unreachable(database: Path) -> Iterator[Served]:
    """Serve a world whose points cannot be had."""
    app = create_app(database, Settings(key=KEY))
    app.view_functions["maps.points"] = lambda: ("", 503)
    yield from serving(app)


@pytest.mark.parametrize("window", ["desk"], indirect=True)
def test_a_map_that_cannot_be_fetched_says_so(window: Window, unreachable: Served) -> None:
    window.expects = ("503",)
    window.address = unreachable.address
    page = window.page
    page.goto(f"{unreachable.address}/map")
    page.get_by_text("The map cannot be drawn").wait_for()
    window.complaints[:] = [one for one in window.complaints if "another host" not in one]
