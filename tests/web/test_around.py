"""What is around a song or a listener, as a network."""

import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from db.connection import open_writer, transaction
from db.plays import store_plays
from db.records import Play
from db.runs import ImportRun
from tests.web import world
from tests.web.conftest import KEY, Window
from web.app import create_app
from web.settings import Settings

SONG = world.track_id("techno", 1, 3)


class TestAskedByPrograms:
    def test_ten_neighbours_and_theirs_are_nodes_that_lead_on(self, client: FlaskClient) -> None:
        page = client.get(f"/around/{SONG}").get_data(as_text=True)
        assert "What is around Golden Circuit Bryn" in page
        wide = page.partition('class="network wide"')[2].partition("</svg>")[0]
        assert wide.count('class="node near"') == 10
        assert wide.count('class="node middle"') == 1
        ids = re.findall(r'href="/around/(\w+)"', wide)
        assert len(ids) == len(set(ids))
        assert all(client.get(f"/around/{one}").status_code == 200 for one in ids[:4])

    def test_shared_ones_are_grey_and_each_neighbour_lists_five(self, client: FlaskClient) -> None:
        page = client.get(f"/around/{SONG}?model=word2vec").get_data(as_text=True)
        assert 'class="node shared"' in page
        lists = page.partition('class="near"')[2].split("<ul>")[1:]
        assert [part.partition("</ul>")[0].count("<li>") for part in lists] == [5] * 10

    def test_neighbours_are_of_the_same_kind(self, client: FlaskClient) -> None:
        page = client.get(f"/around/{SONG}?model=item-knn").get_data(as_text=True)
        near = re.findall(r'class="node near"[^>]*href="/around/(\w+)', page)
        assert sum(one.startswith("techno") for one in near) > 0.8 * len(near)

    def test_each_model_has_its_own(self, client: FlaskClient) -> None:
        pages = {client.get(f"/around/{SONG}?model={one}").get_data() for one in ("item-knn", "word2vec", "audio")}
        assert len(pages) == 3

    @pytest.mark.parametrize(
        "path", ["/around/nothing", f"/around/{SONG}?model=popularity", f"/around/{SONG}?model=x", "/around/listener/x"]
    )
    def test_what_is_not_here_is_said(self, client: FlaskClient, path: str) -> None:
        response = client.get(path)
        assert response.status_code == 404
        assert "</h2>" in response.get_data(as_text=True)

    def test_without_models_the_command_that_helps_is_named(self, database: Path) -> None:
        shutil.rmtree(database.with_suffix(".models"))
        client = create_app(database, Settings(key=KEY)).test_client()
        assert "<code>segue train</code>" in client.get(f"/around/{SONG}").get_data(as_text=True)

    def test_who_hears_the_same_kind_is_near(self, client: FlaskClient) -> None:
        page = client.get("/around/listener/listener 3").get_data(as_text=True)
        near = re.findall(r'class="node near"[^>]*aria-label="listener (\d+),', page.partition("network tall")[0])
        assert [int(one) % 3 for one in near[:3]] == [0, 0, 0]
        assert "3" not in near
        assert "songs in common" in page


def test_a_recording_that_has_several_tracks_is_one_node(database: Path) -> None:
    with open_writer(database, "a test") as connection, transaction(connection):
        for artist in range(world.ARTISTS):
            for number in range(1, world.SONGS, 2):
                name = world.song("techno", artist, number - 1).name
                track_id = world.track_id("techno", artist, number)
                connection.execute("UPDATE tracks SET name = ? WHERE track_id = ?", [name, track_id])
    page = create_app(database, Settings(key=KEY)).test_client().get(f"/around/{SONG}?model=word2vec")
    wide = page.get_data(as_text=True).partition('class="network wide"')[2].partition("</svg>")[0]
    names = re.findall(r'href="/around/\w+[^"]*" aria-label="([^"]+)"', wide)
    assert len(names) > 10
    assert len(names) == len(set(names))


