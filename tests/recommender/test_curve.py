"""The learning curve: one exam, set to those who learned from fewer and fewer playlists."""

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from recommender.commands.curve import usual
from recommender.errors import CannotTrain
from recommender.lines import width
from recommender.measures.bootstrap import Interval
from recommender.measures.curve import KINDS, SIZES, Line, beats_from, draw_line, sizes_for, steps
from recommender.measures.measuring import Entrant, Exam, measure, prepare
from recommender.models import popularity
from recommender.models.item_knn import Options as ItemOptions
from recommender.models.registry import KINDS as REGISTERED
from recommender.models.word2vec import Options as WordOptions
from recommender.vocabulary import NOT_FOUND
from tests.recommender.songs import add, playlist, song, spotify_id
from tests.recommender.test_evaluate import many_lists
from tests.recommender.test_evaluate_command import WIDEST, many, run

__all__ = ["many"]
ITEM = Entrant("item-knn", "item-knn", ItemOptions())
POPULARITY = Entrant("popularity", "popularity", popularity.Options())


@pytest.fixture(scope="module")
def exam() -> Exam:
    return prepare(many_lists(180), "continuation", "test", 1, cases=12)


def lists(exam: Exam) -> set[tuple[str, ...]]:
    training = exam.split.training
    return {tuple(training.vocabulary.raw_ids(playlist)) for playlist in training}


@pytest.mark.parametrize(
    ("n_playlists", "sizes"),
    [(7, (7,)), (30, (30,)), (36, (30, 36)), (119, (30, 119)), (540, (30, 100, 300, 540)), (2000, (*SIZES, 2000))],
)
def test_all_playlists_are_the_last_size(n_playlists: int, sizes: tuple[int, ...]) -> None:
    """A size of nearly all is left out."""
    assert sizes_for(n_playlists) == sizes


def test_fewer_playlists_are_among_the_more(exam: Exam) -> None:
    """So that a larger size never knows less; and a number fixes which they are."""
    few, more, every = steps(exam).values()
    assert lists(few) < lists(more) < lists(every)
    assert list(steps(exam)) == [30, 100, exam.split.training.n_playlists]
    assert lists(steps(exam)[30]) == lists(few)


def test_the_questions_are_the_same_in_other_numbers(exam: Exam) -> None:
    """What is not known any more is no seed, and still a truth to be missed."""
    whole = exam.split.training.vocabulary
    small = steps(exam)[30]
    known = set(small.split.training.vocabulary.raw_ids(np.arange(small.split.training.n_tracks)))
    assert len(small.questions) == len(exam.questions)
    missed = 0
    for before, after in zip(exam.questions, small.questions, strict=True):
        names = small.split.training.vocabulary.raw_ids
        assert names(after.seeds) == [name for name in whole.raw_ids(before.seeds) if name in known]
        assert len(after.truth) == len(before.truth)
        there = after.truth != NOT_FOUND
        assert names(after.truth[there]) == whole.raw_ids(before.truth[there])
        gone = before.truth[~there & (before.truth != NOT_FOUND)]
        assert not known & set(whole.raw_ids(gone))
        missed += len(gone)
    assert missed


def test_the_last_point_is_what_evaluate_measures(exam: Exam) -> None:
    """The whole exam is put as it is."""
    line = draw_line(ITEM, steps(exam))
    assert np.array_equal(line.points[max(line.points)].grades, measure(ITEM, exam).grades)


def test_more_playlists_of_the_same_tastes_help(exam: Exam) -> None:
    """And the progress goes from 0 to 1 without falling."""
    shares: list[float] = []
    means = [one.grades[:, 1].mean() for one in draw_line(ITEM, steps(exam), shares.append).points.values()]
    assert means == sorted(means)
    assert means[-1] > 1.3 * means[0]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


def test_a_size_that_is_refused_stops_no_other(exam: Exam) -> None:
    """What stands in most playlists of all stands in fewer of some."""
    most = int(exam.split.training.playlist_counts[5])
    picky = Entrant("word2vec", "word2vec", WordOptions(min_count=most, budget_s=1))
    line = draw_line(picky, steps(exam))
    assert max(steps(exam)) in line.points
    assert set(line.refused) == set(steps(exam)) - set(line.points)
    assert line.refused[30].startswith(f"no track stands {most} times")


def line_of(*sizes: int, refused: tuple[int, ...] = ()) -> Line:
    exam = prepare(many_lists(), "continuation", "test", 1, cases=2)
    one = measure(POPULARITY, exam)
    return Line("a model", dict.fromkeys(sizes, one), dict.fromkeys(refused, "no"))


@pytest.mark.parametrize(
    ("lows", "found"),
    [
        ({30: 0.1, 100: 0.1, 300: 0.1}, 30),
        ({30: -0.1, 100: 0.1, 300: 0.1}, 100),
        ({30: 0.1, 100: -0.1, 300: 0.1}, 300),
        ({30: 0.1, 100: 0.1, 300: 0.0}, None),
    ],
)
def test_a_model_beats_popularity_from_where_it_stays_above(lows: dict[int, float], found: int | None) -> None:
    """One lucky size is none to count on."""
    gained = {size: Interval(low + 1, low, low + 2) for size, low in lows.items()}
    assert beats_from(line_of(*lows), gained) == found


