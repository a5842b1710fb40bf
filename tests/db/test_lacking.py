"""The line of tracks without audio features."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.connection import open_writer, transaction
from db.facts import store_features
from db.lacking import Asker, count_due, count_known, line_up, next_due, note_misses
from db.plays import store_plays
from db.records import AudioFeatures, Play, Record, Track
from db.write import store
from tests.db.make import NOW, playlist, raw_id, run, track

SPOTIFY, RECCOBEATS = Asker("spotify", False), Asker("reccobeats", True)
MONTH = 30 * 86_400


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with open_writer(file, "testing") as opened:
        yield opened


def keep(connection: sqlite3.Connection, *records: Record) -> None:
    with transaction(connection):
        store(connection, run(), records)


def line(connection: sqlite3.Connection, asker: Asker = RECCOBEATS, most: int = 2, since: int = 0) -> list[str]:
    """Give all that is due, block by block."""
    found, after = list[str](), 0
    while block := next_due(connection, asker, since, after, most):
        assert 0 < len(block.asked) <= most
        found += [one.track_id for one in block.asked]
        after = block.last
    assert len(found) == count_due(connection, asker, since)
    return found


def ids(*numbers: int) -> list[str]:
    return [track(number).track_id for number in numbers]


def test_the_most_listed_come_first_and_those_with_features_not_at_all(connection: sqlite3.Connection) -> None:
    keep(
        connection, playlist(1, [1, 2, 3, 4]), playlist(2, [3, 4]), playlist(3, [4, 2, 4]), AudioFeatures(track(3), 0.5)
    )
    assert line_up(connection) == 3
    assert line(connection) == ids(4, 2, 1)


def test_tracks_of_plays_stand_in_line_and_tracks_of_nothing_do_not(connection: sqlite3.Connection) -> None:
    keep(connection, playlist(1, [1]), track(2))
    with transaction(connection):
        store_plays(connection, run("log"), "a log", [Play(who, track(3), 5, NOW) for who in ("ada", "bo")])
    line_up(connection)
    assert line(connection) == ids(3, 1)


def test_made_up_ids_are_for_those_who_know_isrcs(connection: sqlite3.Connection) -> None:
    coded, bare = replace(track(1), track_id="x:" + "0" * 20), Track("x:" + "1" * 20, "Somewhere")
    keep(connection, playlist(1, [coded, bare, track(2)]))
    assert line_up(connection) == 2
    assert sorted(line(connection, RECCOBEATS)) == sorted([coded.track_id, *ids(2)])
    assert line(connection, SPOTIFY) == ids(2)


def test_what_one_has_missed_is_still_due_for_the_other_until_its_time_is_over(connection: sqlite3.Connection) -> None:
    keep(connection, playlist(1, [1, 2, 3]))
    line_up(connection)
    with transaction(connection):
        note_misses(connection, "spotify", ids(1, 2), NOW)
        note_misses(connection, "reccobeats", [*ids(2), raw_id("track", 99)], NOW)
    assert line(connection, SPOTIFY, since=NOW - MONTH) == ids(3)
    assert line(connection, RECCOBEATS, since=NOW - MONTH) == ids(1, 3)
    assert count_known(connection, [SPOTIFY, RECCOBEATS], NOW - MONTH) == 1
    assert count_known(connection, [SPOTIFY], NOW - MONTH) == 2
    assert count_known(connection, [], NOW - MONTH) == 0
    assert line(connection, SPOTIFY, since=NOW) == ids(1, 2, 3)


def test_a_later_miss_counts_from_then_on(connection: sqlite3.Connection) -> None:
    keep(connection, playlist(1, [1]))
    line_up(connection)
    for moment in (NOW - 2 * MONTH, NOW):
        with transaction(connection):
            note_misses(connection, "reccobeats", ids(1), moment)
    assert line(connection, since=NOW - MONTH) == []


def test_features_that_come_meanwhile_leave_the_line(connection: sqlite3.Connection) -> None:
    keep(connection, playlist(1, [1, 2, 3]))
    line_up(connection)
    with transaction(connection):
        store_features(connection, run("spotify"), [AudioFeatures(track(2), 0.5)])
    assert line(connection) == ids(1, 3)


def test_a_second_line_takes_the_place_of_the_first(connection: sqlite3.Connection) -> None:
    keep(connection, playlist(1, [1]))
    line_up(connection)
    keep(connection, playlist(2, [2]))
    line_up(connection)
    assert line(connection) == ids(1, 2)


def test_all_that_is_known_of_a_track_comes_with_it(connection: sqlite3.Connection) -> None:
    keep(connection, playlist(1, [7]))
    line_up(connection)
    block = next_due(connection, RECCOBEATS, 0, 0, 1)
    assert block is not None
    (asked,) = block.asked
    told = track(7)
    assert (asked.track_id, asked.isrc, asked.name, asked.duration_ms) == (
        told.track_id,
        told.isrc,
        told.name,
        told.duration_ms,
    )


@pytest.mark.slow
def test_a_block_from_a_long_line_comes_at_once(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO imports VALUES (1, 1, 'made-up', 'tests', 0)")
        connection.execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
            INSERT INTO tracks (key, track_id, name, import_key, fetched_at)
            SELECT i, printf('%022d', i), 'Song', 1, 0 FROM n
            """
        )
        connection.execute("INSERT INTO playlists VALUES (1, 'one', 'Mix', NULL, NULL, NULL, NULL, NULL, 0, 1, 0)")
        connection.execute("INSERT INTO playlist_entries SELECT 1, key, key, NULL FROM tracks")
    assert line_up(connection) == 300_000
    slowest, after = 0.0, 0
    for _ in range(100):
        began = time.perf_counter()
        block = next_due(connection, RECCOBEATS, 0, after, 400)
        slowest = max(slowest, time.perf_counter() - began)
        assert block is not None
        after = block.last
    assert after == 40_000
    assert slowest < 0.5
