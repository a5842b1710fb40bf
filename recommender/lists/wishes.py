"""What a person wishes of a list beside its seeds. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any, Literal

from recommender.lists.filters import Filters
from recommender.lists.targets import Target

PER_ARTIST = 3
"""So many tracks of one artist come in a list, unless told otherwise."""

Order = Literal["best", "smooth"]


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """The choices of a list, all with their defaults; raises ValueError for what makes no sense."""

    title: str = ""
    """What the playlist is called; it speaks beside the seeds, or alone where there are none."""
    plain: bool = False
    """The model's own order, for measuring: nothing else here counts then, but the title."""
    per_artist: int | None = PER_ARTIST
    """How many tracks of one artist may come; None for any number."""
    versions: bool = False
    """Whether other versions of the seeds, and of each other, may come."""
    unlike: tuple[str, ...] = ()
    """Raw ids of tracks that the list should keep away from; nothing by their main artists comes, unless a seed is."""
    without: Collection[str] = ()
    """Raw ids of tracks that may not come, nor their other versions."""
    not_by: frozenset[str] = frozenset()
    """Artists of whom nothing may come, by their normalised names."""
    unheard: str | None = None
    """The listener of whom nothing that was played may come; "" where there is only one."""
    filters: Filters = field(default_factory=Filters)
    popularity: float = 0.0
    """From -1, hidden gems, over 0, as the model orders, to 1, hits."""
    diversity: float = 0.0
    """From 0, as the model orders, to 1, as unlike each other as can be."""
    order: Order = "best"
    """best: the best first; smooth: so that key, tempo and energy flow."""
    vary: int | None = None
    """The number of another good list; None for the one list that the model holds for best."""
    later: bool = False
    """Whether the later seeds weigh more."""
    why: bool = False
    """Whether each reason comes with the query that proves it."""
    reasons: bool = True
    """Whether songs come with reasons; who shows none need not wait for them."""
    targets: tuple[Target, ...] = ()
    """How the songs should sound; those nearer to it come sooner."""

    def __post_init__(self) -> None:
        if self.per_artist is not None and not (isinstance(self.per_artist, Integral) and self.per_artist >= 1):
            raise ValueError("per_artist must be 1 or more, or None to let any number come")
        if not _lies(self.popularity, -1, 1):
            raise ValueError("popularity goes from -1, hidden gems, to 1, hits")
        if not _lies(self.diversity, 0, 1):
            raise ValueError("diversity goes from 0 to 1")
        if self.vary is not None and not (isinstance(self.vary, Integral) and self.vary >= 0):
            raise ValueError("vary is a whole number, 0 or more")
        if self.order not in ("best", "smooth"):
            raise ValueError("order is best or smooth")
        for name in ("unlike", "without"):
            if isinstance(getattr(self, name), str):
                raise ValueError(f"{name} must be a list of raw track ids, not one text")
        if not isinstance(self.filters, Filters):
            raise ValueError("filters must be Filters")


def _lies(dial: Any, low: int, high: int) -> bool:
    return isinstance(dial, Real) and low <= float(dial) <= high
