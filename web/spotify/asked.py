"""What is asked in Spotify's words, read and checked. Pure."""

import math
import re
from dataclasses import dataclass
from typing import Literal

from werkzeug.datastructures import MultiDict

from recommender.lists.filters import RANGES, Filters, Span
from recommender.lists.targets import Target
from web.errors import NotUnderstood
from web.spotify.ids import read

MOST_SEEDS = 5
TUNED: dict[str, tuple[float, float]] = {
    "acousticness": (0, 1),
    "danceability": (0, 1),
    "duration_ms": (-math.inf, math.inf),
    "energy": (0, 1),
    "instrumentalness": (0, 1),
    "key": (0, 11),
    "liveness": (0, 1),
    "loudness": (-math.inf, math.inf),
    "mode": (0, 1),
    "popularity": (0, 100),
    "speechiness": (0, 1),
    "tempo": (-math.inf, math.inf),
    "time_signature": (0, 11),
    "valence": (0, 1),
}
"""What min_, max_ and target_ may be said of, and from where to where, as Spotify describes it."""
_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,20})?|\.\d{1,20})(e[+-]?\d{1,2})?", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,9}")
_MARKET = re.compile(r"[A-Za-z]{2}|from_token")
_LONGEST = 100
"""Letters of a genre."""

Told = MultiDict[str, str]
Kind = Literal["TRACK", "ARTIST", "GENRE"]


@dataclass(frozen=True, slots=True)
class Seed:
    """One thing to go by."""

    kind: Kind
    told: str
    """As the client said it."""
    meant: str
    """The raw id, or the genre."""


@dataclass(frozen=True, slots=True)
class Recommending:
    """What is asked of /v1/recommendations."""

    seeds: tuple[Seed, ...]
    limit: int
    spans: tuple[tuple[str, Span], ...]
    """What min_ and max_ say."""
    targets: tuple[Target, ...]


def recommending(told: Told) -> Recommending:
    """Read the parameters of /v1/recommendations; what is not one of them is passed over. Raises NotUnderstood."""
    check_market(told)
    limit = whole(told, "limit", 20, 1, 100)
    given = [*_ids(told, "TRACK"), *_ids(told, "ARTIST"), *_genres(told)]
    seeds = tuple({(seed.kind, seed.meant): seed for seed in given}.values())
    if not 1 <= len(seeds) <= MOST_SEEDS:
        raise NotUnderstood(
            f"invalid request: name 1 to {MOST_SEEDS} seeds in all, in seed_tracks, seed_artists and seed_genres"
        )
    spans, targets = [], []
    for name in TUNED:
        low, high, target = (_number(told, f"{way}_{name}", name) for way in ("min", "max", "target"))
        if low is not None or high is not None:
            spans.append((name, _span(name, low, high)))
        if target is not None:
            targets.append(Target(name, target))
    return Recommending(seeds, limit, tuple(spans), tuple(targets))


def filters(spans: tuple[tuple[str, Span], ...]) -> Filters:
    """Give the filters that spans are, of audio features and of what else is measured."""
    return Filters(
        audio=tuple(span for span in spans if span[0] in RANGES),
        measures=tuple(span for span in spans if span[0] not in RANGES),
    )


def ids(told: Told, most: int) -> list[str]:
    """Read the raw ids of ?ids=, in their order. Raises NotUnderstood."""
    given = _listed(told, "ids")
    if len(given) > most:
        raise NotUnderstood("Too many ids requested")
    if not given:
        raise NotUnderstood("invalid id")
    return [one_id(text) for text in given]


def one_id(told: str) -> str:
    """Read one id. Raises NotUnderstood."""
    raw_id = read(told)
    if raw_id is None:
        raise NotUnderstood("invalid id")
    return raw_id


def check_market(told: Told) -> None:
    """Refuse what is no market; whether a song may be heard there is not known here. Raises NotUnderstood."""
    market = told.get("market", "").strip()
    if market and not _MARKET.fullmatch(market):
        raise NotUnderstood("Invalid market code")


def whole(told: Told, name: str, usual: int, low: int, high: int) -> int:
    """Read a whole number from one to another. Raises NotUnderstood, in Spotify's words."""
    text = told.get(name, "").strip()
    if not text:
        return usual
    if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
        raise NotUnderstood(f"Invalid {name}")
    return int(text)


def _listed(told: Told, name: str) -> list[str]:
    return [text.strip() for texts in told.getlist(name) for text in texts.split(",") if text.strip()]


def _ids(told: Told, kind: Kind) -> list[Seed]:
    return [Seed(kind, text, one_id(text)) for text in _listed(told, f"seed_{kind.lower()}s")]


def _genres(told: Told) -> list[Seed]:
    genres = _listed(told, "seed_genres")
    if any(len(genre) > _LONGEST for genre in genres):
        raise NotUnderstood(f"invalid request: no genre has more than {_LONGEST} letters")
    return [Seed("GENRE", genre, genre.lower()) for genre in genres]


def _number(told: Told, parameter: str, name: str) -> float | None:
    text = told.get(parameter, "").strip()
    if not text:
        return None
    low, high = TUNED[name]
    if not _NUMBER.fullmatch(text) or not low <= float(text) <= high:
        range_ = f" from {low:g} to {high:g}" if math.isfinite(low) else ""
        raise NotUnderstood(f"invalid request: {parameter} is a number{range_}")
    return float(text)


def _span(name: str, low: float | None, high: float | None) -> Span:
    """Give a span; what lies beyond all values that there are is brought to the last of them."""
    least, most = RANGES.get(name, (0, math.inf))
    if low is not None and high is not None and low > high:
        raise NotUnderstood(f"invalid request: min_{name} is above max_{name}")
    return Span(*(None if bound is None else min(max(bound, least), most) for bound in (low, high)))
