"""Removing all that came from one source: what others told stays, and the bytes of the rest are gone."""

import random
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from db import index
from db.connection import open_reader, open_writer, transaction
from db.errors import NoSuchSource
from db.found import Found, add_words, known_playlists, open_crawl, put_found, write_listing
from db.found import Listing as How
from db.gate import Gate, gates, read_setting, write_answer, write_gate, write_setting
from db.purge import Purged, purge_import, purge_source
from db.records import Album, Artist, Playlist, PlaylistEntry, Record, Track
from db.staging import StagedPage, stage_page
from db.wipe import overwriting, unwiped, wipe
from db.write import store
from tests.db.crawling import CRAWL_TABLES, contents, count, crawl, known, playlist_id, recco
from tests.db.make import NOW, artist, entries_of, is_sound, meaning, playlist, random_records, run, store_all, track


def _remove(path: Path, source: str, now: int = NOW) -> tuple[Purged, int]:
    with open_writer(path, "testing") as connection:
        told = purge_source(connection, source, now)
        index.finish(connection)
        assert wipe(connection, path) == ""
    assert is_sound(path)
    return told


def _plain(number: int) -> Track:
    """Make a track as a file tells of it: all but what only Spotify tells."""
    return replace(track(number), isrc=None, popularity=None, explicit=None)


def _csv() -> list[Record]:
    return [contents(1, [_plain(1), _plain(2)], "csv"), playlist(5, [_plain(3)])]


def _steps() -> dict[str, Callable[[Path], object]]:
    return {
        "csv": lambda path: store_all(path, _csv(), "csv"),
        "spotify": lambda path: crawl(path, {1: [2, 4], 2: [3, 5]}, features=[2, 4]),
        "spotify again": lambda path: crawl(path, {1: [4], 3: [1, 6]}, NOW + 9),
        "reccobeats": lambda path: recco(path, [1, 3, 5], misses=[6]),
    }


@pytest.mark.parametrize("order", list(permutations(_steps())))
def test_what_a_file_told_is_what_is_left(tmp_path: Path, order: tuple[str, ...]) -> None:
    """A file and crawls that share tracks and a playlist, stored in any order: without Spotify's, the file's stays."""
    path, alone = tmp_path / "all.db", tmp_path / "alone.db"
    for step in order:
        _steps()[step](path)
    _remove(path, "spotify")
    _remove(path, "reccobeats")
    _steps()["csv"](alone)
    assert meaning(path) == meaning(alone)
    for table in CRAWL_TABLES:
        assert count(path, table) == 0, table


@pytest.mark.parametrize("order", list(permutations(["csv", "spotify", "reccobeats"])))
@pytest.mark.parametrize("stored", [("csv", "spotify", "reccobeats"), ("spotify", "reccobeats", "csv")])
def test_sources_go_in_any_order_and_nothing_is_left(
    file: Path, stored: tuple[str, ...], order: tuple[str, ...]
) -> None:
    """All sources removed, one after the other: sound at each step, empty at the end."""
    for step in stored:
        _steps()[step](file)
    for source in order:
        _remove(file, source)
    assert not any(meaning(file).values())
    for table in (*CRAWL_TABLES, "imports", "replaced_playlists", "replaced_entries", "filled_fields"):
        assert count(file, table) == 0, table


@pytest.mark.parametrize("seed", range(12))
def test_random_sources_go_without_a_trace(tmp_path: Path, seed: int) -> None:
    """Imports of a source, the last there were, taken back at once leave what stood before."""
    rng, path = random.Random(seed), tmp_path / "songs.db"
    store_all(path, random_records(rng), "csv")
    store_all(path, random_records(rng), "mpd")
    before = meaning(path)
    for _ in range(3):
        store_all(path, random_records(rng), "lastfm")
    _remove(path, "lastfm")
    assert meaning(path) == before


@pytest.mark.parametrize("numbers", list(permutations(range(3))))
def test_a_crawl_taken_back_by_its_number_is_read_again(file: Path, numbers: tuple[int, ...]) -> None:
    """What is no longer stored is no longer known as stored, or the next crawl would take it for unchanged."""
    imports = [
        crawl(file, {1: [1], 2: [2]}),
        store_all(file, [contents(1, [3], "csv")], "csv")[0].number,
        crawl(file, {1: [4]}, NOW + 9),
    ]
    for place in numbers:
        with open_writer(file, "testing") as connection:
            number = imports[place]
            assert number is not None
            purge_import(connection, number)
            index.finish(connection)
        assert is_sound(file)
        stands = [track_id for _, track_id in entries_of(file, playlist_id(1))]
        told = known(file, 1)
        assert told is not None
        if told[1]:
            assert stands == [track(4).track_id]
        if place == 2:
            assert told == ("waiting", None)
    assert known(file, 2) == ("waiting", None)
    assert not any(meaning(file).values())


