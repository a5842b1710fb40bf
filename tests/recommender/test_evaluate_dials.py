"""`segue evaluate --dials`: what each dial costs and brings, on a little world, as a person or a program sees it."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from recommender.commands.evaluate import evaluate
from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain
from recommender.lines import width
from recommender.measures import dials_table as tables
from recommender.measures.bootstrap import draws
from recommender.measures.evaluate_dials import (
    DIVERSITY,
    POPULARITY,
    SETTINGS,
    VARY,
    DialsMeasured,
    Setting,
    measure_dials,
)
from recommender.measures.measuring import Entrant, Exam, measure, prepare
from recommender.models.item_knn import Options as Alike
from recommender.models.svd import Options as Factors
from tests.recommender.songs import add, playlist, song, spotify_id

WIDEST = 120
TASTES, OF_TASTE, LONG = 4, 100, 20


def lists(rng: np.random.Generator, n: int) -> list[list[int]]:
    """Give playlists of four tastes with some strangers, where the first songs of a taste stand in most of them."""
    fame = 1 / (20 + np.arange(OF_TASTE))
    made = []
    for number in range(n):
        taste = number % TASTES
        own = taste * OF_TASTE + rng.choice(OF_TASTE, LONG - 4, replace=False, p=fame / fame.sum())
        made.append([*own.tolist(), *rng.choice(TASTES * OF_TASTE, 4, replace=False).tolist()])
    return made


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Give 90 playlists."""
    made = corpus_from_lists([[f"t{n:03d}" for n in one] for one in lists(np.random.default_rng(3), 90)])
    raw_ids = made.vocabulary.raw_ids(np.arange(made.n_tracks))
    return replace(made, artists=np.array([int(raw_id[1:]) % 40 for raw_id in raw_ids], np.int32))


@pytest.fixture(scope="module")
def exam(corpus: Corpus) -> Exam:
    return prepare(corpus, "continuation", "validation", 1, (1, 5))


@pytest.fixture(scope="module")
def measured(exam: Exam) -> DialsMeasured:
    """Give what the dials do to item-knn, which has no space of its own."""
    return measure_dials(Entrant("item-knn", "item-knn", Alike()), exam)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database of 80 playlists of about 20 tracks of 400, by 40 artists."""
    songs = [song(f"Song {n}", f"Artist {n % 40}", spotify_id(f"n{n}x")) for n in range(TASTES * OF_TASTE)]
    path = tmp_path_factory.mktemp("dials") / "s.db"
    made = lists(np.random.default_rng(4), 80)
    add(path, [playlist(f"p{n}", [songs[i] for i in dict.fromkeys(one)]) for n, one in enumerate(made)])
    return path


def run(database: Path, *words: str) -> Result:
    result = CliRunner().invoke(evaluate, words, obj=database, prog_name="segue evaluate")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_untouched_dials_leave_the_grades_that_the_model_has(exam: Exam, measured: DialsMeasured) -> None:
    """Those of a plain measuring, to the last bit, in both rows that say 0."""
    plain = measure(Entrant("item-knn", "item-knn", Alike()), exam)
    for dial in (POPULARITY, DIVERSITY):
        untouched = measured.at(dial, 0.0)
        assert untouched
        np.testing.assert_array_equal(untouched.grades, plain.grades)
        assert (untouched.coverage, untouched.fame) == (plain.coverage, plain.fame)
        assert untouched.variety == plain.variety
        assert untouched.others == 0


def test_every_setting_is_measured_and_the_dials_do_what_they_say(measured: DialsMeasured) -> None:
    """Fame rises with popularity, likeness falls with diversity, and a varied list has other songs."""
    assert [one.setting for one in measured.turned] == list(SETTINGS)
    fame = [one.fame for one in measured.turned if one.setting.dial == POPULARITY]
    assert fame == sorted(fame)
    assert fame[-1] > 1.5 * fame[0]
    alike = [one.alike for one in measured.turned if one.setting.dial == DIVERSITY]
    assert alike[-1] < alike[0] - 0.1
    assert max(after - before for before, after in pairwise(alike)) < 0.05
    varied = measured.at(VARY, 1.0)
    assert varied
    assert 0.2 < varied.others < 0.8


def test_a_model_without_a_space_borrows_one_and_says_so(exam: Exam, measured: DialsMeasured) -> None:
    """And one that has a space uses its own."""
    assert measured.space == "word2vec"
    assert "as word2vec places them" in tables.about(exam, measured)
    own = measure_dials(Entrant("svd", "svd", Factors(epochs=2)), exam)
    assert own.space == "svd"


def test_where_nothing_has_a_space_diversity_is_left_out(
    exam: Exam, measured: DialsMeasured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table, the readings and the object are told without it."""
    monkeypatch.setattr("recommender.measures.evaluate_dials._SPACES", ())
    alone = measure_dials(Entrant("item-knn", "item-knn", Alike()), exam)
    assert alone.space is None
    assert {one.setting.dial for one in alone.turned} == {POPULARITY, VARY}
    weights = draws(exam.n_playlists, np.random.default_rng(1))
    told = json.loads(json.dumps(tables.dials_object(exam, alone, weights), allow_nan=False))
    assert {row["alike"] for row in told["dials"]} == {None}
    assert "diversity is not turned" in tables.about(exam, alone)
    for one in alone.turned:
        with_space = measured.at(one.setting.dial, one.setting.value)
        assert with_space
        np.testing.assert_array_equal(one.grades, with_space.grades)


