"""Finding a song, and what comes next."""

import pytest
from flask.testing import FlaskClient

from tests.web import world
from tests.web.conftest import Window

SEED = world.track_id("techno", 1, 3)


def test_words_find_songs(client: FlaskClient) -> None:
    page = client.get("/?q=golden+circuit").get_data(as_text=True)
    assert "Golden Circuit Bryn" in page


def test_a_song_leads_to_the_next_ones(client: FlaskClient) -> None:
    page = client.get(f"/next?seed={SEED}").get_data(as_text=True)
    assert "What comes after Golden Circuit Bryn" in page
    assert page.count('class="song"') == 10


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_finds_a_song_and_what_comes_next(window: Window, request: pytest.FixtureRequest) -> None:
    page = window.go("/")
    window.no_barriers()
    page.get_by_role("searchbox").fill("golden circuit bryn")
    page.get_by_role("button", name="Find").click()
    window.no_barriers()
    name = request.node.callspec.id.replace(" ", "-")
    window.shoot(f"find-{name}")
    page.get_by_role("link", name="What comes next").first.click()
    page.get_by_role("heading", level=1).wait_for()
    assert page.locator(".song").count() == 10
    window.no_barriers()
    window.shoot(f"next-{name}")
