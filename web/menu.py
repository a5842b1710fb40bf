"""What stands in the head of every page."""

from dataclasses import dataclass

from flask import request, url_for

_PAGES = (
    ("find.home", "Find"),
    ("compare.page", "Compare"),
    ("playlists.index", "Playlists"),
    ("listeners.index", "Listeners"),
    ("rate.page", "Rate"),
    ("maps.page", "Map"),
    ("data.page", "Data"),
    ("models.page", "Models"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One page of the menu."""

    address: str
    name: str
    here: bool
    """Whether the page that is shown belongs to it."""


def menu() -> list[Item]:
    """Give the pages, and which of them is shown."""
    shown = request.blueprint
    return [Item(url_for(endpoint), name, shown == endpoint.partition(".")[0]) for endpoint, name in _PAGES]
