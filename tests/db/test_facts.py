"""Storing what is known of single tracks: features, texts, plays; and values at the edge of what can be stored."""

from dataclasses import replace
from pathlib import Path

import pytest

from db import read
from db.connection import open_reader, open_writer, transaction
from db.plays import store_plays
from db.records import Album, Artist, AudioFeatures, Play, Playlist, PlaylistEntry, Track, TrackText
from db.runs import Counts
from db.write import store
from tests.db.make import (
    NOW,
    bare,
    every_row,
    is_sound,
    playlist,
    raw_id,
    run,
    store_all,
    track,
)


def _ask(path: Path, question: str) -> list[tuple]:
    with open_reader(path) as connection:
        return connection.execute(question).fetchall()


def _store_log(path: Path, plays: list[Play], log_id: str = "a log") -> Counts:
    with open_writer(path, "testing") as connection, transaction(connection):
        return store_plays(connection, run("log"), log_id, plays)


def test_the_first_features_stand(file: Path) -> None:
    """Audio features are stored once for each track, with their source and time; the first told stand."""
    told = AudioFeatures(track(1), 0.5, 0.25, -1, -7.5, 1, 0.1, 0.2, 0.3, 0.4, 0.6, 120.5, 4)
    _, first = store_all(file, [told, AudioFeatures(track(1), 0.9)])
    _, second = store_all(file, [AudioFeatures(track(1), 0.7), AudioFeatures(bare(2), 0.8)])
    assert (first.features, second.features) == (1, 1)
    assert _ask(file, "SELECT * FROM audio_features")[0] == (
        1,
        0.5,
        0.25,
        -1,
        -7.5,
        1,
        0.1,
        0.2,
        0.3,
        0.4,
        0.6,
        120.5,
        4,
        1,
        NOW,
    )


def test_a_text_is_stored_once_for_each_track_and_kind(file: Path) -> None:
    """The same text of the same kind is one row; another kind or text is another."""
    texts = [
        TrackText(track(1), kind, text)
        for kind, text in [("tag", "slow"), ("tag", "slow"), ("tag", "dub"), ("lyrics", "slow")]
    ]
    _, first = store_all(file, texts)
    _, second = store_all(file, texts)
    assert (first.texts, second.texts) == (3, 0)
    assert len(_ask(file, "SELECT * FROM track_texts")) == 3


def test_plays_of_a_log_add_up(file: Path) -> None:
    """Within a log the plays of one listener and track are summed, and the latest time is kept."""
    _store_log(
        file,
        [
            Play("ada", track(1), 2, 50),
            Play("ada", track(1), 3, None),
            Play("ada", track(1), 1, 40),
            Play("bo", track(1), 1),
        ],
    )
    rows = _ask(
        file, "SELECT l.name, count, last_played_at FROM plays JOIN listeners l ON l.key = listener_key ORDER BY 1"
    )
    assert rows == [("ada", 6, 50), ("bo", 1, None)]


def test_the_same_log_again_changes_nothing(file: Path) -> None:
    """A log that is known and the same leaves every row as it was, and makes no import."""
    plays = [Play("ada", track(number), number + 1, NOW) for number in range(9)]
    assert _store_log(file, plays).plays == 9
    before = every_row(file)
    assert _store_log(file, plays) == Counts()
    assert every_row(file) == before


def test_a_longer_export_replaces_the_log(file: Path) -> None:
    """A later export of the same log counts nothing twice; another log adds up beside it."""
    _store_log(file, [Play("ada", track(1), 2, 10)])
    _store_log(file, [Play("ada", track(1), 5, 20), Play("ada", track(2), 1, 20)])
    _store_log(file, [Play("ada", track(1), 1, 30)], "another log")
    with open_reader(file) as connection:
        assert read.count_rows(connection)["plays"] == 7
    assert is_sound(file)


def test_a_known_log_leaves_a_run_with_its_number(file: Path) -> None:
    """A run that stored something keeps its number over a log that turns out to be known."""
    _store_log(file, [Play("ada", track(1), 2, 10)])
    one = run()
    with open_writer(file, "testing") as connection:
        with transaction(connection):
            store(connection, one, [playlist(1, [1])])
        number = one.key
        with transaction(connection):
            store_plays(connection, one, "a log", [Play("ada", track(1), 2, 10)])
        assert one.key == number
        with transaction(connection):
            store(connection, one, [playlist(2, [1])])
    assert _ask(file, "SELECT DISTINCT import_key FROM playlists") == [(number,)]


@pytest.mark.parametrize(
    "text",
    [
        "Ægir & Søn",
        "きらきら星",
        "नमस्ते",
        "👩🏽‍🚀❤️",
        "e\u0301",
        "\u202egnolk",
        "a'b\"c%d_e;--",
        "line\nbreak\ttab",
        "x" * 10_000,
    ],
)
def test_any_text_comes_back_as_it_was_told(file: Path, text: str) -> None:
    """Names in any script, emoji, quotes and control characters come back unchanged."""
    song = Track(raw_id("track", 1), text, (Artist(text),), Album(text))
    store_all(file, [Playlist(text, text, (PlaylistEntry(0, song),), text, text, (text,)), TrackText(song, text, text)])
    before = every_row(file)
    with open_reader(file) as connection:
        found = read.songs(connection, [song.track_id])[song.track_id]
    assert (found.name, found.artists, found.album) == (text, (text,), text)
    store_all(file, [Playlist(text, text, (PlaylistEntry(0, song),), text, text, (text,)), TrackText(song, text, text)])
    assert every_row(file) == before


def test_the_largest_numbers_are_stored(file: Path) -> None:
    """Whole numbers up to 2^63-1 are stored as they are."""
    largest = 2**63 - 1
    song = replace(track(1), duration_ms=largest, popularity=-largest)
    store_all(
        file, [Playlist("a", "A", (PlaylistEntry(largest, song, largest),), followers=largest, modified_at=largest)]
    )
    assert _ask(file, "SELECT position, added_at FROM playlist_entries") == [(largest, largest)]
    assert _ask(file, "SELECT duration_ms FROM tracks") == [(largest,)]


@pytest.mark.parametrize(
    "bad",
    [
        Playlist("b", "B", (PlaylistEntry(2**63, track(2)),)),
        Playlist("b", "B", (PlaylistEntry(0, track(2)), PlaylistEntry(0, track(3)))),
        Playlist("b", "\ud800", (PlaylistEntry(0, track(2)),)),
    ],
)
def test_what_cannot_be_stored_leaves_nothing(file: Path, bad: Playlist) -> None:
    """A number beyond 64 bits, a position twice or half a character takes the whole transaction back."""
    store_all(file, [playlist(1, [1])])
    before = every_row(file)
    with pytest.raises(Exception, match=r"too large|UNIQUE|surrogates"):
        store_all(file, [playlist(2, [2]), bad])
    assert every_row(file) == before
