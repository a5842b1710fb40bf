"""Playlists: found, looked at, continued, put in order, cleaned and saved."""

import csv
import io
import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import index
from db.connection import open_reader, open_writer, transaction
from db.records import Playlist, PlaylistEntry
from db.runs import ImportRun
from db.thumbs import Thumb, tell
from db.write import store
from recommender.lists.flowing import STRETCH, flowing, mean_roughness
from recommender.lists.order import Sound, roughness
from recommender.taste import keeping
from recommender.taste.learning import learn
from recommender.taste.rows import Parts
from tests.recommender.songs import song as silent_song
from tests.web import world
from tests.web.conftest import KEY, Window
from web.app import create_app
from web.pages.curves import Sounding, curve
from web.settings import Settings

ONE = "made:3"
HOSTILE = ("../x", "..", "<script>alert(1)</script>", "🎧 & ü", "a/b\\c", "~tilde", "100%", "é" * 300)
FORMS = ("m3u8", "jspf", "csv", "uris", "json")


def page_of(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def tracks_in(text: str) -> list[str]:
    return re.findall(r'data-track="([^"]+)"', text)


def address(app: Flask, playlist_id: str, endpoint: str = "playlists.page") -> str:
    with app.test_request_context():
        from flask import url_for

        return url_for(endpoint, playlist_id=playlist_id)


def add(database: Path, *playlists: Playlist) -> None:
    with open_writer(database, "a test") as connection:
        with transaction(connection):
            store(connection, ImportRun("made-up", "elsewhere", world.NOW), list(playlists))
        index.finish(connection)


def of_songs(playlist_id: str, name: str, count: int) -> Playlist:
    every = [one for kind in world.KINDS for one in world.songs(kind)]
    entries = (PlaylistEntry(place, every[place * 7 % len(every)], None) for place in range(count))
    return Playlist(playlist_id, name, tuple(entries), "", "curator")


def with_taste(database: Path, listener: str = "") -> Path:
    """Let somebody like techno and not folk, and learn that."""
    told = {"techno": True, "folk": False}
    tell(database, [
        Thumb(listener, one.track_id, liked, "generated", 1)
        for kind, liked in told.items() for one in world.songs(kind)
    ])  # fmt: skip
    with open_reader(database) as connection:
        keeping.keep(
            database, learn(connection, listener, 1, ("sgd",), world.NOW, lambda share: None, Parts(genres=False))
        )
    return database


@pytest.fixture
def local(database: Path) -> FlaskClient:
    return create_app(database, Settings(key=KEY)).test_client()


def test_playlists_are_listed_with_their_lengths_a_page_at_a_time(client: FlaskClient) -> None:
    first, last = page_of(client, "/playlists"), page_of(client, "/playlists?page=3")
    assert "120 playlists" in first
    assert "1 to 50 of 120 playlists" in first
    assert first.count("14 songs · curator") == 50
    assert last.count("14 songs · curator") == 20
    assert client.get("/playlists?page=0").status_code == 400


def test_words_find_playlists_and_an_address_leads_to_one(client: FlaskClient) -> None:
    found = page_of(client, "/playlists?q=FOLK+night")
    assert set(re.findall(r'made%3A\d+">(\w+ for the \w+)', found)) == {"folk for the night"}
    assert client.get("/playlists?q=made:3").location == "/playlists/made%3A3"
    assert "No playlist has a name with" in page_of(client, "/playlists?q=nowhere")
    assert "<script>x" not in page_of(client, "/playlists?q=<script>x")


def test_a_playlist_shows_its_songs_and_its_course(client: FlaskClient) -> None:
    page = page_of(client, f"/playlists/{ONE}")
    assert len(tracks_in(page)) == 14
    assert page.count('class="step"') == 28
    assert page.count('<tr><td class="number">') == 14
    assert "14 songs, 46 min" in page


@pytest.mark.parametrize("way", ["", "/more", "/smooth", "/clean", "/save"])
def test_what_is_no_playlist_is_said_in_one_sentence(client: FlaskClient, way: str) -> None:
    answer = client.get(f"/playlists/nothing{way}")
    assert answer.status_code == 404
    assert "there is no such playlist here" in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_id_and_name_have_a_page_and_a_file(database: Path, local: FlaskClient, name: str) -> None:
    add(database, of_songs(name, name, 5))
    path = address(local.application, name)
    assert f'href="{path}"' in page_of(local, "/playlists")
    page = page_of(local, path)
    assert len(tracks_in(page)) == 5
    assert "<script>alert" not in page
    for way in ("more", "smooth", "clean"):
        assert local.get(address(local.application, name, f"playlists.{way}")).status_code == 200
    saved = local.get(address(local.application, name, "playlists.save"), query_string={"form": "csv"})
    assert saved.status_code == 200
    assert "/" not in re.findall(r'filename="?([^";]+)', saved.headers["Content-Disposition"])[0]


def test_an_empty_playlist_says_so(database: Path, local: FlaskClient) -> None:
    add(database, Playlist("empty", "", (), "", ""))
    for way in ("", "/more", "/smooth", "/clean"):
        assert "This playlist is empty" in page_of(local, f"/playlists/empty{way}")


def test_a_playlist_goes_on_with_songs_that_it_does_not_hold_and_reasons(client: FlaskClient) -> None:
    page = page_of(client, f"/playlists/{ONE}/more?n=12&diversity=0.2")
    added = tracks_in(page)
    assert len(added) == 12
    assert not set(added) & set(tracks_in(page_of(client, f"/playlists/{ONE}")))
    assert page.count('class="reasons"') == 12
    assert "counts too" in page.partition('class="notes"')[2]
    unnamed = page_of(client, f"/playlists/{ONE}/more?by_name=no").partition('class="songs"')[0]
    assert "the title" not in unnamed


def test_what_makes_no_sense_is_refused(client: FlaskClient) -> None:
    for question in ("more?n=0", "more?energy=loud", "more?model=none", "clean?least=x", "clean?least=nan",
                     "save?form=exe", "save?form=csv&way=up"):  # fmt: skip
        assert client.get(f"/playlists/{ONE}/{question}").status_code in (400, 404), question


def test_a_model_that_is_not_here_is_said_with_the_command_that_helps(client: FlaskClient) -> None:
    assert "segue train" in page_of(client, f"/playlists/{ONE}/more?model=als")


def test_in_order_all_songs_stay_and_it_is_smoother(client: FlaskClient) -> None:
    page = page_of(client, f"/playlists/{ONE}/smooth")
    after, before = (int(score) for score in re.findall(r"<strong>(\d+)</strong>", page)[:2])
    assert after > before
    assert sorted(tracks_in(page)) == sorted(tracks_in(page_of(client, f"/playlists/{ONE}")))


def test_without_a_taste_cleaning_says_how_to_train_one(client: FlaskClient) -> None:
    assert "<code>segue taste train</code>" in page_of(client, f"/playlists/{ONE}/clean")


def test_cleaning_tells_what_the_person_at_the_browser_would_skip(database: Path, local: FlaskClient) -> None:
    with_taste(database)
    mixed = next(one for one in world.playlists(np.random.default_rng(8)) if one.playlist_id == "made:1")
    page = page_of(local, "/playlists/made:1/clean")
    skip, keep = page.index("You would skip</h2>"), page.index("You would keep</h2>")
    told = [one.track.track_id for one in mixed.entries]
    for track_id in told:
        at = page.index(track_id, skip)
        assert (at > keep) == track_id.startswith("techno")
    saved = local.get("/playlists/made:1/save?way=clean&form=uris").get_data(as_text=True).split()
    assert saved == [f"spotify:track:{one}" for one in told if one.startswith("techno")]
    assert "You would skip all of it" not in page
    assert len(tracks_in(page)) == 0
    assert page_of(local, "/playlists/made:1/clean?least=99").count("<li>") >= 14
    for part in ("skips", "keeps"):
        assert local.get(f"/playlists/made:1/clean?{part}=x").status_code == 400


def test_the_taste_is_that_of_who_sits_at_the_browser(database: Path, local: FlaskClient) -> None:
    with_taste(database, "listener 3")
    assert "no taste is trained yet" in page_of(local, f"/playlists/{ONE}/clean")
    token = page_of(local, "/listeners/listener%203").partition('name="csrf_token" value="')[2].partition('"')[0]
    local.post("/listeners", data={"csrf_token": token, "name": "listener 3"})
    assert "if listener 3 would like it" in page_of(local, f"/playlists/{ONE}/clean")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", ["page", "more", "smooth"])
def test_what_was_made_is_saved_in_every_form(client: FlaskClient, way: str, form: str) -> None:
    saved = client.get(f"/playlists/{ONE}/save?way={way}&form={form}&n=6")
    text = saved.get_data(as_text=True)
    assert saved.headers["Content-Disposition"].startswith("attachment")
    page = page_of(client, f"/playlists/{ONE}" + ("" if way == "page" else f"/{way}?n=6"))
    places = [text.index(track_id) for track_id in tracks_in(page)]
    assert places == sorted(places)
    assert len(places) == (6 if way == "more" else 14)


def test_the_whole_playlist_is_saved_with_what_was_added(client: FlaskClient) -> None:
    saved = client.get(f"/playlists/{ONE}/save?way=more&form=csv&n=6&all=yes").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(saved.lstrip("\ufeff"))))
    assert len(rows) == 1 + 14 + 6
    told = json.loads(client.get(f"/playlists/{ONE}/save?way=more&form=json&n=6").get_data())
    assert json.dumps(told).count("track_id") == 6


