"""What a person may turn: known or unknown songs, alike or apart, another good list, less of something. Pure.

The dials turn a pool, the model's best tracks in its order, and never bring in what the model does not hold for likely.
Each takes the relevance of the pool's places and hands the same numbers out in another order, so that any of them can
follow any other.
"""

import numpy as np

from recommender.models.blend import levelled, over

FEWEST_POOL = 500
"""So many of the best are turned at least. With 200 to 1,000 a list of ten of equal fame is equally right."""
_POOL_TIMES = 20
FAME_COUNTS = 0.5
"""What fame counts where the dial is turned to its end; relevance counts the rest."""
_BEND = 0.6
"""Fame counts with the dial to this power, so that even steps of the dial are about even steps of fame."""
STEEPNESS = 5.0
"""A track's weight in the lot is its relevance to this power: about half of ten songs are then others."""
UNLIKED = 0.5
"""What the best track after the unliked ones loses, where the best after the seeds has 1; see less()."""
_LEAST = 1e-12


def pool_size(n: int) -> int:
    """Tell how many of the best tracks are to be turned for a list of n."""
    return max(FEWEST_POOL, _POOL_TIMES * n)


def relevance(scores: np.ndarray) -> np.ndarray:
    """Bring the scores of a pool to one scale for all models: float32, shape (pool,), from 1, the best, down to 0.

    Half of it is the level, which falls as the score does, and half the place, by its logarithm: places alone know
    nothing of how sure a model is, and levels alone leave equals, and what a model cannot tell, without an order.
    scores: float32, shape (pool,), best first; NaN, which comes last, has no level.
    """
    size = len(scores)
    levels = np.zeros(size)
    told = np.flatnonzero(np.isfinite(scores))
    if len(told):
        values = scores[told].astype(np.float64)
        span = np.ptp(values)
        levels[told] = (values - values.min()) / span if span else 1.0
    total = levels - np.log1p(np.arange(size)) / np.log(max(size, 2))
    total -= total.min(initial=np.inf)
    best = total.max(initial=0.0)
    return (total / best if best else np.ones(size)).astype(np.float32)


def popular(relevance: np.ndarray, fame: np.ndarray, dial: float) -> np.ndarray:
    """Turn a pool towards hidden gems (dial -1) or hits (dial 1): float32, shape (pool,); 0 changes nothing.

    fame: numbers, shape (pool,): in how many playlists each track stands, or minus its number where only that is known,
    as tracks are numbered by fame. What counts is the place by fame within the pool; equals share theirs. The mean of
    those places over the first n tracks, for any n, never falls while the dial rises.
    """
    if not dial or not len(relevance):
        return relevance
    _, which, counts = np.unique(fame, return_inverse=True, return_counts=True)
    places = np.cumsum(counts) - counts / 2
    by_fame = ((places - places[0]) / (np.ptp(places) or 1.0))[which]
    share = FAME_COUNTS * abs(dial) ** _BEND
    return dealt(relevance, (1 - share) * relevance + share * (by_fame if dial > 0 else 1 - by_fame))


def vary(relevance: np.ndarray, rng: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    """Draw another good order of a pool: float32, shape (pool,); strength 0 changes nothing.

    One track after the other is drawn without putting back, with chances that go with relevance^STEEPNESS: the model
    of Plackett, "The analysis of permutations", Applied Statistics 1975, drawn at once by sorting log weights with
    Gumbel noise added (Yellott 1977; Kool, van Hoof and Welling, "Stochastic beams and where to find them", ICML 2019).
    """
    weights = STEEPNESS * np.log(np.maximum(relevance, _LEAST, dtype=np.float64))
    return dealt(relevance, weights + strength * rng.gumbel(size=len(relevance)))


def dealt(relevance: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Hand out the same relevances, the largest to whom it is wanted most; equals by what they had, then by place."""
    dealt = np.empty_like(relevance)
    dealt[np.lexsort((-relevance, -wanted))] = np.sort(relevance)[::-1]
    return dealt


class Penalties:
    """How alike the places of a pool are to what was chosen of it so far.

    Alike is the cosine of the vectors. A track without a vector is as alike to any other as the pool is on the mean,
    so that being unknown neither helps nor harms; where no track has a vector, nothing is alike to anything.
    """

    def __init__(self, vectors: np.ndarray, untold: np.ndarray | None = None) -> None:
        """Begin with nothing chosen. vectors: float32, shape (pool, dimensions), of length 1, NaN for a track without.

        They are of models.contract.Embedding. untold: bool, shape (pool,): what the model cannot tell, which counts as
        alike as can be, so that being unlike brings it in no sooner.
        """
        self._vectors = np.array(vectors, np.float32)
        unknown = np.isnan(self._vectors).any(axis=1)
        self._vectors[unknown] = 0.0 if unknown.all() else self._vectors[~unknown].mean(axis=0)
        self.now = np.zeros(len(vectors), np.float32)
        """float32, shape (pool,): what after() gave last; 0 before the first."""
        self._any = False
        self._untold = np.zeros(len(vectors), bool) if untold is None else untold

    def after(self, place: int) -> np.ndarray:
        """Choose a place, and give each one's likeness to the most alike of the chosen: float32, shape (pool,)."""
        alike = np.where(self._untold, np.float32(1), self._vectors @ self._vectors[place])
        self.now = np.maximum(self.now, alike) if self._any else alike
        self._any = True
        return self.now


def marginal(relevance: np.ndarray, penalties: np.ndarray, diversity: float) -> np.ndarray:
    """Tell what each place would add to what was chosen: float32, shape (pool,).

    The maximal marginal relevance of Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering
    documents and producing summaries", SIGIR 1998. diversity: 0, relevance alone, to 1, being unlike alone.
    """
    told: np.ndarray = np.float32(1 - diversity) * relevance - np.float32(diversity) * penalties
    return told


def mmr(relevance: np.ndarray, vectors: np.ndarray, diversity: float, n: int) -> np.ndarray:
    """Choose n places one by one, each the best by marginal(): int64, fewer where there are fewer; equals by place."""
    penalties = Penalties(vectors)
    taken = np.zeros(len(relevance), np.float32)
    chosen = np.zeros(min(n, len(relevance)), np.int64)
    for turn in range(len(chosen)):
        place = int((marginal(relevance, penalties.now, diversity) - taken).argmax())
        chosen[turn] = place
        taken[place] = np.inf
        penalties.after(place)
    return chosen


def less(scores: np.ndarray, unlike_scores: np.ndarray, excluded: np.ndarray) -> np.ndarray:
    """Take off what speaks for the continuation of unliked tracks: float32, shape (tracks,), NaN where scores are NaN.

    scores: of the seeds; unlike_scores: by the same model, of the unliked tracks; both float32, shape (tracks,).
    excluded: the numbers of both. Both are brought to levels (models.blend.levelled). What is not among the best of the
    seeds' keeps the model's order, between -1 and 0, less what is taken off.
    """
    against = np.float32(UNLIKED) * levelled(unlike_scores, excluded)
    if not against.any():
        return scores
    return over(levelled(scores, excluded), scores) - against
