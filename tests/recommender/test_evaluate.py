"""Measuring: what is asked, how answers are graded, and that nothing but chance's number changes them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.corpus import Corpus, corpus_from_numbers
from recommender.errors import CannotTrain
from recommender.measures.bootstrap import draws, intervals
from recommender.measures.measuring import SAME_ARTIST, Entrant, Exam, measure, prepare, prepare_turns
from recommender.measures.protocols import (
    MOST_PREFIXES,
    PROTOCOLS,
    Question,
    continuation_questions,
    next_questions,
)
from recommender.models.als import Options as ALSOptions
from recommender.models.item_knn import Options as ItemOptions
from recommender.models.popularity import Options
from recommender.splits import Split
from recommender.vocabulary import NOT_FOUND

POPULARITY = Entrant("popularity", "popularity", Options())
BY_ARTIST = Entrant(SAME_ARTIST)


def numbers(*tracks: int) -> np.ndarray:
    return np.array(tracks, np.int32)


def tiny_world() -> Corpus:
    """Six tracks, most popular first: 0, 2, 4 by one artist, 1, 3 by another, 5 by nobody known."""
    playlists = [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4], [0, 1, 2, 3], [0, 1, 2], [0, 1], [0]]
    offsets = np.cumsum([0, *map(len, playlists)])
    raw_ids = np.array([f"t{number}" for number in range(6)], "S22")
    return corpus_from_numbers(raw_ids, np.concatenate(playlists), offsets, np.array([7, 8, 7, 8, 7, -1]))


def exam(protocol: str, questions: list[Question], seeds_of: tuple[int, ...] = ()) -> Exam:
    held = Split(tiny_world(), [], [])
    n_playlists = 1 + max(question.playlist_no for question in questions)
    return Exam(PROTOCOLS[protocol], 1, "test", held, 3, seeds_of, False, n_playlists, questions)


def many_lists(n_playlists: int = 100, length: int = 12) -> Corpus:
    """Playlists of one of four artists each, sixty tracks an artist."""
    rng = np.random.default_rng(0)
    entries = np.concatenate([60 * (p % 4) + rng.choice(60, length, replace=False) for p in range(n_playlists)])
    raw_ids = np.array([f"t{number:03d}" for number in range(240)], "S22")
    return corpus_from_numbers(raw_ids, entries, np.arange(0, len(entries) + 1, length), np.arange(240) // 60)


# what is asked


def test_first_tracks_are_given_and_the_rest_is_the_truth() -> None:
    """A track that the training part does not know is no seed, and still a truth to be missed."""
    asked = continuation_questions([numbers(5, NOT_FOUND, 3, NOT_FOUND, 8)], (1, 2, 3), None)
    assert [question.n_given for question in asked] == [1, 2, 3]
    assert [question.seeds.tolist() for question in asked] == [[5], [5], [5, 3]]
    assert asked[0].truth.tolist() == [NOT_FOUND, 3, NOT_FOUND, 8]
    assert asked[2].truth.tolist() == [NOT_FOUND, 8]


@given(st.integers(0, 9))
def test_drawn_seeds_and_their_rest_are_the_playlist_in_its_order(seed: int) -> None:
    """Fewer seeds are among the more, so that only their number differs."""
    tracks = np.arange(100, 130, dtype=np.int32)
    asked = continuation_questions([tracks], (1, 5, 10), np.random.default_rng(seed))
    for question in asked:
        assert len(question.seeds) == question.n_given
        assert sorted([*question.seeds, *question.truth]) == tracks.tolist()
        assert (np.diff(question.seeds) > 0).all()
        assert (np.diff(question.truth) > 0).all()
    assert set(asked[0].seeds) <= set(asked[1].seeds) <= set(asked[2].seeds)


def test_every_beginning_of_a_short_playlist_asks_for_what_follows() -> None:
    """The truth starts with the following track."""
    asked = next_questions([numbers(4, 2, 9), numbers(1, 3)])
    assert [(q.playlist_no, q.seeds.tolist(), q.truth.tolist()) for q in asked] == [
        (0, [4], [2, 9]),
        (0, [4, 2], [9]),
        (1, [1], [3]),
    ]


@given(st.integers(2, 300))
def test_beginnings_of_a_long_playlist_are_few_and_evenly_spread(length: int) -> None:
    """From the first track to all but the last."""
    given_tracks = [question.n_given for question in next_questions([np.arange(length, dtype=np.int32)])]
    assert len(given_tracks) == min(length - 1, MOST_PREFIXES)
    assert (given_tracks[0], given_tracks[-1]) == (1, length - 1)
    gaps = np.diff(given_tracks)
    assert not len(gaps) or gaps.max() - gaps.min() <= 1


# how answers are graded


def test_the_tiny_world_has_the_grades_that_a_hand_computes() -> None:
    """From 0, the artist's other tracks 2 and 4 are perfect; popularity says 1, 2, 3, 4, 5 and has half of them."""
    asked = exam("continuation", [Question(0, 1, numbers(0), numbers(2, 4))], (1,))
    by_artist, popular = measure(BY_ARTIST, asked), measure(POPULARITY, asked)
    assert by_artist.grades.tolist() == [[1, 1, 0, 1, 1]]
    gain = (1 / np.log2(3) + 1 / np.log2(5)) / (1 + 1 / np.log2(3))
    assert popular.grades[0] == pytest.approx([0.5, gain, 0, 1, 1])
    assert popular.by_seeds[1] == pytest.approx(popular.grades[0])


