"""The ways there are. Each is imported when it is asked for, so that suggesting starts fast."""

from importlib import import_module

from recommender.models.ways.grid import Grid
from recommender.models.ways.ordered import Trees

_WAYS = {
    "trees": "trees",
    "switching": "switching",
    "mixed": "mixed",
    "cascade": "cascade",
    "feature-combination": "combination",
    "feature-augmentation": "augmentation",
    "meta-level": "meta_level",
    "next": "following",
}
NAMES = tuple(_WAYS)


def way_of(name: str) -> Grid | Trees:
    """Give a way. Raises ValueError when there is none of this name."""
    if name not in _WAYS:
        raise ValueError(f"there is no way {name}")
    found: Grid | Trees = import_module(f"recommender.models.ways.{_WAYS[name]}").WAY
    return found
