"""Where a line of a playlist says that its sound file lies."""

from pathlib import Path

import pytest

from db.records import Playlist
from importer.sound_files import sound_path
from tests.importer.make import read, spotify_id, write


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ("a.mp3", "/music/lists/a.mp3"),
        ("../a/b.FLAC", "/music/a/b.FLAC"),
        ("./#1.ogg", "/music/lists/#1.ogg"),
        ("/m/./x/../a.mp3", "/m/a.mp3"),
        ("A: B.mp3", "/music/lists/A: B.mp3"),
        (r"Band\song.mp3", "/music/lists/Band/song.mp3"),
        (r"..\Band\song.mp3", "/music/Band/song.mp3"),
        (r"C:\Music\a.mp3", r"C:\Music\a.mp3"),
        ("C:/Music/a.mp3", "C:/Music/a.mp3"),
        (r"\\nas\music\a.mp3", r"\\nas\music\a.mp3"),
        ("file:///m/a%20b%231.mp3", "/m/a b#1.mp3"),
        ("FILE://localhost/m/a.mp3", "/m/a.mp3"),
        ("file:/m/a.mp3", "/m/a.mp3"),
        ("file:///m/50%25 #1?.mp3", "/m/50% #1?.mp3"),
        ("file:///C:/Music/a.mp3", r"C:\Music\a.mp3"),
        ("file://nas/music/a.mp3", r"\\nas\music\a.mp3"),
        ("file:///m/%E9.mp3", ""),
        ("file:a.mp3", ""),
        ("file://[/a.mp3", ""),
        ("file:///m/a%00.mp3", ""),
        ("http://a.org/a.mp3", ""),
        ("smb://nas/a.mp3", ""),
        ("spotify:track:0", ""),
        (r"\Music\a.mp3", ""),
        ("C:a.mp3", "/music/lists/C:a.mp3"),
        ("Kalo - Vo", ""),
        ("notes.txt", ""),
        ("", ""),
    ],
)
def test_a_path_is_absolute_and_a_stream_has_none(told: str, path: str) -> None:
    assert sound_path(told, "/music/lists", lambda path: False) == path


def test_a_line_that_can_be_read_in_two_ways_is_read_as_the_file_that_is_there() -> None:
    """Percent signs and backslashes are letters of a name where a file has that name."""
    there = {"/m/a%20b.mp3", "/m/a b.mp3", "/m/c d.mp3", "/m/e\\f.mp3"}
    for told, path in {
        "a%20b.mp3": "/m/a%20b.mp3",
        "c%20d.mp3": "/m/c d.mp3",
        "g%20h.mp3": "/m/g%20h.mp3",
        "e\\f.mp3": "/m/e\\f.mp3",
    }.items():
        assert sound_path(told, "/m", there.__contains__) == path


def test_without_a_folder_only_an_absolute_path_is_one() -> None:
    assert sound_path("a.mp3") == ""
    assert sound_path("/m/a.mp3") == "/m/a.mp3"


def _paths(source: object) -> list[str]:
    (playlist,) = read(source)  # type: ignore[arg-type]
    assert isinstance(playlist, Playlist)
    return [entry.track.path for entry in playlist.entries]


def test_an_m3u_tells_the_files_beside_it(tmp_path: Path) -> None:
    """Of its titles and of its Spotify tracks."""
    lines = [
        "#EXTM3U", "#EXTINF:1,Kalo - Vo", "a.mp3", "../b/Kalo - Tu.ogg", "#EXTINF:1,Radio", "http://a.org/x.mp3",
        f"#EXTPROV:spotify||{spotify_id(1)}||spotify", "#EXTINF:1,Kalo - Mi", "c.mp3", f"spotify:track:{spotify_id(2)}",
        "#SEGUE:x:0123456789abcdef0123", "#EXTINF:1,A - B - C", "d.mp3", "#EXTPROV:deezer||7", "Kalo - Ren.mp3",
    ]  # fmt: skip
    source = write(tmp_path / "lists" / "a.m3u8", "\n".join(lines))
    (playlist,) = read(source)
    assert isinstance(playlist, Playlist)
    told = [(entry.track.track_id, entry.track.path) for entry in playlist.entries]
    here = tmp_path / "lists"
    assert [path for _, path in told] == [
        f"{here}/a.mp3", f"{tmp_path}/b/Kalo - Tu.ogg", "", f"{here}/c.mp3", "", f"{here}/d.mp3",
        f"{here}/Kalo - Ren.mp3",
    ]  # fmt: skip
    assert [told[place][0] for place in (3, 4, 5)] == [spotify_id(1), spotify_id(2), "x:0123456789abcdef0123"]


def test_a_jspf_tells_files_by_their_addresses(tmp_path: Path) -> None:
    tracks = [
        {"title": "Vo", "creator": "Kalo", "location": ["http://a.org/a.mp3", "file:///m/a.mp3"]},
        {"title": "Tu", "creator": "Kalo", "location": "file:///C:/m/b.mp3"},
        {"title": "Mi", "creator": "Kalo", "location": ["c.mp3"]},
    ]
    source = write(tmp_path / "a.jspf", {"playlist": {"title": "Mine", "track": tracks}})
    assert _paths(source) == ["/m/a.mp3", r"C:\m\b.mp3", ""]


def test_what_lies_in_a_zip_speaks_of_another_machine(tmp_path: Path) -> None:
    """Its files were never here."""
    import zipfile

    from importer.source import member_of

    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.m3u8", "#EXTM3U\n#EXTINF:1,Kalo - Vo\n/m/a.mp3\nb.mp3\n")
        tracks = [{"title": "Vo", "creator": "Kalo", "location": ["file:///m/a.mp3"]}]
        archive.writestr("a.jspf", f'{{"playlist": {{"title": "Mine", "track": {tracks}}}}}'.replace("'", '"'))
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            assert set(_paths(member_of(path, info, archive, "a.zip"))) == {""}