def test_the_next_track_is_graded_by_itself_and_the_rest_as_a_set() -> None:
    """From 0, popularity says 1, 2, 3, 4, 5: the following 3 is third, and 3, 5 of the rest come, the stranger not."""
    asked = exam("next", [Question(0, 1, numbers(0), numbers(3, NOT_FOUND, 5))])
    average = (1 / 3 + 2 / 5) / 3
    expected = [1, 1, 1 / 3, 1 / 3, 2 / 20, 2 / 3, average]
    assert measure(POPULARITY, asked).grades[0] == pytest.approx(expected)


def test_each_playlist_counts_alike_however_often_it_is_asked() -> None:
    """Two questions about the first, right and wrong, and one about the second, right."""
    right, wrong = (Question(0, 1, numbers(0), numbers(track)) for track in (1, NOT_FOUND))
    asked = exam("next", [right, wrong, Question(1, 1, numbers(0), numbers(1))])
    assert measure(POPULARITY, asked).grades[:, 0].tolist() == [0.5, 1.0]


def test_what_else_a_list_is_like() -> None:
    """Popularity's first ten are 1 to 5 after 0: five of six tracks, 3 playlists on the mean, two artists of four."""
    found = measure(POPULARITY, exam("next", [Question(0, 1, numbers(0), numbers(1))]))
    assert found.coverage == pytest.approx(5 / 6)
    assert found.fame == pytest.approx(3)
    assert found.variety == pytest.approx(2 / 4)
    assert found.milliseconds > 0


def test_seeds_that_nobody_knows_are_answered_all_the_same() -> None:
    """By popularity, as a list of nothing would be."""
    asked = exam("continuation", [Question(0, 1, numbers(), numbers(0))], (1,))
    assert measure(BY_ARTIST, asked).grades[0, 0] == 1


# the whole of it


def test_the_artists_own_playlists_are_continued_best_by_their_artist() -> None:
    """Each playlist is of one artist, and so is each list of suggestions."""
    asked = prepare(many_lists(), "continuation", "test", 1, (1, 5))
    by_artist, popular = measure(BY_ARTIST, asked), measure(POPULARITY, asked)
    headline = asked.protocol.grades.index(asked.protocol.headline)
    assert by_artist.grades[:, headline].mean() > 1.3 * popular.grades[:, headline].mean()
    assert by_artist.variety == pytest.approx(0.1)


@pytest.mark.parametrize("protocol", ["continuation", "next"])
def test_the_same_number_gives_the_same_grades(protocol: str) -> None:
    """Split, seeds and training follow from it, whoever else is measured."""
    entrant = Entrant("item-knn", "item-knn", ItemOptions())
    one, same, other = (
        measure(entrant, prepare(many_lists(), protocol, "test", seed, random_seeds=protocol == "continuation"))
        for seed in (3, 3, 4)
    )
    assert np.array_equal(one.grades, same.grades)
    assert not np.array_equal(one.grades, other.grades)


def test_validation_and_test_are_other_playlists() -> None:
    """With one training part for both."""
    one, other = (prepare(many_lists(), "continuation", on, 1) for on in ("test", "validation"))
    assert one.split.training.fingerprint() == other.split.training.fingerprint()
    assert one.n_playlists == 2 * other.n_playlists
    assert {q.truth.tobytes() for q in one.questions}.isdisjoint(q.truth.tobytes() for q in other.questions)


def test_fewer_cases_are_the_first_of_all() -> None:
    """And a few are enough to look at."""
    whole, few = (prepare(many_lists(), "next", "test", 1, cases=cases) for cases in (None, 3))
    assert few.n_playlists == 3
    assert [q.truth.tolist() for q in few.questions] == [q.truth.tolist() for q in whole.questions][
        : len(few.questions)
    ]


def test_long_seeds_are_left_out_where_playlists_are_short() -> None:
    """Twelve tracks allow one and five seeds."""
    assert prepare(many_lists(), "continuation", "test", 1).seeds_of == (1, 5)


