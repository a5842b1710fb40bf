"""Trees as arrays: they say what LightGBM says."""

import lightgbm
import numpy as np
import pytest

from recommender.models.forest import Forest, grow

RNG = np.random.default_rng(5)
ROWS = RNG.random((4_000, 6)).astype(np.float32)
RIGHT = (ROWS[:, 0] + ROWS[:, 3] * ROWS[:, 4] + RNG.normal(0, 0.1, len(ROWS))) > 1.0


@pytest.fixture(scope="module")
def forest() -> Forest:
    return grow(ROWS, RIGHT, 40, 7)


def test_it_says_what_lightgbm_says(forest: Forest, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[lightgbm.Booster] = []
    real = lightgbm.train

    def train(*told: object) -> lightgbm.Booster:
        kept.append(real(*told))
        return kept[0]

    monkeypatch.setattr(lightgbm, "train", train)
    ours = grow(ROWS, RIGHT, 40, 7).predict(ROWS)
    np.testing.assert_allclose(ours, kept[0].predict(ROWS, raw_score=True), atol=1e-4)
    np.testing.assert_allclose(forest.predict(ROWS), ours, atol=1e-6, err_msg="the same seed, the same trees")


def test_right_rows_are_told_from_wrong_ones(forest: Forest) -> None:
    told = forest.predict(ROWS)
    assert told[RIGHT].mean() > told[~RIGHT].mean() + 2


def test_arrays_rebuild_it(forest: Forest) -> None:
    again = Forest.from_arrays(forest.arrays(), ROWS.shape[1])
    assert again.predict(ROWS[:100]).tolist() == forest.predict(ROWS[:100]).tolist()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("tree-features", 6, "feature"), ("tree-lefts", 99, "nowhere"), ("tree-rights", -1, "nowhere")],
)
def test_damaged_trees_are_refused(forest: Forest, name: str, value: int, said: str) -> None:
    arrays = {key: array.copy() for key, array in forest.arrays().items()}
    arrays[name][0, 0] = value
    with pytest.raises(ValueError, match=said):
        Forest.from_arrays(arrays, ROWS.shape[1])
    with pytest.raises(ValueError, match="fit together"):
        Forest.from_arrays(forest.arrays() | {name: np.zeros((2, 2), np.int16)}, ROWS.shape[1])
