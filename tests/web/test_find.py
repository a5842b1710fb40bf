"""Finding a song: by words, while typing, by what Spotify calls it; and the first thing that anybody sees."""

import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Route, expect

from db.connection import open_writer
from tests.web import world
from tests.web.conftest import KEY, Window
from web.app import create_app
from web.settings import Settings

SEED = world.track_id("techno", 1, 3)
STRANGER = "0" * 22


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def leads(page: str, path: str, **query: str | list[str]) -> bool:
    """Tell whether a link of the page leads to this address, whatever the order of its parameters."""
    wanted = {name: [value] if isinstance(value, str) else value for name, value in query.items()}
    links = [urlsplit(html.unescape(link)) for link in re.findall(r'href="([^"]+)"', page)]
    return any(link.path == path and parse_qs(link.query) == wanted for link in links)


def of(database: Path) -> FlaskClient:
    return create_app(database, Settings(key=KEY)).test_client()


def test_words_find_songs(client: FlaskClient) -> None:
    assert "Golden Circuit Bryn" in text(client, "/?q=golden+circuit")


@pytest.mark.parametrize(
    "named", [SEED, f"spotify:track:{SEED}", f"https://open.spotify.com/track/{SEED}?si=x", f"/intl-de/track/{SEED}"]
)
def test_what_spotify_calls_a_song_finds_it(client: FlaskClient, named: str) -> None:
    address = f"https://open.spotify.com{named}" if named.startswith("/") else named
    for path in ("/", "/find/words"):
        page = client.get(path, query_string={"q": address}).get_data(as_text=True)
        assert page.count(f'data-track="{SEED}"') == 1


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (f"spotify:track:{STRANGER}", "not in your database"),
        (f"spotify:playlist:{STRANGER}", "is a playlist, not a track"),
        ("https://spotify.link/abc", "leads to no track"),
        ("quxquux", "Nothing is found"),
    ],
)
def test_what_is_not_found_is_said(client: FlaskClient, named: str, said: str) -> None:
    for path in ("/", "/find/words"):
        answer = client.get(path, query_string={"q": named})
        assert answer.status_code == 200
        assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize("between", [" ", "\n", ""])
def test_several_links_at_once_are_the_songs_to_go_by(client: FlaskClient, between: str) -> None:
    others = [world.track_id("folk", 2, number) for number in range(4)]
    pasted = between.join(f"https://open.spotify.com/track/{one}?si=abc" for one in (SEED, *others, STRANGER))
    page = client.get("/", query_string={"q": pasted}).get_data(as_text=True)
    assert re.findall(r'<li class="song" data-track="([^"]+)"', page) == [SEED, *others]
    assert leads(page, "/next", seed=[SEED, *others])
    assert "1 of 6 are not in your database" in page
    assert "6 links" in client.get("/find/words", query_string={"q": pasted}).get_data(as_text=True)


def test_more_links_than_words_may_have_letters_are_read(client: FlaskClient) -> None:
    ids = [song.track_id for kind in world.KINDS for song in world.songs(kind)][:100]
    page = client.get("/", query_string={"q": " ".join(f"spotify:track:{one}" for one in ids)}).get_data(as_text=True)
    assert "Go by all 100" in page


def test_words_that_are_still_being_typed_find_songs_too(client: FlaskClient) -> None:
    told = text(client, "/find/words?q=gold+circ+bry")
    assert f'data-track="{SEED}"' in told
    assert text(client, "/find/words?q=silver").count('role="option"') == 8
    assert "option" not in text(client, "/find/words?q=+")


def test_more_than_anybody_types_is_cut_off(client: FlaskClient) -> None:
    for path in ("/", "/find/words"):
        assert client.get(path, query_string={"q": "gol " * 3_000}).status_code == 200


def test_what_is_typed_is_text_and_never_html(client: FlaskClient) -> None:
    for path in ("/", "/find/words"):
        page = client.get(path, query_string={"q": '<script>"x'}).get_data(as_text=True)
        assert "<script>&#34;x" not in page
        assert '<script>"x' not in page


def test_the_first_visit_shows_what_is_known_and_where_to_begin(client: FlaskClient) -> None:
    page = text(client, "/")
    assert "120 songs by 15 artists from 120 playlists, and how 120 of them sound" in page
    assert page.count('href="/next?seed=') == 8


def test_the_song_goes_where_the_search_was_begun_for(client: FlaskClient) -> None:
    other = world.track_id("folk", 0, 0)
    page = text(client, f"/?q={SEED}&as=unlike&seed={other}&n=20&popularity=0.5")
    assert leads(page, "/next", n="20", popularity="0.5", seed=other, unlike=SEED)
    page = text(client, f"/?q={SEED}&as=unlike&seed={SEED}")
    assert leads(page, "/next", unlike=SEED)
    page = text(client, f"/?q={SEED}&to=compare&beside=svd&beside=text")
    assert leads(page, "/compare", seed=SEED, beside=["svd", "text"])


