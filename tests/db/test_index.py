"""The index: tracks without a Spotify id meet Spotify's, whichever came first; killing it loses nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from db import index, read
from db.columns import link_columns
from db.connection import open_reader, open_writer, transaction
from db.errors import DatabaseError
from db.identity import made_up_id
from db.records import Artist, Track
from db.runs import content_mark
from db.write import store
from tests.db.make import bare, meaning, playlist, raw_id, run, store_all

ARTIST = "Nora Vale"


def _local(title: str, artist: str = ARTIST) -> Track:
    return Track(made_up_id(artist, title), title, (Artist(artist),))


def _spotify(number: int, title: str, artist: str = ARTIST) -> Track:
    return Track(raw_id("track", number), title, (Artist(artist, raw_id("artist", sum(map(ord, artist)))),))


def _links(path: Path) -> dict[str, str | None]:
    with open_reader(path) as connection:
        rows = connection.execute(
            "SELECT t.track_id, l.track_id FROM tracks t LEFT JOIN tracks l ON l.key = t.linked_key"
        )
        return {track_id: linked for track_id, linked in rows if track_id.startswith("x:") or linked}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("imports", [1, 2])
def test_a_local_track_is_linked_in_any_order(file: Path, order: int, imports: int) -> None:
    """A track without an id is linked to Spotify's of the same artist and title, come it before, after or with it."""
    records = [playlist(1, [_local("Tide")]), playlist(2, [_spotify(1, "TIDE (feat. Somebody)")])][::order]
    for part in [records] if imports == 1 else [records[:1], records[1:]]:
        store_all(file, part)
    assert _links(file) == {made_up_id(ARTIST, "Tide"): raw_id("track", 1)}


@pytest.mark.parametrize("other", [_spotify(1, "Tide", "Nora Hill"), _spotify(1, "Tides"), _spotify(1, "Tide - Live")])
def test_another_artist_or_title_is_not_linked(file: Path, other: Track) -> None:
    """Another artist, another title and another version are other recordings."""
    store_all(file, [playlist(1, [_local("Tide"), other])])
    assert _links(file) == {made_up_id(ARTIST, "Tide"): None}


def test_two_local_tracks_are_not_linked(file: Path) -> None:
    """Links lead to Spotify's tracks only."""
    store_all(file, [playlist(1, [_local("Tide"), replace(_local("Tide"), track_id="x:" + "0" * 20)])])
    assert set(_links(file).values()) == {None}


def test_the_most_listed_stands(file: Path) -> None:
    """Of several Spotify tracks of one artist and title the one in most playlists stands, even when it comes later."""
    store_all(file, [playlist(1, [_local("Tide"), _spotify(1, "Tide")])])
    assert _links(file) == {made_up_id(ARTIST, "Tide"): raw_id("track", 1)}
    store_all(file, [playlist(number, [_spotify(2, "Tide")]) for number in (2, 3)])
    assert _links(file) == {made_up_id(ARTIST, "Tide"): raw_id("track", 2)}


def test_a_track_that_gets_its_name_later_is_linked(file: Path) -> None:
    """A Spotify track of which only the id was known is linked when its name is told."""
    store_all(file, [playlist(1, [_local("Tide"), bare(1)])])
    store_all(file, [playlist(2, [_spotify(1, "Tide")])])
    assert _links(file) == {made_up_id(ARTIST, "Tide"): raw_id("track", 1)}


def test_a_link_moves_the_content_mark(file: Path) -> None:
    """A model learns that its playlists changed when a link alone was found; finishing again moves nothing."""
    marks = []
    with open_writer(file, "testing") as connection:
        with transaction(connection):
            store(connection, run(), [playlist(1, [_local("Tide"), _spotify(1, "Tide")])])
        marks.append(content_mark(connection))
        for _ in range(2):
            index.finish(connection)
            marks.append(content_mark(connection))
    assert marks[0] != marks[1] == marks[2]