def test_who_hears_the_same_is_asked_anew_when_somebody_played_more(database: Path) -> None:
    local = create_app(database, Settings(key=KEY)).test_client()
    near = re.compile(r'class="node near"[^>]*aria-label="listener 4,')
    assert not near.search(local.get("/around/listener/listener 3").get_data(as_text=True))
    songs = [Play("listener 4", song, 9, world.NOW) for song in world.songs(world.KINDS[0])]
    with open_writer(database, "a test") as connection, transaction(connection):
        store_plays(connection, ImportRun("made-up", "elsewhere", world.NOW), "more plays", songs)
    assert near.search(local.get("/around/listener/listener 3").get_data(as_text=True))


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_walks_from_song_to_song(window: Window, request: pytest.FixtureRequest) -> None:
    page = window.go(f"/around/{SONG}")
    window.no_barriers()
    window.shoot(f"around-{request.node.callspec.id.replace(' ', '-')}")
    node = page.locator(".network:visible .node.near").first
    name = node.get_attribute("aria-label") or ""
    node.focus()
    assert page.locator(".network:visible line.lit").count() > 0
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=name.rpartition(", ")[0]).wait_for()
    page.get_by_role("link", name="What comes next").first.click()
    page.get_by_role("heading", level=1, name="After").wait_for()


@pytest.mark.parametrize("window", ["desk", "phone"], indirect=True)
def test_no_name_lies_on_another(window: Window) -> None:
    page = window.go(f"/around/{SONG}?model=audio")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.network .node text')].map(e => e.getBoundingClientRect()).filter(r => r.width)"
        ".map(r => [r.left, r.top, r.right, r.bottom])"
    )
    assert len(boxes) > 15
    width = page.evaluate("innerWidth")
    for place, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= width
        for other in boxes[:place]:
            over = min(right, other[2]) - max(left, other[0]), min(bottom, other[3]) - max(top, other[1])
            assert min(over) < 4, f"{boxes[place]} lies on {other}"


@pytest.mark.parametrize("window", ["desk", "phone"], indirect=True)
@pytest.mark.parametrize("path", ["/map", f"/around/{SONG}", "/around/listener/listener 3"])
def test_what_may_be_chosen_stands_above_the_picture_and_nothing_else_is_open(window: Window, path: str) -> None:
    page = window.go(path)
    assert not page.locator("[role=listbox]").first.is_visible(), "nothing was typed, so nothing is found"
    picture = page.locator(".map, .network:visible").first.bounding_box()
    assert picture
    for box in (choice.bounding_box() for choice in page.locator("main nav").all()):
        assert box
        assert box["x"] >= picture["x"] - 1
        assert box["y"] + box["height"] <= picture["y"], "it lies on the picture"


@pytest.mark.parametrize("window", ["desk"], indirect=True)
def test_the_network_is_zoomed_and_moved(window: Window) -> None:
    page = window.go(f"/around/{SONG}")
    picture = page.locator(".network.wide svg")
    whole = picture.get_attribute("viewBox")
    page.get_by_role("button", name="Nearer").first.click()
    nearer = page.evaluate("document.querySelector('.network.wide svg').viewBox.baseVal.width")
    assert nearer < 1_100
    page.locator(".network.wide .node.near").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.querySelector('.network.wide svg').viewBox.baseVal.x") > 0
    page.get_by_role("button", name="All of it").first.click()
    assert page.evaluate("document.querySelector('.network.wide svg').viewBox.baseVal.width") == 1_100
    assert whole is not None


@pytest.mark.parametrize("window", ["desk plain", "phone plain"], indirect=True)
def test_without_scripts_every_node_is_a_link(window: Window) -> None:
    page = window.go(f"/around/{SONG}")
    page.locator(".network:visible .node.near").first.click()
    page.get_by_role("heading", name="What is around").wait_for()
    assert SONG not in page.url


@pytest.mark.parametrize("window", ["desk", "phone dark"], indirect=True)
def test_listeners_are_a_network_too(window: Window, request: pytest.FixtureRequest) -> None:
    window.go("/around/listener/listener 3")
    window.no_barriers()
    window.shoot(f"around-listener-{request.node.callspec.id.replace(' ', '-')}")
