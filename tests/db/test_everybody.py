"""Everybody of whom anything is known, by name and in figures."""

from pathlib import Path

import pytest

from db import everybody
from db.connection import open_reader, open_writer, transaction
from db.everybody import Person
from db.listeners import Profile, keep_profile
from db.plays import store_plays
from db.records import Artist, Play, Track
from db.runs import ImportRun
from db.thumbs import BY_HAND, Thumb, tell


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path, songs = tmp_path / "t.db", [Track(f"x:{n}", f"song {n}", (Artist("band"),)) for n in range(3)]
    with open_writer(path, "a test") as connection, transaction(connection):
        run = ImportRun("made-up", "nowhere", 1)
        store_plays(connection, run, "one", [Play("Ärna", song, 3, None) for song in songs])
        store_plays(connection, run, "two", [Play("Ärna", songs[0], 4, None), Play("bo", songs[0], 1, None)])
    tell(path, [Thumb("bo", song.track_id, song is not songs[2], BY_HAND, 1) for song in songs])
    keep_profile(path, Profile("cleo", ("band",)))
    return path


def test_who_played_who_likes_and_who_named_something_are_all_there_once_by_name(database: Path) -> None:
    with open_reader(database) as connection:
        assert everybody.found(connection, "", 0, 9) == ["bo", "cleo", "Ärna"]
        assert everybody.found(connection, "", 1, 1) == ["cleo"]
        assert everybody.count(connection) == 3
        assert [everybody.before(connection, name) for name in ("bo", "cleo", "Ärna")] == [0, 1, 2]


def test_a_part_of_a_name_is_found_case_aside_and_signs_stand_for_themselves(database: Path) -> None:
    with open_reader(database) as connection:
        assert everybody.found(connection, "äRN", 0, 9) == ["Ärna"]
        assert everybody.count(connection, "O") == 2
        assert everybody.count(connection, "%") == 0


def test_figures_count_each_song_once_and_all_its_plays(database: Path) -> None:
    with open_reader(database) as connection:
        told = everybody.in_figures(connection, ["Ärna", "nobody", "bo"])
    assert told == [Person("Ärna", 13, 3, 0, 0), Person("nobody", 0, 0, 0, 0), Person("bo", 1, 1, 2, 1)]


def test_it_is_told_whether_somebody_is_here(database: Path) -> None:
    with open_reader(database) as connection:
        here = [everybody.is_here(connection, name) for name in ("Ärna", "bo", "cleo", "BO", "")]
    assert here == [True, True, True, False, False]