def test_a_refused_size_is_not_above() -> None:
    """The model begins after it."""
    gained = {size: Interval(0.2, 0.1, 0.3) for size in (30, 300)}
    assert beats_from(line_of(30, 300, refused=(100,)), gained) == 300


def test_the_table_has_a_column_for_each_size_and_a_line_for_each_model(many: Path) -> None:
    """It fits a terminal, and is as fixed as its number."""
    result = run(many, "item-knn", "--curve", "--cases", "10")
    assert (result.exit_code, result.stderr) == (0, "")
    table, told, about = result.stdout.split("\n\n")
    sizes = table.splitlines()[0].split()
    assert sizes[:2] == ["model", "30"]
    assert {row.split()[0] for row in table.splitlines()[1:]} == {"item-knn", "popularity", "same-artist"}
    assert all(len(row.split()) == len(sizes) for row in table.splitlines())
    assert len(told.splitlines()) == 2
    assert "on 10 test playlists of 30 or more tracks" in about
    assert about.endswith("\n10 playlists tell little: import more to be sure.\n")
    assert max(map(width, result.stdout.splitlines())) <= WIDEST
    assert run(many, "item-knn", "--curve", "--cases", "10").stdout == result.stdout


def test_json_tells_every_point(many: Path) -> None:
    """With its interval over popularity."""
    told = json.loads(run(many, "item-knn", "--curve", "--json", "--on", "validation").stdout)
    sizes = [size["playlists"] for size in told["sizes"]]
    assert sizes[0] == 30
    for model in told["models"]:
        assert [point["playlists"] for point in model["points"]] == sizes
        for point in model["points"]:
            over = point["over_popularity"]
            assert over["low"] <= over["mean"] <= over["high"]
            if model["name"] == "popularity":
                assert (over["low"], over["high"]) == (0, 0)
    assert {model["name"] for model in told["models"]} == {"item-knn", "popularity", "same-artist"}


def test_next_has_a_curve_too(many: Path) -> None:
    """Of its own main grade."""
    result = run(many, "item-knn", "--curve", "--protocol", "next", "--cases", "5")
    assert "\nhit rate@20 on 5 test playlists" in result.stdout


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database in which no track stands in two playlists."""
    songs = [song(f"Song {n}", "Artist", spotify_id(f"n{n}x")) for n in range(800)]
    database = tmp_path_factory.mktemp("strangers") / "s.db"
    add(database, [playlist(f"p{n}", songs[10 * n : 10 * n + 10]) for n in range(80)])
    return database


def test_a_model_that_needs_more_is_told_and_has_no_point(strangers: Path) -> None:
    """A dash in the table, a line on stderr, and exit code 1 where it could not be trained at all."""
    result = run(strangers, "word2vec:article", "--curve", "--cases", "3")
    assert result.exit_code == 1
    assert "Note: word2vec:article is not trained on 30 playlists: no track stands" in result.stderr
    assert "word2vec:article could not be trained." in result.stdout
    row = next(row for row in result.stdout.splitlines() if row.startswith("word2vec:article"))
    assert set(row.split()[1:]) == {"-"}
    told = json.loads(run(strangers, "word2vec:article", "--curve", "--cases", "3", "--json").stdout)
    assert told["models"][-1]["points"] == []
    assert told["models"][-1]["beats_popularity_from"] is None
    assert told["models"][-1]["refused"]["30"].startswith("no track stands")


def test_the_report_has_the_picture(tmp_path: Path, strangers: Path) -> None:
    """Well-formed, every model by name but those that have no point."""
    run(strangers, "word2vec:article", "--curve", "--cases", "3", "--report", str(tmp_path))
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text.count("<svg") == 1
    picture = ElementTree.fromstring(f"<svg{text.split('<svg')[1].split('</svg>')[0]}</svg>")
    named = {element.text for element in picture.iter("text")}
    assert {"30", "popularity", "same-artist"} <= named
    assert "word2vec:article" not in named
    assert "nan" not in text.lower().split("<svg")[1].split("</svg>")[0]
    assert "://" not in text


def test_without_a_name_a_curve_has_both_baselines_and_what_is_fast() -> None:
    """Each kind once, and none that takes long at every size."""
    entrants = [Entrant("same-artist"), *(Entrant(kind, kind) for kind in REGISTERED)]
    names = [entrant.name for entrant in usual(entrants)]
    assert sorted(names) == sorted(["same-artist", "popularity", *KINDS])
    assert "knn-baseline" not in names


def test_by_seeds_is_another_table(many: Path) -> None:
    """Wrong usage is one sentence."""
    result = run(many, "--curve", "--by-seeds")
    assert result.exit_code == 2
    assert "--by-seeds does not go with --curve" in result.stderr


def test_thirty_long_playlists_are_enough_to_evaluate() -> None:
    """A third is the test then, and half is learned from; with 50 it is a fifth, as ever."""
    small = prepare(many_lists(30), "continuation", "test", 1, seeds_of=(1, 5))
    assert (small.n_playlists, len(small.split.validation), small.split.training.n_playlists) == (10, 5, 15)
    assert small.seeds_of == (1, 5)
    usual = prepare(many_lists(50), "continuation", "test", 1, seeds_of=(1, 5))
    assert (usual.n_playlists, len(usual.split.validation)) == (10, 5)
    assert usual.split.training.n_playlists > 30
    with pytest.raises(CannotTrain, match="of 29 playlists too few are long enough"):
        prepare(many_lists(29), "continuation", "test", 1, seeds_of=(1, 5))
