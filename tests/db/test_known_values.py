"""How much is known, and of what."""

from pathlib import Path

from db.connection import open_reader, open_writer, transaction
from db.known_values import Sizes, TellsApart, sizes, tells_apart
from db.records import Album, Artist, AudioFeatures, Playlist, PlaylistEntry, Record, Track
from db.runs import ImportRun
from db.write import store

PLAIN = Track("a" * 22, "One", (Artist("Somebody"),))


def told(database: Path, *records: Record) -> tuple[Sizes, TellsApart]:
    with open_writer(database, "a test") as connection, transaction(connection):
        store(connection, ImportRun("made-up", "nowhere", 1), records)
    with open_reader(database) as connection:
        return sizes(connection), tells_apart(connection)


def test_what_is_stored_is_counted(tmp_path: Path) -> None:
    assert told(tmp_path / "songs.db") == (Sizes(0, 0, 0, 0), TellsApart(years=False, explicit=False))
    listed = Playlist("p", "mix", (PlaylistEntry(0, PLAIN, None),))
    assert told(tmp_path / "songs.db", listed) == (Sizes(1, 1, 1, 0), TellsApart(years=False, explicit=False))
    sound = AudioFeatures(PLAIN, 0.5, 0.5, 1, -8.0, 1, 0.1, 0.1, 0.1, 0.1, 0.5, 120.0, 4)
    assert told(tmp_path / "songs.db", sound)[0] == Sizes(1, 1, 1, 1)


def test_songs_are_told_apart_by_what_is_known_of_any(tmp_path: Path) -> None:
    dated = Track("b" * 22, "Two", (), Album("Album", "c" * 22, "1994"))
    clean = Track("d" * 22, "Three", (), explicit=False)
    assert told(tmp_path / "songs.db", PLAIN, dated)[1] == TellsApart(years=True, explicit=False)
    assert told(tmp_path / "songs.db", clean)[1] == TellsApart(years=True, explicit=True)
