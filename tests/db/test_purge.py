"""Taking imports back: what is left is what would have been without them."""

import random
import sqlite3
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from db import index, read
from db.connection import open_reader, open_writer, transaction
from db.errors import NoSuchImport
from db.plays import store_plays
from db.purge import Purged, purge_import
from db.records import AudioFeatures, Play, Record, TrackText
from db.write import store
from tests.db.make import (
    bare,
    entries_of,
    is_sound,
    meaning,
    playlist,
    random_plays,
    random_records,
    run,
    store_all,
    track,
)

EMPTY = {
    "playlists",
    "tracks",
    "artists",
    "albums",
    "features",
    "texts",
    "plays",
    "listeners",
    "files",
    "words",
    "names",
}


def _import(path: Path, records: list[Record], logs: dict[str, list[Play]]) -> int | None:
    one = run()
    with open_writer(path, "testing") as connection:
        with transaction(connection):
            store(connection, one, records)
        for log_id, plays in logs.items():
            with transaction(connection):
                store_plays(connection, one, log_id, plays)
        index.finish(connection)
    return one.key


def _purge(path: Path, number: int | None) -> Purged:
    assert number is not None
    with open_writer(path, "testing") as connection:
        purged = purge_import(connection, number)
        index.finish(connection)
    assert is_sound(path)
    return purged


def _random_import(path: Path, rng: random.Random) -> int | None:
    logs = {f"log{rng.randrange(3)}": random_plays(rng) for _ in range(2)}
    return _import(path, random_records(rng), logs)


@pytest.mark.parametrize("seed", range(25))
def test_the_last_import_goes_without_a_trace(file: Path, seed: int) -> None:
    """Import A, then B that overlaps, changes and fills: taking B back leaves what stood after A."""
    rng = random.Random(seed)
    _random_import(file, rng)
    before = meaning(file)
    _purge(file, _random_import(file, rng))
    assert meaning(file) == before


@pytest.mark.parametrize("seed", range(15))
def test_what_a_later_import_needs_stays(tmp_path: Path, seed: int) -> None:
    """Import A, then B: taking A back leaves all that B alone would have stored of playlists and plays."""
    rng = random.Random(seed)
    records, plays = random_records(rng), {"log": random_plays(rng)}
    both, alone = tmp_path / "both.db", tmp_path / "alone.db"
    first = _random_import(both, rng)
    _import(both, records, plays)
    _purge(both, first)
    _import(alone, records, plays)
    told, wanted = meaning(both), meaning(alone)
    for part in ("playlists", "plays", "listeners"):
        assert told[part] == wanted[part]
    assert _track_ids(both) <= _track_ids(alone)
    # Features, texts and fillings that A told first go with it; importing B again brings them back.
    _import(both, records, plays)
    assert _track_ids(both) == _track_ids(alone)
    again = meaning(both)
    for part in ("features", "texts"):
        assert again[part] == wanted[part]


def _track_ids(path: Path) -> set[str]:
    with open_reader(path) as connection:
        return {track_id for block in read.track_ids(connection) for _, track_id in block}


@pytest.mark.parametrize("seed", range(12))
def test_all_imports_go_in_any_order(file: Path, seed: int) -> None:
    """Several imports taken back in any order: sound at each step, and nothing left at the end."""
    rng = random.Random(seed)
    numbers = [_random_import(file, rng) for _ in range(4)]
    rng.shuffle(numbers)
    for number in numbers:
        _purge(file, number)
    assert not any(meaning(file).values())
    with closing(sqlite3.connect(file)) as connection:
        for table in (
            "imports",
            "replaced_playlists",
            "replaced_entries",
            "replaced_plays",
            "play_logs",
            "filled_fields",
            "artist_genres",
        ):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_playlist_changed_thrice(file: Path, order: tuple[int, ...]) -> None:
    """A playlist that three imports changed always shows the last of those that still stand."""
    contents = [[1, 2], [3], [1, 4, 4]]
    numbers = [_import(file, [playlist(7, members)], {}) for members in contents]
    standing = {0, 1, 2}
    for gone in order:
        purged = _purge(file, numbers[gone])
        standing.remove(gone)
        wanted = contents[max(standing)] if standing else []
        assert [track_id for _, track_id in entries_of(file, "made-up:7")] == [
            track(number).track_id for number in wanted
        ]
        assert purged.playlists + purged.playlists_restored <= 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_log_replaced_thrice(file: Path, order: tuple[int, ...]) -> None:
    """A log that three imports told at greater length always shows the last that still stands."""
    contents = [[Play("ada", track(number), number + 1) for number in range(length)] for length in (1, 2, 3)]
    numbers = [_import(file, [], {"log": plays}) for plays in contents]
    standing = {0, 1, 2}
    for gone in order:
        _purge(file, numbers[gone])
        standing.remove(gone)
        wanted = sum(play.count for play in contents[max(standing)]) if standing else 0
        with open_reader(file) as connection:
            assert read.count_rows(connection)["plays"] == wanted


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_two_runs_that_take_turns(file: Path, order: tuple[int, ...]) -> None:
    """Two formats of one import that change one playlist by turns are taken back like any others."""
    runs = [run("mpd"), run("csv")]
    with open_writer(file, "testing") as connection:
        for turn, members in enumerate([[1], [2], [3], [4]]):
            with transaction(connection):
                store(connection, runs[turn % 2], [playlist(7, members)])
        index.finish(connection)
    _purge(file, runs[order[0]].key)
    kept = {0: 3, 1: 4}[1 - order[0]]
    assert [track_id for _, track_id in entries_of(file, "made-up:7")] == [track(kept).track_id]
    _purge(file, runs[order[1]].key)
    assert not any(meaning(file).values())