def test_features_of_a_service_keep_no_track(file: Path) -> None:
    """A track that nothing else needs goes with the features that a service gave for it, and so do its misses."""
    number = crawl(file, {1: [1, 2]}, features=[1])
    recco(file, [2], misses=[1])
    with open_writer(file, "testing") as connection:
        assert purge_import(connection, number) == Purged(playlists=1, tracks=2, features=2)
    assert count(file, "feature_misses") == 0
    assert is_sound(file)


def test_removing_a_service_leaves_another_s(file: Path) -> None:
    """ReccoBeats goes with its misses and the consent; Spotify's features and agreement stay."""
    crawl(file, {1: [1, 2]}, features=[1])
    recco(file, [2], misses=[1])
    with open_writer(file, "testing") as connection, transaction(connection):
        write_setting(connection, "terms", "2025-05-15")
    assert _remove(file, "reccobeats") == (Purged(features=1), 0)
    assert count(file, "audio_features") == 1
    assert count(file, "feature_misses") == 0
    with open_reader(file) as connection:
        assert read_setting(connection, "consent:reccobeats") is None
        assert read_setting(connection, "terms") == "2025-05-15"
    assert known(file, 1) == ("stored", f"snapshot-1-{NOW}")


def test_a_quota_deadline_and_the_days_survive(file: Path) -> None:
    """Removing Spotify's data is no way round its quota, and changes no wish that concerns later data."""
    with open_writer(file, "testing") as connection, transaction(connection):
        write_gate(connection, "past", Gate(NOW - 1.0, "quota", 1))
        write_gate(connection, "future", Gate(NOW + 60.5, "quota", 2))
        write_setting(connection, "keep_days", "7")
        write_setting(connection, "terms", "2025-05-15")
        write_setting(connection, "consent:reccobeats", "yes")
        write_answer(connection, "client", "kind", "restricted", NOW)
    _remove(file, "spotify")
    with open_reader(file) as connection:
        assert gates(connection) == {"future": Gate(NOW + 60.5, "quota", 2)}
        settings = ("keep_days", "terms", "consent:reccobeats")
        assert [read_setting(connection, name) for name in settings] == ["7", None, "yes"]
    assert count(file, "app_answers") == 0


def test_an_unknown_source_names_those_there_are(file: Path) -> None:
    """Nothing is changed by it; services are known without an import, because tokens may be there."""
    store_all(file, _csv(), "csv")
    with pytest.raises(NoSuchSource, match=r"nothing here came from 'napster': there are csv$"):
        _remove(file, "napster")
    before = meaning(file)
    assert _remove(file, "spotify") == (Purged(), 0)
    assert meaning(file) == before
    _remove(file, "csv")
    with pytest.raises(NoSuchSource, match="nothing is imported yet"):
        _remove(file, "napster")


