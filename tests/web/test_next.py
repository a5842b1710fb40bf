"""What comes next: the seeds, the dials, the filters, and the list that follows from them."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from db.connection import open_writer, transaction
from db.records import Playlist, PlaylistEntry
from db.runs import ImportRun
from db.write import store
from recommender.answers import Answer
from tests.web import world
from tests.web.conftest import KEY, PHONE, Window, serving
from tests.web.test_find import leads, of, text
from web import choices, wording
from web.app import create_app
from web.asking import Asking
from web.places import places
from web.settings import Settings

SEED = world.track_id("techno", 1, 3)
OTHER = world.track_id("techno", 2, 4)
AWAY = world.track_id("folk", 0, 0)


def listed(page: str) -> list[str]:
    """Read the list's songs."""
    return re.findall(r'<li class="song" data-track="([^"]+)"', page)


def test_a_song_leads_to_the_next_ones(client: FlaskClient) -> None:
    page = text(client, f"/next?seed={SEED}")
    assert "After Golden Circuit Bryn" in page
    assert len(listed(page)) == 10
    assert "10 songs, chosen by hybrid" in page
    assert page.count('<ul class="legend"') == 1
    assert page.count('<ul class="reasons">') == 10


def test_every_field_of_asking_can_be_set_on_the_page(client: FlaskClient) -> None:
    page = text(client, f"/next?seed={SEED}&unlike={AWAY}&vary=3")
    named = set(re.findall(r'name="(\w+)"', page))
    assert set(Asking.model_fields) <= named


def test_what_is_set_stands_in_the_form(client: FlaskClient) -> None:
    asked = "&genre=techno&genre=pop&energy=0.2..0.31&mood=party&n=17&per_artist=0&order=smooth&keep_unknown=true"
    page = text(client, f"/next?seed={SEED}{asked}&model=svd&popularity=-1")
    assert 'value="techno, pop"' in page
    for chosen in ("0.2..0.31", "17", "0", "smooth", "svd"):
        assert f'<option value="{chosen}" selected>' in page
    assert page.count(" checked>") == 2
    assert "hidden gems</output>" in page
    assert '<details id="filters" open>' in page
    assert '<details id="filters">' in text(client, f"/next?seed={SEED}")


def test_filters_keep_their_promise_and_say_what_they_left_out(client: FlaskClient) -> None:
    page = text(client, f"/next?seed={SEED}&genre=folk&n=20")
    assert listed(page)
    assert all(track.startswith("folk") for track in listed(page))
    page = text(client, f"/next?seed={SEED}&year=1850")
    assert "No song fits" in page
    assert f'href="/next?seed={SEED}"' in page


def test_adding_and_taking_away_are_links(client: FlaskClient) -> None:
    page = text(client, f"/next?seed={SEED}&seed={OTHER}&unlike={AWAY}&n=20")
    first = listed(page)[0]
    assert leads(page, "/next", n="20", seed=OTHER, unlike=AWAY), "one removed"
    assert leads(page, "/next", n="20", seed=[OTHER, SEED], unlike=AWAY), "the order turned"
    assert leads(page, "/next", n="20", seed=[SEED, OTHER]), "nothing to keep away from"
    assert leads(page, "/next", n="20", seed=[SEED, OTHER, first], unlike=AWAY), "one added"
    assert leads(page, "/next", n="20", seed=[SEED, OTHER], unlike=[AWAY, first]), "less like it"
    assert leads(page, "/next", n="20", seed=first, unlike=AWAY), "gone on from"


def test_a_song_that_is_not_here_can_be_seen_and_removed(client: FlaskClient) -> None:
    page = text(client, f"/next?seed={SEED}&seed=not-here")
    assert "not in this database" in page
    assert f'href="/next?seed={SEED}"' in page
    assert len(listed(page)) == 10


def test_nothing_to_go_by_asks_for_a_song_and_a_title_alone_is_enough(client: FlaskClient) -> None:
    assert "Nothing to go by yet" in text(client, "/next")
    assert len(listed(text(client, "/next?title=techno+for+the+night"))) == 10


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("year=19x", 400, "is no span"),
        ("model=nobody", 404, "no model nobody is trained"),
        (f"unlike={SEED}", 400, "cannot be one to keep away from"),
        ("country=Atlantis", 400, "there is no country"),
        ("n=0", 400, "n: "),
        ("popularity=7", 400, "popularity: "),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(client: FlaskClient, query: str, status: int, said: str) -> None:
    page = text(client, f"/next?seed={SEED}&{query}", status)
    assert said in page.replace("&#34;", '"')


