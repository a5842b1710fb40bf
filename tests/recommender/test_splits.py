"""Held-out playlists: nothing of them is learned, nothing like them either."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender import splits
from recommender.corpus import Corpus, corpus_from_lists
from recommender.splits import hold_out, kept_only, three_parts
from recommender.vocabulary import NOT_FOUND

tracks = st.lists(st.sampled_from([f"t{number}" for number in range(30)]), max_size=12)


def lists_of(corpus: Corpus) -> list[list[str]]:
    return [corpus.vocabulary.raw_ids(playlist) for playlist in corpus]


@given(st.lists(tracks, min_size=1, max_size=25), st.integers(0, 5), st.integers(1, 2))
def test_held_out_playlists_and_their_near_copies_are_not_learned(
    told: list[list[str]], seed: int, n_seeds: int
) -> None:
    """No playlist of the training part shares more than half of its tracks, or of theirs, with a held-out one."""
    held = hold_out(corpus_from_lists(told), np.random.default_rng(seed), 0.3, 5, n_seeds)
    learned = lists_of(held.corpus)
    assert all(playlist in told for playlist in learned)
    vocabulary = held.corpus.vocabulary
    for seeds, truth, size in zip(held.seeds, held.truths, held.truth_sizes, strict=True):
        assert len(truth) <= size
        assert size > n_seeds
        assert len(seeds) <= n_seeds
        assert not set(seeds.tolist()) & set(truth.tolist())
        assert seeds.dtype == truth.dtype == np.int32
        known = set(vocabulary.raw_ids(np.concatenate([seeds, truth])))
        candidates = [p for p in map(set, told) if len(p) == size + n_seeds and known <= p]
        assert any(not any(nearly_same(set(playlist), p) for playlist in learned) for p in candidates)


def nearly_same(one: set[str], other: set[str]) -> bool:
    return 2 * len(one & other) > min(len(one), len(other))


def test_near_copies_leave_whatever_their_repeats() -> None:
    """A list that stands 50 times in a long row of one song is as much a copy as any."""
    song = [f"s{number}" for number in range(11)]
    told = [song + ["s0"] * 50, song[:7] + [f"n{number}" for number in range(60)] + ["s0"] * 9]
    told += [["s1", f"x{number}", f"y{number}"] for number in range(20)]
    corpus = corpus_from_lists(told)
    for seed in range(40):
        held = hold_out(corpus, np.random.default_rng(seed), 0.05, 1, 5)
        learned = lists_of(held.corpus)
        if held.truth_sizes == [6]:
            assert told[1] not in learned
            break
    else:
        raise AssertionError("the list was never drawn")
    assert len(learned) == 20


def test_seeds_are_the_first_different_tracks_and_truth_the_rest() -> None:
    """In the order of the playlist, repeats dropped; what the rest never held counts in the size only."""
    told = [["a", "b", "a", "c", "d", "only here"]] + [["a", f"{n}"] for n in range(9)]
    told += [["b", "c", "p", "q"], ["d", "c", "r", "s", "t"]]
    held = hold_out(corpus_from_lists(told), np.random.default_rng(0), 1.0, 1, 2)
    names = held.corpus.vocabulary
    if names.raw_ids(held.seeds[0]) == ["a", "b"]:
        assert names.raw_ids(held.truths[0]) == ["c", "d"]
        assert held.truth_sizes == [3]


def test_nothing_long_enough_holds_nothing_out() -> None:
    """Then the whole corpus is there to learn from."""
    corpus = corpus_from_lists([["a", "b"], ["b", "c"]])
    held = hold_out(corpus, np.random.default_rng(0), 0.5, 10, 5)
    assert held.seeds == []
    assert held.corpus.fingerprint() == corpus.fingerprint()


def test_the_same_chance_holds_out_the_same() -> None:
    """Models are compared on the same playlists."""
    corpus = corpus_from_lists([[f"{p}-{t}" for t in range(12)] for p in range(40)])
    one, other = (hold_out(corpus, np.random.default_rng(5), 0.2, 100, 5) for _ in range(2))
    assert one.corpus.fingerprint() == other.corpus.fingerprint()
    assert len(one.seeds) == 8


def test_nothing_of_a_measured_playlist_is_learned() -> None:
    """Where no two playlists share a track, the training part knows none of the others' tracks."""
    told = [[f"{p}-{t}" for t in range(12)] for p in range(40)]
    parts = three_parts(corpus_from_lists(told), np.random.default_rng(5), 10)
    assert (len(parts.test), len(parts.validation), parts.training.n_playlists) == (8, 4, 28)
    assert all((tracks == NOT_FOUND).all() for tracks in parts.test + parts.validation)
    assert all(playlist in told for playlist in lists_of(parts.training))


