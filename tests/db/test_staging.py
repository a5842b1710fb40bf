"""Pages that wait for their playlist to be whole come back as they were."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from db.connection import open_writer, transaction
from db.found import WAITING, Found, known_playlists, open_crawl, put_found
from db.records import PlaylistEntry, Track
from db.staging import StagedPage, stage_page, staged_pages
from tests.db.make import NOW, bare, track

LIST_ID = "0123456789abcdefABCDEF"


def _round(path: Path, page: StagedPage, entries: bytes | None = None) -> list[StagedPage]:
    with open_writer(path, "testing") as connection, transaction(connection):
        key, *_ = open_crawl(connection, "a target", NOW)
        put_found(connection, [(Found(LIST_ID, total=9), WAITING, NOW)], key)
        mine = known_playlists(connection, [LIST_ID])[LIST_ID].key
        stage_page(connection, mine, page)
        if entries is not None:
            connection.execute("UPDATE staged_pages SET entries = ?", [entries])
        return staged_pages(connection, mine)


@pytest.mark.parametrize("told", [track(1), track(3), replace(track(1), explicit=None), bare(2)])
def test_a_staged_page_comes_back_as_it_was(file: Path, told: Track) -> None:
    """With all that is stored of a track."""
    page = StagedPage(0, 5, 9, "AAAA", (PlaylistEntry(3, told, NOW), PlaylistEntry(4, told)))
    assert _round(file, page) == [page]


def test_a_page_that_an_older_version_staged_is_still_read(file: Path) -> None:
    """It tells nothing of explicit, and a crawl that goes on after an update takes it as it is."""
    page = StagedPage(0, 5, 9, "AAAA", ())
    entry = [3, NOW, "a" * 22, "Tide", [["Nora Vale", None]], ["Low Water", None, "1987"], 1000, "XX01", 5]
    (read,) = _round(file, page, json.dumps([entry]).encode())
    assert read.entries[0].track.name == "Tide"
    assert (read.entries[0].track.popularity, read.entries[0].track.explicit) == (5, None)
