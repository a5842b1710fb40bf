"""`segue suggest --title`, as a person or a program calls it."""

import json
from pathlib import Path

import pytest

from tests.cli.running import segue
from tests.recommender.songs import taste_song, train

CALM = {taste_song("calm", n).track_id for n in range(15)}


@pytest.fixture
def titled(trained: Path) -> Path:
    train(trained, ["title"])
    return trained


def test_a_title_needs_no_track(titled: Path) -> None:
    """The table says that it fits, and by whom it is suggested."""
    result = segue("--db", titled, "suggest", "--title", "CALM evening", "-n", 4)
    assert (result.exit_code, result.stderr) == (0, "Suggested by title:\n")
    assert len(result.stdout.splitlines()) == 4
    assert all(" called something with " in row for row in result.stdout.splitlines())


@pytest.mark.parametrize("form", [["--json"], ["--format", "json"]])
def test_json_tells_that_the_title_was_used(titled: Path, form: list[str]) -> None:
    """Alone by its model and reasons, beside a track by a note."""
    alone = json.loads(segue("--db", titled, "suggest", "--title", "calm", *form).stdout)
    assert (alone["model"], alone["seeds"], alone["notes"]) == ("title", [], [])
    assert {s["track_id"] for s in alone["suggestions"]} <= CALM
    assert all(' called something with "calm"' in s["reasons"][0] for s in alone["suggestions"])
    both = segue("--db", titled, "suggest", "calm song 3 calm artist 3", "--title", "calm", *form)
    told = json.loads(both.stdout)
    assert (told["model"], told["notes"]) == ("item-knn", ['the title "calm" counts too'])
    assert 'Note: the title "calm" counts too' in both.stderr


@pytest.mark.parametrize("form", ["csv", "m3u8", "jspf", "uris"])
def test_every_form_takes_a_title(titled: Path, form: str) -> None:
    result = segue("--db", titled, "suggest", "--title", "calm", "--format", form)
    assert result.exit_code == 0
    named = 2 if form == "jspf" else 1  # as what it is, and as where it is heard
    assert result.stdout.count(taste_song("calm", 1).track_id) == named


def test_without_its_model_one_line_says_what_to_do(trained: Path) -> None:
    result = segue("--db", trained, "suggest", "--title", "calm")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: no model that reads titles is trained: run `segue train title`\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "name a TRACK to continue, or --title what the playlist is called"),
        (["--title", " "], "--title needs a word"),
        (["--title", "calm", "--public"], "--public is about the playlist of --to-spotify NAME"),
    ],
)
def test_wrong_usage_is_one_sentence(titled: Path, words: list[str], sentence: str) -> None:
    result = segue("--db", titled, "suggest", *words)
    assert result.exit_code == 2
    assert sentence in result.stderr