def test_a_filter_that_is_not_understood_leaves_the_form_as_it_is(client: FlaskClient) -> None:
    page = text(client, f"/next?seed={SEED}&year=19x", 400)
    assert 'value="19x"' in page
    assert 'id="dials"' in page


def test_without_features_the_filters_of_sound_are_not_offered(tmp_path: Path) -> None:
    entries = tuple(PlaylistEntry(place, one, 0) for place, one in enumerate(world.songs("pop")))
    with open_writer(tmp_path / "plain.db", "a test") as connection, transaction(connection):
        store(connection, ImportRun("made-up", "nowhere", world.NOW), [Playlist("made:1", "all", entries)])
    page = text(of(tmp_path / "plain.db"), "/next")
    assert "no song here has audio features" in page
    assert 'name="energy"' not in page
    assert 'name="genre"' in page


def test_the_same_list_is_made_once(database: Path) -> None:
    app, made = create_app(database, Settings(key=KEY)), list[str]()
    suggester = app.extensions["segue"].suggester
    ask = suggester.answer

    def counted(*told: Any, **wishes: Any) -> Answer:
        made.append("a list")
        answer: Answer = ask(*told, **wishes)
        return answer

    suggester.answer = counted
    client = app.test_client()
    for path in ("/next?seed=", "/next?n=10&seed=", "/next/save?form=uris&seed=", "/song/"):
        assert client.get(f"{path}{SEED}").status_code == 200
    assert len(made) == 1
    assert client.get(f"/next?vary=1&seed={SEED}").status_code == 200
    assert len(made) == 2


class TestWords:
    def test_places_know_the_order_without_them_and_with_them_elsewhere(self) -> None:
        first, second, third = places(("a", "b", "c", "a"), {})
        assert (first.without, first.earlier, first.later) == (("b", "c"), None, ("b", "a", "c"))
        assert (second.without, second.earlier, second.later) == (("a", "c"), ("b", "a", "c"), ("a", "c", "b"))
        assert (third.without, third.earlier, third.later) == (("a", "b"), ("a", "c", "b"), None)

    def test_notes_speak_of_the_page_and_not_of_options(self) -> None:
        notes = [
            "left out 3 tracks whose year is not known (--keep-unknown lets them come)",
            "the genre of 1 of these songs is inferred from script (--told-only leaves it out)",
            "no more than these 2 can be suggested with at most 1 by one artist (--per-artist 0 lets any number come)",
            "hybrid was trained before the playlists changed: run `segue train` to renew it",
        ]
        said = wording.sentences(notes)
        assert len(said) == 4
        assert all(one[0].isupper() and one.endswith(".") for one in said)
        assert not any("--" in one for one in said)
        assert "`segue train`" in said[3]

    def test_every_choice_is_one_that_is_understood(self) -> None:
        for field in choices.sound_fields(Asking()):
            for value, _ in field.choices:
                assert Asking(**{field.name: value}).filters, (field.name, value)
        for value, _ in choices.YEARS:
            assert Asking(year=value).filters.year
        for value, _ in choices.TEMPOS:
            assert Asking(tempo=value).filters.audio

    def test_without_filters_nothing_else_is_lost(self) -> None:
        asking = Asking(seed=("a",), popularity=0.5, year="1990..1999", mood=("calm",), told_only=False, vary=2)
        assert choices.asks_of_songs(asking)
        assert choices.without_filters(asking) == Asking(seed=("a",), popularity=0.5, vary=2)
        assert not choices.asks_of_songs(choices.without_filters(asking))


def songs(page: Page) -> list[str | None]:
    return [one.get_attribute("data-track") for one in page.locator("#found .song").all()]


def unfold(page: Page) -> None:
    if page.viewport_size and page.viewport_size["width"] < 800:
        page.locator("label[for=unfold]").click()


def test_a_page_of_very_many_songs_stays_small(client: FlaskClient) -> None:
    many = "&".join(f"seed={number:022d}" for number in range(200))
    assert len(text(client, f"/next?{many}")) < 2_000_000
    assert "200 at once are the most, and these are 201" in text(client, f"/next?{many}&seed=x", 400)


