"""The learners that a taste is tried with, and what each is searched over.

Each sits at the end of one row of steps: fill what is not known, scale, tell the distance to the liked centre, select,
even the classes out, learn. All of them are fitted on the training part of a fold alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from imblearn.over_sampling import RandomOverSampler
from imblearn.pipeline import Pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectPercentile, VarianceThreshold, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import SGDClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from recommender.taste.centre import LikedCentre

Options = dict[str, str | int | float]
NONE, UNDER, OVER = SAMPLINGS = ("none", "under", "over")
"""Leave the classes as they are, leave some of the larger one out, or take some of the smaller one again. Not SMOTE: it
would invent songs that are half of a genre and in no key."""
_WITHOUT_FAIL = 1e30
_SELECTED = 40
"""So many of a hundred columns the selection step keeps."""


@dataclass(frozen=True)
class Learner:
    """One way to learn."""

    name: str
    make: Callable[[int], Any]
    """Makes the classifier of a seed."""
    grid: dict[str, tuple[str | int | float, ...]]
    """What of its settings is searched over."""

    def settings(self) -> list[Options]:
        """List all that the search tries."""
        return [dict(zip(self.grid, values, strict=True)) for values in product(*self.grid.values())]


LEARNERS = (
    Learner("decision-tree", lambda seed: DecisionTreeClassifier(min_samples_leaf=5, random_state=seed),
            {"max_depth": (2, 4, 8)}),
    # Averaged weights, or the usual rate, end far from what logistic regression finds on songs.
    Learner("sgd", lambda seed: SGDClassifier(loss="log_loss", penalty="elasticnet", learning_rate="adaptive",
                                              eta0=0.01, max_iter=5000, random_state=seed),
            {"alpha": (0.001, 0.01, 0.05)}),
    Learner("svc", lambda seed: SVC(random_state=seed), {"C": (0.3, 1.0, 10.0), "gamma": ("scale", 0.005)}),
    Learner("random-forest", lambda seed: RandomForestClassifier(150, random_state=seed),
            {"min_samples_leaf": (1, 4)}),
    Learner("neural-net", lambda seed: MLPClassifier((16,), learning_rate_init=0.01, tol=1e-3, max_iter=1000,
                                                     random_state=seed), {"alpha": (0.1, 3.0)}),
)  # fmt: skip
"""The simplest first: of two that are as good, the one that stands before the other is kept."""


def _apart(rows: np.ndarray, liked: np.ndarray) -> np.ndarray:
    """Tell how far each column sets likes apart; of one that does it without fail no quotient can be had."""
    with np.errstate(divide="ignore"):
        told: np.ndarray = np.minimum(f_classif(rows, liked)[0], _WITHOUT_FAIL)
    return told


def steps(learner: Learner, sampling: str, options: Options, seed: int, centred: int, selected: bool) -> Pipeline:
    """Make the row of steps, unfitted. centred: as Rows tells it. selected: whether few columns are kept."""
    sampler = {
        NONE: "passthrough",
        UNDER: RandomUnderSampler(random_state=seed),
        OVER: RandomOverSampler(random_state=seed),
    }[sampling]
    return Pipeline(
        [
            ("fill", SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)),
            ("scale", StandardScaler()),
            ("centre", LikedCentre(centred) if centred else "passthrough"),
            # What is the same in all songs of a fold can neither help nor be ranked.
            ("vary", VarianceThreshold() if selected else "passthrough"),
            ("select", SelectPercentile(_apart, percentile=_SELECTED) if selected else "passthrough"),
            ("sample", sampler),
            ("learn", learner.make(seed).set_params(**options)),
        ]
    )