def test_removing_is_one_transaction(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped before its end, it has done nothing, however many imports there are."""
    crawl(file, {1: [1]})
    crawl(file, {1: [2], 2: [3]}, NOW + 9)
    before = meaning(file)

    def _stop(*_told: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("db.purge.mark_stale", _stop)
    with pytest.raises(KeyboardInterrupt):
        _remove(file, "spotify")
    assert meaning(file) == before
    assert known(file, 1) == ("stored", f"snapshot-1-{NOW + 9}")


# The bytes of the file.

SECRETS = ("Qzwhaleplaylist", "Qzwhaleowner", "Qzwhaletrack", "Qzwhaleartist", "Qzwhalealbum", "Qzwhalesnapshot",
    "Qzwhaleword", "Qzwhalestaged", "Qzwhalequery")  # fmt: skip


def _secretive(path: Path, kept: int = 40) -> None:
    """Crawl a playlist of which every name is one of a kind, beside playlists of a file, in several steps."""
    store_all(path, [playlist(number, range(number, number + 20)) for number in range(kept)], "csv")
    tracks = [
        Track(f"{n:022d}", f"Qzwhaletrack {n}", (Artist(f"Qzwhaleartist {n}"),), Album(f"Qzwhalealbum {n}"))
        for n in range(300)
    ]
    told = Playlist(playlist_id(1), "Qzwhaleplaylist", tuple(PlaylistEntry(n, one) for n, one in enumerate(tracks)),
        owner="Qzwhaleowner")  # fmt: skip
    with open_writer(path, "testing") as connection:
        connection.execute("PRAGMA secure_delete = OFF")  # some builds of SQLite have it on
        one = run("spotify")
        with transaction(connection):
            key, *_ = open_crawl(connection, "Qzwhalequery", NOW)
            write_listing(connection, key, "search:Qzwhalequery", How(50, 900, False))
            found = Found(told.playlist_id, told.name, "", "Qzwhaleowner", told.owner, False, 300, "Qzwhalesnapshot")
            put_found(connection, [(found, "waiting", NOW)], key)
            add_words(connection, [("Qzwhaleword", 3)])
            mine = known_playlists(connection, [told.playlist_id])[told.playlist_id].key
            page = tuple(PlaylistEntry(n, Track(f"{n:022d}", f"Qzwhalestaged {n}")) for n in range(100))
            for start in range(0, 4000, 100):
                stage_page(connection, mine, StagedPage(start, start + 100, 4000, "Qzwhalesnapshot", page))
        with transaction(connection):
            store(connection, one, [told])
        index.finish(connection)
        with transaction(connection):  # freed without zeros, as a crawl frees it
            connection.execute("DELETE FROM staged_pages WHERE start > 100")


def _legible(path: Path) -> set[str]:
    """Give the secrets that stand in the bytes of the database or of its log, as told or folded for the index."""
    files = [path.with_name(path.name + end) for end in ("", "-wal", "-journal")]
    held = b"".join(one.read_bytes() for one in files if one.exists()).lower()
    return {secret for secret in SECRETS if secret.lower().encode() in held or secret[1:].lower().encode() in held}


def test_no_name_is_left_in_the_bytes(file: Path) -> None:
    """Neither in a table, nor in the index, nor in a free page, nor in the log; what the file told is all there."""
    _secretive(file)
    assert _legible(file) == set(SECRETS)
    _remove(file, "spotify")
    assert _legible(file) == set()
    assert unwiped_of(file) is None
    alone = file.with_name("alone.db")
    store_all(alone, [playlist(number, range(number, number + 20)) for number in range(40)], "csv")
    assert meaning(file) == meaning(alone)


def unwiped_of(path: Path) -> str | None:
    with open_reader(path) as connection:
        return unwiped(connection)


def test_without_room_to_write_the_file_anew_that_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the removal itself deletes is overwritten all the same, and the rest goes when there is room again."""
    _secretive(file)
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patched, open_writer(file, "testing") as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        purge_source(connection, "spotify", NOW)
        with overwriting(connection):
            index.finish(connection)
        patched.setattr(shutil, "disk_usage", lambda _path: usage(10, 10, 0))
        assert "has 0 MB free and this needs about" in wipe(connection, file)
    assert unwiped_of(file) == "spotify"
    legible = _legible(file)
    assert "Qzwhalestaged" in legible  # in a page that was free before
    assert not legible & {"Qzwhaleplaylist", "Qzwhaletrack", "Qzwhaleword", "Qzwhalequery"}
    _remove(file, "spotify")
    assert _legible(file) == set()
    assert unwiped_of(file) is None


def test_a_source_can_be_wiped_again_until_it_is_done(file: Path) -> None:
    """The same command finishes what could not be done, though nothing of the source is left."""
    store_all(file, _csv(), "csv")
    with open_writer(file, "testing") as connection:
        purge_source(connection, "csv", NOW)
    assert unwiped_of(file) == "csv"
    assert _remove(file, "csv") == (Purged(), 0)
    with pytest.raises(NoSuchSource):
        _remove(file, "csv")


def test_a_reader_that_holds_the_old_contents_is_said(file: Path) -> None:
    """While somebody still reads what was there, its bytes stay, and that is no secret."""
    _secretive(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tracks").fetchone()
        with open_writer(file, "testing") as connection:
            purge_source(connection, "spotify", NOW)
            index.finish(connection)
            assert "another process still reads the old contents" in wipe(connection, file)
        assert _legible(file)
    _remove(file, "spotify")
    assert _legible(file) == set()


def test_overwriting_ends_with_the_block(file: Path) -> None:
    """The way in which SQLite deletes is what it was before; and references are checked again."""
    store_all(file, [playlist(1, [1])], "csv")
    with open_writer(file, "testing") as connection:
        before = connection.execute("PRAGMA secure_delete").fetchone()
        purge_source(connection, "csv", NOW)
        wipe(connection, file)
        assert connection.execute("PRAGMA secure_delete").fetchone() == before
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA temp_store").fetchone() == (2,)


def test_artists_that_both_told_stay(file: Path) -> None:
    """An artist first told by Spotify stays with a track of a file, and belongs to an import that stands."""
    crawl(file, {1: [1, 2]})
    store_all(file, [playlist(5, [_plain(1)])], "csv")
    _remove(file, "spotify")
    with open_reader(file) as connection:
        rows = connection.execute(
            "SELECT name, source FROM artists a JOIN imports i ON i.key = a.import_key"
        ).fetchall()
    assert rows == [(artist(0).name, "csv")]
