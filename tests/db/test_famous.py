"""The index of the best known tracks: it answers as counting would, whatever was stored, taken back or stopped."""

import random
import sqlite3
from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path

import pytest

from db import famous, finding, index
from db.connection import open_reader, open_writer, transaction
from db.purge import purge_import
from db.records import AudioFeatures
from db.retention import expire
from db.search_text import match_all, match_beginnings
from db.write import store
from tests.db.crawling import crawl
from tests.db.make import ADJECTIVES, NOUNS, NOW, bare, is_sound, playlist, random_records, run, store_all, track

WORDS = ["the", "Sessions", *ADJECTIVES, *NOUNS, "Amber Lantern", "the River", "1", "12"]
BEGINNINGS = ["sess", "vel", "lan", "nor riv", "the amb", "xyz"]
QUESTIONS = [*map(match_all, WORDS), *map(match_beginnings, BEGINNINGS)]


@pytest.fixture(autouse=True)
def low_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small databases have famous tracks, and be asked in small pages."""
    monkeypatch.setattr(famous, "_FEW", 3)
    monkeypatch.setattr(famous, "_LEAST", 4)
    monkeypatch.setattr(famous, "_SHARE", 3)
    monkeypatch.setattr(famous, "_CHUNK", 3)
    monkeypatch.setattr(finding, "PAGE", 2)


def _answers(connection: sqlite3.Connection) -> list[list[int]]:
    return [list(chain.from_iterable(finding.best_known(connection, question))) for question in ["", *QUESTIONS]]


def _counted(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Answer the same questions without the index of the best known."""
    with monkeypatch.context() as patch:
        patch.setattr(famous, "whole", lambda _connection: False)
        return _answers(connection)


def _words(connection: sqlite3.Connection) -> list[tuple]:
    connection.execute("DROP TABLE IF EXISTS temp.told_of_famous")
    connection.execute("CREATE VIRTUAL TABLE temp.told_of_famous USING fts5vocab(main, famous_fts, instance)")
    return connection.execute("SELECT term, doc, col, offset FROM temp.told_of_famous ORDER BY 1, 2, 3, 4").fetchall()


