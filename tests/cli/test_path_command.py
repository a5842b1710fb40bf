"""`segue path`, as a person or a program calls it."""

import json
from pathlib import Path

import pytest

from tests.cli.running import segue
from tests.recommender.songs import taste_song, train

START, END = taste_song("calm", 1), taste_song("calm", 8)


@pytest.fixture
def placed(trained: Path) -> Path:
    train(trained, ["word2vec"], workers="1")
    return trained


def test_a_person_sees_the_songs_and_why_each_follows(placed: Path) -> None:
    result = segue("--db", placed, "path", "calm song 1 calm artist 1", END.track_id, "-n", 5)
    assert result.exit_code == 0
    rows = result.stdout.splitlines()
    assert len(rows) == 5
    assert "calm song 1" in rows[0]
    assert END.track_id in rows[-1]
    assert all("with the one before" in row for row in rows[1:])
    assert f'"calm song 1 calm artist 1" is calm song 1 · calm artist 1 ({START.track_id})' in result.stderr
    assert "on average, the worst 0." in result.stderr
    assert "straight through word2vec:" in result.stderr


@pytest.mark.parametrize("form", [["--json"], ["--format", "json"]])
def test_programs_get_one_object(placed: Path, form: list[str]) -> None:
    """The mean and the worst step are those of the steps told."""
    told = json.loads(segue("--db", placed, "path", START.track_id, END.track_id, "-n", 5, *form).stdout)
    assert set(told) == {"model", "from", "to", "notes", "songs", "mean", "worst", "straight"}
    assert (told["model"], told["from"], told["to"]) == ("word2vec", START.track_id, END.track_id)
    assert [told["songs"][place]["track_id"] for place in (0, -1)] == [START.track_id, END.track_id]
    steps = [song["step"] for song in told["songs"]]
    assert steps[0] is None
    assert told["mean"] == pytest.approx(sum(steps[1:]) / 4)
    assert told["worst"] == max(steps[1:])
    assert set(told["straight"]) == {"songs", "mean", "worst"}
    assert len(told["straight"]["songs"]) == 5


@pytest.mark.parametrize("form", ["csv", "m3u8", "jspf", "uris"])
def test_a_road_is_a_playlist_too(placed: Path, form: str) -> None:
    text = segue("--db", placed, "path", START.track_id, END.track_id, "-n", 4, "--format", form).stdout
    assert 0 < text.index(START.track_id) < text.index(END.track_id)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ([START.track_id, START.track_id], 1, "a road leads from one song to another: name two different ones"),
        ([START.track_id, "no such thing"], 1, 'no track is found for "no such thing"'),
        ([START.track_id, END.track_id, "-n", 1], 2, "1 is not in the range 2<=x<=100"),
        ([START.track_id], 2, "Missing argument 'TO'"),
        ([START.track_id, END.track_id, "--model", "item-knn"], 1, "item-knn places no tracks in a space"),
    ],
)
def test_what_cannot_be_is_one_sentence(placed: Path, words: list[object], code: int, sentence: str) -> None:
    result = segue("--db", placed, "path", *words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert sentence in result.stderr