def test_readings_come_from_the_numbers(exam: Exam, measured: DialsMeasured) -> None:
    """Half the lists with a hit lost for sure, none lost, and what may be chance, are told apart."""
    weights = draws(exam.n_playlists, np.random.default_rng(1))
    untouched = measured.at(POPULARITY, 0.0)
    assert untouched
    place = exam.protocol.grades.index("hit_rate_10")

    def told(hits: np.ndarray, before: np.ndarray) -> str:
        grades = np.zeros((2, *untouched.grades.shape))
        grades[0, :, place], grades[1, :, place] = before, hits
        made = (
            replace(untouched, grades=grades[0], fame=20.0),
            replace(untouched, setting=Setting(POPULARITY, -0.5), grades=grades[1], fame=10.0),
        )
        return tables.readings(exam, replace(measured, turned=made), weights)[0]

    ones = np.ones(exam.n_playlists)
    assert told(ones / 2, ones) == (
        "popularity -0.5: a song stands in 10.0 playlists instead of 20.0, and 50% fewer lists have a hit."
    )
    assert told(ones, ones / 2).endswith("and 100% more lists have a hit.")
    assert told(ones, ones).endswith("and what changes in hits may be chance (+0%).")
    assert told(ones, 0 * ones).endswith("and no list had a hit before.")


def test_the_table_fits_a_terminal_and_says_what_it_is(database: Path) -> None:
    """A row for each setting, a sentence for each reading, and on what it was measured."""
    result = run(database, "item-knn", "--dials", "--on", "validation", "--seeds-of", "1,5")
    assert (result.exit_code, result.stderr) == (0, "")
    table, read, about = (part.splitlines() for part in result.stdout.split("\n\n"))
    assert [row.split()[0] for row in table[1:]] == [one.dial for one in SETTINGS]
    assert [sentence.split(":")[0] for sentence in read] == [
        "popularity -1", "popularity -0.5", "popularity 0.5", "popularity 1", "diversity 0.5", "vary 1",
    ]  # fmt: skip
    assert "validation playlists" in about[0]
    assert max(map(width, result.stdout.splitlines())) <= WIDEST


def test_json_is_one_object_and_the_same_each_time(database: Path) -> None:
    """There is no clock in it, and chance follows from the seed."""
    words = ("als", "--dials", "--json", "--seeds-of", "5", "--cases", "6")
    told, again = (json.loads(run(database, *words).stdout) for _ in range(2))
    assert told == again
    assert (told["model"], told["space"], told["on"], told["playlists"]["measured"]) == ("als", "als", "test", 6)
    assert [(row["dial"], row["value"]) for row in told["dials"]] == [(one.dial, one.value) for one in SETTINGS]
    grade = told["dials"][0]["grades"]["hit_rate_10"]
    assert grade["low"] <= grade["mean"] <= grade["high"]
    assert len(told["readings"]) == 6
    other = json.loads(run(database, *words, "--seed", "2").stdout)
    assert other["dials"] != told["dials"]


def test_the_report_is_one_page_of_two_pictures(tmp_path: Path, database: Path) -> None:
    """Well-formed, with every line named, and no address to load anything from."""
    result = run(database, "als", "--dials", "--seeds-of", "5", "--cases", "6", "--report", str(tmp_path / "page"))
    assert "Written: " in result.stderr
    text = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    pictures = [f"<svg{part.split('</svg>')[0]}</svg>" for part in text.split("<svg")[1:]]
    assert len(pictures) == 2
    for picture in pictures:
        named = {element.text for element in ElementTree.fromstring(picture).iter("text")}
        assert {"hit rate@10", "coverage", "in playlists", "alike"} <= named
    assert "://" not in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["item-knn", "als", "--dials"], "--dials measures one model"),
        (["same-artist", "--dials"], "--dials measures one model"),
        (["--dials", "--curve"], "--curve does not go with --dials"),
        (["--dials", "--by-seeds"], "--by-seeds does not go with --dials"),
        (["--by-seeds", "--curve"], "--by-seeds does not go with --curve"),
        (["--dials", "--protocol", "next"], "--dials go with --protocol continuation"),
        (["--dials", "--protocol", "plays"], "--dials go with --protocol continuation"),
        (["--curve", "--protocol", "plays"], "--protocol plays does not go with --curve"),
    ],
)
def test_wrong_usage_is_one_sentence(database: Path, words: list[str], sentence: str) -> None:
    """And exit code 2."""
    result = run(database, *words)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_named_model_that_cannot_be_trained_is_refused(tmp_path: Path) -> None:
    """No track stands in two playlists, so that nothing is alike."""
    songs = [song(f"Song {n}", "Artist", spotify_id(f"n{n}x")) for n in range(800)]
    add(tmp_path / "s.db", [playlist(f"p{n}", songs[10 * n : 10 * n + 10]) for n in range(80)])
    with pytest.raises(CannotTrain, match="no track stands"):
        run(tmp_path / "s.db", "word2vec:article", "--dials")


@pytest.mark.slow
def test_without_a_name_the_best_is_measured(database: Path) -> None:
    """The hybrid, by the space of its word2vec."""
    told = json.loads(run(database, "--dials", "--json", "--seeds-of", "5", "--cases", "5").stdout)
    assert (told["model"], told["space"]) == ("hybrid", "hybrid")
