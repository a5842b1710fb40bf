"""What a run of `segue features` did, in named counts and a reason for stopping. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.errors import Blocked, CrawlerError
from crawler.reasons import DONE, FAILED, reason_of

_ROAD = ("requests", "retries", "waits", "renewals")


@dataclass(frozen=True, slots=True)
class Report:
    """One run, told."""

    stored: Mapping[str, int]
    """How many tracks got features, by provider."""
    missed: Mapping[str, int]
    """How many tracks a provider does not have, by provider."""
    known: int
    """Tracks that were known to be missing, and were not asked for."""
    unanswered: int
    road: Mapping[str, int]
    """requests, retries, waits, renewals."""
    imports: Mapping[str, int]
    passed_over: Mapping[str, str]
    """Providers that were not asked, each with the reason."""
    stopped_by: CrawlerError | None = None

    @property
    def reason(self) -> str:
        """Give the reason for stopping: done, quota, max-requests, interrupted, unreachable, refused, ..."""
        return reason_of(self.stopped_by)[0]

    @property
    def sentence(self) -> str:
        """Give the reason for people; empty where all is done."""
        if self.stopped_by is None and self.unanswered:
            return f"{self.unanswered:,} tracks could not be asked for: run this again, and they are"
        return str(self.stopped_by or "")

    @property
    def exit_code(self) -> int:
        """Give the exit code."""
        if self.stopped_by is None:
            return FAILED if self.unanswered else DONE
        return reason_of(self.stopped_by)[1]


def as_dict(told: Report) -> dict[str, Any]:
    """Give it as plain values for JSON."""
    counts = {"stored": sum(told.stored.values()), "missed": sum(told.missed.values())}
    counts |= {"known to be missing": told.known, "unanswered": told.unanswered}
    return {
        "reason": told.reason,
        "message": told.sentence,
        "until": told.stopped_by.until if isinstance(told.stopped_by, Blocked) else None,
        "counts": counts | {name: told.road.get(name, 0) for name in _ROAD},
        "stored": dict(told.stored),
        "missed": dict(told.missed),
        "imports": dict(told.imports),
        "passed_over": dict(told.passed_over),
    }


def sentences(told: Report) -> Iterator[str]:
    """Say it in lines for people."""
    stored = ", ".join(f"{count:,} from {name}" for name, count in told.stored.items() if count)
    yield f"Audio features: {stored or 'none'}"
    missing = [f"{count:,} not at {name}" for name, count in told.missed.items() if count]
    missing += [f"{told.known:,} known to be missing"] if told.known else []
    if missing:
        yield f"Missing: {', '.join(missing)} (asked for again after 30 days)"
    if road := ", ".join(f"{told.road[name]:,} {name}" for name in _ROAD if told.road.get(name)):
        yield f"On the way: {road}"
    for name, number in told.imports.items():
        yield f"To take back what came from {name}: segue purge --import {number}"
    if told.stopped_by:
        yield f"Stopped ({told.reason}): {told.sentence}"
    else:
        yield told.sentence or "Done."
