"""How a hybrid is trained and asked where there are very many tracks."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.corpus import Corpus
from recommender.models import hybrid
from recommender.models.blend import best_levels
from recommender.models.hybrid import Hybrid, Options
from recommender.models.ways import asked as asking
from recommender.models.ways.asked import Asked
from recommender.models.word2vec import Options as WordOptions
from recommender.models.word2vec import Word2Vec
from tests.worlds import noisy_world, right_share

QUICK = Options(word2vec_s=1.0)


def world() -> tuple[Corpus, np.ndarray]:
    return noisy_world(np.random.default_rng(1))


def test_of_very_many_tracks_the_slow_part_is_trained_once_on_nearly_all_playlists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It knows the tracks by their numbers in the whole collection."""
    corpus, taste = world()
    monkeypatch.setattr(hybrid, "ALL", 10)
    monkeypatch.setattr(hybrid, "_NEARLY_ALL", 0.1)
    fits: list[int] = []
    real = Word2Vec.fit.__func__  # type: ignore[attr-defined]

    def fit(cls: type[Word2Vec], part_of: Corpus, *more: object) -> Word2Vec:
        fits.append(part_of.n_playlists)
        fitted: Word2Vec = real(cls, part_of, *more)
        return fitted

    monkeypatch.setattr(Word2Vec, "fit", classmethod(fit))
    model = Hybrid.fit(corpus, np.random.default_rng(2), replace(QUICK, share=0.3))
    assert fits
    assert all(n < corpus.n_playlists for n in fits), "never on all of them"
    own = model.parts["word2vec"]
    assert isinstance(own, Word2Vec)
    assert own.scores(np.array([0], np.int32)).shape == (corpus.n_tracks,)
    assert right_share(own, corpus, taste, np.random.default_rng(3)) > 0.6
    assert right_share(model, corpus, taste, np.random.default_rng(3)) > 0.6


def test_a_renumbered_model_says_the_same_of_the_same_tracks() -> None:
    corpus, _ = world()
    model = Word2Vec.fit(corpus, np.random.default_rng(1), WordOptions(epochs=3, workers=1))
    numbers = np.random.default_rng(2).permutation(corpus.n_tracks + 5)[: corpus.n_tracks]
    other = model.renumbered(numbers, corpus.n_tracks + 5)
    told = other.scores(numbers[[3, 8]].astype(np.int32))
    np.testing.assert_allclose(told[numbers], model.scores(np.array([3, 8], np.int32)), rtol=1e-5, atol=1e-6)
    assert np.isnan(np.delete(told, numbers)).all()


def test_of_very_many_tracks_the_best_known_are_looked_through_and_what_other_parts_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where both reach far enough, the answer is that of looking through everything."""
    corpus, _ = world()
    model = Hybrid.fit(corpus, np.random.default_rng(2), QUICK)
    seeds = np.array([0, 5, 9], np.int32)
    everything = model.scores(seeds)
    exact = Asked(model.parts, model.facts, {}, seeds).best("als")
    monkeypatch.setattr(asking, "SEARCHED", 10)
    asked = Asked(model.parts, model.facts, {}, seeds)
    tracks, levels = asked.best("als")
    named = np.concatenate(
        [asked.best(kind)[0] for kind in ("item-knn", "playlist-knn", "artists") if kind in model.parts]
    )
    assert set(tracks[tracks >= 10]) <= set(named)
    assert levels.max() == 1
    both = np.intersect1d(tracks, exact[0])
    assert len(both) > 0.8 * len(tracks)
    there = np.isfinite(everything) & np.isfinite(model.scores(seeds))
    assert there.sum() > 0.9 * np.isfinite(everything).sum()


@pytest.mark.parametrize("n_tracks", [480, 499, 500, 501, 502, 700, 3_000, 40_000])
def test_the_best_of_many_are_the_best_of_all(n_tracks: int) -> None:
    """Equal ones at the end of the reach, what cannot be told, and seeds included, wherever the numbers leave gaps."""
    rng = np.random.default_rng(4)
    scores = rng.integers(40, size=n_tracks).astype(np.float32)
    scores[rng.random(n_tracks) < 0.1] = np.nan
    seeds = np.array([0, 2, n_tracks - 1, n_tracks + 7], np.int64)
    told = np.flatnonzero(np.isfinite(scores) & ~np.isin(np.arange(n_tracks), seeds))
    whole = best_levels(told, scores[told])
    inside = seeds[seeds < n_tracks]
    first = n_tracks // 2
    for own in (
        asking.best_of(scores, inside),
        asking._best_among(scores, first, np.arange(first, n_tracks), seeds),
        asking._without(seeds, np.arange(n_tracks), scores),
    ):
        for mine, other in zip(own, whole, strict=True):
            np.testing.assert_array_equal(mine, other)
    others = np.arange(first, n_tracks) * 2  # tracks that stand farther off than their scores
    tracks, levels = asking._best_among(scores, first, others, np.array([0, 2, others[-1]]))
    np.testing.assert_array_equal(tracks, np.where(whole[0] < first, whole[0], whole[0] * 2))
    np.testing.assert_array_equal(levels, whole[1])
