"""What crawling knows, in lines for people and as plain values for programs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from recommender.lines import one_line

if TYPE_CHECKING:
    from db.crawl_facts import CrawlFacts

_STATES = ("stored", "empty", "withheld", "gone", "failed", "waiting")
_WHY = {"quota": "stopped by the quota", "": "under way, or stopped from outside"}
"""Why a crawl is not finished, where it wrote another word than people use."""
_FAR_OFF = "a time beyond the calendar"


def as_dict(facts: "CrawlFacts", now: float) -> dict[str, Any]:
    """Give what is known as plain values. now: seconds since 1970."""
    return {
        "found": {state: facts.found.get(state, 0) for state in _STATES} | facts.found,
        "unfinished": [
            {"target": target, "started_at": at, "reason": reason} for target, at, reason in facts.unfinished
        ],
        "blocked": [
            {
                "account": account,
                "reason": gate.reason,
                "until": moment.isoformat(timespec="seconds") if (moment := _moment(gate.blocked_until)) else None,
                "blocked_until": gate.blocked_until,
                "seconds": round(gate.blocked_until - now, 3),
            }
            for account, gate in facts.gates.items()
            if gate.blocked_until > now
        ],
        "apps": [{"client": client, "kind": kind, "asked_at": at} for client, kind, at in facts.apps],
        "keep_days": facts.keep_days,
        "features": facts.features,
        "misses": facts.misses,
    }


def lines(facts: "CrawlFacts", now: float) -> Iterator[str]:
    """Say what is known in lines for people. now: seconds since 1970."""
    if facts.found:
        states = [*_STATES, *sorted(facts.found.keys() - set(_STATES))]
        told = ", ".join(f"{facts.found[state]:,} {state}" for state in states if facts.found.get(state))
        yield f"found playlists: {told}"
    for target, at, reason in facts.unfinished:
        why = _WHY.get(reason, f"stopped ({one_line(reason)})")
        yield f"unfinished crawl of {_target(target)}, begun {_when(at)}: {why}; go on with the same segue crawl"
    for account, gate in facts.gates.items():
        if gate.blocked_until > now:
            reason = f" ({one_line(gate.reason)})" if gate.reason else ""
            yield f"no requests to {one_line(account)} before {_when(gate.blocked_until)}{reason}"
    for client, kind, at in facts.apps:
        yield f"app {one_line(client)}: {one_line(kind)}, as seen {_when(at)}"
    if facts.features or facts.misses:
        parts = [f"{count:,} from {one_line(source)}" for source, count in facts.features.items()]
        parts += [f"{facts.misses:,} asked for in vain"] * bool(facts.misses)
        yield f"audio features: {', '.join(parts)}"
    yield (
        f"what Spotify does not confirm for {facts.keep_days:,} days is dropped "
        "(segue purge --expired --keep-days N changes that)"
    )


def _target(written: str) -> str:
    """Name what a crawl is after; it stands there as JSON (crawler.frontier), or else as it is."""
    try:
        told = json.loads(written)
        parts = ["my playlists"] if told["mine"] else []
        for kind, names in (("playlist", "playlists"), ("user", "users"), ("search", "searches")):
            parts += [f"{kind} {name}" for name in told[names]]
    except (ValueError, KeyError, TypeError):
        return one_line(written)
    more = len(parts) - 3
    return one_line(", ".join(parts[:3]) + (f" and {more:,} more" if more > 0 else "")) or "nothing named"


def _when(seconds: float) -> str:
    moment = _moment(seconds)
    return moment.strftime("%Y-%m-%d %H:%M") if moment else _FAR_OFF


def _moment(seconds: float) -> datetime | None:
    """Give a moment in local time; None where no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return None
