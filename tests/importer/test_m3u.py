"""M3U and M3U8."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identity import made_up_id
from db.records import Album, Artist, Playlist, Track
from importer import m3u
from importer.contract import Skipped
from importer.errors import BadFile
from tests.importer.make import format_of, read, spotify_id, write


def _playlist(content: str, stem: str = "mine") -> Playlist:
    playlist = next(m3u.parse(content.splitlines(), stem))
    assert isinstance(playlist, Playlist)
    return playlist


def _tracks(content: str) -> list[Track]:
    return [entry.track for entry in _playlist(content).entries]


def test_extended(tmp_path: Path) -> None:
    content = "#EXTM3U\n#PLAYLIST: Röad Trip\n#EXTINF:123,Kalo - Vo\n/music/x.mp3\n#EXTINF:-1,Tu\nhttp://a.b/c\n"
    source = write(tmp_path / "a.m3u8", content)
    assert format_of(source) == "m3u"
    (playlist,) = read(source)
    assert isinstance(playlist, Playlist)
    assert (playlist.playlist_id, playlist.name) == ("m3u:Röad Trip", "Röad Trip")
    told = Track(made_up_id("Kalo", "Vo"), "Vo", (Artist("Kalo"),), None, 123_000, path="/music/x.mp3")
    assert playlist.entries[0].track == told
    assert playlist.entries[1].track == Track(made_up_id("", "Tu"), "Tu")


def test_without_a_name_the_file_names_it() -> None:
    assert _playlist("#EXTM3U\n").name == "mine"


def test_artist_and_album_lines_hold_for_the_next_track_only() -> None:
    first, second = _tracks("#EXTALB:Tu\n#EXTART:Kalo\n#EXTINF:1.5,Vo - Live\na.mp3\n#EXTINF:1,Shi\nb.mp3")
    assert (first.name, first.artists, first.album, first.duration_ms) == (
        "Vo - Live",
        (Artist("Kalo"),),
        Album("Tu"),
        1500,
    )
    assert (second.artists, second.album) == ((), None)


def test_an_artist_line_that_repeats_the_title_line() -> None:
    (track,) = _tracks("#EXTART:Kalo\n#EXTINF:1,Kalo - Vo\na.mp3")
    assert (track.name, track.artists) == ("Vo", (Artist("Kalo"),))


def test_attributes_before_the_title() -> None:
    (track,) = _tracks('#EXTINF:12 tvg-id="a,b" group="x",Kalo - Vo, too\na.mp3')
    assert (track.name, track.artists) == ("Vo, too", (Artist("Kalo"),))


def test_spotify_lines_give_ids() -> None:
    uri, url = f"spotify:track:{spotify_id(1)}", f"https://open.spotify.com/track/{spotify_id(2)}?si=1"
    tracks = _tracks(f"{uri}\n#EXTINF:5,Kalo - Vo\n{url}\nspotify:local:Kalo::Tu:7")
    assert [t.track_id for t in tracks] == [spotify_id(1), spotify_id(2), made_up_id("Kalo", "Tu")]
    assert tracks[1].name == "Vo"


@pytest.mark.parametrize(
    ("line", "artist", "title"),
    [
        ("Kalo - Vo.mp3", "Kalo", "Vo"),
        (r"C:\music\Kalo\07. Kalo - Vo.flac", "Kalo", "Vo"),
        ("/m/01 - Kalo - Vo.mp3", "Kalo", "Vo"),
        ("/m/1-07 Kalo - Vo.mp3", "Kalo", "Vo"),
        ("03 Vo.ogg", "", "Vo"),
        ("7 Tu.mp3", "", "7 Tu"),
        ("99 Tu.ogg", "", "99 Tu"),
        ("007 Tu.ogg", "", "007 Tu"),
        ("10.000 Tu.ogg", "", "10.000 Tu"),
        ("3. 7 Tu.ogg", "", "7 Tu"),
        ("3 - 7 Tu.ogg", "", "7 Tu"),
        ("7-11.ogg", "", "7-11"),
        ("7-Tu.ogg", "", "Tu"),
        ("07_Vo_Tu.ogg", "", "Vo Tu"),
        ("7) Tu.ogg", "", "Tu"),
        ("99.mp3", "", "99"),
        ("Kalo_-_Vo.mp3", "Kalo", "Vo"),
        ("file:///m/Kalo%20-%20Vo.mp3", "Kalo", "Vo"),
        ("https://a.org/m/Kalo%20-%20Vo.mp3?x=1", "Kalo", "Vo"),
        ("100% Kalo - Vo.mp3", "100% Kalo", "Vo"),
    ],
)
def test_names_of_files(line: str, artist: str, title: str) -> None:
    (track,) = _tracks(line)
    assert (track.name, track.artists) == (title, (Artist(artist),) if artist else ())


@pytest.mark.parametrize(
    "content",
    [
        '{"playlists": [{"name": "a.mp3"}]}',
        '[{"file":\n"a.mp3"\n}]',
        "title,artist\nVo,Kalo.mp3\n",
        "some words\nand more of them.\n",
    ],
)
def test_what_does_not_look_like_a_playlist_is_refused_when_the_format_is_forced(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadFile, match="no M3U"):
        read(write(tmp_path / "a.txt", content), "m3u")


@pytest.mark.parametrize(
    "content", ["Kalo - Vo.mp3\n", "[Live] Vo.flac\n", "a, b.ogg\n", "spotify:track:1\n", "#\n#EXTART:a\n"]
)
def test_a_bare_list_of_files_is_read_when_the_format_is_forced(tmp_path: Path, content: str) -> None:
    assert isinstance(read(write(tmp_path / "a.txt", content), "m3u")[0], Playlist)


def test_addresses_without_a_title_are_counted() -> None:
    items = list(m3u.parse(["http://a.org/stream", "Kalo - Vo.mp3"], "x"))
    assert isinstance(items[0], Playlist)
    assert [entry.position for entry in items[0].entries] == [1]
    assert items[1] == Skipped("lines that name no track", 1)


def test_old_files_are_western(tmp_path: Path) -> None:
    content = "Kalé - Vö.mp3\n".encode("cp1252")
    (playlist,) = read(write(tmp_path / "a.m3u", content))
    assert isinstance(playlist, Playlist)
    assert playlist.entries[0].track.name == "Vö"
    with pytest.raises(BadFile) as told:
        read(write(tmp_path / "a.m3u8", content))
    assert told.value.place == "byte 4"


def test_a_video_stream_is_not_ours(tmp_path: Path) -> None:
    content = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9.9,\nsegment1.ts\n"
    assert format_of(write(tmp_path / "a.m3u8", content)) is None


@given(st.lists(st.text(max_size=40) | st.text(max_size=20).map("#EXTINF:".__add__), max_size=6))
def test_any_lines_are_read_or_refused(lines: list[str]) -> None:
    with suppress(BadFile):
        assert isinstance(next(m3u.parse(lines, "x")), Playlist)
