"""Measuring what a title alone is worth, beside everything else and without changing it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from recommender.commands.evaluate import evaluate
from recommender.corpus import Corpus, corpus_from_lists
from recommender.lines import width
from recommender.measures.measuring import Entrant, Measured, measure, prepare
from recommender.measures.protocols import continuation_questions, title_questions
from recommender.models.item_knn import Options as ItemOptions
from recommender.models.popularity import Options as PopularityOptions
from recommender.models.title import Options as TitleOptions
from recommender.splits import hold_out, three_parts
from recommender.vocabulary import NOT_FOUND
from tests.recommender.songs import add, playlist, song, spotify_id

GENRES = ("jazz", "rock", "soul", "punk")
WIDEST = 120
TITLE = Entrant("title", "title", TitleOptions())
POPULARITY = Entrant("popularity", "popularity", PopularityOptions())
ITEMS = Entrant("item-knn", "item-knn", ItemOptions())


def genres(n_playlists: int = 100, length: int = 12, nameless: int = 0) -> Corpus:
    """Playlists of one of four genres each, called by it; the first few have no name."""
    rng = np.random.default_rng(0)
    lists = [
        [f"{p % 4}-{track:02d}" for track in rng.choice(60, length, replace=False).tolist()] for p in range(n_playlists)
    ]
    names = tuple("" if p < nameless else f"{GENRES[p % 4]} {p}" for p in range(n_playlists))
    return replace(corpus_from_lists(lists), names=names)


def headline(one: Measured) -> float:
    return float(one.by_seeds[0][1])


def genre_of(corpus: Corpus, tracks: np.ndarray) -> set[str]:
    return {GENRES[int(raw_id[0])] for raw_id in corpus.vocabulary.raw_ids(tracks[tracks != NOT_FOUND])}


def test_names_stay_with_their_playlists() -> None:
    """In each part of a split, and in what is held out for a training."""
    corpus = genres()
    parts = three_parts(corpus, np.random.default_rng(1), 10)
    held = hold_out(corpus, np.random.default_rng(1), 0.2, 20, 2)
    whole = [
        (parts.training, list(parts.training), parts.training.names),
        (parts.training, parts.validation, parts.validation_names),
        (parts.training, parts.test, parts.test_names),
        (held.corpus, held.truths, held.names),
    ]
    for learned, playlists, names in whole:
        assert len(playlists) == len(names) > 0
        for tracks, name in zip(playlists, names, strict=True):
            assert genre_of(learned, tracks) == {name.split()[0]}
    all_names = (*parts.training.names, *parts.validation_names, *parts.test_names)
    assert len(set(all_names)) == len(all_names) > 90


def test_a_title_is_asked_about_the_whole_playlist() -> None:
    """Without a name nothing is asked; playlists keep their numbers."""
    tracks = [np.array(numbers, np.int32) for numbers in ([5, NOT_FOUND, 3], [1], [2, 4])]
    asked = title_questions(tracks, ["jazz", "  ", "rock"])
    assert [(q.playlist_no, q.n_given, q.seeds.tolist(), q.truth.tolist(), q.title) for q in asked] == [
        (0, 0, [], [5, NOT_FOUND, 3], "jazz"),
        (2, 0, [], [2, 4], "rock"),
    ]


def test_questions_with_seeds_carry_the_title_too() -> None:
    """For models that will read both."""
    asked = continuation_questions([np.arange(9, dtype=np.int32)] * 2, (1, 2), None, ["jazz", "rock"])
    assert [question.title for question in asked] == ["jazz", "jazz", "rock", "rock"]


@pytest.mark.parametrize("on", ["test", "validation"])
def test_a_title_that_names_the_genre_beats_popularity(on: str) -> None:
    """Models that read no titles are not asked."""
    exam = prepare(genres(), "continuation", on, 1)
    by_title, popular, items = (measure(entrant, exam) for entrant in (TITLE, POPULARITY, ITEMS))
    assert headline(by_title) > 1.3 * headline(popular) > 0  # all 240 tracks are ranked, so that nobody finds little
    assert list(by_title.by_seeds) == list(popular.by_seeds) == [0, 1, 5]
    assert list(items.by_seeds) == [1, 5]


def test_popularity_after_a_title_is_the_same_list_for_everybody() -> None:
    """Graded against the whole of each playlist, as a hand does it."""
    exam = prepare(genres(), "continuation", "test", 1, cases=1)
    hits = np.isin(np.arange(500), exam.split.test[0])[: exam.split.training.n_tracks]
    best = 1 / np.log2(np.arange(12) + 2)
    gain = (hits / np.log2(np.arange(len(hits)) + 2)).sum() / best.sum()
    assert headline(measure(POPULARITY, exam)) == pytest.approx(gain)


def test_the_title_counts_in_no_mean() -> None:
    """With and without it all else is the same."""
    with_title, without = (prepare(genres(), "continuation", "test", 1, seeds) for seeds in (None, (1, 5)))
    assert with_title.title_questions
    assert not without.title_questions
    assert [q.truth.tolist() for q in with_title.questions] == [q.truth.tolist() for q in without.questions]
    one, other = (measure(TITLE, exam) for exam in (with_title, without))
    assert np.array_equal(one.grades, other.grades)
    assert list(other.by_seeds) == [1, 5]


def test_zero_among_the_numbers_asks_the_title_alone() -> None:
    exam = prepare(genres(), "continuation", "test", 1, (5, 0))
    assert (exam.seeds_of, exam.fewest) == ((5,), 10)
    assert len(exam.title_questions) == exam.n_playlists
    assert list(measure(TITLE, exam).by_seeds) == [0, 5]


def test_only_playlists_with_a_name_are_asked_by_it() -> None:
    """None, where none has one; and nothing of it in the other protocol."""
    some = prepare(genres(nameless=60), "continuation", "test", 1)
    named = sum(name != "" for name in some.split.test_names)
    assert 0 < len(some.title_questions) == named < some.n_playlists
    none = prepare(genres(nameless=100), "continuation", "test", 1)
    assert not none.title_questions
    assert 0 not in measure(POPULARITY, none).by_seeds
    assert not prepare(genres(), "next", "test", 1).title_questions


# the command


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database of 80 playlists of 35 tracks, each of one of four genres and called by it."""
    rng = np.random.default_rng(1)
    songs = [song(f"Song {n}", f"Artist {n % 40}", spotify_id(f"n{n}x")) for n in range(400)]
    lists = [[songs[100 * (p % 4) + i] for i in rng.choice(100, 35, replace=False).tolist()] for p in range(80)]
    database = tmp_path_factory.mktemp("genres") / "s.db"
    add(database, [playlist(f"{GENRES[p % 4]} {p}", tracks) for p, tracks in enumerate(lists)])
    return database


