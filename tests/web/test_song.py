"""One song, with all that is known of it."""

import re

import pytest
from flask.testing import FlaskClient

from tests.web import world
from tests.web.conftest import Window
from tests.web.test_find import text

SEED = world.track_id("techno", 1, 3)


def test_all_that_is_known_is_shown(client: FlaskClient) -> None:
    page = text(client, f"/song/{SEED}")
    for told in (
        "Golden Circuit Bryn",
        "Bryn Machine",
        "1993",
        "bryn techno, techno",
        "45 of 100",
        "SET120010003",
        "energy",
    ):
        assert told in page, told
    assert "techno for the " in page
    assert page.count('class="thumbs"') == 11
    assert page.count('<li class="song"') == 10
    assert f'href="/next?seed={SEED}"' in page
    assert f'href="https://open.spotify.com/track/{SEED}"' in page


def test_its_playlists_are_a_step_away(client: FlaskClient) -> None:
    page = text(client, f"/song/{SEED}")
    links = re.findall(r'<li><a href="(/playlists/[^"]+)">(techno for the [^<]+)</a>', page)
    assert len(links) > 3
    address, name = links[0]
    assert name in text(client, address)


def test_it_is_said_what_the_model_goes_by(client: FlaskClient) -> None:
    for path in (f"/song/{SEED}", f"/next?seed={SEED}"):
        assert "Suggests what several models together hold for likely" in text(client, path)
    assert "Suggests the tracks that stand in playlists together" in text(
        client, f"/compare?seed={SEED}&beside=item-knn"
    )


def test_what_is_inferred_is_marked(client: FlaskClient) -> None:
    assert "inferred from where it was registered" in text(client, f"/song/{SEED}")


@pytest.mark.parametrize("stranger", ["nothing", "0" * 22, "x:abc", "%3Cb%3E"])
def test_a_song_that_is_not_here_is_said_to_be_none(client: FlaskClient, stranger: str) -> None:
    assert "not in your database" in text(client, f"/song/{stranger}", 404)


@pytest.mark.parametrize("window", ["desk", "phone dark", "plain phone"], indirect=True)
def test_a_person_looks_at_a_song_and_goes_on(window: Window, request: pytest.FixtureRequest) -> None:
    page = window.go(f"/song/{SEED}")
    if "plain" not in request.node.callspec.id:
        window.no_barriers()
    window.shoot(f"song-{request.node.callspec.id.replace(' ', '-')}")
    page.get_by_role("link", name="What comes next").click()
    page.wait_for_url(f"**/next?seed={SEED}")