def test_a_purge_says_what_it_did(file: Path) -> None:
    """The counts are those of the rows that went and came back."""
    _import(file, [playlist(1, [1]), playlist(2, [2])], {})
    second = _import(
        file,
        [playlist(1, [1, 3]), playlist(3, [4]), AudioFeatures(track(1), 0.5), TrackText(track(2), "tag", "slow")],
        {"log": [Play("ada", track(5), 3)]},
    )
    assert _purge(file, second) == Purged(playlists=1, playlists_restored=1, tracks=3, features=1, plays=1, texts=1)


def test_a_track_passes_to_an_import_that_needs_it(file: Path) -> None:
    """A track outlives the import that brought it while another needs it, by a log too, and no longer."""
    _import(file, [playlist(9, [9])], {})
    first = _import(file, [playlist(1, [1])], {})
    second = _import(file, [], {"log": [Play("ada", track(1), 3)]})
    _purge(file, first)
    assert _track_ids(file) == {track(1).track_id, track(9).track_id}
    _purge(file, second)
    assert _track_ids(file) == {track(9).track_id}


def test_a_filled_name_goes_with_its_links(file: Path) -> None:
    """A name that an import told late goes with it, and so does the link that it made."""
    from tests.db.test_index import _links, _local, _spotify

    _import(file, [playlist(1, [_local("Tide"), bare(1)])], {})
    before = meaning(file)
    second = _import(file, [playlist(2, [_spotify(1, "Tide")])], {})
    assert None not in _links(file).values()
    _purge(file, second)
    assert set(_links(file).values()) == {None}
    assert meaning(file) == before


def test_an_unknown_number_is_named(file: Path) -> None:
    """Taking back what is not there, or twice, names the number and changes nothing."""
    number = _import(file, [playlist(1, [1])], {})
    _purge(file, number)
    before = file.read_bytes()
    for wanted in (number, 99):
        with pytest.raises(NoSuchImport, match=f"no import {wanted}"):
            _purge(file, wanted)
    assert file.read_bytes() == before


def test_numbers_are_not_used_again(file: Path) -> None:
    """An import after a purge gets a new number, so that nobody takes back another one by mistake."""
    number = _import(file, [playlist(1, [1])], {})
    _purge(file, number)
    assert _import(file, [playlist(1, [1])], {}) == number + 1


def test_a_purge_moves_the_content_mark(file: Path) -> None:
    """A model learns that its playlists changed."""
    number = _import(file, [playlist(1, [1])], {})
    with open_reader(file) as connection:
        before = read.content_mark(connection)
    _purge(file, number)
    with open_reader(file) as connection:
        assert read.content_mark(connection) != before


def test_foreign_keys_are_on_again_after_a_purge(file: Path) -> None:
    """The writer that took an import back checks references as before."""
    number = _import(file, [playlist(1, [1])], {})
    with open_writer(file, "testing") as connection:
        purge_import(connection, number)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_purge_that_is_stopped_leaves_everything(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A purge is one transaction: stopped before its end, it has done nothing."""
    number = _import(file, [playlist(1, [1])], {})
    before = meaning(file)

    def _stop(*_told: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("db.purge.mark_stale", _stop)
    with pytest.raises(KeyboardInterrupt):
        _purge(file, number)
    assert meaning(file) == before


def test_the_parts_of_the_meaning_are_all_compared(file: Path) -> None:
    """What these tests compare covers every kind of thing that a database says."""
    store_all(file, [])
    assert set(meaning(file)) == EMPTY
