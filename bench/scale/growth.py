"""How a cost grows with the size: the exponent of a power law. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Growth:
    """The exponent e of cost = c size^e."""

    exponent: float
    low: float
    """Lower end of its 95 % interval; NaN with fewer than three sizes."""
    high: float


def growth(sizes: Sequence[float], costs: Sequence[float]) -> Growth:
    """Fit the exponent by least squares on the logarithms, with Student's interval.

    sizes, costs: above 0, two or more. Raises ValueError with fewer, or where one is not above 0.
    """
    from scipy.stats import t

    if len(sizes) != len(costs) or len(set(sizes)) < 2 or min(*sizes, *costs) <= 0:
        raise ValueError("an exponent needs the costs at two sizes or more, all above 0")
    x, y = np.log(sizes) - np.log(sizes).mean(), np.log(costs) - np.log(costs).mean()
    spread = float(x @ x)
    slope = float(x @ y) / spread
    if len(sizes) < 3:
        return Growth(slope, float("nan"), float("nan"))
    free = len(sizes) - 2
    left = y - slope * x
    reach = float(t.ppf((1 + CONFIDENCE) / 2, free)) * (float(left @ left) / free / spread) ** 0.5
    return Growth(slope, slope - reach, slope + reach)
