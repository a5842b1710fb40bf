"""Gradient-boosted trees as arrays: learned with LightGBM, asked with numpy alone, because suggesting starts fast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

_DEPTH = 5
_LEAVES = 15
_AT_ONCE = 8
"""So many trees are asked at once: what they look up stays near the processor; by measuring."""


@dataclass(frozen=True)
class Forest:
    """Trees of at most _DEPTH levels; each node is a row, leaves too. Source: Ke et al., "LightGBM", NIPS 2017."""

    features: np.ndarray
    """int16, shape (trees, nodes): the feature that a node asks for; 0 in leaves."""
    thresholds: np.ndarray
    """float64, shape (trees, nodes): up to it goes left; of no meaning in leaves."""
    lefts: np.ndarray
    """int16, shape (trees, nodes): the node on the left; in leaves the node itself."""
    rights: np.ndarray
    """int16, shape (trees, nodes): the node on the right; in leaves the node itself."""
    values: np.ndarray
    """float32, shape (trees, nodes): what a leaf adds; 0 in other nodes."""

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Add up what the trees say of each row: float64, shape (rows,). rows: float32, shape (rows, features)."""
        n_rows, n_nodes = len(rows), self.features.shape[1]
        # Flat arrays of the one kind of number that numpy looks up by: three times as fast as rows and columns.
        columns = np.ascontiguousarray(rows.T).ravel()
        roots = n_nodes * np.arange(len(self.features))
        starts = (self.features.astype(np.intp) * n_rows).ravel()
        children = (np.stack([self.rights, self.lefts], axis=2) + roots[:, None, None]).ravel()
        thresholds, values = self.thresholds.ravel(), self.values.ravel()
        total = np.zeros(n_rows)
        for first in range(0, len(roots), _AT_ONCE):
            own = roots[first : first + _AT_ONCE]
            node, at = np.repeat(own, n_rows), np.tile(np.arange(n_rows), len(own))
            for _ in range(_DEPTH):
                left = columns.take(starts.take(node) + at) <= thresholds.take(node)
                node = children.take(2 * node + left)
            # One after the other, so that the sum does not hang on how many are asked at once.
            for told in values.take(node).reshape(-1, n_rows):
                total += told
        return total

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the arrays by name."""
        return {
            "tree-features": self.features, "tree-thresholds": self.thresholds, "tree-lefts": self.lefts,
            "tree-rights": self.rights, "tree-values": self.values,
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], n_features: int) -> Self:
        """Rebuild it from arrays(). Raises ValueError when they are no trees of that many features."""
        forest = cls(*(np.array(arrays[name]) for name in ("tree-features", "tree-thresholds", "tree-lefts",
                                                            "tree-rights", "tree-values")))  # fmt: skip
        shape = forest.features.shape
        parts = (forest.thresholds, forest.lefts, forest.rights, forest.values)
        if len(shape) != 2 or any(part.shape != shape for part in parts):
            raise ValueError("the trees' arrays do not fit together")
        if forest.features.size and not (forest.features.min() >= 0 and forest.features.max() < n_features):
            raise ValueError("a tree asks for a feature that there is not")
        for children in (forest.lefts, forest.rights):
            if children.size and not (children.min() >= 0 and children.max() < shape[1]):
                raise ValueError("a tree leads nowhere")
        return forest


def grow(rows: np.ndarray, right: np.ndarray, trees: int, seed: int) -> Forest:
    """Learn to tell right from wrong candidates.

    rows: float32, shape (rows, features). right: float32, shape (rows,), from 0, wrong, to 1; some may be in between.
    """
    import lightgbm

    objective = "cross_entropy" if ((right > 0) & (right < 1)).any() else "binary"
    settings = {
        "objective": objective, "learning_rate": 0.05, "num_leaves": _LEAVES, "max_depth": _DEPTH,
        "min_data_in_leaf": 200, "feature_fraction": 0.7, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 10.0,
        "use_missing": False, "verbose": -1, "num_threads": 2, "deterministic": True, "force_row_wise": True,
        "seed": seed,
    }  # fmt: skip
    learned = lightgbm.train(settings, lightgbm.Dataset(rows, right.astype(np.float32)), trees)
    return _as_arrays([tree["tree_structure"] for tree in learned.dump_model()["tree_info"]])


def _as_arrays(told: Sequence[dict[str, Any]]) -> Forest:
    nodes = 2 * _LEAVES - 1
    shape = (len(told), nodes)
    features, children = np.zeros(shape, np.int16), np.zeros((2, *shape), np.int16)
    thresholds, values = np.zeros(shape), np.zeros(shape, np.float32)
    for tree, root in enumerate(told):
        waiting, used = [(root, 0)], 1
        while waiting:
            node, place = waiting.pop()
            if "leaf_value" in node:
                values[tree, place] = node["leaf_value"]
                children[:, tree, place] = place
                continue
            features[tree, place], thresholds[tree, place] = node["split_feature"], node["threshold"]
            for side, name in enumerate(("left_child", "right_child")):
                children[side, tree, place] = used
                waiting.append((node[name], used))
                used += 1
    return Forest(features, thresholds, children[0], children[1], values)
