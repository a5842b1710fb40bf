"""Who is measured, and on which pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.corpus import Corpus, corpus_from_numbers
from recommender.measures.plays_split import BY_CHANCE, BY_TIME, PlaysSplit, hold_pairs, split_plays
from recommender.measures.population import POPULATIONS, Population, members
from recommender.plays import Plays, plays_from_pairs
from recommender.vocabulary import NOT_FOUND

pairs = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(1, 9), st.integers(0, 5)), min_size=1, max_size=60
)
by = st.sampled_from((BY_CHANCE, BY_TIME))


def corpus_of(told: list[tuple[int, int, int, int]]) -> Corpus:
    ids = np.array([f"t{n}" for n in range(10)], "S22")
    plays = plays_from_pairs(tuple("abcde"), *np.array(told, np.int64).T)
    return corpus_from_numbers(ids, np.zeros(0, np.int32), np.zeros(1, np.int64), plays=plays)


def listener(*counts: int) -> Plays:
    numbers = np.arange(len(counts))
    return plays_from_pairs(("a",), numbers * 0, numbers, np.array(counts), numbers * 0)


@pytest.mark.parametrize(
    ("counts", "belongs"),
    [((30, 30, 20), True), ((30, 30, 19), False), ((40, 40), False), ((2,) * 40, False), ((2,) * 39 + (3,), True)],
)
def test_the_study_took_listeners_of_80_plays_3_songs_and_over_2_a_song(counts: tuple[int, ...], belongs: bool) -> None:
    """Each bound is felt."""
    assert len(members(listener(*counts), POPULATIONS["million-song"])) == belongs


@given(pairs, st.integers(1, 20), st.integers(1, 5), st.floats(0, 5))
def test_members_are_those_who_keep_all_three_bounds(
    told: list[tuple[int, int, int, int]], plays: int, tracks: int, mean: float
) -> None:
    """Counted listener by listener."""
    corpus = corpus_of(told)
    found = set(members(corpus.plays, Population(plays, tracks, mean)).tolist())
    for number in range(5):
        counts = corpus.plays.counts[corpus.plays.listener_of == number]
        keeps = counts.sum() >= plays and len(counts) >= tracks and counts.sum() > mean * len(counts)
        assert (number in found) == bool(keeps)


@given(pairs, st.integers(0, 2**32))
def test_a_fifth_of_each_listeners_pairs_is_held_and_never_all(
    told: list[tuple[int, int, int, int]], seed: int
) -> None:
    """One at least where there are two."""
    plays = corpus_of(told).plays
    held = hold_pairs(plays, BY_CHANCE, np.random.default_rng(seed))
    for number in range(5):
        mine = held[plays.listener_of == number]
        assert mine.sum() == (max(1, round(0.2 * len(mine))) if len(mine) > 1 else 0)


@given(pairs, st.integers(0, 2**32))
def test_by_time_the_latest_pairs_are_held_and_none_without_a_time(
    told: list[tuple[int, int, int, int]], seed: int
) -> None:
    """No learned pair of a listener is later than a held one."""
    plays = corpus_of(told).plays
    held = hold_pairs(plays, BY_TIME, np.random.default_rng(seed))
    assert (plays.last_played[held] > 0).all()
    for number in range(5):
        mine = plays.listener_of == number
        learned, later = plays.last_played[mine & ~held], plays.last_played[mine & held]
        assert not len(later) or not len(learned) or learned.max() <= later.min()


def told_pairs(corpus: Corpus, plays: Plays) -> set[tuple[str, str]]:
    names = [plays.listeners[number] for number in plays.listener_of]
    ids = corpus.vocabulary.raw_ids(np.maximum(plays.tracks, 0)) if corpus.n_tracks else [""] * plays.n_pairs
    return {(name, raw_id) for name, raw_id, number in zip(names, ids, plays.tracks, strict=True) if number >= 0}


@given(pairs, by, st.sampled_from(("test", "validation")), st.integers(0, 2**32))
def test_the_parts_are_disjoint_and_whole(told: list[tuple[int, int, int, int]], by: str, on: str, seed: int) -> None:
    """What is held out and still known by its track stands nowhere in what is learned from; all pairs are somewhere."""
    corpus = corpus_of(told)
    split = split_plays(corpus, corpus.plays, by, on, np.random.default_rng(seed))
    test = split_plays(corpus, corpus.plays, by, "test", np.random.default_rng(seed))
    learned = told_pairs(split.training, split.training.plays)
    held = told_pairs(split.training, split.held_out)
    tested = told_pairs(test.training, test.held_out)
    assert not learned & held
    assert split.training.n_entries == split.training.plays.n_pairs
    assert split.training.plays.listeners == split.held_out.listeners
    everything = told_pairs(corpus, corpus.plays)
    assert learned | held <= everything
    if on == "test":
        assert split.training.plays.n_pairs + split.held_out.n_pairs == corpus.plays.n_pairs
        lost = everything - learned - held
        assert len(lost) == (split.held_out.tracks == NOT_FOUND).sum()
    else:
        assert not (learned | held) & tested
        assert split.training.plays.n_pairs + split.held_out.n_pairs == test.training.plays.n_pairs


def test_held_out_pairs_keep_their_counts_and_their_tracks() -> None:
    """Whatever the numbering of the training part."""
    rng = np.random.default_rng(3)
    told = [
        (who, what, 10 * who + what + 1, 0) for who in range(5) for what in rng.choice(10, 7, replace=False).tolist()
    ]
    split: PlaysSplit = split_plays(corpus_of(told), corpus_of(told).plays, BY_CHANCE, "test", rng)
    known = split.held_out.tracks >= 0
    ids = split.training.vocabulary.raw_ids(split.held_out.tracks[known])
    who = split.held_out.listener_of[known]
    assert known.any()
    assert split.held_out.counts[known].tolist() == [
        10 * w + int(raw_id[1:]) + 1 for w, raw_id in zip(who.tolist(), ids, strict=True)
    ]
