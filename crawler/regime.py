"""Which kind of app Spotify takes us for, from the answers seen: it does not say so itself. Pure.

Spotify has restricted the apps in Development Mode that were made since 2026-02-11: searches come in pages of 10,
contents only of playlists that one owns or works on, and `/me` tells less. Older and extended apps have all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from db.found import Found

RESTRICTED, OPEN = "restricted", "open"
REMEMBERED_S = 7 * 86_400
"""Seconds after which an answer is asked for again."""
_SMALL_SEARCH, _LARGE_SEARCH = 10, 50


@dataclass(frozen=True, slots=True)
class App:
    """What is known of our app; None: not known yet."""

    restricted: bool | None = None
    small_search: bool | None = None
    """Whether a search gives 10 at most."""
    old_path: bool | None = None
    """Whether contents answer under /tracks only."""
    features: bool | None = None
    """Whether it still may ask for audio features."""
    narrow: bool | None = None
    """Whether the fields of an answer can be chosen by their names of 2026."""

    @property
    def search_limit(self) -> int:
        """Give how many results one page of a search can have."""
        return _SMALL_SEARCH if self.small_search or (self.small_search is None and self.restricted) else _LARGE_SEARCH

    @property
    def kind(self) -> str:
        """Give the kind in one word, empty while it is not known."""
        return "" if self.restricted is None else RESTRICTED if self.restricted else OPEN


_YES_NO = {"yes": True, "no": False}


def remembered(answers: Mapping[str, str]) -> App:
    """Make it of what was remembered (question → answer)."""
    kind = answers.get("kind")
    return App(
        restricted=None if kind is None else kind == RESTRICTED,
        small_search=_YES_NO.get(answers.get("small_search", "")),
        old_path=_YES_NO.get(answers.get("old_path", "")),
        features=_YES_NO.get(answers.get("features", "")),
        narrow=_YES_NO.get(answers.get("narrow", "")),
    )


def learned(before: App, after: App) -> dict[str, str]:
    """Give the answers that are new: question → answer."""
    told = {"kind": after.kind} if after.kind and after.kind != before.kind else {}
    for question in ("small_search", "old_path", "features", "narrow"):
        value = getattr(after, question)
        if value is not None and value != getattr(before, question):
            told[question] = "yes" if value else "no"
    return told


def seen_me(app: App, me: Mapping[str, Any]) -> App:
    """Learn from `/me`: a restricted app is not told of country, product and followers."""
    return replace(app, restricted=not {"country", "product", "followers"}.intersection(me))


def seen_contents(app: App, mine: bool, told: bool) -> App:
    """Learn from one playlist. mine: owned or worked on by who is logged in; told: whether its contents came."""
    if mine or app.restricted is not None:
        return app
    return replace(app, restricted=not told)


def is_withheld(app: App, found: Found, me: str) -> bool:
    """Tell whether the contents of a playlist would not be given. me: the id of who is logged in, or nothing."""
    return bool(app.restricted) and not is_mine(found, me)


def is_mine(found: Found, me: str) -> bool:
    """Tell whether a playlist is owned by who is logged in, or one that several work on."""
    return (bool(me) and found.owner_id == me) or found.collaborative
