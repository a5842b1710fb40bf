"""Blocks: what a person never wants to be offered."""

import time
from pathlib import Path

import pytest

from db import blocks
from db.blocks import Block, Blocked, block, blocked, unblock
from db.connection import open_reader, open_writer
from db.errors import DatabaseBusy, MissingDatabase
from db.purge import purge_import, purge_source
from tests.db.make import NOW, artist, is_sound, playlist, raw_id, store_all, track
from tests.db.test_lock import child

SONG = Block("track", raw_id("track", 1), "A song", NOW)
BAND = Block("artist", "copper lanterns", "The Copper Lanterns", NOW)


@pytest.fixture
def stored(file: Path) -> Path:
    store_all(file, [playlist(1, [1, 2, 3])])
    return file


def _blocked(path: Path) -> Blocked:
    with open_reader(path) as connection:
        return blocked(connection)


def test_nothing_is_blocked_at_first(stored: Path) -> None:
    assert _blocked(stored) == Blocked(frozenset(), frozenset())


def test_what_is_blocked_comes_back_by_kind(stored: Path) -> None:
    """A second block of the same is no new one and keeps the first one's time; a track and an artist are apart."""
    same_id = Block("artist", SONG.raw_id, "An artist with a track's id", NOW)
    assert block(stored, [SONG, BAND]) == [True, True]
    assert block(stored, [Block("track", SONG.raw_id, "Another name", NOW + 9), same_id]) == [False, True]
    assert _blocked(stored) == Blocked(frozenset({SONG.raw_id}), frozenset({BAND.raw_id, SONG.raw_id}))
    with open_reader(stored) as connection:
        assert blocks.blocks(connection) == [same_id, BAND, SONG]
    assert unblock(stored, [SONG, SONG]) == [True, False]
    assert _blocked(stored) == Blocked(frozenset(), frozenset({BAND.raw_id, SONG.raw_id}))


def test_blocks_outlive_what_was_imported(stored: Path) -> None:
    """Whether an import is taken back or a whole source removed: a block is nobody's but the person's."""
    other, _ = store_all(stored, [playlist(2, [4, 5])])
    block(stored, [SONG, Block("track", raw_id("track", 4), "Another song", NOW), BAND])
    before = _blocked(stored)
    with open_writer(stored, "testing") as connection:
        assert other.number is not None
        purge_import(connection, other.number)
        purge_source(connection, "made-up", NOW)
        assert connection.execute("SELECT count(*) FROM tracks").fetchone() == (0,)
    assert _blocked(stored) == before
    assert is_sound(stored)


def test_a_writer_that_stores_nothing_right_now_is_not_waited_for(stored: Path) -> None:
    """A crawl holds the writer lock for hours."""
    with open_writer(stored, "crawling for hours"):
        started = time.monotonic()
        assert block(stored, [SONG]) == [True]
        assert time.monotonic() - started < 2


def test_a_transaction_that_does_not_end_is_said(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence is that of every writer, and nothing is blocked."""
    monkeypatch.setattr(blocks, "_PATIENCE_MS", 50)
    with child("hold", stored, "holding"), pytest.raises(DatabaseBusy, match="another process is writing"):
        block(stored, [SONG])
    assert _blocked(stored).tracks == frozenset()


def test_no_database_is_made_to_block_in(file: Path) -> None:
    with pytest.raises(MissingDatabase):
        block(file, [SONG])
    assert not file.exists()


def test_the_spelling_of_the_most_tracks_comes_first(stored: Path) -> None:
    """Artist 0 made tracks 1 to 4, of which three are here; artist 1 made none of them alone."""
    with open_reader(stored) as connection:
        names = blocks.artist_names(connection)
        assert artist(0).name in names
        assert blocks.most_credited(connection, ["Nobody", artist(0).name]) == [artist(0).name, "Nobody"]
    assert track(1).artists[0].name == artist(0).name
