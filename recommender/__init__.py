"""Learning from playlists, ranking, suggesting."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recommender.lists.filters import Filters, Span
    from recommender.suggest import Answer, Suggester, Suggestion, Wishes

__all__ = ["Answer", "Filters", "Span", "Suggester", "Suggestion", "Wishes"]


def __getattr__(name: str) -> Any:
    # Asked for only when it is used: the command line needs this house's errors long before it needs numpy.
    if name in ("Filters", "Span"):
        from recommender.lists import filters

        return getattr(filters, name)
    if name in __all__:
        from recommender import suggest

        return getattr(suggest, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
