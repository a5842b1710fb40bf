"""What is remembered of use, what follows from it, and how it goes again; and no page ever waits or fails for it."""

import multiprocessing
import time
from dataclasses import replace
from pathlib import Path

import pytest

from db.connection import open_reader, open_writer, transaction
from db.forgetting import forget_listener
from db.purge import purge_source
from db.use import (
    ADDED,
    DISLIKED,
    GONE_ON,
    KEPT_DAYS,
    LIKED,
    OPENED,
    SEARCHED,
    SKIPPED,
    USE,
    Done,
    Shown,
    remember,
    remember_list,
    take_back_thumb,
)
from db.use_counts import Outcome, Remembered, forget_use, latest_done, outcomes, remembered
from db.use_lists import take_up
from tests.db.make import NOW, is_sound, playlist, raw_id, store_all

DAY = 86_400
A, B, C, D, E = (raw_id("track", number) for number in range(1, 6))


@pytest.fixture
def stored(file: Path) -> Path:
    store_all(file, [playlist(1, [1, 2, 3, 4, 5])])
    return file


def shown(*tracks: str, seeds: tuple[str, ...] = (A,), at: int = NOW, arm: str = "", **more: str) -> Shown:
    told = {"visitor": "v", "listener": "", "model": "hybrid", **more}
    return Shown(**told, trained_at=NOW - DAY, arm=arm, seeds=seeds, unlike=(), tracks=tracks, at=at)


def done(kind: str, track_id: str | None = None, at: int = NOW, **more: str) -> Done:
    return Done(**{"visitor": "v", "listener": "", **more}, kind=kind, at=at, track_id=track_id)


def kinds(path: Path, visitor: str = "v") -> list[tuple[str, str | None]]:
    with open_reader(path) as connection:
        return [(one.kind, one.track_id) for one in latest_done(connection, visitor, 100)][::-1]


def results(path: Path, *, of_experiment: bool = False) -> list[Outcome]:
    with open_reader(path) as connection:
        return outcomes(connection, of_experiment=of_experiment)


def entries(path: Path) -> list[tuple[str, str]]:
    """List (playlist id, raw id) of the playlists that were made of use."""
    with open_reader(path) as connection:
        return connection.execute(
            """
            SELECT p.playlist_id, t.track_id FROM playlists p JOIN playlist_entries e ON e.playlist_key = p.key
            JOIN tracks t ON t.key = e.track_key JOIN imports i ON i.key = p.import_key
            WHERE i.source = 'use' ORDER BY p.playlist_id, e.position
            """
        ).fetchall()


