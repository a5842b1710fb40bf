"""Models side by side."""

import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from recommender.answers import Answer, Suggestion
from tests.web import world
from tests.web.conftest import Window
from tests.web.test_find import leads, of, text
from web.comparing import Column, chosen, in_common, ordinal, shared

SEED = world.track_id("techno", 1, 3)


def column(model: str, *track_ids: str) -> Column:
    songs = tuple(Suggestion(one, one, (), 1.0, model, ()) for one in track_ids)
    return Column(model, Answer(model, (), (), (), songs))


def test_songs_of_several_lists_are_marked_alike_and_counted() -> None:
    columns = [column("a", "x", "y", "z"), column("b", "z", "w", "x"), Column("c", None, "why"), column("d", "x")]
    both = shared(columns)
    assert set(both) == {"x", "z"}
    assert {one.mark for one in both.values()} == {1, 2}
    assert both["x"].beside("a") == "also 3rd in b and 1st in d"
    assert both["z"].beside("b") == "also 3rd in a"
    assert in_common(columns) == [("a", "b", 2), ("a", "d", 1), ("b", "d", 1)]


def test_two_to_four_models_are_chosen_each_once() -> None:
    assert chosen(["b", "", "b", "a"], ["x", "y", "z"]) == ["b", "a"]
    assert chosen([], ["x", "y", "z"]) == ["x", "y"]
    assert chosen(list("abcde"), []) == list("abcd")


@pytest.mark.parametrize(("number", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"),
    (12, "12th"), (13, "13th"), (21, "21st"), (102, "102nd"), (111, "111th")])  # fmt: skip
def test_ordinals(number: int, said: str) -> None:
    assert ordinal(number) == said


def test_the_lists_are_those_of_the_models_themselves(client: FlaskClient) -> None:
    page = text(client, f"/compare?seed={SEED}&beside=item-knn&beside=word2vec&beside=svd")
    sections = page.split('<section aria-labelledby="by-')[1:]
    assert len(sections) == 3
    for model, section in zip(("item-knn", "word2vec", "svd"), sections, strict=True):
        alone = text(client, f"/next?seed={SEED}&model={model}")
        expected = re.findall(r'<li class="song" data-track="([^"]+)"', alone)
        assert re.findall(r'<h3 class="name"><a href="/song/([^"]+)"', section) == expected
    assert page.count("<tr><td>") == 3
    assert "also 1st in " in page


def test_a_damaged_model_says_so_in_its_column_and_the_others_stand(database: Path) -> None:
    (database.with_suffix(".models") / "svd" / "manifest.json").write_text("{}")
    page = text(of(database), f"/compare?seed={SEED}&beside=item-knn&beside=svd&beside=nobody")
    assert page.count('<ol class="short">') == 1
    assert page.count('class="message bad"') == 2
    assert "segue train" in page


def test_a_model_that_knows_none_of_the_songs_says_so(client: FlaskClient) -> None:
    page = text(client, "/compare?seed=not-here&beside=item-knn&beside=word2vec")
    assert page.count('class="message bad"') == 2
    assert '<ol class="short">' not in page


def test_the_choices_go_along_with_every_link(client: FlaskClient) -> None:
    other = world.track_id("pop", 0, 0)
    page = text(client, f"/compare?seed={SEED}&seed={other}&beside=svd&beside=text&popularity=0.5&n=20")
    assert leads(page, "/compare", n="20", popularity="0.5", seed=other, beside=["svd", "text"])
    assert "Nothing to go by yet" in text(client, "/compare")


def test_without_any_model_the_command_is_named(database: Path) -> None:
    shutil.rmtree(database.with_suffix(".models"))
    assert "<code>segue train</code>" in text(of(database), f"/compare?seed={SEED}")


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_compares_models(window: Window, request: pytest.FixtureRequest) -> None:
    page = window.go("/compare")
    page.get_by_role("main").get_by_role("combobox", name="Add a song to go by").fill("golden circuit bryn")
    page.locator(".choices [role=option]").first.click()
    page.wait_for_url(f"**seed={SEED}*")
    page.get_by_label("Model 3").select_option("svd")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("ol.short")).to_have_count(3)
    window.no_barriers()
    window.shoot(f"compare-{request.node.callspec.id.replace(' ', '-')}")
    page.get_by_role("link", name="Go on with this list").nth(1).click()
    page.wait_for_url("**/next?*model=*")
