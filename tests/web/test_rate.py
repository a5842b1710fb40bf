"""Rating one song after another, and a thumb beside any song."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from db.connection import open_reader, open_writer, transaction
from db.thumbs import Thumb, tell, thumbs
from recommender.taste import keeping
from recommender.taste.gathering import LEAST
from tests.web import world
from tests.web.conftest import KEY, Window
from web.app import create_app
from web.settings import Settings

SONG = world.track_id("techno", 1, 3)


@pytest.fixture
def client(database: Path) -> FlaskClient:
    """Ask about a copy of the world that the test may change."""
    return create_app(database, Settings(key=KEY)).test_client()


def csrf(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def asked(page: str) -> str:
    """Give the raw id of the song that a page asks about."""
    return page.partition('<article class="asked panel" data-track="')[2].partition('"')[0]


def say(client: FlaskClient, said: str, track_id: str | None = None, path: str = "/rate", **more: str) -> str:
    """Press a button on the page that is shown, and give the page that comes."""
    page = client.get("/rate").get_data(as_text=True)
    told = {"csrf_token": csrf(page), "said": said, "track": track_id or asked(page), **more}
    return client.post(path, data=told, follow_redirects=True).get_data(as_text=True)


def told(database: Path, listener: str = "") -> dict[str, bool]:
    with open_reader(database) as connection:
        return {one.track_id: one.liked for one in thumbs(connection, listener)}


def test_what_is_said_goes_into_the_taste(client: FlaskClient, database: Path) -> None:
    first = asked(client.get("/rate").get_data(as_text=True))
    second = asked(say(client, "like"))
    say(client, "dislike")
    assert told(database) == {first: True, second: False}
    with open_reader(database) as connection:
        assert {one.source for one in thumbs(connection)} == {"by hand"}


def test_no_recording_is_asked_about_twice(client: FlaskClient) -> None:
    page, seen = client.get("/rate").get_data(as_text=True), []
    for turn in range(40):
        seen.append(asked(page))
        page = say(client, ("like", "dislike", "skip")[turn % 3])
    assert all(seen)
    assert len(set(seen)) == 40


def test_no_artist_comes_right_after_themselves(client: FlaskClient) -> None:
    page, artists = client.get("/rate").get_data(as_text=True), []
    for _ in range(15):
        artists.append(page.partition('<p class="artists">')[2].partition("<")[0])
        page = say(client, "like")
    assert all(artists[place] not in artists[max(place - 4, 0) : place] for place in range(15))


def test_when_all_was_rated_the_page_says_so(client: FlaskClient, database: Path) -> None:
    every = [one.track_id for kind in world.KINDS for one in world.songs(kind)]
    tell(database, [Thumb("", track_id, True, "by hand", world.NOW) for track_id in every])
    page = client.get("/rate").get_data(as_text=True)
    assert "You have been through" in page
    assert not asked(page)


def test_an_empty_database_names_the_command(tmp_path: Path) -> None:
    with open_writer(tmp_path / "empty.db", "a test"):
        pass
    page = create_app(tmp_path / "empty.db", Settings(key=KEY)).test_client().get("/rate")
    assert page.status_code == 200
    assert "<code>segue import FOLDER</code>" in page.get_data(as_text=True)


class TestUndo:
    def test_takes_back_what_was_said_and_asks_again(self, client: FlaskClient, database: Path) -> None:
        first = asked(client.get("/rate").get_data(as_text=True))
        say(client, "like")
        page = say(client, "undo")
        assert asked(page) == first
        assert told(database) == {}

    def test_brings_back_what_was_said_before(self, client: FlaskClient, database: Path) -> None:
        tell(database, [Thumb("", SONG, True, "by hand", world.NOW)])
        say(client, "dislike", SONG)
        assert told(database) == {SONG: False}
        say(client, "undo")
        assert told(database) == {SONG: True}

    def test_asks_about_a_skipped_song_again(self, client: FlaskClient, database: Path) -> None:
        first = asked(client.get("/rate").get_data(as_text=True))
        assert asked(say(client, "skip")) != first
        assert asked(say(client, "undo")) == first
        assert asked(client.get("/rate").get_data(as_text=True)) == first
        assert told(database) == {}

    def test_without_anything_to_undo_says_so(self, client: FlaskClient) -> None:
        assert "There is nothing to undo" in say(client, "undo")


class TestProgress:
    def test_says_what_is_lacking_and_then_the_command(self, client: FlaskClient, database: Path) -> None:
        every = [one.track_id for kind in world.KINDS for one in world.songs(kind)[::4]]
        tell(database, [Thumb("", track_id, True, "by hand", world.NOW) for track_id in every[: LEAST + 2]])
        page = client.get("/rate").get_data(as_text=True)
        assert f"12 liked, 0 not: {LEAST} more that you do not like, and a taste can be learned" in page
        assert "segue taste train" not in page
        tell(database, [Thumb("", track_id, False, "by hand", world.NOW) for track_id in every[-LEAST:]])
        assert "<code>segue taste train</code>" in client.get("/rate").get_data(as_text=True)

    @pytest.mark.slow
    def test_is_what_the_command_takes_for_enough(self, client: FlaskClient, database: Path) -> None:
        from click.testing import CliRunner

        from cli import main

        for kind, liked in (("techno", True), ("folk", False)):
            ids = [one.track_id for one in world.songs(kind)]
            tell(database, [Thumb("", track_id, liked, "by hand", world.NOW) for track_id in ids[::3]])
        assert "segue taste train" in client.get("/rate").get_data(as_text=True)
        train = ["--db", str(database), "taste", "train", "--learners", "decision-tree"]
        assert CliRunner().invoke(main, train).exit_code == 0
        assert keeping.changed_at(database, "") > 0
        page = client.get("/rate").get_data(as_text=True)
        assert "can be learned anew" in page
        assert asked(page)


class TestThumbs:
    def test_stand_beside_every_song_and_lead_back(self, client: FlaskClient, database: Path) -> None:
        path = f"/next?seed={SONG}"
        page = client.get(path).get_data(as_text=True)
        assert page.count('class="thumbs"') == 10
        track_id = page.partition('name="track" value="')[2].partition('"')[0]
        answer = client.post(
            "/rate/thumb", data={"csrf_token": csrf(page), "track": track_id, "said": "like", "back": path}
        )
        assert (answer.status_code, answer.location) == (303, path)
        assert told(database) == {track_id: True}
        page = client.get(path).get_data(as_text=True)
        assert page.count('aria-pressed="true"') == 1

    def test_pressed_again_are_taken_back(self, client: FlaskClient, database: Path) -> None:
        say(client, "like", SONG, "/rate/thumb")
        say(client, "none", SONG, "/rate/thumb")
        assert told(database) == {}

    def test_lead_to_no_other_site(self, client: FlaskClient) -> None:
        page = client.get("/rate").get_data(as_text=True)
        told = {"csrf_token": csrf(page), "track": SONG, "said": "like", "back": "//evil.example"}
        assert client.post("/rate/thumb", data=told).location == "/rate"

    def test_are_of_the_person_at_the_browser(self, client: FlaskClient, database: Path) -> None:
        with client.session_transaction() as session:
            session["listener"] = "listener 3"
        say(client, "like", SONG, "/rate/thumb")
        assert told(database, "listener 3") == {SONG: True}
        assert told(database) == {}


@pytest.mark.parametrize("data", [{"said": "maybe", "track": SONG}, {"track": SONG}, {"said": "like"}])
def test_what_makes_no_sense_is_refused_in_a_sentence(client: FlaskClient, data: dict[str, str]) -> None:
    token = csrf(client.get("/rate").get_data(as_text=True))
    for path in ("/rate", "/rate/thumb"):
        answer = client.post(path, data={**data, "csrf_token": token})
        assert answer.status_code in (400, 404)
    assert client.post("/rate", data={"said": "like", "track": SONG}).status_code == 400  # no token
    assert client.get("/rate?track=nobody").status_code == 404


def test_a_crawl_that_writes_keeps_nobody_from_rating(client: FlaskClient, database: Path) -> None:
    with open_writer(database, "a crawl"):
        say(client, "like", SONG)
    assert told(database) == {SONG: True}


@pytest.fixture
def liking(database: Path) -> Path:
    """The world, in which something was said already."""
    for kind, liked in (("techno", True), ("folk", False)):
        ids = [one.track_id for one in world.songs(kind)]
        tell(database, [Thumb("", track_id, liked, "by hand", world.NOW) for track_id in ids[::4]])
    return database


def test_a_song_with_a_twin_at_spotify_shows_the_thumb_that_it_was_given(client: FlaskClient, database: Path) -> None:
    local = world.track_id("folk", 0, 1)
    with open_writer(database, "a test") as connection, transaction(connection):
        twin = "(SELECT key FROM tracks WHERE track_id = ?)"
        connection.execute(f"UPDATE tracks SET linked_key = {twin} WHERE track_id = ?", [SONG, local])
    say(client, "like", local, "/rate/thumb")
    page = client.get(f"/song/{local}").get_data(as_text=True)
    assert 'aria-pressed="true" aria-label="I like' in page.partition('class="thumb like"')[2][:120]


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_rates_by_key(liking: Path, window: Window, request: pytest.FixtureRequest) -> None:
    page = window.go("/rate")
    before, song = told(liking), page.locator(".asked")
    seen = [song.get_attribute("data-track")]
    for key in ("ArrowRight", "d", "Space"):
        page.keyboard.press(key)
        expect(song).not_to_have_attribute("data-track", str(seen[-1]))
        seen.append(song.get_attribute("data-track"))
    assert told(liking) == {**before, str(seen[0]): True, str(seen[1]): False}
    for place in (2, 1):
        page.keyboard.press("u")
        expect(song).to_have_attribute("data-track", str(seen[place]))
        if place == 2:  # undone is the skip alone; to undo again there is nothing
            break
    window.no_barriers()
    window.shoot(f"rate-{request.node.callspec.params['window'].replace(' ', '-')}")


@pytest.mark.parametrize("window", ["plain"], indirect=True)
def test_without_javascript_the_buttons_do(database: Path, window: Window) -> None:
    page = window.go("/rate")
    first = page.locator(".asked").get_attribute("data-track")
    page.get_by_role("button", name="I like it").click()
    assert told(database) == {str(first): True}
    page.get_by_role("button", name="Undo the last one").click()
    assert told(database) == {}
    assert page.locator(".asked").get_attribute("data-track") == first


@pytest.mark.parametrize("window", ["phone"], indirect=True)
def test_a_swipe_says_it_too(database: Path, window: Window) -> None:
    page = window.go("/rate")
    song = page.locator(".asked")
    first = song.get_attribute("data-track")
    page.evaluate(
        """() => {
            const song = document.querySelector(".asked");
            const at = (x) => new Touch({ identifier: 1, target: song, clientX: x, clientY: 300 });
            song.dispatchEvent(new TouchEvent("touchstart", { bubbles: true, touches: [at(300)] }));
            song.dispatchEvent(new TouchEvent("touchend", { bubbles: true, changedTouches: [at(120)] }));
        }"""
    )
    expect(song).not_to_have_attribute("data-track", str(first))
    assert told(database) == {str(first): False}


@pytest.mark.parametrize("window", ["desk", "phone dark"], indirect=True)
def test_a_thumb_beside_a_song_changes_without_a_new_page(
    database: Path, window: Window, request: pytest.FixtureRequest
) -> None:
    page = window.go(f"/next?seed={SONG}")
    page.evaluate("window.still_here = true")
    thumb = page.locator(".thumb.like").first
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    assert list(told(database).values()) == [True]
    page.locator(".thumb.dislike").first.click()
    expect(thumb).to_have_attribute("aria-pressed", "false")
    assert list(told(database).values()) == [False]
    window.shoot(f"thumbs-{request.node.callspec.params['window'].replace(' ', '-')}")
    page.locator(".thumb.dislike").first.click()
    expect(page.locator(".thumb.dislike").first).to_have_attribute("aria-pressed", "false")
    assert told(database) == {}
    assert page.evaluate("window.still_here")
    window.no_barriers()