def run(database: Path, *words: str) -> Result:
    result = CliRunner().invoke(evaluate, words, obj=database, prog_name="segue evaluate")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_small_table_stands_beside_the_others(many: Path) -> None:
    """Of those that can tell, best first."""
    result = run(many, "title", "item-knn")
    tables = [part.splitlines() for part in result.stdout.split("\n\n")]
    assert tables[1][0].startswith("after the title alone  R-precision  NDCG@500")
    assert [row.split()[0] for row in tables[1][1:3]] == ["title", "popularity"]
    assert tables[1][3:] == ["Asked of the 16 playlists with a name; no other model here reads titles."]
    assert {row.split()[0] for row in tables[0][1:]} == {"title", "item-knn", "popularity", "same-artist"}
    assert max(map(width, result.stdout.splitlines())) <= WIDEST


def test_by_seeds_has_a_row_for_the_title(many: Path) -> None:
    """With "-" for those that cannot read it; the small table would say it twice."""
    result = run(many, "title", "item-knn", "--by-seeds", "--seeds-of", "0,1")
    rows = [row.split() for row in result.stdout.split("\n\n")[1].splitlines()[1:]]
    assert [row[1] for row in rows] == ["0", "1"] * 4
    for row in rows:
        assert (row[2:] == ["-"] * 5) == (row[1] == "0" and row[0] in ("item-knn", "same-artist"))
    assert "after the title alone" not in result.stdout


def test_where_no_model_reads_titles_nothing_is_said_of_them(many: Path) -> None:
    for words in ((), ("--by-seeds",)):
        result = run(many, "item-knn", *words)
        assert "title" not in result.stdout
        assert " 0  " not in result.stdout


def test_json_has_the_title_under_0(many: Path) -> None:
    told = json.loads(run(many, "title", "item-knn", "--seeds-of", "0,1", "--json").stdout)
    by_seeds = {model["name"]: model["by_seeds"] for model in told["models"]}
    assert told["seeds_of"] == [1]
    assert {name: list(numbers) for name, numbers in by_seeds.items()} == {
        "title": ["0", "1"],
        "popularity": ["0", "1"],
        "item-knn": ["1"],
        "same-artist": ["1"],
    }
    assert by_seeds["title"]["0"]["ndcg_500"] > by_seeds["popularity"]["0"]["ndcg_500"]


def test_the_report_holds_it_too(many: Path, tmp_path: Path) -> None:
    assert run(many, "title", "--report", str(tmp_path)).exit_code == 0
    rows = (tmp_path / "index.html").read_text(encoding="utf-8").splitlines()
    assert any(row.split()[:2] == ["title", "0"] for row in rows)
