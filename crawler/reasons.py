"""Why a run stopped, in a word for programs, and the exit code that says whether to run it again. Pure."""

from crawler.errors import (
    Blocked,
    CrawlerError,
    Enough,
    Interrupted,
    NotAllowed,
    NotLoggedIn,
    Unreachable,
)

DONE, FAILED, LATER = 0, 1, 75
"""Exit codes; LATER: stopped for now, the same command goes on later."""
_REASONS: dict[type[CrawlerError], tuple[str, int]] = {
    Blocked: ("quota", LATER),
    Enough: ("max-requests", DONE),
    Interrupted: ("interrupted", LATER),
    Unreachable: ("unreachable", FAILED),
    NotAllowed: ("not allowed", FAILED),
    NotLoggedIn: ("not logged in", FAILED),
}


def reason_of(stopped_by: CrawlerError | None) -> tuple[str, int]:
    """Give the word and the exit code for what stopped a run; None: nothing did."""
    if stopped_by is None:
        return "done", DONE
    return _REASONS.get(type(stopped_by), ("refused", FAILED))
