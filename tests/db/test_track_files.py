"""Where sound files lie: kept with the tracks, any number for each, and taken back with the import that told it."""

from dataclasses import replace
from pathlib import Path

from db.connection import open_reader, open_writer
from db.purge import purge_import
from db.track_files import files_of
from tests.db.make import every_row, is_sound, playlist, store_all, track


def _files(path: Path, *numbers: int) -> dict[str, tuple[str, ...]]:
    with open_reader(path) as connection:
        return files_of(connection, [track(number).track_id for number in numbers])


def test_each_path_is_kept_once(file: Path) -> None:
    """Two of one track in one list, and the same again in another."""
    first = [replace(track(1), path="/m/b.mp3"), replace(track(1), path="/m/a.mp3"), track(2)]
    store_all(file, [playlist(1, first)])
    store_all(file, [playlist(2, [replace(track(1), path="/m/a.mp3"), replace(track(2), path="/m/c.mp3")])])
    assert _files(file, 1, 2, 3) == {
        track(1).track_id: ("/m/a.mp3", "/m/b.mp3"),
        track(2).track_id: ("/m/c.mp3",),
    }
    assert is_sound(file)


def test_a_list_that_is_known_still_tells_new_paths(file: Path) -> None:
    """Without being a change of it: nothing is counted, and models do not grow old by it."""
    store_all(file, [playlist(1, [1, 2])])
    run, counts = store_all(file, [playlist(1, [replace(track(1), path="/m/a.mp3"), 2])])
    assert (counts.playlists_unchanged, counts.playlists_changed, counts.tracks_filled) == (1, 0, 0)
    assert _files(file, 1) == {track(1).track_id: ("/m/a.mp3",)}
    assert run.number == 2
    before = every_row(file)
    run, _ = store_all(file, [playlist(1, [replace(track(1), path="/m/a.mp3"), 2])])
    assert run.number is None
    assert every_row(file) == before


def test_purging_the_import_takes_its_paths_back(file: Path) -> None:
    """And no others."""
    store_all(file, [playlist(1, [replace(track(1), path="/m/a.mp3")])])
    run, _ = store_all(file, [playlist(2, [replace(track(1), path="/m/b.mp3"), replace(track(2), path="/m/c.mp3")])])
    assert run.number is not None
    with open_writer(file, "testing") as connection:
        purge_import(connection, run.number)
    assert _files(file, 1, 2) == {track(1).track_id: ("/m/a.mp3",)}
    assert is_sound(file)


def test_a_track_that_goes_takes_its_paths_with_it(file: Path) -> None:
    """Also those that an import told which had nothing else to tell of it."""
    store_all(file, [playlist(1, [track(1)])])
    store_all(file, [replace(track(1), path="/m/a.mp3")])
    with open_writer(file, "testing") as connection:
        purge_import(connection, 1)
        assert connection.execute("SELECT count(*) FROM track_files").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM tracks").fetchone() == (0,)
    assert is_sound(file)
