"""How alike raters are, or tracks, by the ratings that two have in common: as Surprise tells it, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recommender.errors import DamagedModel
from recommender.models.links import Links, ranges

SIMILARITIES = ("pearson_baseline", "cosine", "msd")
_PAIRS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Alike:
    """Compares those of one side, raters or tracks, by what they have ratings with on the other side.

    No matrix of all pairs is held: a row is reckoned when it is asked for, with the sums in Surprise's order, so that
    ties are the same ties.
    """

    own: Links
    """A row for each that is compared: what it has ratings with, rising, and these ratings."""
    across: Links
    """The same ratings from the other side."""
    own_biases: np.ndarray
    """float64: of those that are compared."""
    across_biases: np.ndarray
    """float64: of the other side."""
    mean: float
    similarity: str
    shrinkage: float
    stored: Links | None = None
    """Surprise's own similarities, where they are kept: a row for each that is compared, those above 0 alone."""

    def row(self, one: int) -> np.ndarray:
        """Compare one with all: float64, one similarity for each, 0 for what is not above 0, and 1 with itself."""
        similar = np.zeros(self.own.n_rows)
        if self.stored is not None:
            _, numbers, told = self.stored.told(np.array([one]), self.own.n_rows)
            similar[numbers] = told
        else:
            _, others, ratings = self.own.told(np.array([one]), self.across.n_rows)
            numbers, told = self._met(others, ratings, self.own_biases[one], spared=1)
            similar[numbers] = told
            similar[one] = 1.0
        return similar

    def newcomer(self, others: np.ndarray, ratings: np.ndarray, damping: float) -> tuple[np.ndarray, np.ndarray]:
        """Compare one that was not there with all: the numbers of those above 0, rising, and how alike (float64).

        One rating in common is enough, as a newcomer may have no more.
        others: what it has ratings with, each once, rising. ratings: float64. damping: the regularisation of its bias.
        """
        with np.errstate(all="ignore"):
            bias = float((ratings - self.mean - self.across_biases[others]).sum() / (damping + len(others)))
        return self._met(others, ratings, bias, spared=0)

    def loosely(self, one: int, held: bool, most: int) -> tuple[np.ndarray, np.ndarray]:
        """Compare one with all where one rating in common is enough: as newcomer does, without itself.

        held: whether somebody has to rate both above 0, because zeros that were drawn alone make nothing alike. most:
        so many of those who rated it are asked, evenly spread, as those who are rated by all would take long.
        """
        _, others, ratings = self.own.told(np.array([one]), self.across.n_rows)
        if len(others) > most:
            some = np.linspace(0, len(others) - 1, most).astype(np.int64)
            others, ratings = others[some], ratings[some]
        numbers, similar = self._met(others, ratings, self.own_biases[one], spared=0)
        near = np.ones(self.own.n_rows, bool)
        if held:
            _, together, theirs = self.across.told(others[ratings > 0], self.own.n_rows)
            near[:] = False
            near[together[theirs > 0]] = True
        near[one] = False
        return numbers[near[numbers]], similar[near[numbers]]

    def block(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Compare some with some, each named once: float64, shape (rows, columns), as row does."""
        if self.stored is not None:
            kept = [self.row(one)[rows] for one in columns.tolist()]
            return np.array(kept).T.reshape(len(rows), len(columns))
        column_of, shared, ratings = self.own.told(columns, self.across.n_rows)
        second = self._beyond(ratings, shared, self.own_biases[columns][column_of])
        order = np.argsort(shared, kind="stable")
        column_of, second, counts = column_of[order], second[order], np.bincount(shared, minlength=self.across.n_rows)
        starts = np.cumsum(counts) - counts
        similar = np.zeros((len(rows), len(columns)))
        for part in self._parts(rows, counts):
            row_of, others, ratings = self.own.told(rows[part], self.across.n_rows)
            first = self._beyond(ratings, others, self.own_biases[rows[part]][row_of])
            lengths = counts[others]
            places = ranges(starts[others], lengths)
            keys = np.repeat(row_of * len(columns), lengths) + column_of[places]
            size = (part.stop - part.start) * len(columns)
            at, told = self._compared(keys, np.repeat(first, lengths), second[places], size, spared=1)
            similar[part].reshape(-1)[at] = told
        similar[rows[:, None] == columns] = 1.0
        return similar

    def _parts(self, rows: np.ndarray, counts: np.ndarray) -> Iterator[slice]:
        """Cut rows into parts that meet few enough ratings at once; counts: of each across, how many are met."""
        row_of, others, _ = self.own.told(rows, self.across.n_rows)
        met = np.cumsum(np.bincount(row_of, counts[others], len(rows)))
        start = 0
        while start < len(rows):
            before = met[start - 1] if start else 0
            end = max(int(np.searchsorted(met, before + _PAIRS_AT_ONCE, "right")), start + 1)
            yield slice(start, min(end, len(rows)))
            start = end

    def _met(self, others: np.ndarray, ratings: np.ndarray, bias: float, spared: int) -> tuple[np.ndarray, np.ndarray]:
        first = self._beyond(ratings, others, bias)
        met, numbers, theirs = self.across.told(others, self.own.n_rows)
        second = self._beyond(theirs, others[met], self.own_biases[numbers])
        return self._compared(numbers, first[met], second, self.own.n_rows, spared)

    def _beyond(self, ratings: np.ndarray, others: np.ndarray, biases: np.ndarray | float) -> np.ndarray:
        """Give what is compared: ratings beyond their baselines, or plain ratings."""
        if self.similarity != "pearson_baseline":
            return ratings
        with np.errstate(all="ignore"):
            beyond: np.ndarray = ratings - ((self.mean + self.across_biases[others]) + biases)
        if not np.isfinite(beyond).all():
            raise DamagedModel("its baselines are no numbers")
        return beyond

    def _compared(
        self, keys: np.ndarray, first: np.ndarray, second: np.ndarray, size: int, spared: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Sum up over the ratings in common: the keys with a similarity above 0, rising, and these (float64).

        spared: how many ratings in common tell nothing, as a correlation over a single one does not.
        """
        keys = keys.astype(np.intp)  # once, as each of the sums would do it for itself
        common = np.bincount(keys, minlength=size)
        centred = self.similarity == "pearson_baseline"
        at = np.flatnonzero(common > (spared if centred else 0))
        common = common[at]
        with np.errstate(all="ignore"):
            if self.similarity == "msd":
                similar = 1 / (np.bincount(keys, (first - second) ** 2, size)[at] / common + 1)
            else:
                lengths = np.bincount(keys, first**2, size)[at] * np.bincount(keys, second**2, size)[at]
                similar = np.bincount(keys, first * second, size)[at] / np.sqrt(lengths)
            if centred:
                similar *= (common - spared) / (common - spared + self.shrinkage)
        # What is no number, such as 0 over 0, is not above 0 either.
        above = similar > 0
        if not np.isfinite(similar[above]).all():
            raise DamagedModel("its ratings or biases are no numbers")
        return at[above], similar[above]


def weighted_means(
    sums_of: np.ndarray, n_sums: int, similar: np.ndarray, ratings: np.ndarray, k: int, min_k: int
) -> np.ndarray:
    """Give for each sum the mean of the k most similar ratings that are above 0, weighted by similarity.

    sums_of: integers, shape (any,), which of n_sums each rating belongs to; of equals the first come first. Returns
    float64, shape (n_sums,), NaN where fewer than min_k are left.
    """
    above = np.flatnonzero(similar > 0)
    sums_of, similar, ratings = sums_of[above], similar[above], ratings[above]
    order = np.lexsort((-similar, sums_of))
    counts = np.bincount(sums_of, minlength=n_sums)
    order = order[ranges(np.cumsum(counts) - counts, np.minimum(counts, k))]
    sums_of, similar = sums_of[order], similar[order]
    with np.errstate(invalid="ignore"):
        means = np.bincount(sums_of, similar * ratings[order], n_sums) / np.bincount(sums_of, similar, n_sums)
    means[np.minimum(counts, k) < min_k] = np.nan
    return means
