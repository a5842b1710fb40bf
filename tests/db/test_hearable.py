"""All tracks whose sound is known, a part at a time."""

from pathlib import Path

from db.connection import open_reader
from db.hearable import hearable
from db.records import AudioFeatures, Track
from tests.recommender.songs import add, playlist, song, spotify_id


def test_each_comes_once_with_how_popular_it_is(tmp_path: Path) -> None:
    """The share rises to 1; what is not known to sound does not come, and what popularity is not known is -1."""
    tracks = [Track(spotify_id(f"t{n}"), f"t{n}", popularity=n or None) for n in range(5)]
    add(tmp_path / "s.db", [playlist("p", [*tracks, song("silent", "x", spotify_id("silent"))])])
    add(tmp_path / "s.db", [AudioFeatures(track, energy=0.5) for track in tracks])
    with open_reader(tmp_path / "s.db") as connection:
        parts = list(hearable(connection, 2))
    assert [len(rows) for _, rows in parts] == [2, 2, 1]
    assert sorted(row for _, rows in parts for row in rows) == [(spotify_id(f"t{n}"), n or -1) for n in range(5)]
    shares = [share for share, _ in parts]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_where_nothing_is_known_nothing_comes(tmp_path: Path) -> None:
    add(tmp_path / "s.db", [playlist("p", [song("silent", "x")])])
    with open_reader(tmp_path / "s.db") as connection:
        assert list(hearable(connection, 2)) == []


def test_a_track_with_a_twin_is_left_out_for_the_twin(tmp_path: Path) -> None:
    """Or else both would be offered."""
    made_up, twin = song("one", "x"), song("one", "x", spotify_id("one"))
    add(tmp_path / "s.db", [playlist("p", [made_up, twin])])
    add(tmp_path / "s.db", [AudioFeatures(made_up, energy=0.5), AudioFeatures(twin, energy=0.5)])
    with open_reader(tmp_path / "s.db") as connection:
        linked = connection.execute("SELECT count(*) FROM tracks WHERE linked_key IS NOT NULL").fetchone()[0]
        assert linked == 1
        assert [row[0] for _, rows in hearable(connection, 9) for row in rows] == [twin.track_id]