class TestRemembering:
    def test_what_seeds_tell_of_the_list_before(self, stored: Path) -> None:
        remember_list(stored, shown(B, C))
        remember_list(stored, shown(D, seeds=(A, B), at=NOW + 9))
        remember_list(stored, shown(E, seeds=(D,), at=NOW + 20))
        remember_list(stored, replace(shown(A, seeds=(D,), at=NOW + 30), unlike=(E,)))
        assert kinds(stored) == [(ADDED, B), (GONE_ON, D), (SKIPPED, E)]

    def test_a_seed_that_stood_in_no_list_tells_nothing(self, stored: Path) -> None:
        remember_list(stored, shown(B, C))
        remember_list(stored, shown(D, seeds=(A, E)))
        assert kinds(stored) == []

    def test_a_list_of_somebody_else_or_of_yesterday_has_no_part_in_it(self, stored: Path) -> None:
        remember_list(stored, shown(B, visitor="another"))
        remember_list(stored, shown(B, at=NOW - DAY))
        remember_list(stored, shown(D, seeds=(B,)))
        assert kinds(stored) == []

    def test_the_same_list_once_more_is_not_another_one(self, stored: Path) -> None:
        for seconds in range(3):
            assert remember_list(stored, shown(B, C, at=NOW + seconds))
        assert [one.lists for one in results(stored)] == [1]

    def test_something_done_twice_counts_once_for_a_list(self, stored: Path) -> None:
        remember_list(stored, shown(B, C))
        for _ in range(2):
            remember(stored, done(OPENED, B))
        assert kinds(stored) == [(OPENED, B)]

    def test_a_thumb_that_turns_or_goes_leaves_nothing_behind(self, stored: Path) -> None:
        remember_list(stored, shown(B, C))
        remember(stored, done(LIKED, B))
        remember(stored, done(DISLIKED, B))
        assert kinds(stored) == [(DISLIKED, B)]
        assert take_back_thumb(stored, "v", B, NOW)
        assert kinds(stored) == []

    def test_what_is_older_than_a_year_goes_and_so_does_what_a_wrong_clock_wrote(self, stored: Path) -> None:
        remember_list(stored, shown(B))
        remember(stored, done(OPENED, B))
        remember_list(stored, shown(C, at=NOW + 900 * DAY, visitor="ahead"))
        later = NOW + (KEPT_DAYS + 1) * DAY
        remember_list(stored, shown(D, at=later))
        with open_reader(stored) as connection:
            assert remembered(connection) == Remembered(1, {}, 1, later)

    def test_nothing_is_said_where_there_is_no_database(self, tmp_path: Path) -> None:
        assert not remember_list(tmp_path / "none.db", shown(B))
        assert not remember(tmp_path / "none.db", done(SEARCHED))
        assert not (tmp_path / "none.db").exists()

    def test_a_crawl_that_holds_the_writer_lock_is_not_in_the_way(self, stored: Path) -> None:
        with open_writer(stored, "a crawl"):
            assert remember_list(stored, shown(B))

    def test_an_import_in_the_middle_of_its_transaction_costs_the_event_and_no_time(self, stored: Path) -> None:
        with open_writer(stored, "an import") as connection, transaction(connection):
            connection.execute("INSERT INTO state VALUES ('in the middle', '1')")
            began = time.monotonic()
            assert not remember_list(stored, shown(B))
            assert time.monotonic() - began < 2
        assert remember_list(stored, shown(B))
        is_sound(stored)

    def test_many_at_once_lose_nothing_but_time(self, stored: Path) -> None:
        processes = [multiprocessing.get_context("spawn").Process(target=_many, args=(stored, n)) for n in range(3)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
            assert process.exitcode == 0
        with open_reader(stored) as connection:
            assert remembered(connection).lists == 60


def _many(path: Path, number: int) -> None:
    for turn in range(20):
        one = shown(raw_id("track", turn), visitor=f"v{number}")
        while not remember_list(path, one):
            time.sleep(0.01)


class TestOutcomes:
    def test_are_counted_by_model_and_person(self, stored: Path) -> None:
        remember_list(stored, shown(B, C, listener="ada"))
        remember(stored, done(OPENED, B, listener="ada"))
        remember(stored, done(LIKED, C, listener="ada"))
        remember_list(stored, shown(D, seeds=(E,), listener="ada", visitor="another browser", arm="hybrid"))
        remember_list(stored, shown(D, E, visitor="w", model="item-knn"))
        remember(stored, done(DISLIKED, E, visitor="w"))
        assert results(stored) == [Outcome("hybrid", "l:ada", 2, 1, 1, 0), Outcome("item-knn", "v:w", 1, 0, 0, 1)]
        assert results(stored, of_experiment=True) == [Outcome("hybrid", "l:ada", 1, 0, 0, 0)]


class TestSittings:
    def sit(self, path: Path, at: int = NOW, **who: str) -> None:
        """Go from A over B to C, and open E."""
        remember_list(path, shown(B, C, D, at=at, **who))
        remember_list(path, shown(C, D, E, seeds=(A, B), at=at + 60, **who))
        remember_list(path, shown(D, E, seeds=(A, B, C), at=at + 120, **who))
        remember(path, done(OPENED, E, at=at + 130, **who))

    def test_become_playlists_in_the_order_of_choosing(self, stored: Path) -> None:
        self.sit(stored)
        assert take_up(stored, NOW + DAY) == (1, True)
        assert [track_id for _, track_id in entries(stored)] == [A, B, C, E]
        is_sound(stored)

    def test_taken_up_again_change_nothing(self, stored: Path) -> None:
        self.sit(stored)
        take_up(stored, NOW + DAY)
        before = entries(stored), _mark(stored)
        assert take_up(stored, NOW + 2 * DAY) == (1, False)
        assert (entries(stored), _mark(stored)) == before

    def test_that_go_on_are_made_anew(self, stored: Path) -> None:
        self.sit(stored)
        take_up(stored, NOW + DAY)
        before = _mark(stored)
        remember(stored, done(LIKED, D, at=NOW + 140))
        assert take_up(stored, NOW + DAY) == (1, True)
        assert [track_id for _, track_id in entries(stored)] == [A, B, C, E, D]
        assert _mark(stored) != before
        with open_reader(stored) as connection:
            assert connection.execute("SELECT count(*) FROM imports WHERE source = ?", [USE]).fetchone() == (1,)
            assert connection.execute("SELECT count(*) FROM replaced_playlists").fetchone() == (0,)
        is_sound(stored)

    def test_go_with_what_they_were_made_of(self, stored: Path) -> None:
        self.sit(stored)
        take_up(stored, NOW + DAY)
        assert forget_use(stored) == 3 + 3
        assert take_up(stored, NOW + DAY) == (0, True)
        assert entries(stored) == []
        is_sound(stored)

    def test_go_with_their_source_and_leave_what_was_there(self, stored: Path) -> None:
        before = _counts(stored)
        self.sit(stored)
        take_up(stored, NOW + DAY)
        with open_writer(stored, "a purge") as connection:
            purge_source(connection, USE, NOW)
        assert entries(stored) == []
        assert _counts(stored) == before
        assert take_up(stored, NOW + DAY) == (0, False)
        with open_reader(stored) as connection:
            assert remembered(connection) == Remembered(0, {}, 0, None)

    def test_of_songs_whose_import_was_purged_keep_them_until_they_go_too(self, stored: Path) -> None:
        self.sit(stored)
        take_up(stored, NOW + DAY)
        with open_writer(stored, "a purge") as connection:
            source = connection.execute("SELECT source FROM imports ORDER BY key").fetchone()[0]
            purge_source(connection, source, NOW)
        remember(stored, done(LIKED, C, at=NOW + 200))
        self.sit(stored, at=NOW + 5 * DAY)
        assert take_up(stored, NOW + 6 * DAY) == (2, True)
        assert len(entries(stored)) == 8
        forget_use(stored)
        assert take_up(stored, NOW + 6 * DAY) == (0, True)
        assert _counts(stored) == (0, 0)
        is_sound(stored)

    def test_without_use_cost_no_writing(self, stored: Path) -> None:
        before = stored.stat().st_mtime_ns
        assert take_up(stored, NOW) == (0, False)
        assert stored.stat().st_mtime_ns == before


class TestForgetting:
    def test_a_browser_goes_alone(self, stored: Path) -> None:
        remember_list(stored, shown(B))
        remember_list(stored, shown(C, visitor="w"))
        remember(stored, done(OPENED, C, visitor="w"))
        assert forget_use(stored, "w") == 2
        with open_reader(stored) as connection:
            assert remembered(connection) == Remembered(1, {}, 1, NOW)

    def test_a_person_goes_wholly_with_what_was_made_of_them(self, stored: Path) -> None:
        TestSittings().sit(stored, listener="ada")
        TestSittings().sit(stored, at=NOW + DAY, visitor="w", listener="bert")
        take_up(stored, NOW + 2 * DAY)
        with open_writer(stored, "a purge") as connection:
            gone = forget_listener(connection, "ada")
        assert (gone.shown_lists, gone.use_events) == (3, 3)
        assert entries(stored) == []
        with open_reader(stored) as connection:
            assert connection.execute("SELECT DISTINCT listener FROM shown_lists").fetchall() == [("bert",)]
            assert connection.execute("SELECT DISTINCT listener FROM use_events").fetchall() == [("bert",)]
        assert take_up(stored, NOW + 2 * DAY) == (1, True)
        is_sound(stored)


def _mark(path: Path) -> str:
    with open_reader(path) as connection:
        return str(connection.execute("SELECT value FROM state WHERE name = 'content'").fetchone()[0])


def _counts(path: Path) -> tuple[int, int]:
    with open_reader(path) as connection:
        return tuple(connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("playlists", "tracks"))
