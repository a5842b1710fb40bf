"""Lists as JSPF: valid by the rules of XSPF, and read back by our own importer to the same tracks."""

import json
from typing import Any

import pytest
from hypothesis import given

from db.records import Playlist
from importer import jspf as importer
from recommender.writing.jspf import PLAYLIST_MORE, TRACK_MORE, jspf
from recommender.writing.listing import Listed, Listing
from tests.recommender.jspf_rules import faults
from tests.recommender.lists import IDS, listings

MADE_UP = "x:0123456789abcdef0123"


def _told(*tracks: Listed, **more: Any) -> dict[str, Any]:
    told = json.loads(jspf(Listing("Mine", tracks, **more)))
    assert faults(told) == []
    return told["playlist"]


@given(listings())
def test_every_list_is_valid(listing: Listing) -> None:
    """Every value of its kind, every URI absolute, and nothing but ASCII in the file."""
    told = jspf(listing)
    assert faults(json.loads(told)) == []
    assert told.isascii()
    assert len(json.loads(told)["playlist"]["track"]) == len(listing.tracks)


@given(listings())
def test_our_own_importer_reads_the_same_tracks(listing: Listing) -> None:
    """With their artists apart, albums, durations, times and files."""
    playlist = next(importer.parse(json.loads(jspf(listing)), "stem", on_disk=True))
    assert isinstance(playlist, Playlist)
    assert playlist.name == (listing.title or "stem")
    assert [
        (e.track.track_id, e.track.name, tuple(a.name for a in e.track.artists), e.track.path, e.added_at)
        for e in playlist.entries
    ] == [(t.track_id, t.name, tuple(dict.fromkeys(t.artists)), t.path, t.added_at) for t in listing.tracks]
    assert [(e.track.album.name if e.track.album else "", e.track.duration_ms) for e in playlist.entries] == [
        (t.album if t.album.strip() else "", t.duration_ms or None) for t in listing.tracks
    ]


def test_a_suggestion_tells_how_it_came() -> None:
    told = _told(
        Listed(IDS[0], "Song", ("Band",), "Album", 200_000, reasons=("in 2 playlists with Other",)),
        creator="Segue",
        annotation="Suggested by item-knn after 1 track",
        made_at=1_700_000_000,
    )
    link = f"https://open.spotify.com/track/{IDS[0]}"
    assert told == {
        "title": "Mine",
        "creator": "Segue",
        "annotation": "Suggested by item-knn after 1 track",
        "date": "2023-11-14T22:13:20Z",
        "track": [
            {
                "location": [link],
                "identifier": [link],
                "title": "Song",
                "creator": "Band",
                "annotation": "in 2 playlists with Other",
                "album": "Album",
                "duration": 200_000,
            }
        ],
    }


def test_a_stored_list_keeps_its_address_and_times() -> None:
    told = _told(
        Listed(MADE_UP, "Song", ("Band", "Guest"), path="/m/a b#1.mp3", added_at=60),
        playlist_id=IDS[0],
        modified_at=0,
    )
    assert told["identifier"] == f"https://open.spotify.com/playlist/{IDS[0]}"
    assert told["extension"] == {PLAYLIST_MORE: [{"last_modified_at": "1970-01-01T00:00:00Z"}]}
    (track,) = told["track"]
    assert (track["location"], track["identifier"]) == (["file:///m/a%20b%231.mp3"], [MADE_UP])
    names = [{"artist_credit_name": "Band"}, {"artist_credit_name": "Guest"}]
    more = {"added_at": "1970-01-01T00:01:00Z", "additional_metadata": {"artists": names}}
    assert track["extension"] == {TRACK_MORE: [more]}


def test_an_id_that_is_no_address_is_left_out() -> None:
    assert "identifier" not in _told(playlist_id="csv:my list")
    assert "identifier" not in _told(playlist_id="http://a b")
    assert _told(playlist_id="https://listenbrainz.org/playlist/1")["identifier"].endswith("/1")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"playlist": {"track": [{"location": "http://a/b"}]}}, "location is no list"),
        ({"playlist": {"track": [{"identifier": ["a b"]}]}}, "identifier is no list of URIs"),
        ({"playlist": {"track": [{"identifier": ["/relative"]}]}}, "identifier is no list of URIs"),
        ({"playlist": {"track": [{"duration": "1"}]}}, "duration is no whole number"),
        ({"playlist": {"track": [{"duration": 1.0}]}}, "duration is no whole number"),
        ({"playlist": {"track": [{"title": None}]}}, "title is no text"),
        ({"playlist": {"track": [{"artist": "x"}]}}, "artist is not known"),
        ({"playlist": {"track": [], "identifier": "csv:my list"}}, "identifier is no URI"),
        ({"playlist": {"track": [], "date": "2023-13-01T00:00:00Z"}}, "date is no date"),
        ({"playlist": {"track": [], "extension": {"https://a/b": {}}}}, "extension is not a list"),
        ({"playlist": {"title": "x"}}, "track is no list"),
    ],
)
def test_the_rules_find_what_is_wrong(data: Any, fault: str) -> None:
    """Or the tests above would say nothing."""
    (found,) = faults(data)
    assert fault in found