def test_songs_whose_sound_is_not_known_are_gaps(database: Path, local: FlaskClient) -> None:
    silent = [silent_song(f"silent {place}", "nobody", f"silent{place}".ljust(22, "0")) for place in range(3)]
    mixed = [*world.songs("pop")[:3], silent[0], *world.songs("pop")[3:5], *silent[1:]]
    for name, songs in (("gaps", mixed), ("silence", silent)):
        entries = tuple(PlaylistEntry(place, one, None) for place, one in enumerate(songs))
        add(database, Playlist(name, name, entries, "", ""))
    page = page_of(local, "/playlists/gaps")
    assert "the sound of 5 of 8 songs is known" in page
    assert re.findall(r'class="energy" d="([^"]+)"', page)[0].count("M") == 2
    for way in ("", "/smooth", "/clean"):
        assert "segue " in page_of(local, f"/playlists/silence{way}")


def test_a_very_long_playlist_comes_a_page_at_a_time(database: Path, local: FlaskClient) -> None:
    add(database, of_songs("long", "long", 10_000))
    page = page_of(local, "/playlists/long?page=100")
    assert "9,901 to 10,000 of 10,000 songs" in page
    assert len(tracks_in(page)) == 100
    assert "each step is the mean of 42 songs" in page
    assert len(tracks_in(page_of(local, "/playlists/long/smooth?page=2"))) == 100
    assert local.get("/playlists/long/more").status_code == 200


