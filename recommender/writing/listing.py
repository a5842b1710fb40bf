"""Tracks in a list, whether suggested or stored: what every form of writing them starts from. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from recommender.answers import Answer


@dataclass(frozen=True, slots=True)
class Listed:
    """One track in a list."""

    track_id: str
    name: str
    artists: tuple[str, ...]
    album: str = ""
    duration_ms: int | None = None
    path: str = ""
    """Where its sound file lies; absolute."""
    isrc: str = ""
    explicit: bool | None = None
    added_at: int | None = None
    """Seconds since 1970, UTC."""
    score: float | None = None
    model: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of tracks with what is told of it as a whole. Times are seconds since 1970, UTC."""

    title: str
    tracks: tuple[Listed, ...]
    creator: str = ""
    annotation: str = ""
    playlist_id: str = ""
    source: str = ""
    """The format or service that it came from; empty for suggestions."""
    made_at: int | None = None
    modified_at: int | None = None


def listing_of(answer: Answer, made_at: int | None = None, title: str = "") -> Listing:
    """Make the list that an answer is; without a title it is called by its model."""
    seeds = f" after {len(answer.seeds):,} track{'s' * (len(answer.seeds) != 1)}" if answer.seeds else ""
    return Listing(
        title=title or f"Segue: {answer.model}",
        tracks=tuple(
            Listed(
                s.track_id, s.name, s.artists, s.album, s.duration_ms, s.path,
                score=s.score, model=s.model, reasons=s.reasons,
            )
            for s in answer.suggestions
        ),
        creator="Segue",
        annotation=". ".join([f"Suggested by {answer.model}{seeds}", *answer.notes]),
        made_at=made_at,
    )  # fmt: skip


def is_made_up(track_id: str) -> bool:
    """Tell whether a raw id is one of ours, which nobody else knows."""
    return track_id.startswith("x:")


def uri(track_id: str) -> str:
    """Give the Spotify URI of a raw id; a made-up id stays as it is, because nobody else can play it."""
    return track_id if is_made_up(track_id) else f"spotify:track:{track_id}"


def link(track_id: str) -> str:
    """Give the address at which everybody can hear a track; empty for a made-up id."""
    return "" if is_made_up(track_id) else f"https://open.spotify.com/track/{track_id}"


def is_playable(track: Listed) -> bool:
    """Tell whether a player could find the track: by a file, or by a link."""
    return bool(track.path) or not is_made_up(track.track_id)


def moment(seconds: int | None) -> str:
    """Write a time as "2023-01-02T03:04:05Z"; empty where there is none, or none that a calendar has."""
    if seconds is None:
        return ""
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat() + "Z"
    except (ValueError, OverflowError, OSError):
        return ""
