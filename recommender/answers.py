"""What a Suggester gives: suggestions, and all that has to be said about them. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Suggestion:
    """One suggested track."""

    track_id: str
    name: str
    artists: tuple[str, ...]
    score: float | None
    """The model's own score; None where it cannot tell and the track comes by popularity."""
    model: str
    reasons: tuple[str, ...]
    checks: tuple[str, ...] = ()
    """A query for each reason, by which it can be checked; only where they are asked for."""
    album: str = ""
    duration_ms: int | None = None
    path: str = ""
    """Where its sound file lies; absolute."""


@dataclass(frozen=True)
class Answer:
    """A list of suggestions with all that has to be said about it."""

    model: str
    """The name of the model that made the list."""
    seeds: tuple[str, ...]
    """Raw ids of the seeds that were used."""
    unknown: tuple[str, ...]
    """Raw ids that no playlist of the training holds."""
    notes: tuple[str, ...]
    """Sentences for people: a fallback, a title that counts, a model older than the playlists, a damaged one."""
    suggestions: tuple[Suggestion, ...]
    looked_at: int = 0
    """How many tracks, best first, were looked at to find them."""
    fit: int = 0
    """How many of those might come, as nothing forbids them and they keep the filters."""
