"""A list taken along: as a file, and as a playlist at our own small Spotify."""

import asyncio
import csv
import io
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Route, expect

from crawler.token import READ_SCOPES, WRITE_SCOPES
from demo.spotify import serving
from demo.spotify.serving import Options
from recommender.errors import CannotTrain
from recommender.jobs import plan, train_models
from tests.crawler.small import at, keep, log_in, song
from tests.crawler.test_export import _look
from tests.web import world
from tests.web.conftest import KEY, Window
from tests.web.test_find import of, text
from web.app import create_app
from web.settings import Settings

SEED = world.track_id("techno", 1, 3)


@pytest.fixture
def tracks(client: FlaskClient) -> list[str]:
    return [line.rpartition(":")[2] for line in text(client, f"/next/save?form=uris&seed={SEED}").split()]


def save(client: FlaskClient, form: str, more: str = "") -> tuple[str, str, str]:
    """Give the text, the MIME type and the name of a file."""
    answer = client.get(f"/next/save?form={form}&seed={SEED}{more}")
    assert answer.status_code == 200
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    return answer.get_data(as_text=True), answer.mimetype, disposition


def test_every_form_holds_the_same_songs_in_order(client: FlaskClient, tracks: list[str]) -> None:
    assert len(tracks) == 10
    told, kind, name = save(client, "m3u8")
    assert [line.rpartition("/")[2] for line in told.splitlines() if line.startswith("http")] == tracks
    assert (kind, 'filename="After Golden Circuit Bryn.m3u8"' in name) == ("audio/x-mpegurl", True)
    told, kind, _ = save(client, "jspf")
    playlist = json.loads(told)["playlist"]
    assert [track["identifier"][0].rpartition("/")[2] for track in playlist["track"]] == tracks
    assert (kind, playlist["title"]) == ("application/json", "After Golden Circuit Bryn")
    told, kind, _ = save(client, "csv")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert (kind, len(rows)) == ("text/csv", 10)
    assert all(track in told for track in tracks)
    told, kind, _ = save(client, "json")
    assert [song["track_id"] for song in json.loads(told)["suggestions"]] == tracks
    assert kind == "application/json"
    assert "Bryn.txt" in save(client, "uris")[2]


def test_the_wishes_count_and_the_title_names_the_file(client: FlaskClient) -> None:
    told, _, name = save(client, "uris", "&n=3&title=Nuit+d'%C3%A9t%C3%A9")
    assert len(told.split()) == 3
    assert name == "attachment; filename=\"Nuit d'ete.txt\"; filename*=UTF-8''Nuit%20d%27%C3%A9t%C3%A9.txt"


@pytest.mark.parametrize(
    ("title", "named"), [("a/b\\c:d*?", "a_b_c_d__.csv"), ("x" * 200, "x" * 120 + ".csv"), (".hidden", "_.hidden.csv")]
)
def test_names_of_files_are_such_as_every_system_takes(client: FlaskClient, title: str, named: str) -> None:
    assert f"filename={named}" in save(client, "csv", f"&title={quote(title)}")[2].replace('"', "")


def test_what_cannot_be_saved_is_said(client: FlaskClient) -> None:
    assert "is not saved as" in text(client, f"/next/save?form=exe&seed={SEED}", 400)
    assert "no song in this list" in text(client, f"/next/save?form=csv&seed={SEED}&year=1850", 404)
    assert "name a song" in text(client, "/next/save?form=csv", 400)


def csrf(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def send(client: FlaskClient, seed: str = SEED, **told: str) -> str:
    """Send the form, and give the page that comes after it."""
    page = text(client, f"/next?seed={seed}&n=5")
    data = {"csrf_token": csrf(page), "seed": seed, "n": "5", "name": "Mix", **told}
    answer = client.post("/next/save/spotify", data=data)
    assert answer.status_code == 303
    assert answer.location == f"/next?seed={seed}&n=5"
    return text(client, answer.location)


def test_a_list_becomes_a_playlist_at_spotify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving.serving(Options(regime="RESTRICTED", playlists=60)) as service:
        at(service, tmp_path, monkeypatch)
        log_in(service, tmp_path, monkeypatch, READ_SCOPES + WRITE_SCOPES)
        database = tmp_path / "songs.db"
        tracks = [song(service, number) for number in range(12)]
        keep(database, [tracks[start : start + 6] for start in range(6)])
        for told in train_models(database, plan(("popularity",), None, {}, None), 1, False, world.NOW, _silent):
            assert not isinstance(told, CannotTrain), told
        client, seed = of(database), tracks[0].track_id
        listed = [line.rpartition(":")[2] for line in text(client, f"/next/save?form=uris&n=5&seed={seed}").split()]
        page = send(client, seed, public="yes")
        assert '"Mix" is at Spotify now, with 5 songs' in page, page.partition('class="message')[2][:200]
        assert 'href="https://open.spotify.com/playlist/' in page
        assert asyncio.run(_look(service)) == [listed]
    assert len(listed) == 5


def _silent(_name: str, _share: float) -> None:
    pass


def test_who_is_not_logged_in_is_told_the_command(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving.serving(Options(playlists=60)) as service:
        at(service, tmp_path, monkeypatch)
        client = of(database)
        assert "<code>segue login" in send(client)
        log_in(service, tmp_path, monkeypatch, READ_SCOPES)
        assert "<code>segue login --write</code>" in send(client)
        assert not [seen for seen in service.requests() if seen.method == "POST"]


def test_a_playlist_without_a_name_or_from_a_stranger_is_refused(made: Path, client: FlaskClient) -> None:
    token = csrf(text(client, f"/next?seed={SEED}"))
    data = {"csrf_token": token, "seed": SEED, "name": " "}
    assert client.post("/next/save/spotify", data=data).status_code == 400
    assert client.post("/next/save/spotify", data={"seed": SEED, "name": "Mix"}).status_code == 400
    open_to_all = create_app(made, Settings(key=KEY, host="0.0.0.0", names=("localhost",))).test_client()
    page = text(open_to_all, f"/next?seed={SEED}")
    assert "Save to Spotify" not in page
    token = csrf(text(open_to_all, "/sign-in"))
    refused = open_to_all.post("/next/save/spotify", data={"csrf_token": token, "seed": SEED, "name": "Mix"})
    assert refused.status_code == 403


def test_what_is_pressed_twice_is_sent_once_and_says_that_it_works(window: Window) -> None:
    page = window.go(f"/next?seed={SEED}")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/next/save/spotify", hold)
    button = page.get_by_role("button", name="Save to Spotify")
    button.evaluate("one => { one.click(); setTimeout(() => one.click(), 100); }")
    page.wait_for_timeout(900)
    assert len(held) == 1
    held[0].fulfill(status=204)  # which leaves the page as it is
    expect(page.locator(".to-spotify").get_by_role("status")).to_have_text("Working ...")


def test_a_person_takes_a_list_along(window: Window) -> None:
    page = window.go(f"/next?seed={SEED}")
    with page.expect_download() as caught:
        page.get_by_role("link", name="M3U").click()
    assert caught.value.suggested_filename == "After Golden Circuit Bryn.m3u8"
    assert Path(caught.value.path()).read_text(encoding="utf-8").startswith("#EXTM3U")
