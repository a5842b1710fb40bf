"""Lists as CSV and JSON: read back whole, by our own importer too."""

import csv
import io
import json
from pathlib import Path

from hypothesis import given

from db.records import Playlist
from recommender.lines import one_line
from recommender.writing.listing import Listed, Listing
from recommender.writing.output import exported
from tests.importer.make import format_of, read, write
from tests.recommender.lists import IDS, listings

MADE_UP = "x:0123456789abcdef0123"
STORED = Listing(
    'Road, "trip"',
    (
        Listed(
            IDS[0], "One; two, three", ("Band", "Guest"), "Album", 200_000, isrc="XX123", explicit=False, added_at=60
        ),
        Listed(MADE_UP, "夜に駆ける", ("Käthe",), path="/m/a.mp3"),
    ),
    creator="ann",
    annotation="for the road",
    playlist_id="csv:mine",
    source="csv",
    modified_at=0,
)


@given(listings())
def test_a_sheet_has_a_row_for_each_track(listing: Listing) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(listing, "csv"), newline="")))
    assert [row["Track Name"] for row in rows] == [one_line(t.name) for t in listing.tracks]
    assert [row["Artist Name(s)"] for row in rows] == [one_line("; ".join(t.artists)) for t in listing.tracks]
    assert [row["Reasons"] for row in rows if "Reasons" in row] == [
        one_line("; ".join(t.reasons)) for t in listing.tracks if not listing.source
    ]


def test_our_own_importer_reads_a_sheet_back(tmp_path: Path) -> None:
    """Name, tracks, artists, albums, durations, ISRCs and times."""
    source = write(tmp_path / "other.csv", exported(STORED, "csv"))
    assert format_of(source) == "csv"
    (playlist,) = read(source)
    assert isinstance(playlist, Playlist)
    assert playlist.name == STORED.title
    assert [
        Listed(
            e.track.track_id,
            e.track.name,
            tuple(a.name for a in e.track.artists),
            e.track.album.name if e.track.album else "",
            e.track.duration_ms,
            isrc=e.track.isrc or "",
            added_at=e.added_at,
        )
        for e in playlist.entries
    ] == [
        Listed(IDS[0], "One; two, three", ("Band", "Guest"), "Album", 200_000, isrc="XX123", added_at=60),
        Listed(MADE_UP, "夜に駆ける", ("Käthe",)),
    ]


def test_uris_are_one_a_line() -> None:
    assert exported(STORED, "uris") == f"spotify:track:{IDS[0]}\n{MADE_UP}\n"


def test_json_tells_all() -> None:
    told = exported(STORED, "json")
    assert told.isascii()
    assert json.loads(told) == {
        "playlist": {
            "id": "csv:mine",
            "name": 'Road, "trip"',
            "description": "for the road",
            "owner": "ann",
            "source": "csv",
            "modified_at": "1970-01-01T00:00:00Z",
        },
        "tracks": [
            {
                "track_id": IDS[0],
                "name": "One; two, three",
                "artists": ["Band", "Guest"],
                "album": "Album",
                "duration_ms": 200_000,
                "isrc": "XX123",
                "explicit": False,
                "added_at": "1970-01-01T00:01:00Z",
                "link": f"https://open.spotify.com/track/{IDS[0]}",
                "path": None,
            },
            {
                "track_id": MADE_UP,
                "name": "夜に駆ける",
                "artists": ["Käthe"],
                "album": "",
                "duration_ms": None,
                "isrc": None,
                "explicit": None,
                "added_at": None,
                "link": None,
                "path": "/m/a.mp3",
            },
        ],
    }
