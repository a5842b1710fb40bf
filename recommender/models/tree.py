"""One decision tree as arrays: grown by scikit-learn, asked with numpy alone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

MOST_DEPTH = 30
_NAMES = ("tree-features", "tree-thresholds", "tree-lefts", "tree-rights", "tree-values")


@dataclass(frozen=True)
class Tree:
    """Questions about features, each with two ways to go on. Each node is a place in all arrays, leaves too."""

    features: np.ndarray
    """int32, shape (nodes,): the feature that a node asks for; 0 in leaves."""
    thresholds: np.ndarray
    """float64, shape (nodes,): up to it goes left; of no meaning in leaves."""
    lefts: np.ndarray
    """int32, shape (nodes,): the node on the left; in leaves the node itself."""
    rights: np.ndarray
    """int32, shape (nodes,): the node on the right; in leaves the node itself."""
    values: np.ndarray
    """float32, shape (nodes,): the mean of what was learned there."""

    @property
    def n_leaves(self) -> int:
        """Count the leaves."""
        return int((self.lefts == np.arange(len(self.lefts))).sum())

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Give each row the value of its leaf: float32, shape (rows,). rows: float32, shape (rows, features)."""
        node = np.zeros(len(rows), np.int32)
        at = np.arange(len(rows))
        # So often and no oftener, as damaged nodes may lead in a circle.
        for _ in range(MOST_DEPTH):
            left = rows[at, self.features[node]] <= self.thresholds[node]
            after = np.where(left, self.lefts[node], self.rights[node])
            if (after == node).all():
                break
            node = after
        return self.values[node]

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the arrays by name."""
        columns = (self.features, self.thresholds, self.lefts, self.rights, self.values)
        return dict(zip(_NAMES, columns, strict=True))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], n_features: int) -> Self:
        """Rebuild it from arrays(). Raises ValueError when they are no tree of that many features."""
        tree = cls(*(np.array(arrays[name]) for name in _NAMES))
        columns = tuple(tree.arrays().values())
        if any(column.shape != (len(tree.values),) for column in columns) or not len(tree.values):
            raise ValueError("the tree's arrays do not fit together")
        if "".join(column.dtype.kind for column in columns) != "ifiif":
            raise ValueError("the tree's nodes are whole numbers, its thresholds and values are not")
        if not (tree.features.min() >= 0 and tree.features.max() < n_features):
            raise ValueError("the tree asks for a feature that there is not")
        for children in (tree.lefts, tree.rights):
            if not (children.min() >= 0 and children.max() < len(children)):
                raise ValueError("the tree leads nowhere")
        if not (np.isfinite(tree.values).all() and np.isfinite(tree.thresholds).all()):
            raise ValueError("the tree's values are no numbers")
        return tree


def grow(rows: np.ndarray, told: np.ndarray, depth: int, leaf: int, seed: int) -> Tree:
    """Grow a tree that tells the mean of what was told: a rating, or how likely a yes is, as 1 and 0.

    rows: float32, shape (rows, features). told: float32 or bool, shape (rows,). depth: levels, MOST_DEPTH at most.
    leaf: rows in a leaf, at least.
    """
    from sklearn.tree import DecisionTreeRegressor

    # The mean of ones and zeros is the share of ones, and its squared error half their Gini impurity, so that one
    # kind of tree serves both.
    learner = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=leaf, random_state=seed)
    grown = learner.fit(rows, told.astype(np.float64)).tree_
    own = np.arange(grown.node_count, dtype=np.int32)
    is_leaf = grown.children_left < 0
    return Tree(
        np.where(is_leaf, 0, grown.feature).astype(np.int32),
        np.where(is_leaf, 0.0, grown.threshold),
        np.where(is_leaf, own, grown.children_left).astype(np.int32),
        np.where(is_leaf, own, grown.children_right).astype(np.int32),
        grown.value[:, 0, 0].astype(np.float32),
    )
