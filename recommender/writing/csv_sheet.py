"""Lists as CSV with Exportify's columns, which other services' importers know too. Pure."""

import csv
import io

from recommender.lines import one_line
from recommender.writing.listing import Listed, Listing, moment, uri

_COLUMNS = (
    "Track URI", "Track Name", "Artist Name(s)", "Album Name", "Track Duration (ms)", "Explicit", "ISRC", "Added At",
)  # fmt: skip
_SUGGESTED = ("Score", "Model", "Reasons")


def sheet(listing: Listing) -> str:
    """Write a list: a stored one with its name in a column of its own, suggestions with why they came."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    stored = bool(listing.source)
    writer.writerow([*_COLUMNS, *(("Playlist Name",) if stored else _SUGGESTED)])
    for track in listing.tracks:
        writer.writerow([*_cells(track), *([one_line(listing.title)] if stored else _suggested(track))])
    return text.getvalue()


def _cells(track: Listed) -> list[str]:
    return [
        uri(track.track_id),
        one_line(track.name),
        one_line("; ".join(track.artists)),
        one_line(track.album),
        "" if track.duration_ms is None else str(track.duration_ms),
        "" if track.explicit is None else str(track.explicit).lower(),
        one_line(track.isrc),
        moment(track.added_at),
    ]


def _suggested(track: Listed) -> list[str]:
    score = "" if track.score is None else f"{track.score:.6g}"
    return [score, track.model, one_line("; ".join(track.reasons))]