def test_a_name_without_spaces_is_broken_where_the_page_ends(browser: Browser, database: Path) -> None:
    with open_writer(database, "a test") as connection, transaction(connection):
        connection.execute("UPDATE albums SET name = ?", ["long" * 100])
        connection.execute("UPDATE tracks SET name = ?", ["A" * 300])
    for served in serving(create_app(database, Settings(key=KEY))):
        page = browser.new_page(viewport=PHONE)
        for path in (f"/next?seed={SEED}", f"/compare?seed={SEED}", f"/song/{SEED}", "/rate", "/"):
            page.goto(served.address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        page.close()


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_turns_dials_and_the_list_follows(window: Window, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id.replace(" ", "-")
    page = window.go(f"/next?seed={SEED}&seed={OTHER}")
    window.no_barriers()
    window.shoot(f"next-{name}")
    unfold(page)
    dial = page.get_by_label(re.compile("How well known"))
    dial.focus()
    dial.press("Home")
    expect(page.locator("output[for=popularity]")).to_have_text("hidden gems")
    page.wait_for_url("**popularity=-1*")
    assert page.evaluate("document.activeElement.id") == "popularity"
    page.get_by_label("Songs", exact=True).select_option("20")
    expect(page.locator("#found .song")).to_have_count(20)
    expect(page.locator("#count")).to_have_text("20 songs, chosen by hybrid")
    page.locator("#filters summary").click()
    page.get_by_label("Of the genre", exact=True).fill("folk")
    page.wait_for_url("**genre=folk*")
    expect(page.locator("#found")).not_to_have_attribute("aria-busy", "true")
    assert all(str(track).startswith("folk") for track in songs(page))
    window.no_barriers()
    window.shoot(f"filters-{name}")
    address = page.url
    made = songs(page)
    page.goto(address)
    assert songs(page) == made


def test_seeds_are_added_removed_and_put_in_another_order(window: Window) -> None:
    page = window.go(f"/next?seed={SEED}")
    first = songs(page)[0]
    page.get_by_role("link", name=re.compile("^Add ?: ")).first.click()
    page.wait_for_url(f"**seed={SEED}&seed={first}")
    page.get_by_role("link", name=re.compile("^Earlier: ")).click()
    page.wait_for_url(f"**seed={first}&seed={SEED}")
    handles = page.locator("#going .handle")
    above, below = handles.nth(0).bounding_box(), handles.nth(1).bounding_box()
    assert above
    assert below
    page.mouse.move(above["x"] + 4, above["y"] + 8)
    page.mouse.down()
    page.mouse.move(below["x"] + 4, below["y"] + 30, steps=4)
    page.mouse.up()
    page.wait_for_url(f"**seed={SEED}&seed={first}")
    page.get_by_role("link", name=re.compile("^Less like this ?: ")).first.click()
    page.wait_for_url("**unlike=*")
    expect(page.locator("#away")).to_have_attribute("open", "")
    page.get_by_role("link", name=re.compile("^Remove: ")).last.click()
    page.wait_for_url(lambda url: "unlike" not in url)
    page.go_back()
    page.wait_for_url("**unlike=*")


def test_what_is_not_understood_is_said_where_the_list_was(window: Window) -> None:
    window.expects = ("400",)
    page = window.go(f"/next?seed={SEED}")
    page.locator("#filters summary").click()
    field = page.get_by_label("Beats a minute")
    field.fill("fast")
    expect(page.locator("#found .message")).to_contain_text("is no span")
    assert page.evaluate("document.activeElement.name") == "tempo"
    field.fill("90-160")
    expect(page.locator("#found .song").first).to_be_visible()


def test_another_list_is_another_one(window: Window) -> None:
    page = window.go(f"/next?seed={SEED}")
    best = songs(page)
    page.get_by_role("link", name="Another list").click()
    page.wait_for_url("**vary=1")
    expect(page.get_by_role("link", name="Back to the best")).to_be_visible()
    assert songs(page) != best
    page.get_by_label("Songs", exact=True).select_option("20")
    page.wait_for_url("**vary=1*n=20*")
    page.get_by_role("link", name="Back to the best").click()
    page.wait_for_url(lambda url: "vary" not in url)
    assert songs(page)[:5] == best[:5]
