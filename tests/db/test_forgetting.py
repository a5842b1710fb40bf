"""Removing a person: nothing of them is left, nothing of anybody else is lost, and all of it happens or nothing."""

import sqlite3
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from db import index
from db.connection import open_reader, open_writer, transaction
from db.forgetting import Personal, forget, forget_listener, is_unwiped, owned_playlists, personal
from db.listeners import Profile, keep_profile, people
from db.plays import store_plays
from db.records import Play
from db.wipe import overwriting
from tests.db.make import every_row, is_sound, meaning, playlist, run, store_all, track

ADA, BEN = "ada of the hill", "ben of the dale"


def _plays(path: Path, log: str, told: list[tuple[str, int]]) -> None:
    """Store one log: who played which track once."""
    with open_writer(path, "a test") as connection:
        with transaction(connection):
            store_plays(
                connection, run(f"log {log}"), log, [Play(name, track(n), 1, 1_600_000_000) for name, n in told]
            )
        index.finish(connection)


def _thumb(path: Path, listener: str, track_id: str) -> None:
    with open_writer(path, "a test") as connection, transaction(connection):
        connection.execute("INSERT INTO thumbs VALUES (?, ?, 1, 'by hand', 1)", [listener, track_id])


def _steps() -> dict[str, Callable[[Path], object]]:
    return {
        "lists": lambda path: store_all(path, [playlist(1, [1, 2])]),
        "ada": lambda path: _plays(path, f"lastfm:{ADA}:ada.csv", [(ADA, 2), (ADA, 3)]),
        "both": lambda path: _plays(path, "lastfm::both.csv", [(ADA, 4), (BEN, 3), (ADA, 5), (BEN, 5)]),
    }


def _of_others() -> dict[str, Callable[[Path], object]]:
    return {**_steps(), "ada": lambda path: None,
            "both": lambda path: _plays(path, "lastfm::both.csv", [(BEN, 3), (BEN, 5)])}  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(_steps())))
def test_what_is_left_is_as_if_they_had_never_been_here(tmp_path: Path, order: tuple[str, ...]) -> None:
    path, without = tmp_path / "all.db", tmp_path / "without.db"
    for step in order:
        _steps()[step](path)
        _of_others()[step](without)
    gone, reason = forget(path, ADA, lambda sentence: None)
    assert reason == ""
    assert gone == Personal(plays=4, logs=1, imports=1, tracks=1)
    assert meaning(path) == meaning(without)
    assert is_sound(path)


def test_their_name_is_not_left_in_the_bytes_of_the_file(tmp_path: Path) -> None:
    """Nor in the log beside it, in free pages, in the ids of logs, or in the places of imports."""
    path = tmp_path / "all.db"
    for step in _steps().values():
        step(path)
    _thumb(path, ADA, "track")
    keep_profile(path, Profile(ADA, ("An Artist",), (), 1))
    assert ADA.encode() in path.read_bytes()
    forget(path, ADA, lambda sentence: None)
    for left in tmp_path.iterdir():
        assert ADA.encode() not in left.read_bytes(), left
    assert BEN.encode() in path.read_bytes()
    with open_reader(path) as connection:
        assert not is_unwiped(connection)


def test_thumbs_and_what_was_named_go_even_where_nothing_was_played(tmp_path: Path) -> None:
    path = tmp_path / "all.db"
    _steps()["lists"](path)
    for name in (ADA, BEN):
        _thumb(path, name, "track")
        keep_profile(path, Profile(name, ("An Artist",), (), 1))
    before = meaning(path)
    gone, _ = forget(path, ADA, lambda sentence: None)
    assert gone == Personal(thumbs=1, profiles=1)
    assert meaning(path) == before
    with open_reader(path) as connection:
        assert people(connection, 9) == [BEN]
        assert personal(connection, ADA).is_nobody


def test_earlier_states_of_a_log_go_and_what_others_played_then_comes_back(tmp_path: Path) -> None:
    """A log that is now of this person alone goes; what it replaced stands again, without the person."""
    path, without = tmp_path / "all.db", tmp_path / "without.db"
    _plays(path, "a log", [(ADA, 1), (BEN, 2)])
    _plays(path, "a log", [(ADA, 3)])
    _plays(without, "a log", [(BEN, 2)])
    gone, _ = forget(path, ADA, lambda sentence: None)
    assert (gone.plays, gone.replaced_plays, gone.logs) == (1, 1, 1)
    assert meaning(path) == meaning(without)
    assert is_sound(path)


def test_who_is_stopped_in_the_middle_leaves_everything(tmp_path: Path) -> None:
    """Whatever statement it is that fails."""
    path = tmp_path / "all.db"
    for step in _steps().values():
        step(path)
    before = every_row(path)
    for after in (3, 9, 15, 25):
        left = after

        def stop(action: int, *_: object) -> int:
            nonlocal left
            left -= action in (sqlite3.SQLITE_DELETE, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_INSERT)
            return sqlite3.SQLITE_DENY if left < 0 else sqlite3.SQLITE_OK

        with open_writer(path, "a test") as connection, overwriting(connection):
            connection.set_authorizer(stop)
            with pytest.raises(sqlite3.DatabaseError):
                forget_listener(connection, ADA)
            connection.set_authorizer(None)
        assert every_row(path) == before


def test_playlists_that_name_them_as_owner_are_counted_and_stay(tmp_path: Path) -> None:
    path = tmp_path / "all.db"
    store_all(path, [playlist(1, [1], owner=ADA), playlist(2, [1], owner=BEN)])
    _plays(path, "a log", [(ADA, 1)])
    forget(path, ADA, lambda sentence: None)
    with open_reader(path) as connection:
        assert owned_playlists(connection, ADA) == 1