def test_the_index_goes_on_where_it_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between two chunks, the index goes on with the rest, and ends as if it had never stopped."""
    records = [playlist(number, range(number * 5, number * 5 + 9)) for number in range(10)]
    store_all(tmp_path / "whole.db", records)
    monkeypatch.setattr(index, "_CHUNK", 7)
    monkeypatch.setattr(index, "_FEW", 0)
    with open_writer(tmp_path / "cut.db", "testing") as connection:
        with transaction(connection):
            store(connection, run(), records)
        todo = index.behind(connection)

        def _stop(done: int, _todo: int) -> None:
            if done > 20:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            index.finish(connection, _stop)
        assert index.behind(connection) == todo - 21
        told: list[tuple[int, int]] = []
        assert index.finish(connection, lambda *seen: told.append(seen)) == todo - 21
        assert told[-1] == (todo - 21, todo - 21)
        assert index.behind(connection) == 0
        assert index.finish(connection) == 0
    assert meaning(tmp_path / "cut.db") == meaning(tmp_path / "whole.db")


def test_an_error_while_reading_ahead_is_told_and_keeps_what_was_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is no text stops the index in its chunk; put right, it goes on there, as if nothing had been."""
    records = [playlist(1, range(30))]
    store_all(tmp_path / "whole.db", records)
    monkeypatch.setattr(index, "_CHUNK", 7)
    monkeypatch.setattr(index, "_FEW", 0)
    with open_writer(tmp_path / "cut.db", "testing") as connection:
        with transaction(connection):
            store(connection, run(), records)
        todo = index.behind(connection)
        name = connection.execute("SELECT name FROM tracks WHERE key = 17").fetchone()[0]
        connection.execute("UPDATE tracks SET name = CAST(x'ff' AS TEXT) WHERE key = 17")
        with pytest.raises(DatabaseError, match="UTF-8"):
            index.finish(connection)
        assert index.behind(connection) == todo - 14
        assert not connection.in_transaction
        connection.execute("UPDATE tracks SET name = ? WHERE key = 17", [name])
        assert index.finish(connection) == todo - 14
    assert meaning(tmp_path / "cut.db") == meaning(tmp_path / "whole.db")


def test_the_log_does_not_grow_with_the_index(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading ahead does not keep SQLite from writing its log over again."""
    monkeypatch.setattr(index, "_CHUNK", 50)
    monkeypatch.setattr(index, "_FEW", 0)
    sizes: list[int] = []
    with open_writer(file, "testing") as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 10")
        with transaction(connection):
            store(connection, run(), [playlist(number, range(number * 50, number * 50 + 50)) for number in range(60)])
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        index.finish(connection, lambda *_: sizes.append(Path(f"{file}-wal").stat().st_size))
    assert len(sizes) == 60
    assert max(sizes) < 4 * sizes[5]


def test_an_index_made_anew_is_the_same(file: Path) -> None:
    """Names that came late, and an index made anew, find what one import would have found."""
    store_all(file, [playlist(1, [_local("Tide"), _spotify(1, "Tide"), _spotify(2, "Ebb")])])
    before = meaning(file)
    with open_writer(file, "testing") as connection:
        index.mark_stale(connection)
        assert index.behind(connection) == 3
        index.finish(connection)
    assert meaning(file) == before


def test_versions_are_those_of_one_artist_and_title(file: Path) -> None:
    """read.versions names the other tracks of one artist and title, the most listed first."""
    from db.identity import name_key

    store_all(
        file,
        [
            playlist(1, [_local("Tide"), _spotify(1, "Tide"), _spotify(2, "Tide"), _spotify(3, "Ebb")]),
            playlist(2, [_spotify(2, "Tide")]),
        ],
    )
    with open_reader(file) as connection:
        found = read.versions(connection, made_up_id(ARTIST, "Tide"), name_key(ARTIST, "Tide"))
        assert found == [raw_id("track", 2), raw_id("track", 1)]
        assert [len(keys.split(",")) for keys in link_columns(connection)] == [1, 1]