def _is_right(path: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Tell whether the index is as it would be made from nothing, and answers what counting does."""
    with open_writer(path, "testing") as connection:
        answers, words = _answers(connection), _words(connection)
        same = answers == _counted(connection, monkeypatch)
        tracks = connection.execute("SELECT count(*) FROM tracks").fetchone()[0]
        assert famous.whole(connection) == (tracks > 3)
        with transaction(connection):
            famous.empty(connection)
        index.finish(connection)
        return same and words == _words(connection) and is_sound(path)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_it_answers_as_counting_does(file: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After imports that know tracks in part, the same again, imports taken back, and what is too old."""
    rng = random.Random(seed)
    numbers: list[int] = []
    for step in range(6):
        with open_writer(file, "testing") as connection:
            if numbers and rng.random() < 0.3:
                purge_import(connection, numbers.pop(rng.randrange(len(numbers))))
            else:
                one = run(now=NOW + step)
                with transaction(connection):
                    store(connection, one, random_records(rng))
                numbers += [one.number] if one.number else []
            index.finish(connection)
        assert _is_right(file, monkeypatch)


def test_few_tracks_that_are_too_old_leave_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They go one by one, before the index is finished, so that a key that is given again names the new track."""
    store_all(file, [playlist(1000, range(1000, 1400))], "csv")
    crawl(file, {number: [1, 2, 3] for number in range(1, 6)}, NOW)
    with open_writer(file, "testing") as connection:
        before = len(_words(connection))
        assert expire(connection, "spotify", NOW + 500).tracks == 3
        strays = "SELECT count(*) FROM famous_fts WHERE {key} NOT IN (SELECT key FROM tracks)"
        assert connection.execute(strays.format(key=famous.KEY)).fetchone() == (0,)
        assert len(_words(connection)) < before
    store_all(file, [playlist(2, [7, 8])], "csv")
    assert _is_right(file, monkeypatch)


def test_tracks_that_stand_nowhere_come_as_they_were_stored(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue without a playlist has an order, too."""
    store_all(file, [AudioFeatures(track(number), 0.5) for number in range(40)])
    assert _is_right(file, monkeypatch)


def test_a_page_of_the_famous_asks_no_more(file: Path) -> None:
    """A page of a common word is full before anything is counted in the index of all tracks."""
    store_all(file, [playlist(number, range(number, 40)) for number in range(20)])
    asked: list[str] = []
    with open_reader(file) as connection:
        connection.set_trace_callback(asked.append)
        first = next(finding.best_known(connection, match_all("sessions")))
        connection.set_trace_callback(None)
        assert first == list(islice(chain.from_iterable(finding.best_known(connection, match_all("sessions"))), 2))
    assert any("famous_fts" in statement for statement in asked)
    assert not any("FROM tracks_fts" in statement for statement in asked)


def test_what_was_listed_since_counts(file: Path) -> None:
    """While an import runs, a page comes in the order of now."""
    store_all(file, [playlist(number, range(number + 1)) for number in range(30)])
    with open_writer(file, "testing") as connection:
        with transaction(connection):
            store(connection, run(), [playlist(100 + number, [1]) for number in range(5)])
        first = next(finding.best_known(connection, ""))
        found = finding.songs_of_keys(connection, first)
    assert [song.track_id for song in found] == [track(1).track_id, track(0).track_id]


@pytest.mark.parametrize("stopped_after", range(6))
def test_it_goes_on_where_it_was_killed(file: Path, stopped_after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between two steps it is not asked, and ends as if it had never stopped."""
    store_all(file, [playlist(number, range(number, 60)) for number in range(20)])
    steps: list[Sequence[int]] = []
    put_in = famous._put_in

    def _stop(connection: sqlite3.Connection, rows: list[int]) -> None:
        if len(steps) == stopped_after:
            raise KeyboardInterrupt
        steps.append(rows)
        put_in(connection, rows)

    with open_writer(file, "testing") as connection:
        with transaction(connection):
            store(connection, run(), [playlist(100 + number, range(40, 60)) for number in range(30)])
        monkeypatch.setattr(famous, "_put_in", _stop)
        with pytest.raises(KeyboardInterrupt):
            index.finish(connection)
        monkeypatch.setattr(famous, "_put_in", put_in)
        assert not famous.whole(connection)
        assert _answers(connection) == _counted(connection, monkeypatch)
        index.finish(connection)
        assert famous.whole(connection)
    assert _is_right(file, monkeypatch)


def test_a_database_of_before_is_searched_and_brought_up(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the index of the best known all is counted; the next import makes it, though it brings nothing new."""
    records = [playlist(number, [*range(number, 30), bare(50)]) for number in range(10)]
    with monkeypatch.context() as patch:
        patch.setattr(famous, "refresh", lambda _connection: None)
        store_all(file, records)
    with open_reader(file) as connection:
        assert not famous.whole(connection)
        before = _answers(connection)
    store_all(file, records)
    with open_reader(file) as connection:
        assert famous.whole(connection)
        assert _answers(connection) == before
    assert _is_right(file, monkeypatch)


def test_nothing_is_written_where_nothing_moved(file: Path) -> None:
    """Finishing again leaves the file as it is."""
    store_all(file, [playlist(number, range(number, 30)) for number in range(10)])
    before = file.read_bytes()
    with open_writer(file, "testing") as connection:
        index.finish(connection)
    assert file.read_bytes() == before


def test_a_database_that_became_small_needs_none(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is emptied where the index of all is fast enough."""
    store_all(file, [playlist(1, range(30))])
    monkeypatch.setattr(famous, "_FEW", 100)
    store_all(file, [playlist(2, range(31))])
    with open_reader(file) as connection:
        assert connection.execute("SELECT count(*) FROM famous_fts").fetchone() == (0,)
        assert not famous.whole(connection)
