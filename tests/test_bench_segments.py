"""The bench of the recipes runs, on a world and listeners that are as its text says."""

import numpy as np
import pytest

from bench import segments
from recommender.segments.kinds import PROFILES, kind_of, known_of


@pytest.fixture(scope="module")
def world() -> segments.World:
    return segments.made_up(1)


def test_the_world_has_genres_that_playlists_keep_to(world: segments.World) -> None:
    corpus = world.corpus
    assert corpus.n_tracks == segments.GENRES * segments.ARTISTS * segments.SONGS
    own = [np.bincount(world.genre[playlist]).max() / len(playlist) for playlist in corpus]
    assert 0.7 < np.mean(own) < 0.9
    assert all(len(np.unique(world.genre[corpus.artists == artist])) == 1 for artist in (0, 7, 99))
    assert not np.isnan(corpus.audio).any()


@pytest.mark.parametrize("kind", PROFILES)
def test_listeners_are_of_their_kind_and_nothing_held_out_is_known(world: segments.World, kind: str) -> None:
    for asked in segments.listeners_of(world, kind, 20, np.random.default_rng(1)):  # type: ignore[arg-type]
        assert not set(asked.known) & set(asked.truth)
        assert 10 <= len(asked.truth) <= segments.TRUTH + 6
        if kind == "casual":
            assert kind_of(known_of([1] * len(asked.known), asked.known.tolist())) == "casual"
        if kind == "explorer":
            assert kind_of(known_of([8] * len(asked.known), asked.known.tolist())) == "explorer"
            assert world.fame[asked.known].mean() > 2 * world.fame[asked.truth].mean()


@pytest.mark.slow
def test_every_way_is_measured_on_every_kind() -> None:
    """Who knows the listener's songs does better than what is the same for all."""
    rows = segments.run(1, "item-knn", 20)
    assert [(row.kind, row.way) for row in rows] == [(k, w) for k in PROFILES for w in ("rank", "best", "recipe")]
    rates = {(row.kind, row.way): row.hit_rate_10 for row in rows}
    assert all(rates[kind, "best"] > rates[kind, "rank"] for kind in PROFILES)
    assert all(rates[kind, "recipe"] > rates[kind, "rank"] for kind in PROFILES)
