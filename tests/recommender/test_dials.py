"""The dials: untouched they change nothing, turned they do what they say, by hand and on made-up pools."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recommender.lists import dials
from recommender.ranking import best_first

score = st.one_of(st.sampled_from([0.0, 1.0, float("nan")]), st.floats(-1e6, 1e6, width=32))


@st.composite
def pools(draw: st.DrawFn) -> np.ndarray:
    """Give the scores of a pool, best first, untold last, as best_first leaves them."""
    scores = np.array(draw(st.lists(score, min_size=1, max_size=40)), np.float32)
    return scores[best_first(scores, np.zeros(0, np.int32), len(scores))]


@st.composite
def turned_pools(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Give the relevance of a pool, and in how many playlists its tracks stand."""
    relevance = dials.relevance(draw(pools()))
    fame = draw(st.lists(st.integers(1, 12), min_size=len(relevance), max_size=len(relevance)))
    return relevance, np.array(fame, np.int32)


@st.composite
def spaces(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Give the relevance of a pool, and vectors of length 1, some of which are not known."""
    relevance = dials.relevance(draw(pools()))
    size = len(relevance)
    vectors = draw(hnp.arrays(np.float64, (size, 3), elements=st.floats(-1, 1).filter(lambda x: abs(x) > 1e-3)))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[draw(st.lists(st.integers(0, size - 1), max_size=4))] = np.nan
    return relevance, vectors.astype(np.float32)


def order(relevance: np.ndarray) -> list[int]:
    return np.argsort(-relevance, kind="stable").tolist()


@given(pools())
def test_relevance_falls_from_one_to_nothing_in_the_order_of_the_model(scores: np.ndarray) -> None:
    """Also where scores are equal, or nothing is told, so that untouched dials leave the list as it is."""
    relevance = dials.relevance(scores)
    assert relevance.dtype == np.float32
    assert relevance[0] == 1
    assert len(scores) == 1 or relevance[-1] == 0
    assert (np.diff(relevance) < 0).all()


@given(pools(), st.floats(0.01, 100), st.floats(-100, 100))
def test_relevance_does_not_hang_on_the_scale_of_the_scores(scores: np.ndarray, times: float, plus: float) -> None:
    """Models score in units of their own."""
    moved = (scores.astype(np.float64) * times + plus).astype(np.float32)
    told = scores[np.isfinite(scores)].astype(np.float64)
    if len(told) and np.ptp(told) > 1e-3 * (1 + np.abs(told).max() + 100 / times):
        np.testing.assert_allclose(dials.relevance(moved), dials.relevance(scores), atol=2e-3)


def test_relevance_knows_how_sure_the_model_is() -> None:
    """What is far behind the best is less relevant than what is close to it at the same place."""
    close, far = dials.relevance(np.float32([10, 9.9, 0])), dials.relevance(np.float32([10, 0.1, 0]))
    assert close[1] > far[1] + 0.3
    assert dials.relevance(np.zeros(0, np.float32)).shape == (0,)


@given(turned_pools())
def test_popularity_at_nothing_is_the_order_of_the_model(pool: tuple[np.ndarray, np.ndarray]) -> None:
    """To the last bit."""
    relevance, fame = pool
    np.testing.assert_array_equal(dials.popular(relevance, fame, 0.0), relevance)


@given(turned_pools(), st.lists(st.floats(-1, 1), min_size=2, max_size=5), st.integers(1, 15))
def test_the_first_songs_are_never_less_known_when_popularity_is_turned_up(
    pool: tuple[np.ndarray, np.ndarray], turned: list[float], n: int
) -> None:
    """By place of fame within the pool, on the mean, for any number of songs."""
    relevance, fame = pool
    places = np.searchsorted(np.sort(fame), fame) + np.searchsorted(np.sort(fame), fame, side="right")
    means = [places[order(dials.popular(relevance, fame, dial))[:n]].mean() for dial in sorted(turned)]
    assert all(after >= before - 1e-6 for before, after in pairwise(means))


@given(turned_pools(), st.floats(-1, 1), st.integers(0, 2**31))
def test_dials_hand_out_the_same_relevances(pool: tuple[np.ndarray, np.ndarray], dial: float, seed: int) -> None:
    """So that one can follow the other, and nothing comes in or gets lost."""
    relevance, fame = pool
    turned = dials.popular(relevance, fame, dial)
    varied = dials.vary(turned, np.random.default_rng(seed))
    for one in (turned, varied):
        assert one.dtype == np.float32
        np.testing.assert_array_equal(np.sort(one), np.sort(relevance))


@given(turned_pools(), st.floats(-1, 1))
def test_equally_known_songs_keep_their_order(pool: tuple[np.ndarray, np.ndarray], dial: float) -> None:
    """Among songs of one playlist each, the model decides."""
    relevance, fame = pool
    turned = order(dials.popular(relevance, fame, dial))
    for value in np.unique(fame):
        same = [place for place in turned if fame[place] == value]
        assert same == sorted(same)


def test_popularity_turned_to_its_ends_brings_the_unknown_and_the_known() -> None:
    """A gem that is nearly as relevant as a hit comes first, and the other way round; far behind it does not."""
    relevance = dials.relevance(np.float32([9, 8.9, 8.8, 1, 0.5, 0.2]))
    fame = np.array([5, 90, 1, 100, 1, 2])
    assert order(dials.popular(relevance, fame, -1))[0] == 2
    assert order(dials.popular(relevance, fame, 1))[0] == 1
    assert order(dials.popular(relevance, fame, -0.25))[:3] == [0, 2, 1]


def test_varied_lists_are_the_same_from_the_same_chance_and_others_from_other() -> None:
    """About half of ten are new where scores fall as those of models do, and the best stays near the top."""
    relevance = dials.relevance((1 / (30 + np.arange(500))).astype(np.float32))
    drawn = [order(dials.vary(relevance, np.random.default_rng(seed)))[:10] for seed in range(200)]
    assert drawn[3] == order(dials.vary(relevance, np.random.default_rng(3)))[:10]
    new = np.mean([[place >= 10 for place in ten] for ten in drawn])
    assert 0.3 < new < 0.7
    assert np.mean([0 in ten for ten in drawn]) > 0.6
    assert np.mean([0 in ten for ten in drawn]) > np.mean([9 in ten for ten in drawn]) + 0.2
    assert len({tuple(ten) for ten in drawn}) == 200


@given(pools(), st.integers(0, 99))
def test_no_strength_is_no_change(scores: np.ndarray, seed: int) -> None:
    """The lists come as they are."""
    relevance = dials.relevance(scores)
    np.testing.assert_array_equal(dials.vary(relevance, np.random.default_rng(seed), 0.0), relevance)


def test_what_is_drawn_first_goes_with_relevance_to_its_power() -> None:
    """The lot is that of Plackett and Luce: the chance of coming first is the weight over the sum of weights."""
    relevance = np.float32([1.0, 0.9, 0.5])
    first = [order(dials.vary(relevance, np.random.default_rng(seed)))[0] for seed in range(4_000)]
    weights = relevance.astype(np.float64) ** dials.STEEPNESS
    np.testing.assert_allclose(np.bincount(first, minlength=3) / 4_000, weights / weights.sum(), atol=0.025)


def plain_mmr(relevance: np.ndarray, vectors: np.ndarray, diversity: float, n: int) -> list[int]:
    """Choose as Carbonell and Goldstein write it: compare with everything chosen, each time anew."""
    known = ~np.isnan(vectors).any(axis=1)
    full = vectors.astype(np.float64)
    full[~known] = full[known].mean(axis=0) if known.any() else 0.0
    chosen: list[int] = []
    while len(chosen) < min(n, len(relevance)):
        worth = {
            place: (1 - diversity) * float(relevance[place])
            - diversity * max((float(full[place] @ full[other]) for other in chosen), default=0.0)
            for place in range(len(relevance))
            if place not in chosen
        }
        best = max(worth.values())
        # float32 cannot tell what differs in the last bits.
        close = [place for place, value in worth.items() if value > best - 1e-5]
        got = dials.mmr(relevance, vectors, diversity, len(chosen) + 1).tolist()
        assert got[:-1] == chosen
        assert got[-1] in close
        chosen = got
    return chosen


@given(spaces(), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), st.integers(1, 12))
def test_mmr_is_what_its_authors_wrote(space: tuple[np.ndarray, np.ndarray], diversity: float, n: int) -> None:
    """Step by step, with every track chosen once."""
    chosen = plain_mmr(*space, diversity, n)
    assert len(set(chosen)) == len(chosen) == min(n, len(space[0]))


@given(spaces(), st.integers(1, 50))
def test_no_diversity_is_the_order_of_the_model(space: tuple[np.ndarray, np.ndarray], n: int) -> None:
    """Whatever the vectors."""
    assert dials.mmr(*space, 0.0, n).tolist() == list(range(min(n, len(space[0]))))


def test_diversity_alone_takes_one_of_each_kind() -> None:
    """Four kinds of three nearly equal songs: the first four are of four kinds, where relevance takes two kinds."""
    rng = np.random.default_rng(1)
    kinds = np.repeat(np.arange(4), 3)
    vectors = np.eye(4, 8)[kinds] + 0.01 * rng.normal(size=(12, 8))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    relevance = dials.relevance(np.linspace(1, 0, 12, dtype=np.float32))
    assert sorted(kinds[dials.mmr(relevance, vectors, 1.0, 4)]) == [0, 1, 2, 3]
    assert set(kinds[dials.mmr(relevance, vectors, 0.0, 4)]) == {0, 1}
    assert len(set(kinds[dials.mmr(relevance, vectors, 0.5, 4)])) > 2


def test_a_song_without_a_vector_is_as_alike_as_the_pool_is_on_the_mean() -> None:
    """Being unknown is no way to the top of a diverse list, nor to its end."""
    vectors = np.float32([[1, 0], [0.8, 0.6], [0, 1], [np.nan, np.nan]])
    penalties = dials.Penalties(vectors)
    np.testing.assert_array_equal(penalties.now, np.zeros(4))
    after = penalties.after(0)
    np.testing.assert_allclose(after, [1, 0.8, 0, np.mean([1, 0.8, 0])], atol=1e-6)
    np.testing.assert_allclose(penalties.after(2), [1, 0.8, 1, 0.6], atol=1e-6)
    assert np.isnan(vectors[3]).all()
    unknown = dials.Penalties(np.full((3, 2), np.nan, np.float32))
    np.testing.assert_array_equal(unknown.after(1), np.zeros(3))


def worlds_scores(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Give scores of seeds that lean to tracks 0 to 59 and partly to 40 to 99, and of an unliked one among the last."""
    liked = np.concatenate([np.full(60, 3.0), np.full(40, 0.0)]) + rng.random(100)
    liked[40:60] += 0.5
    unliked = np.concatenate([np.full(40, 0.0), np.full(60, 5.0)]) + rng.random(100)
    return liked.astype(np.float32), unliked.astype(np.float32)


def test_less_of_something_puts_down_what_goes_with_it_and_nothing_else() -> None:
    """The rest keeps the order it had."""
    liked, unliked = worlds_scores(np.random.default_rng(2))
    excluded = np.array([99], np.int32)
    before, after = (best_first(scores, excluded, 20) for scores in (liked, dials.less(liked, unliked, excluded)))
    assert ((before >= 40) & (before < 60)).mean() > 0.5
    assert ((after >= 40) & (after < 60)).mean() < 0.1


@given(st.lists(st.tuples(score, score), min_size=1, max_size=40))
def test_less_leaves_untold_what_was_and_order_where_nothing_speaks_against(pairs: list[tuple[float, float]]) -> None:
    """And it never writes into what it is given, nor makes up infinities."""
    scores, unlike = np.array(pairs, np.float32).T.copy()
    before = scores.copy()
    told = dials.less(scores, unlike, np.zeros(0, np.int32))
    np.testing.assert_array_equal(np.isnan(told), np.isnan(scores))
    assert not np.isinf(told).any()
    np.testing.assert_array_equal(scores, before)
    silent = np.full_like(unlike, np.nan)
    np.testing.assert_array_equal(dials.less(scores, silent, np.zeros(0, np.int32)), scores)


@pytest.mark.parametrize(("n", "size"), [(1, 500), (10, 500), (25, 500), (100, 2_000)])
def test_a_long_list_is_turned_in_a_larger_pool(n: int, size: int) -> None:
    """So that there is something to choose from."""
    assert dials.pool_size(n) == size