class TestStates:
    def test_without_a_database(self, tmp_path: Path) -> None:
        page = text(of(tmp_path / "none.db"), "/", 503)
        assert "segue import FOLDER" in page

    def test_with_an_empty_one(self, tmp_path: Path) -> None:
        with open_writer(tmp_path / "empty.db", "a test"):
            pass
        page = text(of(tmp_path / "empty.db"), "/")
        assert "<code>segue import FOLDER</code>" in page
        assert "Or begin with" not in page
        assert "Nothing is found" in text(of(tmp_path / "empty.db"), "/?q=love")

    def test_without_a_model(self, tmp_path: Path) -> None:
        client = of(world.make(tmp_path / "world.db", models=()))
        assert "<code>segue train</code>" in text(client, "/")
        assert "<code>segue train</code>" in text(client, f"/next?seed={SEED}", 503)
        assert "Golden Circuit Bryn" in text(client, f"/song/{SEED}")
        assert "<code>segue train</code>" in text(client, f"/compare?seed={SEED}")


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_finds_a_song_while_typing(window: Window, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id.replace(" ", "-")
    page = window.go("/")
    window.no_barriers()
    window.shoot(f"home-{name}")
    field = page.get_by_role("main").get_by_role("combobox")
    field.press_sequentially("golden cir", delay=15)
    expect(page.locator(".choices [role=option]")).to_have_count(5)
    assert field.get_attribute("aria-expanded") == "true"
    window.no_barriers()
    window.shoot(f"typing-{name}")
    field.press("ArrowDown")
    field.press("ArrowDown")
    chosen = page.locator(".choices [role=option]").nth(1)
    expect(chosen).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    track = chosen.get_attribute("data-track")
    field.press("Enter")
    page.wait_for_url(f"**/next?seed={track}")
    assert page.locator(".song").count() == 10


def test_escape_closes_and_enter_without_a_choice_shows_all(window: Window) -> None:
    page = window.go("/")
    field = page.get_by_role("main").get_by_role("combobox")
    field.fill("silver")
    expect(page.get_by_role("listbox")).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert field.input_value() == "silver"
    field.press("Enter")
    page.wait_for_url("**/?q=silver")
    assert page.locator(".song").count() == 15


def test_the_last_answer_wins_and_nothing_found_is_said(window: Window) -> None:
    page = window.go("/")
    late = lambda route: (page.wait_for_timeout(400), route.continue_())  # noqa: E731
    page.route("**/find/words?q=golden", late)
    field = page.get_by_role("main").get_by_role("combobox")
    field.fill("golden")
    page.wait_for_timeout(200)
    field.fill("quxquux")
    expect(page.locator(".choices [role=option]")).to_have_text(['Nothing is found for "quxquux"'])
    page.wait_for_timeout(600)
    expect(page.locator(".choices [role=option]")).to_have_text(['Nothing is found for "quxquux"'])
    window.no_barriers()


def test_a_slow_answer_is_waited_for_in_words(window: Window) -> None:
    page = window.go("/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/find/words*", hold)
    page.get_by_role("combobox").fill("golden circuit")
    expect(page.get_by_role("option")).to_have_text("Searching ...")
    for one in held:
        one.continue_()
    expect(page.get_by_role("option").first).to_contain_text("Golden Circuit")


def test_every_page_has_the_search_in_its_head(window: Window) -> None:
    page = window.go(f"/song/{SEED}")
    page.get_by_role("banner").get_by_role("combobox").fill("hollow harbour cleo")
    page.locator(".choices [role=option]").first.click()
    page.wait_for_url("**/next?seed=folk24*")


@pytest.mark.parametrize("window", ["plain", "plain phone"], indirect=True)
def test_all_of_it_works_without_javascript(window: Window) -> None:
    page = window.go("/")
    page.get_by_role("searchbox").fill("golden circuit bryn")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="What comes next").first.click()
    assert page.locator(".song").count() == 10
    page.get_by_role("searchbox", name="Add a song to go by").fill("silver harbour")
    page.get_by_role("searchbox", name="Add a song to go by").press("Enter")
    page.get_by_role("link", name=re.compile("^Add ?: Silver Harbour Aldo")).click()
    assert page.locator(".places li").count() == 2
    page.get_by_role("link", name="Earlier: Silver Harbour Aldo").click()
    assert page.locator(".places .name").first.inner_text() == "Silver Harbour Aldo"
    if page.locator("label[for=unfold]").is_visible():
        page.locator("label[for=unfold]").click()
    page.get_by_label("Songs", exact=True).select_option("20")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".song").count() == 20
