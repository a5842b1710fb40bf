"""What a road asks of the database."""

from pathlib import Path

from db import road
from db.connection import open_reader
from db.records import AudioFeatures
from tests.recommender.songs import add, playlist, song

A, B, C, D = (song(f"song {letter}", f"artist {letter}") for letter in "abcd")


def made(tmp_path: Path) -> Path:
    database = tmp_path / "segue.db"
    add(
        database,
        [
            playlist("1", [A, B, A]),
            playlist("2", [A, B, C]),
            playlist("3", [C, D]),
            AudioFeatures(A, energy=0.5, tempo=120.0, key=3, mode=1),
        ],
    )
    return database


def test_companions_are_those_of_most_playlists_in_common(tmp_path: Path) -> None:
    with open_reader(made(tmp_path)) as connection:
        assert road.companions(connection, [A.track_id], 10, 10) == [B.track_id, C.track_id]
        assert road.companions(connection, [A.track_id], 10, 1) == [B.track_id]
        assert road.companions(connection, [A.track_id, B.track_id], 10, 10) == [C.track_id]
        assert road.companions(connection, [C.track_id], 1, 10) == [A.track_id, B.track_id]
        assert road.companions(connection, ["x:" + 20 * "0"], 10, 10) == []
        assert road.companions(connection, [], 10, 10) == []


def test_a_bridge_has_the_fewest_tracks_that_lead_across(tmp_path: Path) -> None:
    database = made(tmp_path)
    island = song("song e", "artist e")
    add(database, [playlist("4", [island])], "more")
    with open_reader(database) as connection:
        assert road.bridge(connection, A.track_id, B.track_id, 10) == [A.track_id, B.track_id]
        assert road.bridge(connection, A.track_id, D.track_id, 10) == [A.track_id, C.track_id, D.track_id]
        assert road.bridge(connection, D.track_id, B.track_id, 10) == [D.track_id, C.track_id, B.track_id]
        assert road.bridge(connection, A.track_id, island.track_id, 10) == []
        assert road.bridge(connection, A.track_id, "x:" + 20 * "0", 10) == []


def test_a_long_bridge_is_found_from_both_sides(tmp_path: Path) -> None:
    """Forty playlists of three songs each, every one hooked into the next."""
    songs = [song(f"link {n}", f"artist {n}") for n in range(81)]
    database = tmp_path / "segue.db"
    add(database, [playlist(str(n), songs[n : n + 3]) for n in range(0, 79, 2)])
    with open_reader(database) as connection:
        found = road.bridge(connection, songs[0].track_id, songs[80].track_id, 10)
    assert found == [song.track_id for song in songs[::2]]


def test_playlists_are_told_once_in_order_and_no_more_than_asked(tmp_path: Path) -> None:
    with open_reader(made(tmp_path)) as connection:
        held = road.holders(connection, [A.track_id, C.track_id, "x:" + 20 * "0"], 10)
        assert [len(keys) for keys in held.values()] == [2, 2, 0]
        assert held[A.track_id] == sorted(held[A.track_id])
        assert road.holders(connection, [A.track_id], 1) == {A.track_id: held[A.track_id][:1]}
        assert road.playlist_lengths(connection, held[A.track_id]) == dict(zip(held[A.track_id], [3, 3], strict=True))


def test_sounds_come_in_the_order_that_is_told(tmp_path: Path) -> None:
    with open_reader(made(tmp_path)) as connection:
        told = road.sounds(connection, [A.track_id, B.track_id])
    assert set(told) == {A.track_id}
    values = dict(zip(road.SOUND, told[A.track_id], strict=True))
    known = {"energy": 0.5, "tempo": 120.0, "key": 3, "mode": 1}
    assert values == dict.fromkeys(road.SOUND) | known
