"""Which stored playlist a person means, and what is read of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.connection import open_reader
from db.records import Album, Playlist
from recommender.errors import PlaylistNotClear
from recommender.lists.playlists import find_playlist, read_playlist
from recommender.writing.listing import Listed
from tests.recommender.songs import add, playlist, song, spotify_id

LINKED = spotify_id("linked")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("playlists") / "s.db"
    named = [
        (spotify_id("list"), "Röad Trip!", 3),
        ("csv:chill", "Chill", 2),
        ("csv:chill2", "chill", 5),
        ("csv:chill3", "Chill.", 1),
        ("csv:heart", "❤", 1),
        ("csv:heart2", "❤❤", 1),
        ("csv:late", "Late night jazz", 2),
        *((f"csv:many{n}", "Same", n) for n in range(12)),
    ]
    add(path, [_called(*told) for told in named])
    return path


def _called(playlist_id: str, name: str, length: int) -> Playlist:
    return replace(playlist(playlist_id, (song(f"Song {n}", "Band") for n in range(length))), name=name)


def _found(database: Path, text: str) -> str:
    with open_reader(database) as connection:
        return find_playlist(connection, text).playlist_id


@pytest.mark.parametrize(
    ("text", "playlist_id"),
    [
        (spotify_id("list"), spotify_id("list")),
        (f"spotify:playlist:{spotify_id('list')}", spotify_id("list")),
        (f"https://open.spotify.com/playlist/{spotify_id('list')}?si=1", spotify_id("list")),
        ("csv:chill", "csv:chill"),
        ("  road TRIP ", spotify_id("list")),
        ("chill", "csv:chill2"),
        ("Chill", "csv:chill"),
        ("❤", "csv:heart"),
    ],
)
def test_an_id_a_link_and_a_name_find_it(database: Path, text: str, playlist_id: str) -> None:
    """Case, accents and punctuation aside; of several the one spelled just so."""
    assert _found(database, text) == playlist_id


def test_several_of_a_name_are_listed_the_longest_first(database: Path) -> None:
    """With ids, sizes, and where they came from; ten at most."""
    with pytest.raises(PlaylistNotClear) as told:
        _found(database, "CHILL")
    assert str(told.value).splitlines() == [
        '3 playlists are called "CHILL"; say which, by its id:',
        "  csv:chill2  chill (5 tracks, from test)",
        "  csv:chill  Chill (2 tracks, from test)",
        "  csv:chill3  Chill. (1 track, from test)",
    ]
    with pytest.raises(PlaylistNotClear, match=r'12 playlists are called "Same"(?s:.*)\n  and 2 more$'):
        _found(database, "Same")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("jazz night", r"near it are, with their ids:\n  csv:late  Late night jazz \(2 tracks, from test\)$"),
        ("polka", r'no playlist here is called "polka": give a playlist\'s whole name, or its id'),
        ("", r'no playlist here is called ""'),
        (f"spotify:track:{spotify_id('a')}", r"is of the kind track, not a playlist"),
        (f"spotify:playlist:{spotify_id('a')}", rf"is not here: `segue crawl --playlist {spotify_id('a')}` brings it"),
    ],
)
def test_what_is_not_found_says_what_to_do(database: Path, text: str, sentence: str) -> None:
    with pytest.raises(PlaylistNotClear, match=sentence):
        _found(database, text)


@pytest.fixture
def filed(tmp_path: Path) -> Iterator[Path]:
    """A Spotify track, the same one as a file of two places, and a file that nobody else knows."""
    path = tmp_path / "s.db"
    known = song("Known", "Band", LINKED, album=Album("Album"), duration_ms=200_000, isrc="XX1")
    add(path, [playlist("spotify", [known, song("Other", "Band", spotify_id("other"))])], "spotify")
    files = [
        song("Known", "Band", path="/m/known.mp3"),
        song("Known", "Band", path="/m/known.flac"),
        song("Own", "Me", path="/m/own.mp3"),
    ]
    add(path, [playlist("files", files)], "m3u")
    return path


def _read(database: Path, playlist_id: str, there: set[str]) -> list[Listed]:
    with open_reader(database) as connection:
        return list(read_playlist(connection, find_playlist(connection, playlist_id), exists=there.__contains__).tracks)


def test_a_file_is_found_from_the_spotify_track_and_from_the_file(filed: Path) -> None:
    """And what is only a file's name elsewhere is Spotify's track where there is one."""
    there = {"/m/known.mp3"}
    assert [(t.track_id, t.path) for t in _read(filed, "spotify", there)] == [
        (LINKED, "/m/known.mp3"), (spotify_id("other"), ""),
    ]  # fmt: skip
    own = song("Own", "Me").track_id
    files = [(LINKED, "/m/known.mp3"), (LINKED, "/m/known.mp3"), (own, "/m/own.mp3")]
    assert [(t.track_id, t.path) for t in _read(filed, "files", there)] == files


def test_a_file_that_is_gone_leaves_the_link(filed: Path) -> None:
    """But where there is no link its name stays."""
    assert [t.path for t in _read(filed, "spotify", set())] == ["", ""]
    assert [t.path for t in _read(filed, "files", set())] == ["", "", "/m/own.mp3"]


def test_all_that_is_known_of_a_track_comes_with_it(filed: Path) -> None:
    first = _read(filed, "spotify", set())[0]
    assert first == Listed(LINKED, "Known", ("Band",), "Album", 200_000, isrc="XX1")
