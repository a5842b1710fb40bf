"""The Suggester with a title: alone, beside tracks, and when it does not help."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender import Suggester
from recommender.errors import DamagedModel, NoSuchModel
from recommender.lists.title_blend import WEIGHT, blended
from recommender.models.blend import REACH, levelled
from recommender.ranking import best_first
from tests.recommender.songs import song, spotify_id, taste_song, train
from tests.recommender.test_suggest import CALM, LOUD, ONLY_POPULAR, STRANGER, extra, ids

TITLE = "Loud evening"
CALLED = " called something with "


@pytest.fixture
def titled(trained: Path) -> Path:
    """The database of two tastes, whose playlists are called calm-1 and so on, with title trained too."""
    train(trained, ["title"])
    return trained


def spoil(database: Path, array: str) -> None:
    """Fill an array of the model title with what is no number."""
    path = database.with_suffix(".models") / "title" / f"{array}.npy"
    np.save(path, np.full_like(np.load(path), np.nan))


# a title alone


def test_a_title_alone_is_enough(titled: Path) -> None:
    """Its words bring the tracks of playlists that are called like it."""
    answer = Suggester.open(titled).answer([], 8, title=TITLE)
    assert (answer.model, answer.seeds, answer.unknown, answer.notes) == ("title", (), (), ())
    assert len(ids(answer)) == 8
    assert set(ids(answer)) <= set(LOUD)
    for suggestion in answer.suggestions:
        assert suggestion.model == "title"
        assert CALLED in suggestion.reasons[0]


def test_suggest_takes_a_title_as_answer_does(titled: Path) -> None:
    suggester = Suggester.open(titled)
    assert suggester.suggest([], 3, title=TITLE) == list(suggester.answer([], 3, title=TITLE).suggestions)


def test_a_model_of_titles_may_have_a_name_of_its_own(titled: Path) -> None:
    train(titled, ["title"], "mine", grams="0")
    answer = Suggester.open(titled).answer([], 3, "mine", title=TITLE)
    assert (answer.model, answer.notes) == ("mine", ())
    assert set(ids(answer)) <= set(LOUD)


def test_a_title_alone_needs_a_model_that_reads_it(trained: Path) -> None:
    """One sentence each, with the cure."""
    suggester = Suggester.open(trained)
    with pytest.raises(NoSuchModel, match=r"^no model that reads titles is trained: run `segue train title`$"):
        suggester.answer([], title=TITLE)
    with pytest.raises(NoSuchModel, match=r"^item-knn reads no titles: name tracks too"):
        suggester.answer([], model="item-knn", title=TITLE)
    with pytest.raises(NoSuchModel, match=r"^no model mine is trained \(there are item-knn, popularity\)"):
        suggester.answer([], model="mine", title=TITLE)


def test_a_title_that_nobody_uses_brings_what_is_popular(titled: Path) -> None:
    """And says so."""
    answer = Suggester.open(titled).answer([], 4, title="zzz")
    assert answer.model == "popularity"
    assert answer.notes == ('too few playlists here have a name like "zzz", so these are the most popular ones',)
    assert {s.model for s in answer.suggestions} == {"popularity"}
    assert not any(CALLED in reason for s in answer.suggestions for reason in s.reasons)
    assert len(ids(answer)) == 4


@pytest.mark.parametrize("title", [None, "", "  \n"])
def test_no_title_is_as_ever(titled: Path, title: str | None) -> None:
    suggester = Suggester.open(titled)
    assert suggester.answer([CALM[0]], 5, "item-knn", title=title) == suggester.answer([CALM[0]], 5, "item-knn")
    assert suggester.answer([], 5, "item-knn", title=title).notes == (ONLY_POPULAR,)


# beside tracks


def test_seeds_come_first_and_the_title_after_them(titled: Path) -> None:
    """Calm, which the seed says, before loud, which only the title says; reasons tell which is which."""
    suggester = Suggester.open(titled)
    answer = suggester.answer([CALM[0]], 29, "item-knn", title=TITLE, per_artist=None)
    assert (answer.model, answer.seeds, answer.notes) == ("item-knn", (CALM[0],), (f'the title "{TITLE}" counts too',))
    assert set(ids(answer)[:8]) <= set(CALM)
    assert set(ids(answer)) == {*CALM[1:], *LOUD}
    for suggestion in answer.suggestions:
        assert suggestion.model == "item-knn"
        assert any(CALLED in reason for reason in suggestion.reasons) == (suggestion.track_id in LOUD)


def test_the_title_moves_the_order(titled: Path) -> None:
    """Towards what playlists of such names hold; the number of the named seeds, not of their versions, weighs it."""
    new = [song(f"New {n}", "Newcomer", spotify_id(f"new{n}")) for n in range(3)]
    extra(titled, *[[taste_song("calm", 0), new[n]] for n in range(3)], source="alike")
    extra(titled, *[[new[2], taste_song("loud", 3)] for _ in range(2)], source="harvest")
    train(titled, ["item-knn", "title"])
    suggester = Suggester.open(titled)
    seed = [CALM[0]]
    plain = ids(suggester.answer(seed, 30, "item-knn", per_artist=None))
    moved = ids(suggester.answer(seed, 30, "item-knn", title="harvest", per_artist=None))
    assert plain.index(new[2].track_id) > plain.index(new[0].track_id)
    assert moved.index(new[2].track_id) < moved.index(new[0].track_id)


def test_unknown_seeds_leave_it_to_the_title(titled: Path) -> None:
    """They are still named as unknown; nobody calls the list merely popular."""
    answer = Suggester.open(titled).answer([STRANGER], 6, title=TITLE)
    assert (answer.model, answer.seeds, answer.unknown) == ("title", (), (STRANGER,))
    assert answer.notes == (f'the title "{TITLE}" counts too',)
    assert set(ids(answer)) <= set(LOUD)


def test_seeds_never_come_back_by_the_title(titled: Path) -> None:
    suggester = Suggester.open(titled)
    for seeds in ([LOUD[0]], LOUD[:5], [STRANGER, LOUD[0]]):
        for plain in (False, True):
            assert not set(ids(suggester.answer(seeds, 40, "item-knn", title=TITLE, plain=plain))) & set(seeds)


def test_a_title_that_does_not_help_is_said_and_changes_nothing(titled: Path) -> None:
    suggester = Suggester.open(titled)
    answer = suggester.answer([CALM[0]], 6, "item-knn", title="zzz")
    assert answer.notes == ('too few playlists here have a name like "zzz", so it does not count',)
    assert answer.suggestions == suggester.answer([CALM[0]], 6, "item-knn").suggestions


def test_without_the_model_tracks_are_continued_all_the_same(trained: Path) -> None:
    suggester = Suggester.open(trained)
    answer = suggester.answer([CALM[0]], 6, title=TITLE)
    assert answer.notes == ("the title does not count: no model that reads titles is trained: run `segue train title`",)
    assert answer.suggestions == suggester.answer([CALM[0]], 6).suggestions


def test_two_models_may_know_other_tracks(titled: Path) -> None:
    """title is older than item-knn here, and numbers its tracks apart; the note tells which is to be renewed."""
    new = [song(f"New {n}", "Newcomer", spotify_id(f"new{n}")) for n in range(9)]
    extra(titled, *[[*new, taste_song("calm", 1)] for _ in range(30)])
    train(titled)
    answer = Suggester.open(titled).answer([new[0].track_id], 30, "item-knn", title=TITLE, per_artist=None)
    fitting = {s.track_id for s in answer.suggestions if any(CALLED in reason for reason in s.reasons)}
    assert fitting == set(LOUD) & set(ids(answer))
    assert fitting
    assert answer.notes[1:] == ("title was trained before the playlists changed: run `segue train` to renew it",)


# damage


@pytest.mark.parametrize("array", ["votes", "shares", "norms"])
def test_a_damaged_model_of_titles_harms_no_other(titled: Path, array: str) -> None:
    """With tracks a note, each time; alone its damage is the answer."""
    spoil(titled, array)
    suggester = Suggester.open(titled)
    for _ in range(2):
        answer = suggester.answer([CALM[0]], 6, title=TITLE)
        assert answer.model == "item-knn"
        assert len(answer.notes) == 1
        assert answer.notes[0].startswith("the title does not count: the model in ")
        assert answer.notes[0].endswith("train it again (segue train title)")
        with pytest.raises(DamagedModel, match="segue train title"):
            suggester.answer([], title=TITLE)
    train(titled, ["title"])
    assert suggester.answer([], 3, title=TITLE).model == "title"


def test_a_half_written_model_of_titles_is_told_too(titled: Path) -> None:
    (titled.with_suffix(".models") / "title" / "terms.npy").write_bytes(b"half")
    answer = Suggester.open(titled).answer([CALM[0]], 3, title=TITLE)
    assert "terms.npy is missing or half-written" in answer.notes[0]
    assert set(ids(answer)) <= set(CALM)


# how the two are added up

some_scores = arrays(np.float32, 12, elements=st.sampled_from([np.nan, 0.0, 1.0, 2.5, 7.0, -3.0]))
some_levels = arrays(np.float32, 12, elements=st.sampled_from([0.0, 0.25, 1.0]))


@given(some_scores, some_levels, st.integers(1, 30))
def test_the_sum_tells_what_either_tells(scores: np.ndarray, levels: np.ndarray, n_seeds: int) -> None:
    """And a title can lift a track, but never by more than its weight."""
    seeds = np.array([3, 5], np.int32)
    levels[seeds] = 0
    total = blended(scores, levels, seeds, n_seeds)
    others = np.setdiff1d(np.arange(12), seeds)
    assert total.dtype == np.float32
    assert np.array_equal(np.isnan(total)[others], (np.isnan(scores) & (levels == 0))[others])
    assert not np.isinf(total).any()
    told = others[levelled(scores, seeds)[others] > 0]
    lift = total[told] - levelled(scores, seeds)[told]
    assert ((lift >= -1e-6) & (lift <= WEIGHT / n_seeds**0.5 + 1e-6)).all()


@pytest.mark.parametrize("n_tracks", [10, REACH, 3 * REACH])
def test_without_a_level_the_order_stays(n_tracks: int) -> None:
    """Below the best too, where levels are all 0."""
    scores = np.random.default_rng(1).normal(size=n_tracks).astype(np.float32)
    seeds = np.array([0], np.int32)
    total = blended(scores, np.zeros(n_tracks, np.float32), seeds, 1)
    np.testing.assert_array_equal(best_first(total, seeds, n_tracks), best_first(scores, seeds, n_tracks))


def test_more_seeds_leave_less_to_the_title() -> None:
    """One seed says little."""
    scores, levels = np.array([3, 2.9, 1], np.float32), np.array([0, 1, 0], np.float32)
    none = np.zeros(0, np.int32)
    assert best_first(blended(scores, levels, none, 1), none, 1).tolist() == [1]
    assert best_first(blended(scores, levels, none, 100), none, 1).tolist() == [0]
