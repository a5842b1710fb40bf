"""Listeners: who there is, what they played, the lists for them beside each other, and somebody new."""

import html
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.connection import open_reader, open_writer, transaction
from db.listeners import profile_of
from db.plays import store_plays
from db.records import Play
from db.runs import ImportRun
from db.thumbs import BY_HAND, Thumb, tell
from tests.web import world
from tests.web.conftest import KEY, Served, Window
from web.app import create_app
from web.settings import Settings

HOSTILE = ("../x", "..", "<script>alert(1)</script>", "🎧 & ü", "a/b\\c", "~tilde", "50%", "é" * 300)
MANY = 130


def address(app: Flask, name: str, endpoint: str = "listeners.page") -> str:
    with app.test_request_context():
        from flask import url_for

        return url_for(endpoint, name=name)


def page_of(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def csrf(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def add_listeners(database: Path, names: tuple[str, ...]) -> None:
    run = ImportRun("made-up", "elsewhere", world.NOW)
    songs = world.songs("folk")[:9]
    with open_writer(database, "a test") as connection, transaction(connection):
        plays = [Play(name, one, 2 + place, world.NOW - place) for name in names for place, one in enumerate(songs)]
        store_plays(connection, run, "more plays", plays)


@pytest.fixture
def local(database: Path) -> FlaskClient:
    """Ask about a copy of the world that a test may change."""
    return create_app(database, Settings(key=KEY)).test_client()


@pytest.fixture
def elsewhere(database: Path) -> FlaskClient:
    """Ask a server that others can reach."""
    client = create_app(database, Settings(key=KEY, host="0.0.0.0", token="t")).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer t"
    return client


def test_those_who_played_are_listed_with_their_plays_and_songs(client: FlaskClient) -> None:
    page = page_of(client, "/listeners")
    assert f"{world.LISTENERS} people are known here" in page
    row = re.search(r'listener%207">listener 7</a>.*?</tr>', page, re.DOTALL)
    assert row is not None
    assert re.findall(r"number\">(\d+)<", row[0])[1] == "22"


def test_what_was_played_most_can_come_first_on_the_page_itself(client: FlaskClient) -> None:
    page = page_of(client, "/listeners/listener%203?popularity=0.5&order=smooth")
    told = re.search(r'href="([^"]+)"[^>]*>Most</a>', page)
    assert told is not None
    answer = client.get(html.unescape(told[1]))
    assert answer.status_code == 200
    plays = re.findall(r'number">(\d+)<', answer.get_data(as_text=True).partition("</table>")[0])
    assert plays == sorted(plays, key=int, reverse=True)
    assert plays != re.findall(r'number">(\d+)<', page.partition("</table>")[0])
    assert "order=smooth" in told[1], "what was asked of the lists stays"


def test_a_part_of_a_name_finds_a_listener_and_a_wrong_name_those_near(client: FlaskClient) -> None:
    page = page_of(client, "/listeners?q=NER+1")
    assert [f"listener {n}</a>" in page for n in (1, 10, 11, 2)] == [True, True, True, False]
    assert 'Did you mean <a href="/listeners/listener%2' in page_of(client, "/listeners?q=listenr+2")


def test_many_listeners_come_a_page_at_a_time(database: Path, local: FlaskClient) -> None:
    add_listeners(database, tuple(f"many {n:03d}" for n in range(MANY)))
    first, last = page_of(local, "/listeners?q=many"), page_of(local, "/listeners?q=many&page=3")
    assert "1 to 50 of 130 people" in first
    assert 'href="/listeners?q=many&amp;page=2"' in first
    assert "101 to 130 of 130 people" in last
    assert page_of(local, "/listeners?q=many&page=999") == last
    assert local.get("/listeners?page=none").status_code == 400


def test_a_listener_has_a_history_and_three_lists_beside_each_other(client: FlaskClient) -> None:
    page = page_of(client, "/listeners/listener%203")
    titles = re.findall(r'<h3 id="list-\d">(.+?)</h3>', page)
    assert titles == ["By what songs are (audio)", "By what people play (svd)", "Made for them"]
    assert page.count('class="song"') == 30
    assert page.count(" expected</span>") == 10
    assert "Played last" in page


def test_what_was_played_never_comes_in_a_list(client: FlaskClient) -> None:
    history = page_of(client, "/listeners/listener%203/played")
    played = set(re.findall(r"/next\?seed=(\w+)", history))
    lists = page_of(client, "/listeners/listener%203").partition("What may come next")[2]
    assert len(played) == 22
    assert not played & set(re.findall(r'data-track="(\w+)"', lists))


def test_other_models_can_stand_beside_each_other(client: FlaskClient) -> None:
    page = page_of(client, "/listeners/listener%203?beside=word2vec&beside=text&n=4&popularity=-0.5")
    assert re.findall(r'<h3 id="list-\d">(.+?)</h3>', page) == ["By word2vec", "By what songs are (text)"]
    assert page.count('class="song"') == 8
    assert client.get("/listeners/listener%203?beside=nonsense").status_code == 400
    assert client.get("/listeners/listener%203?profile=nonsense").status_code == 400


def test_the_history_can_be_read_by_time_and_by_plays(client: FlaskClient) -> None:
    by_time = re.findall(r'class="day">(\S+)<', page_of(client, "/listeners/listener%203/played"))
    assert by_time == sorted(by_time, reverse=True)
    plays = re.findall(r'number">(\d+)<', page_of(client, "/listeners/listener%203/played?order=most"))
    assert list(map(int, plays)) == sorted(map(int, plays), reverse=True)
    assert client.get("/listeners/listener%203/played?order=odd").status_code == 400


def test_the_first_songs_of_a_listener_can_be_those_played_most(client: FlaskClient) -> None:
    page = page_of(client, "/listeners/listener%203?order=smooth&n=4")
    (other,) = [link for link in re.findall(r'href="([^"]*played=most[^"]*)"', page) if "/played" not in link]
    assert "Played most" in page_of(client, unescape(other))


def test_likes_are_shown_and_who_likes_without_playing_is_a_listener_too(database: Path, local: FlaskClient) -> None:
    liked, other = world.songs("folk")[:12], world.songs("techno")[0]
    tell(database, [Thumb("fan", one.track_id, one is not other, BY_HAND, world.NOW) for one in (*liked, other)])
    assert "fan</a>" in page_of(local, "/listeners")
    page = page_of(local, "/listeners/fan")
    assert "12 liked, 1 not liked" in page
    assert page.count('class="song"') > 0
    assert liked[0].name in page_of(local, "/listeners/fan/said")
    assert other.name in page_of(local, "/listeners/fan/said?liked=no")


def test_a_name_in_another_case_leads_to_the_listener(client: FlaskClient) -> None:
    assert client.get("/listeners/LISTENER%203").location == "/listeners/listener%203"


def test_nobody_is_said_in_one_sentence(client: FlaskClient) -> None:
    for path in ("/listeners/nobody", "/listeners/nobody/played", "/listeners/nobody/said", "/listeners/~%ff"):
        answer = client.get(path)
        assert answer.status_code == 404
    assert "nobody here is called" in page_of(client, "/listeners/nobody")


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_has_a_page(database: Path, local: FlaskClient, name: str) -> None:
    add_listeners(database, (name,))
    listed = page_of(local, "/listeners")
    path = address(local.application, name)
    assert f'href="{path}"' in listed
    page = local.get(path)
    assert page.status_code == 200
    assert "<script>alert" not in page.get_data(as_text=True)
    for endpoint in ("listeners.history", "listeners.said"):
        assert local.get(address(local.application, name, endpoint)).status_code == 200


def test_what_nobody_named_said_has_a_page_too(database: Path, local: FlaskClient) -> None:
    tell(database, [Thumb("", one.track_id, liked=True, source=BY_HAND, told_at=1) for one in world.songs("pop")[:3]])
    assert "you, without a name" in page_of(local, address(local.application, ""))


def test_somebody_new_names_what_they_like_and_gets_a_list(database: Path, local: FlaskClient) -> None:
    greeting = page_of(local, "/listeners?called=Nova")
    assert "Hello Nova" in greeting
    assert 'value="folk"' in greeting
    told = {"csrf_token": csrf(greeting), "artist": ["Aldo Family"], "more": "Bryn Family, techno"}
    done = local.post("/listeners/Nova/likes", data=told)
    assert (done.status_code, done.location) == (303, "/listeners/Nova")
    with open_reader(database) as connection:
        profile = profile_of(connection, "Nova")
    assert profile is not None
    assert (profile.artists, profile.genres) == (("Aldo Family", "Bryn Family"), ("techno",))
    page = page_of(local, "/listeners/Nova")
    assert "listening as" in page
    assert page.count('class="song"') > 0


def test_a_wrong_word_leaves_what_was_chosen_as_it_was(local: FlaskClient) -> None:
    greeting = page_of(local, "/listeners?called=Nova")
    told = {"csrf_token": csrf(greeting), "artist": ["Aldo Family"], "genre": ["folk"], "more": "Bryn Family, Qwertz"}
    page = local.post("/listeners/Nova/likes", data=told).get_data(as_text=True)
    assert page.count(" checked") == greeting.count(" checked") + 2
    assert 'value="Bryn Family, Qwertz"' in page


def test_what_nobody_here_is_called_is_refused_and_nothing_is_kept(database: Path, local: FlaskClient) -> None:
    greeting = page_of(local, "/listeners?called=Nova")
    for told in ({"more": "Qwertz Uiop"}, {}, {"genre": "no such"}):
        done = local.post("/listeners/Nova/likes", data={"csrf_token": csrf(greeting), **told})
        page = done.get_data(as_text=True)
        assert done.status_code == 400
        assert page.count('class="message bad"') == 1
    with open_reader(database) as connection:
        assert profile_of(connection, "Nova") is None


@pytest.mark.parametrize("name", ["x" * 201, "two\nlines", "\x00"])
def test_a_name_that_is_none_is_refused(local: FlaskClient, name: str) -> None:
    greeting = page_of(local, "/listeners?called=Nova")
    assert local.get("/listeners", query_string={"called": name}).status_code in (200, 400)
    done = local.post(address(local.application, name, "listeners.tell"), data={"csrf_token": csrf(greeting)})
    assert done.status_code == 400


def test_it_is_me_is_kept_until_it_is_changed(local: FlaskClient) -> None:
    page = page_of(local, "/listeners/listener%203")
    done = local.post("/listeners", data={"csrf_token": csrf(page), "name": "listener 3"})
    assert done.status_code == 303
    assert 'listening as <a href="/listeners/listener%203">listener 3</a>' in page_of(local, "/")
    assert "That is you." in page_of(local, "/listeners/listener%203")
    local.post("/listeners", data={"csrf_token": csrf(page), "name": ""})
    assert "listening as" not in page_of(local, "/")
    assert local.post("/listeners", data={"csrf_token": csrf(page), "name": "nobody"}).status_code == 404
    assert local.post("/listeners", data={"name": "listener 3"}).status_code == 400


def test_names_are_hidden_from_who_comes_from_elsewhere(database: Path, elsewhere: FlaskClient) -> None:
    add_listeners(database, ("zora zed",))
    listed = page_of(elsewhere, "/listeners")
    last = f"/listeners/listener%20{world.LISTENERS + 1}"
    assert last in listed
    pages = [last, f"{last}/played", f"{last}/said", f"{last}?beside=svd", "/listeners?q=zora", "/listeners/zora%20zed"]
    for path in pages:
        assert "zora zed" not in page_of(elsewhere, path).replace('nobody here is called "zora zed"', "").replace(
            "nobody here is called &#34;zora zed&#34;", ""
        )
    assert elsewhere.get("/listeners/zora%20zed").status_code == 404
    assert elsewhere.get(last).status_code == 200
    assert "9 songs" in page_of(elsewhere, f"{last}/played")
    assert elsewhere.get("/listeners?called=Nova").status_code == 403
    token = csrf(page_of(elsewhere, "/sign-in"))
    assert elsewhere.post("/listeners", data={"csrf_token": token, "name": "zora zed"}).status_code == 403
    assert elsewhere.post(f"{last}/likes", data={"csrf_token": token, "genre": "folk"}).status_code == 403


def test_without_models_each_list_says_which_command_helps(database: Path, local: FlaskClient) -> None:
    shutil.rmtree(database.with_suffix(".models"))
    page = page_of(local, "/listeners/listener%203")
    for command in ("segue train audio", "segue train svd", "segue train"):
        assert f"<code>{command}</code>" in page


def test_who_came_after_the_training_is_told_so(database: Path, local: FlaskClient) -> None:
    add_listeners(database, ("late",))
    assert "svd learned before they came" in page_of(local, "/listeners/late")


def test_without_listeners_the_page_says_what_brings_them(tmp_path: Path) -> None:
    with open_writer(tmp_path / "empty.db", "a test"):
        pass
    client = create_app(tmp_path / "empty.db", Settings(key=KEY)).test_client()
    assert "<code>segue import FILE</code>" in page_of(client, "/listeners")
    assert client.get("/listeners?called=Nova").status_code == 200


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_finds_themselves_and_looks_at_lists(window: Window, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id.replace(" ", "-")
    page = window.go("/listeners")
    window.no_barriers()
    window.shoot(f"listeners-{name}")
    page.get_by_role("searchbox").fill("listener 3")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="listener 3").click()
    page.get_by_role("button", name="It is me").click()
    page.get_by_text("Hello listener 3").wait_for()
    assert page.locator(".lists > section").count() == 3
    window.no_barriers()
    window.shoot(f"listener-{name}")


@pytest.mark.parametrize("window", ["desk", "phone dark"], indirect=True)
def test_somebody_new_begins_with_keys_alone(window: Window, served: Served, request: pytest.FixtureRequest) -> None:
    page = window.go("/listeners")
    page.get_by_label("What are you called?").fill("Nova 🎧")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hello Nova 🎧").wait_for()
    window.no_barriers()
    window.shoot(f"new-listener-{request.node.callspec.id.replace(' ', '-')}")
    page.get_by_label("folk", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("Kept: folk.").wait_for()
    assert page.locator(".lists .song").count() > 0
    window.no_barriers()


@pytest.mark.parametrize("window", ["phone plain"], indirect=True)
def test_all_of_it_works_without_a_script(window: Window) -> None:
    page = window.go("/listeners?called=Nova")
    page.get_by_label("techno", exact=True).check()
    page.get_by_role("button", name="Show me songs").click()
    page.get_by_text("Kept: techno.").wait_for()
    page.get_by_text("Choose what stands beside each other").click()
    page.get_by_label("Songs in each").fill("3")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator(".lists .song").count() == 9
    assert "n=3" in page.url
