"""Which handler answers which path of the Web API, in which regime."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from demo.spotify import reading, things, writing
from demo.spotify.desk import Desk
from demo.spotify.wire import Answer, Ask, Refusal, refused

Handler = Callable[[Desk, Ask, str], Answer]
"""Given the desk, the request and the id in its path (empty without one)."""


class Route(NamedTuple):
    """One endpoint."""

    method: str
    parts: tuple[str, ...]
    """Of the path; * stands for an id."""
    handler: Handler | None
    """None: it is gone, or not served here (404)."""
    restricted: bool = True
    """Whether the RESTRICTED regime has it; where not, it answers 403."""
    max_age: int = 0


_CATALOGUE_AGE = 7200
ROUTES = (
    Route("GET", ("me",), reading.me),
    Route("GET", ("me", "playlists"), reading.my_playlists),
    Route("GET", ("me", "tracks"), reading.my_tracks),
    Route("GET", ("users", "*", "playlists"), reading.user_playlists, restricted=False),
    Route("GET", ("playlists", "*"), reading.playlist),
    Route("GET", ("playlists", "*", "items"), reading.playlist_items),
    Route("GET", ("playlists", "*", "tracks"), reading.playlist_tracks, restricted=False),
    Route("GET", ("search",), things.search, max_age=_CATALOGUE_AGE),
    Route("GET", ("tracks",), things.tracks, restricted=False, max_age=_CATALOGUE_AGE),
    Route("GET", ("tracks", "*"), things.track, max_age=_CATALOGUE_AGE),
    Route("GET", ("artists",), things.artists, restricted=False, max_age=_CATALOGUE_AGE),
    Route("GET", ("artists", "*"), things.artist, max_age=_CATALOGUE_AGE),
    Route("GET", ("audio-features",), things.features, max_age=_CATALOGUE_AGE),
    Route("GET", ("audio-features", "*"), things.features_of_one, max_age=_CATALOGUE_AGE),
    Route("GET", ("recommendations",), None),
    Route("GET", ("albums",), None, restricted=False),
    Route("GET", ("artists", "*", "top-tracks"), None, restricted=False),
    Route("GET", ("browse", "categories"), None, restricted=False),
    Route("GET", ("browse", "new-releases"), None, restricted=False),
    Route("GET", ("markets",), None, restricted=False),
    Route("POST", ("me", "playlists"), writing.make),
    Route("POST", ("users", "*", "playlists"), writing.make_for, restricted=False),
    Route("POST", ("playlists", "*", "items"), writing.add),
    Route("PUT", ("playlists", "*", "items"), writing.replace_all),
    Route("DELETE", ("playlists", "*", "items"), writing.remove),
    Route("POST", ("playlists", "*", "tracks"), writing.add, restricted=False),
    Route("PUT", ("playlists", "*", "tracks"), writing.replace_all, restricted=False),
    Route("DELETE", ("playlists", "*", "tracks"), writing.remove, restricted=False),
    Route("DELETE", ("playlists", "*", "followers"), writing.leave, restricted=False),
    Route("DELETE", ("me", "library"), writing.leave_many),
)


@dataclass(slots=True)
class Api:
    """The endpoints over one desk."""

    desk: Desk

    def answer(self, ask: Ask) -> Answer:
        """Answer a request whose token has been looked at."""
        parts = tuple(part for part in ask.path.split("/") if part)
        for route in ROUTES:
            if route.method == ask.method and len(route.parts) == len(parts) and _fits(route.parts, parts):
                return self._answer(
                    route, ask, next((p for w, p in zip(route.parts, parts, strict=True) if w == "*"), "")
                )
        return refused(404, "Service not found")

    def _answer(self, route: Route, ask: Ask, named: str) -> Answer:
        if not route.restricted and not self.desk.regime.full:
            return refused(403, "Forbidden")
        if route.handler is None:
            return refused(404, "Not found.")
        try:
            answer = route.handler(self.desk, ask, named)
        except Refusal as refusal:
            return refusal.answer
        return _with_caching(ask, answer, route.max_age)


def _fits(wanted: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return all(want in ("*", part) for want, part in zip(wanted, parts, strict=True))


def _with_caching(ask: Ask, answer: Answer, max_age: int) -> Answer:
    if ask.method != "GET" or answer.status != 200:
        return answer
    caching = ("cache-control", f"public, max-age={max_age}" if max_age else "private, max-age=0")
    etag = answer.header("etag")
    if etag and ask.headers.get("if-none-match") == etag:
        return Answer(304, b"", (caching, ("etag", etag)))
    return replace(answer, headers=(*answer.headers, caching))
