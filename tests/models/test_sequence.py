"""sequence counts what follows what, and listens to the last seed most."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.sequence import PRESETS, Options, Sequence
from tests.worlds import clean_world, noisy_world, right_share

PLAIN = PRESETS["plain"]


def fit(corpus: Corpus, options: Options = PLAIN) -> Sequence:
    return Sequence.fit(corpus, np.random.default_rng(0), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def small() -> Corpus:
    """Counts: a 3, b 2, c 2, d 1, so that these are the track numbers 0 to 3."""
    return corpus_from_lists([["a", "b", "c"], ["a", "c", "b", "b"], ["a", "d"]])


def brute(corpus: Corpus, options: Options) -> np.ndarray:
    """All rules, dense, from the formula."""
    rules = np.zeros((corpus.n_tracks, corpus.n_tracks))
    for tracks in corpus:
        for place, first in enumerate(tracks):
            for distance, second in enumerate(tracks[place + 1 : place + 1 + options.window], 1):
                rules[first, second] += 1 / distance
                rules[second, first] += options.back / distance
    np.fill_diagonal(rules, 0)
    count = corpus.playlist_counts.astype(float)
    divided: np.ndarray = rules / (np.outer(count, count) ** options.alpha + options.shrink)
    return divided


def test_what_follows_sooner_and_oftener_scores_more() -> None:
    """After a come b at 1, 2 and 3 places, c at 1 and 2, d at 1; nothing comes after d, and a is never after."""
    model = fit(small())
    assert model.scores(seeds(0))[1:] == pytest.approx([1 + 1 / 2 + 1 / 3, 1 / 2 + 1, 1])
    assert np.isnan(model.scores(seeds(3))).all()
    assert np.isnan(model.scores(seeds(1))[0])


def test_a_window_ends_and_playlists_do_not_run_into_each_other() -> None:
    model = fit(corpus_from_lists([["a", "b", "c"], ["d", "e"]]), replace(PLAIN, window=1))
    assert np.isnan(model.scores(seeds(0))).tolist() == [True, False, True, True, True]
    assert np.isnan(model.scores(seeds(2))).all()


def test_the_last_seed_says_most() -> None:
    """Of age 1 it says 1 / (1 + fade); a seed that comes again is as young as its last time."""
    model = fit(corpus_from_lists([["a", "b"], ["c", "d"]]))
    assert model.scores(seeds(0, 2))[[1, 3]] == pytest.approx([1 / 1.5, 1])
    assert model.scores(seeds(0, 2, 0))[[1, 3]] == pytest.approx([1, 1 / 1.5])


corpora = st.lists(st.lists(st.sampled_from("abcdefghij"), min_size=2, max_size=9), min_size=1, max_size=9).filter(
    lambda playlists: any(len(set(playlist)) > 1 for playlist in playlists)
)


@settings(max_examples=60, deadline=None)
@given(corpora, st.integers(1, 12), st.sampled_from([PLAIN, Options(), Options(window=2, back=1.0, shrink=0.0)]))
def test_the_rules_are_the_surest_of_brute_force(playlists: list[list[str]], kept: int, like: Options) -> None:
    """Each list has the surest rules that there are, at the right tracks, the surest first."""
    corpus = corpus_from_lists(playlists)
    rules = fit(corpus, replace(like, neighbours=kept)).rules
    assert rules.weights is not None
    for track, row in enumerate(brute(corpus, like)):
        span = slice(rules.offsets[track], rules.offsets[track + 1])
        assert rules.weights[span] == pytest.approx(np.sort(row[row > 0])[::-1][:kept], rel=1e-5)
        assert row[rules.numbers[span]] == pytest.approx(rules.weights[span], rel=1e-5)
        assert len(set(rules.numbers[span].tolist())) == len(rules.numbers[span])


def test_blocks_of_places_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs across the border of two blocks are counted once, and progress rises to 1."""
    corpus, _ = noisy_world(np.random.default_rng(3))
    whole = fit(corpus, Options())
    monkeypatch.setattr("recommender.models.sequence._PAIRS_AT_ONCE", 100)
    shares: list[float] = []
    parts = Sequence.fit(corpus, np.random.default_rng(0), Options(), shares.append)
    asked = np.arange(corpus.n_tracks, dtype=np.int32)
    for seed in asked:
        np.testing.assert_allclose(parts.scores(seeds(seed)), whole.scores(seeds(seed)), rtol=1e-5)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_order_is_learned() -> None:
    """In an album the next song is the first suggestion, whichever song is asked."""
    album = [f"song{number}" for number in range(8)]
    corpus = corpus_from_lists([album, album[2:], album[:6]])
    number = {str(raw): track for track, raw in enumerate(corpus.vocabulary.raw_ids(np.arange(8)))}
    model = fit(corpus, Options())
    for this, following in pairwise(album):
        scores = np.nan_to_num(model.scores(seeds(number[this])))
        assert int(scores.argmax()) == number[following]


def test_refuses_what_teaches_nothing() -> None:
    with pytest.raises(CannotTrain, match="no playlist holds two different tracks"):
        fit(corpus_from_lists([["a", "a"], ["b"]]))
    with pytest.raises(CannotTrain, match="option window must be from 1 to 1,000, not 0"):
        fit(small(), Options(window=0))


def test_knows_the_tastes_of_small_worlds() -> None:
    """Though their playlists have no order."""
    for world, least in ((clean_world, 1.0), (noisy_world, 0.75)):
        shares = []
        for number in range(5):
            corpus, taste = world(np.random.default_rng(number))
            shares.append(right_share(fit(corpus, Options()), corpus, taste, np.random.default_rng(1)))
        assert np.mean(shares) >= least


def test_arrays_that_do_not_fit_are_refused_and_nonsense_is_damage() -> None:
    arrays = dict(fit(small()).arrays())
    kinds = {name: array.dtype for name, array in arrays.items()}
    assert kinds == {"offsets": np.int64, "followers": np.int32, "weights": np.float32}
    for name in arrays:
        with pytest.raises(ValueError, match=r"offsets|rules"):
            Sequence.from_arrays(arrays | {name: arrays[name][:-1]}, PLAIN, 4)
    with pytest.raises(ValueError, match="weights are no whole numbers"):
        Sequence.from_arrays(arrays | {"weights": np.zeros(len(arrays["weights"]), np.int32)}, PLAIN, 4)
    for name, value in (
        ("offsets", -5),
        ("offsets", 10**9),
        ("followers", -1),
        ("followers", 99),
        ("weights", np.nan),
        ("weights", 3.4e38),
    ):
        spoilt = arrays[name].copy()
        spoilt[1 if name == "offsets" else 0 : -1 if name == "offsets" else None] = value
        with pytest.raises(DamagedModel, match=r"^its (lists|weights)"):
            Sequence.from_arrays(arrays | {name: spoilt}, PLAIN, 4).scores(seeds(0, 1))