def test_a_curve_says_what_it_draws_and_rests_where_nothing_is_known() -> None:
    told = curve([Sounding("a", 0.0, 100.0), Sounding("b", None, None), Sounding("c", 1.0, None)])
    assert [step.told for step in told.steps][:2] == ["1. a: energy 0%, 100 bpm", "2. b: sound not known"]
    assert told.lines[0].path == "M166.7 94.0h0M833.3 6.0h0"
    assert told.known == 2
    assert curve([]).steps == ()


def test_a_long_list_flows_stretch_by_stretch_and_every_song_stays() -> None:
    rng = np.random.default_rng(4)
    sounds = [Sound(int(rng.integers(12)), 1, float(rng.uniform(70, 180)), float(rng.random())) for _ in range(700)]
    order = flowing(sounds, [frozenset({number}) for number in range(700)])
    assert sorted(order) == list(range(700))
    assert sorted(order[:STRETCH]) == list(range(STRETCH))
    after, before = mean_roughness([sounds[place] for place in order]), mean_roughness(sounds)
    assert after is not None
    assert before is not None
    assert after < before / 2
    steps = [roughness(a, b) for a, b in pairwise(sounds)]
    assert before == pytest.approx(sum(steps) / len(steps))
    assert mean_roughness(sounds[:1]) is None


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_looks_at_a_playlist_and_makes_something_of_it(
    window: Window, database: Path, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id.replace(" ", "-")
    with_taste(database)
    page = window.go("/playlists?q=techno+night")
    window.no_barriers()
    window.shoot(f"playlists-{name}")
    page.locator(".lines a").first.click()
    page.get_by_label("Walk").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("output").inner_text().startswith("2. ")
    page.locator(".step").nth(6).hover()
    assert page.locator("output").inner_text().startswith("7. ")
    window.no_barriers()
    window.shoot(f"playlist-{name}")
    for way in ("Continue", "Order", "Clean"):
        page.get_by_role("navigation", name="What to do with it").get_by_role("link", name=way).click()
        page.locator(f'[aria-current="page"]:text-is("{way}")').wait_for()
        window.no_barriers()
        window.shoot(f"playlist-{way.lower()}-{name}")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save").click()
    assert coming.value.suggested_filename.endswith(", cleaned.m3u8")


@pytest.mark.parametrize("window", ["phone plain"], indirect=True)
def test_all_of_it_works_without_a_script(window: Window) -> None:
    page = window.go(f"/playlists/{ONE}/more")
    page.get_by_label("Songs", exact=True).fill("4")
    page.get_by_role("button", name="Continue").click()
    assert page.locator(".song").count() == 4
    page.get_by_role("link", name="Order").click()
    assert page.locator(".step title").count() == 56
