"""LRC lyrics."""

from pathlib import Path

import pytest

from db.identity import made_up_id
from db.records import Album, Artist, Track, TrackText
from importer.errors import BadFile
from tests.importer.make import format_of, read, write


def test_tags_and_timed_lines(tmp_path: Path) -> None:
    content = (
        "[ar: Kalo]\n[ti:Vo]\n[al:Tu]\n[by:ann]\n[00:01.00][00:09.00]la <00:01.50>la\n\n[00:02]lo [live]\n[00:03.12]\n"
    )
    source = write(tmp_path / "x.txt", content)
    assert format_of(source) == "lrc"
    (lyrics,) = read(source)
    track = Track(made_up_id("Kalo", "Vo"), "Vo", (Artist("Kalo"),), Album("Tu"))
    assert lyrics == TrackText(track, "lyrics", "la la\n\nlo [live]")


def test_the_name_of_the_file_tells_whose_they_are(tmp_path: Path) -> None:
    (lyrics,) = read(write(tmp_path / "Kalo - Vo.lrc", "[00:01.00]la"))
    assert isinstance(lyrics, TrackText)
    assert lyrics.track.track_id == made_up_id("Kalo", "Vo")


def test_what_does_not_look_like_lyrics_is_refused_when_the_format_is_forced(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no LRC"):
        read(write(tmp_path / "a.json", '{"a": [\n"[00:01]",\n1]}'), "lrc")
    assert read(write(tmp_path / "a.txt", "[ti:Vo]\nla"), "lrc")
    assert read(write(tmp_path / "Kalo - Vo.txt", "[00:01]la"), "lrc")
    assert read(write(tmp_path / "Kalo - Vo.lrc", "la"))


def test_a_song_without_words_brings_nothing(tmp_path: Path) -> None:
    assert read(write(tmp_path / "Kalo - Vo.lrc", "[00:01.00]\n")) == []


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"[ti:Vo]\n[00:01.00]l\xf6", "byte 20"), (b"[ti:" + b"x" * 10_001 + b"]", "[ti:]"), (b"[ti:a\0]", "[ti:]")],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: bytes, place: str) -> None:
    with pytest.raises(BadFile) as told:
        read(write(tmp_path / "x.lrc", content))
    assert told.value.place == place
