"""What `segue tune` searches: for each kind of model the options worth changing, and between which values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A stretch of numbers to draw from, both ends allowed."""

    low: float
    high: float
    scale: str = "linear"
    """linear: evenly; log: evenly in the logarithm; whole: as log, in whole numbers. Both of these start above 0."""


Choices = tuple[str | bool | int | float, ...]
Space = Mapping[str, Span | Choices]
"""For each option what it is drawn from: a stretch of numbers, or the values themselves."""

SEARCH: Mapping[str, Space] = {
    "hybrid": {"share": Span(0.05, 0.3), "most": Span(100, 600, "whole"), "trees": Span(50, 400, "whole")},
    "artists": {
        "own": Span(0.5, 50, "log"),
        "alpha": Span(0.3, 0.9),
        "shrink": Span(0.05, 20, "log"),
        "half_length": Span(10, 500, "whole"),
    },
    "item-knn": {
        "neighbours": Span(100, 1_000, "whole"),
        "alpha": Span(0.1, 0.8),
        "shrink": Span(0.1, 100, "log"),
        "half_length": Span(20, 2_000, "whole"),
    },
    "als": {
        "factors": Span(16, 256, "whole"),
        "alpha": Span(1, 100, "log"),
        "regularization": Span(0.001, 100, "log"),
        "iterations": Span(5, 30, "whole"),
    },
    "playlist-knn": {
        "neighbours": Span(100, 5_000, "whole"),
        "recency": Span(1, 100, "log"),
        "length": Span(0, 1),
        "rarity": Span(0, 0.8),
    },
    # The epochs stay with the budget: a wider window then costs some of them, and no trial takes hours.
    "word2vec": {
        "vector_size": Span(16, 200, "whole"),
        "window": Span(2, 10, "whole"),
        "negative": Span(3, 20, "whole"),
        "ns_exponent": Span(-0.5, 1),
        "sample": (0.0, 1e-5, 1e-4, 1e-3),
        "alpha": Span(0.02, 0.2, "log"),
        "prior": Span(0, 0.6),
        "order": ("kept", "shuffled", "mixed"),
        "artist_in": Span(0, 3),
        "artist_out": Span(0, 2),
    },
    "title": {
        "grams": Span(0, 1),
        "neighbours": Span(50, 2_000, "whole"),
        "sharpness": Span(0.5, 6, "log"),
        "length": Span(0, 1),
        "rarity": Span(0, 0.6),
    },
    "sequence": {
        "window": Span(3, 50, "whole"),
        "back": Span(0, 1),
        "fade": Span(0.02, 5, "log"),
        "alpha": Span(0, 0.6),
        "shrink": Span(0.05, 50, "log"),
    },
    "user-knn": {
        "k": Span(5, 200, "whole"),
        "voters": Span(100, 3_000, "whole"),
        "similarity": ("pearson_baseline", "cosine", "msd"),
        "shrinkage": Span(1, 1_000, "log"),
        "zeros": Span(20, 500, "whole"),
    },
    "item-knn-basic": {
        "k": Span(5, 200, "whole"),
        "similarity": ("pearson_baseline", "cosine", "msd"),
        "shrinkage": Span(1, 1_000, "log"),
        "zeros": Span(20, 500, "whole"),
    },
    "svd": {
        "factors": Span(16, 128, "whole"),
        "epochs": Span(10, 60, "whole"),
        "rate": Span(0.01, 0.2, "log"),
        "regularization": Span(0.005, 0.5, "log"),
        "fold": Span(0.1, 100, "log"),
        "fame": Span(0, 1),
        "zeros": Span(100, 2_000, "whole"),
    },
    "trees": {"depth": Span(3, 12, "whole"), "leaf": Span(20, 1_000, "whole"), "neighbours": Span(50, 500, "whole")},
    "clusters": {
        "raters": Span(2, 500, "whole"),
        "tracks": Span(2, 500, "whole"),
        "components": Span(8, 256, "whole"),
        "shrink": Span(0.5, 50, "log"),
        "together": Span(0, 10),
    },
    "text": {
        "artists": Span(0.3, 10, "log"),
        "title": Span(0.1, 3, "log"),
        "album": Span(0.1, 10, "log"),
        "grams": Span(0, 1),
        "common": Span(0.001, 0.1, "log"),
        "fame": Span(0, 3),
    },
    "genre": {"fame": Span(0, 1)},
    "meaning": {
        "dimensions": Span(32, 768, "whole"),
        "max_tokens": Span(16, 128, "whole"),
        "temperature": Span(0.02, 0.2, "log"),
        "rate": Span(1e-5, 1e-3, "log"),
    },
    "rank": {"mean": Span(0, 1)},
    "audio": {
        "learned": (True, False),
        "key": Span(0.1, 10, "log"),
        "tempo": Span(0.1, 10, "log"),
        "prior": Span(0, 0.5),
    },
    "knn-baseline": {
        "neighbours": Span(100, 1_000, "whole"),
        "zeros": Span(50, 400, "whole"),
        "shrinkage": Span(10, 1_000, "log"),
    },
}
"""A kind without options has nothing to search."""
