"""What is remembered of use, where `segue serve --remember` allows it: each call here does nothing otherwise.

It is written after the answer has gone out, so that no page waits for it.
"""

import time
from collections.abc import Callable
from contextlib import suppress

from flask import Response, after_this_request, g, request

from db.use import DISLIKED, LIKED, OPENED, SEARCHED, SKIPPED, Done, Shown, remember, remember_list, take_back_thumb
from recommender.answers import Answer
from recommender.artifacts import read_manifest
from recommender.errors import RecommenderError
from web.asking import Asking
from web.person import person
from web.station import Station, station
from web.visitor import visitor

_LONGEST = 200
"""Letters of what was searched."""


def shown(asking: Asking, answer: Answer) -> None:
    """Remember a list; what of an earlier list it goes on from, or keeps away from, follows from that."""
    here = station()
    if not _is_remembered(here) or not answer.suggestions:
        return
    told, now, arm = (visitor(), person()), int(time.time()), str(g.get("arm", ""))
    tracks = tuple(song.track_id for song in answer.suggestions)

    def write() -> None:
        trained_at = _trained_at(here, answer.model)
        one = Shown(*told, answer.model, trained_at, arm, asking.seed, asking.unlike, tracks, now)
        remember_list(here.database, one)

    _afterwards(write)


def opened(track_id: str) -> None:
    """Remember that a song was opened elsewhere."""
    _done(OPENED, track_id)


def rated(track_id: str, *, liked: bool | None) -> None:
    """Remember a thumb, or None that it was taken back, as something that was done with a list.

    The thumb itself is stored by itself.
    """
    if liked is not None:
        _done(LIKED if liked else DISLIKED, track_id)
        return
    here = station()
    if _is_remembered(here):
        mine, now = visitor(), int(time.time())
        _afterwards(lambda: take_back_thumb(here.database, mine, track_id, now))


def skipped(track_id: str) -> None:
    """Remember that a song was passed over."""
    _done(SKIPPED, track_id)


def searched(words: str) -> None:
    """Remember what was searched."""
    if words:
        _done(SEARCHED, words=words[:_LONGEST])


def _done(kind: str, track_id: str | None = None, words: str | None = None) -> None:
    here = station()
    if _is_remembered(here):
        one = Done(visitor(), person(), kind, int(time.time()), track_id, words)
        _afterwards(lambda: remember(here.database, one))


def _is_remembered(here: Station) -> bool:
    """Tell whether a person asked; another site may ask for pictures, or a browser load ahead, and neither tells."""
    by_us = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    return here.settings.remembers and by_us and not ahead and request.method != "HEAD"


def _afterwards(write: Callable[[], object]) -> None:
    @after_this_request
    def _(response: Response) -> Response:
        response.call_on_close(write)
        return response


def _trained_at(here: Station, model: str) -> int:
    with suppress(RecommenderError):
        return read_manifest(here.models, model).trained_at
    return 0