@pytest.mark.parametrize(
    ("protocol", "seeds_of", "sentence"),
    [
        ("continuation", (25,), r"too few are long enough \(30 different tracks\) .* or give fewer seeds"),
        ("continuation", (1,), r"too few .* \(6 different tracks\) .* \(segue import FOLDER\)$"),
        ("next", None, r"too few .* \(5 different tracks\) .* \(segue import FOLDER\)$"),
    ],
)
def test_too_little_is_refused_with_the_cure(protocol: str, seeds_of: tuple[int, ...] | None, sentence: str) -> None:
    """Grades over a handful would be noise."""
    with pytest.raises(CannotTrain, match=sentence):
        prepare(many_lists(20), protocol, "test", 1, seeds_of)


# how far it may be off


@given(arrays(float, (7, 2), elements=st.floats(0, 1)))
def test_an_interval_lies_within_the_grades(grades: np.ndarray) -> None:
    """And a mean within the grades' range."""
    for found, column in zip(intervals(grades, draws(7, np.random.default_rng(0))), grades.T, strict=True):
        assert column.min() - 1e-9 <= found.low <= found.high <= column.max() + 1e-9
        assert found.mean == pytest.approx(column.mean())


def test_an_interval_is_as_wide_as_the_theory_says() -> None:
    """1.96 standard errors to each side, for many playlists."""
    grades = np.random.default_rng(1).normal(5, 2, (400, 1))
    found = intervals(grades, draws(400, np.random.default_rng(2)))[0]
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * grades.std() / 20, rel=0.1)


def test_paired_differences_are_told_apart_though_the_means_are_not() -> None:
    """A model that is always a little better is better, however much the playlists differ."""
    rng = np.random.default_rng(1)
    hard = rng.random((100, 1))
    weights = draws(100, rng)
    assert intervals(hard + 0.01, weights)[0].low < intervals(hard, weights)[0].high
    assert intervals(hard + 0.01 - hard, weights)[0].low > 0


def test_turns_ask_about_other_playlists_after_as_many_tracks() -> None:
    """The first is the validation part that `prepare` has."""
    corpus = many_lists(150)
    exams = prepare_turns(corpus, "continuation", 2, 3)
    as_ever = prepare(corpus, "continuation", "validation", 2)
    assert [exam.turn for exam in exams] == [0, 1, 2]
    assert len({exam.seeds_of for exam in exams}) == 1
    assert [q.truth.tolist() for q in exams[0].questions] == [q.truth.tolist() for q in as_ever.questions]
    assert np.array_equal(measure(POPULARITY, exams[0]).grades, measure(POPULARITY, as_ever).grades)
    assert not np.array_equal(measure(POPULARITY, exams[1]).grades, measure(POPULARITY, exams[2]).grades)


def test_turns_give_fewer_seeds_where_not_all_of_them_have_long_playlists() -> None:
    """Half of the long ones are copies of one, so that there is one validation part of them, and no second."""
    rng = np.random.default_rng(0)
    short = [rng.choice(2_000, 12, replace=False) for _ in range(60)]
    long = [rng.choice(2_000, 32, replace=False) for _ in range(18)]
    copies = [rng.permutation(long[0]) for _ in range(32)]
    playlists = [*short, *long, *copies]
    raw_ids = np.array([f"t{number:04d}" for number in range(2_000)], "S22")
    corpus = corpus_from_numbers(raw_ids, np.concatenate(playlists), np.cumsum([0, *map(len, playlists)]))
    seed = next(seed for seed in range(50) if _seeds_of(corpus, seed) == (1, 5, 10, 25))
    exams = prepare_turns(corpus, "continuation", seed, 3)
    assert {exam.seeds_of for exam in exams} == {(1, 5)}
    tested = _lengths(prepare(corpus, "continuation", "test", seed, (1, 5)).split)
    assert len(set(tested)) == 2
    assert all(_lengths(exam.split) == tested for exam in exams)
    with pytest.raises(CannotTrain, match="too few are long enough"):
        prepare_turns(corpus, "continuation", seed, 9)


def _lengths(split: Split) -> list[int]:
    """Give the lengths of the test playlists in their drawn order, which is enough to know them by."""
    return [len(tracks) for tracks in split.test]


def _seeds_of(corpus: Corpus, seed: int) -> tuple[int, ...]:
    return prepare(corpus, "continuation", "validation", seed).seeds_of


def test_another_turn_trains_with_another_chance() -> None:
    """So that what is lucky in its start is not lucky on all turns."""
    asked = prepare(many_lists(), "continuation", "validation", 1, (1, 5))
    als = Entrant("als", "als", ALSOptions(factors=4, iterations=1, workers=1))
    first, same, other = (measure(als, replace(asked, turn=turn)).grades for turn in (0, 0, 1))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)
