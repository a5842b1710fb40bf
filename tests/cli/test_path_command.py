"""`segue path`, as a person or a program calls it."""

import json
import re
from pathlib import Path

import pytest

from recommender.commands.path import _outcome
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
    fewest = min(int(re.search(r"in (\d+) playlists? with the one before", row)[1]) for row in rows[1:])
    outcome, figures = result.stderr.splitlines()[-2:]
    told = re.fullmatch(r"Every step shares (\d+) playlists? or more; the longest is to song (\d), (.+)\.", outcome)
    assert int(told[1]) == fewest
    assert told[3] in rows[int(told[2]) - 1]
    assert re.fullmatch(
        r"Steps from 0 \(near\) to 2 \(far\): 0\.\d\d on average, 0\.\d\d at worst; "
        r"(the same as the straight line|the straight line \d\.\d\d on average, \d\.\d\d at worst)\.",
        figures,
    )


@pytest.mark.parametrize(
    ("shared", "outcome"),
    [
        ((4,), "The step shares 4 playlists"),
        ((0,), "The step shares no playlist"),
        ((3, 1, 9), "Every step shares 1 playlist or more"),
        ((3, 0, 9), "2 of 3 steps share a playlist, 1 is a jump"),
        ((0, 0, 9), "1 of 3 steps shares a playlist, 2 are jumps"),
        ((0, 0), "No step shares a playlist"),
    ],
)
def test_the_outcome_is_said_in_words(shared: tuple[int, ...], outcome: str) -> None:
    assert _outcome(shared) == outcome


def test_of_a_single_step_none_is_the_longest(placed: Path) -> None:
    outcome, figures = segue("--db", placed, "path", START.track_id, END.track_id, "-n", 2).stderr.splitlines()[-2:]
    assert re.fullmatch(r"The step shares \d+ playlists?\.", outcome)
    assert re.fullmatch(r"Its length, from 0 \(near\) to 2 \(far\): 0\.\d\d\.", figures)


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