@given(st.lists(tracks, min_size=1, max_size=40), st.integers(0, 5))
def test_no_two_parts_hold_near_copies(told: list[list[str]], seed: int) -> None:
    """Neither of the training part and a measured one, nor of validation and test."""
    corpus = corpus_from_lists(told)
    parts = three_parts(corpus, np.random.default_rng(seed), 3)
    names = parts.training.vocabulary
    learned = [set(playlist) for playlist in lists_of(parts.training)]
    for one in parts.test + parts.validation:
        assert one.dtype == np.int32
        assert len(one) >= 3
        known = set(names.raw_ids(one[one != NOT_FOUND]))
        assert not any(2 * len(known & playlist) > min(len(one), len(playlist)) for playlist in learned)
    for one in parts.test:
        for other in parts.validation:
            shared = np.intersect1d(one[one != NOT_FOUND], other)
            assert 2 * len(shared) <= min(len(one), len(other))


def test_measured_playlists_keep_their_order_without_repeats() -> None:
    """Seeds are the first tracks, so the order has to stay."""
    told = [[f"t{(p + n) % 50}" for n in (3, 1, 3, 2, 9, 1, 40)] for p in range(0, 50, 5)]
    corpus = corpus_from_lists(told + [["t1", f"x{p}"] for p in range(30)])
    parts = three_parts(corpus, np.random.default_rng(0), 4)
    names = parts.training.vocabulary
    for tracks in parts.test:
        got = [names.raw_ids(np.array([track]))[0] if track != NOT_FOUND else None for track in tracks]
        orders = [list(dict.fromkeys(playlist)) for playlist in told]
        assert any(all(g in (None, w) for g, w in zip(got, want, strict=True)) for want in orders)


def test_the_same_chance_parts_the_same() -> None:
    """A number fixes the split, and another number gives another."""
    corpus = corpus_from_lists([[f"{p}-{t}" for t in range(12)] for p in range(40)])
    one, same, other = (three_parts(corpus, np.random.default_rng(seed), 10) for seed in (5, 5, 6))
    assert one.training.fingerprint() == same.training.fingerprint() != other.training.fingerprint()


def test_playlists_that_are_too_short_are_only_learned_from() -> None:
    """Then there is nothing to be measured on."""
    corpus = corpus_from_lists([["a", "b"], ["b", "c"]])
    parts = three_parts(corpus, np.random.default_rng(0), 3)
    assert (parts.test, parts.validation) == ([], [])
    assert parts.training.fingerprint() == corpus.fingerprint()


def test_turns_share_the_test_part_and_no_validation_playlist() -> None:
    """What is chosen on several of them was never tested on; the first turn is the split as ever."""
    rng = np.random.default_rng(3)
    told = [[f"t{number}" for number in rng.choice(2_000, 12, replace=False)] for _ in range(100)]
    corpus = corpus_from_lists(told)
    as_ever = three_parts(corpus, np.random.default_rng(1), 12)
    splits = [three_parts(corpus, np.random.default_rng(1), 12, turn=turn) for turn in range(3)]
    assert lists_of(splits[0].training) == lists_of(as_ever.training)
    n_tested = len(as_ever.test)
    validated: list[list[str]] = []
    for split in splits:
        assert (len(split.test), len(split.validation)) == (n_tested, 10)
        learned = lists_of(split.training)
        missing = [playlist for playlist in told if playlist not in learned]
        assert len(missing) == n_tested + 10
        validated += missing
    assert len({tuple(playlist) for playlist in validated}) == n_tested + 30


@given(st.lists(tracks, min_size=1, max_size=25), st.integers(0, 5), st.integers(1, 4))
def test_near_copies_are_found_whatever_is_compared_at_once(told: list[list[str]], seed: int, at_once: int) -> None:
    """A few held-out playlists at a time, or all."""
    corpus = corpus_from_lists(told)
    whole = hold_out(corpus, np.random.default_rng(seed), 0.4, 9, 1)
    usual, splits._COMPARED_AT_ONCE = splits._COMPARED_AT_ONCE, at_once
    try:
        parts = hold_out(corpus, np.random.default_rng(seed), 0.4, 9, 1)
    finally:
        splits._COMPARED_AT_ONCE = usual
    assert parts.corpus.fingerprint() == whole.corpus.fingerprint()


@given(st.lists(tracks, min_size=1, max_size=25), st.integers(0, 5))
def test_what_is_kept_is_numbered_as_its_own_corpus(told: list[list[str]], seed: int) -> None:
    """The numbers of the part lead to the same ids, and what is not in it has none."""
    corpus = corpus_from_lists(told)
    kept = np.flatnonzero(np.random.default_rng(seed).random(len(told)) < 0.5)
    part, numbers = kept_only(corpus, kept)
    alone = corpus_from_lists([told[number] for number in kept.tolist()])
    assert part.fingerprint() == alone.fingerprint()
    assert part.vocabulary.by_id.tolist() == alone.vocabulary.by_id.tolist()
    assert numbers.tolist() == part.vocabulary.numbers_of(corpus.vocabulary).tolist()
