"""Whether two lists of neighbours are one, but for the last digits of sums and for ties."""

import numpy as np

from recommender.models.neighbours import Neighbours

CLOSE = 1e-5
"""How far two sums of the same numbers may be apart, as a share of them: float32 has seven digits."""


def same_neighbours(expected: Neighbours, found: Neighbours) -> None:
    """Hold each list to the same length, the same similarities, and the same tracks wherever no tie lets two differ."""
    assert np.array_equal(expected.offsets, found.offsets)
    assert np.allclose(expected.similarities, found.similarities, rtol=CLOSE, atol=0)
    for start, end in zip(expected.offsets[:-1].tolist(), expected.offsets[1:].tolist(), strict=True):
        if start == end:
            continue
        alike = expected.similarities[start:end].astype(np.float64)
        # What is as alike as the last one may have been cut off by chance.
        sure = alike > alike[-1] * (1 + CLOSE)
        wanted = set(expected.numbers[start:end][sure].tolist())
        assert wanted <= set(found.numbers[start:end].tolist())
        own = found.similarities[start:end].astype(np.float64)
        assert np.all(np.diff(own) <= 0)
