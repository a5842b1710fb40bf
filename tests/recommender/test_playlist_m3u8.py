"""Lists for players: what they read of them, and that our own importer reads the same tracks back."""

import re
from itertools import pairwise
from urllib.parse import unquote

import pytest
from hypothesis import given

from db.records import Playlist, Track
from importer import m3u
from recommender.writing.listing import Listed, Listing, is_playable, link
from recommender.writing.m3u8 import m3u8
from tests.recommender.lists import FOLDERS, IDS, listings

MADE_UP = "x:0123456789abcdef0123"


def _list(*tracks: Listed, title: str = "Mine") -> Listing:
    return Listing(title, tracks)


def _read(text: str, folder: str = "/elsewhere") -> list[Track]:
    playlist = next(m3u.parse(text.splitlines(), "stem", folder))
    assert isinstance(playlist, Playlist)
    return [entry.track for entry in playlist.entries]


def _as_players_do(text: str) -> list[tuple[str, str, str]]:
    """Read as VLC and mpv do: (seconds, title, place); a line without a hash is a place, whatever it is."""
    told, found = ("", ""), []
    for raw in text.split("\n"):
        line = raw.strip(" \t\r")
        if line.startswith("#EXTINF:"):
            seconds, _, title = line.removeprefix("#EXTINF:").partition(",")
            told = seconds, title
        elif line and not line.startswith("#"):
            found.append((*told, line))
            told = "", ""
    return found


@given(listings())
def test_our_own_importer_reads_the_same_tracks(listing: Listing) -> None:
    """Whatever is in their titles: the same ids in the same order, each with its file."""
    playable = [track for track in listing.tracks if is_playable(track)]
    for folder in ("", *FOLDERS):
        told = _read(m3u8(listing, folder), folder or "/elsewhere")
        assert [(t.track_id, t.path) for t in told] == [(t.track_id, t.path) for t in playable]


@given(listings())
def test_players_find_one_place_for_each_track_that_can_be_played(listing: Listing) -> None:
    """No title becomes a place of its own, and no path a comment."""
    playable = [track for track in listing.tracks if is_playable(track)]
    found = _as_players_do(m3u8(listing))
    assert len(found) == len(playable)
    for track, (seconds, _, place) in zip(playable, found, strict=True):
        if track.path:
            assert place == track.path or unquote(place.removeprefix("file://")) == track.path
        else:
            assert place == link(track.track_id)
        assert re.fullmatch(r"-1|[1-9]\d*", seconds) or not track.name


@given(listings())
def test_what_follows_the_title_is_the_place(listing: Listing) -> None:
    """As the simplest readers take it."""
    lines = m3u8(listing).split("\n")
    assert lines[0] == "#EXTM3U"
    assert lines[1].startswith("#PLAYLIST:")
    assert lines[-1] == ""
    for line, after in pairwise(lines):
        if line.startswith("#EXTINF:"):
            assert after
            assert not after.startswith("#")


def test_a_file_goes_before_the_link() -> None:
    """With whole seconds, and who Spotify says that it is."""
    track = Listed(IDS[0], "Song", ("Band", "Guest"), duration_ms=200_500, path="/m/a.mp3")
    assert m3u8(_list(track)).splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Mine",
        f"#EXTPROV:spotify||{IDS[0]}||spotify",
        "#EXTINF:201,Band, Guest - Song",
        "/m/a.mp3",
    ]


def test_without_a_file_it_is_the_link_and_the_time_is_open() -> None:
    lines = m3u8(_list(Listed(IDS[0], "One, two\r\n#three", ("Band",)))).splitlines()
    assert lines[2:] == ["#EXTINF:-1,Band - One, two #three", f"https://open.spotify.com/track/{IDS[0]}"]


def test_what_nobody_can_play_is_a_comment() -> None:
    lines = m3u8(_list(Listed(MADE_UP, "Song", ("Band",)), Listed(MADE_UP, "", ()))).splitlines()
    assert lines[2:] == ["# no file and no link: Band - Song", f"# no file and no link: {MADE_UP}"]


def test_a_track_without_a_name_has_no_title_line() -> None:
    """Else players would show its id, and our importer store it as its name."""
    assert m3u8(_list(Listed(IDS[0], "", ()))).splitlines()[2:] == [f"https://open.spotify.com/track/{IDS[0]}"]


@pytest.mark.parametrize(
    ("path", "folder", "place"),
    [
        ("/music/a/b.mp3", "/music", "a/b.mp3"),
        ("/music/a/b.mp3", "/music/lists", "../a/b.mp3"),
        ("/music/#1.mp3", "/music", "./#1.mp3"),
        ("/music/http://x.mp3", "/music", "./http:/x.mp3"),
        ("/music/a\nb.mp3", "/music", "file:///music/a%0Ab.mp3"),
        ("/music/a.mp3 ", "/music", "file:///music/a.mp3%20"),
        (r"C:\music\a\b.mp3", r"C:\music\lists", "../a/b.mp3"),
        (r"D:\music\b.mp3", r"C:\music\lists", r"D:\music\b.mp3"),
        (r"C:\music\b.mp3", "/music", r"C:\music\b.mp3"),
        (r"C:\music\b.mp3", "", r"C:\music\b.mp3"),
    ],
)
def test_where_a_file_is_told_from(path: str, folder: str, place: str) -> None:
    """With slashes, which all systems read, and so that it is no comment, no address, and one line."""
    assert m3u8(_list(Listed(IDS[0], "Song", (), path=path)), folder).splitlines()[-1] == place


def test_lines_fit_what_players_read_at_once() -> None:
    """mpv takes 8 KiB at once, and the rest for a file."""
    endless = "\N{GRINNING FACE}" * 9_000
    assert max(len(line.encode()) for line in m3u8(_list(Listed(IDS[0], endless, (endless,)))).splitlines()) < 8_192
