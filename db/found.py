"""The frontier's rows: playlists that were found, what became of them, and the lists and words that they come from.

Nothing here commits: the caller's `transaction()` does.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WAITING, STORED, EMPTY, WITHHELD, GONE, FAILED = "waiting", "stored", "empty", "withheld", "gone", "failed"
"""What becomes of a playlist. Withheld: it is there, but its contents are not for this app. Gone: it is not there."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a list tells of a playlist before it is read."""

    playlist_id: str
    name: str = ""
    description: str = ""
    owner_id: str = ""
    owner: str = ""
    collaborative: bool = False
    total: int | None = None
    """Places in it; None: not told."""
    snapshot_id: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of a found playlist."""

    key: int
    found: Found
    state: str
    stored_snapshot: str | None
    """The snapshot whose contents are stored."""
    checked_at: int
    crawl_key: int | None
    """The crawl that took it last."""
    tries: int
    """How often reading it failed in this run."""


@dataclass(frozen=True, slots=True)
class Listing:
    """How far a list was read: a person's playlists, or the results of a search."""

    next_offset: int = 0
    total: int = 0
    done: bool = False


def open_crawl(connection: sqlite3.Connection, target: str, now: int) -> tuple[int, int | None, int, bool]:
    """Take up the unfinished crawl of this target, or begin one: its key, import_key, start, whether it goes on.

    What could not be read before waits again, with all its tries.
    """
    row = connection.execute(
        "SELECT key, import_key, started_at FROM crawls WHERE target = ? AND finished_at IS NULL ORDER BY key DESC",
        [target],
    ).fetchone()
    if row:
        connection.execute(
            """
            UPDATE found_playlists SET tries = 0, state = iif(state = 'failed', 'waiting', state)
            WHERE crawl_key = ? AND (state = 'failed' OR tries > 0)
            """,
            [row[0]],
        )
        return row[0], row[1], row[2], True
    made = connection.execute(
        "INSERT INTO crawls (target, started_at, reason) VALUES (?, ?, '')", [target, now]
    ).lastrowid
    assert made is not None
    return made, None, now, False


def note_crawl(connection: sqlite3.Connection, key: int, import_key: int | None, reason: str) -> None:
    """Remember the import that the crawl stores into, and why it stopped."""
    connection.execute("UPDATE crawls SET import_key = ?, reason = ? WHERE key = ?", [import_key, reason, key])


def finish_crawl(connection: sqlite3.Connection, key: int, now: int) -> None:
    """Close a crawl: the next of the same target begins anew."""
    connection.execute("UPDATE crawls SET finished_at = ? WHERE key = ?", [now, key])
    connection.execute("DELETE FROM crawl_listings WHERE crawl_key = ?", [key])


def unfinished_crawls(connection: sqlite3.Connection) -> list[tuple[str, int, str]]:
    """List the crawls that can go on: target, start, why they stopped."""
    return connection.execute(
        "SELECT target, started_at, reason FROM crawls WHERE finished_at IS NULL ORDER BY key"
    ).fetchall()


def read_listing(connection: sqlite3.Connection, crawl_key: int, listing: str) -> Listing:
    """Tell how far a list was read in this crawl."""
    row = connection.execute(
        "SELECT next_offset, total, done FROM crawl_listings WHERE crawl_key = ? AND listing = ?", [crawl_key, listing]
    ).fetchone()
    return Listing(row[0], row[1], bool(row[2])) if row else Listing()


def write_listing(connection: sqlite3.Connection, crawl_key: int, listing: str, how_far: Listing) -> None:
    """Remember how far a list was read."""
    connection.execute(
        "INSERT OR REPLACE INTO crawl_listings VALUES (?, ?, ?, ?, ?)",
        [crawl_key, listing, how_far.next_offset, how_far.total, how_far.done],
    )


_KNOWN = """
    SELECT p.key, p.playlist_id, p.name, p.description, p.owner_id, p.owner, p.collaborative, p.total, p.snapshot_id,
        p.state, iif(EXISTS (SELECT 1 FROM playlists s JOIN imports i ON i.key = s.import_key
            WHERE s.playlist_id = p.playlist_id AND i.source = 'spotify'), p.stored_snapshot, NULL),
        p.checked_at, p.crawl_key, p.tries
"""


def known_playlists(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Known]:
    """Give what is known of each of these playlists, by id."""
    rows = connection.execute(
        _KNOWN + "FROM json_each(?) AS wanted CROSS JOIN found_playlists p ON p.playlist_id = wanted.value",
        [json.dumps(list(ids))],
    )
    return {known.found.playlist_id: known for known in map(_known, rows)}


def waiting_playlists(connection: sqlite3.Connection, crawl_key: int, after: int, most: int) -> list[Known]:
    """Give the next playlists of a crawl that wait to be read, in the order in which they were found."""
    rows = connection.execute(
        _KNOWN
        + """
        FROM found_playlists p WHERE p.state = 'waiting' AND p.crawl_key = ? AND p.key > ? ORDER BY p.key LIMIT ?
        """,
        [crawl_key, after, most],
    )
    return list(map(_known, rows))


def waiting_totals(connection: sqlite3.Connection, crawl_key: int) -> list[tuple[int | None, int]]:
    """Give (places, number of playlists with so many) of what waits to be read."""
    return connection.execute(
        """
        SELECT total, count(*) FROM found_playlists WHERE state = 'waiting' AND crawl_key = ? GROUP BY total
        """,
        [crawl_key],
    ).fetchall()


def staged_count(connection: sqlite3.Connection, crawl_key: int) -> int:
    """Count the pages of waiting playlists that a crawl has fetched already."""
    return int(
        connection.execute(
            """
            SELECT count(*) FROM found_playlists p JOIN staged_pages s ON s.playlist_key = p.key
            WHERE p.state = 'waiting' AND p.crawl_key = ?
            """,
            [crawl_key],
        ).fetchone()[0]
    )


def taken_count(connection: sqlite3.Connection, crawl_key: int) -> int:
    """Count the playlists that a crawl took: those that wait, and those that it has the contents of."""
    return int(
        connection.execute(
            """
            SELECT count(*) FROM found_playlists
            WHERE crawl_key = ? AND state IN ('waiting', 'stored', 'empty', 'failed')
            """,
            [crawl_key],
        ).fetchone()[0]
    )


def put_found(connection: sqlite3.Connection, found: Sequence[tuple[Found, str, int]], crawl_key: int | None) -> None:
    """Write what lists told: the playlist, its state, and when that was so; a known one keeps its stored snapshot."""
    connection.executemany(
        """
        INSERT INTO found_playlists (playlist_id, state, checked_at, crawl_key, name, description, owner_id, owner,
            collaborative, total, snapshot_id, tries)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
        ON CONFLICT (playlist_id) DO UPDATE SET state = excluded.state, checked_at = excluded.checked_at,
            crawl_key = excluded.crawl_key, name = excluded.name, description = excluded.description,
            owner_id = excluded.owner_id, owner = excluded.owner, collaborative = excluded.collaborative,
            total = excluded.total, snapshot_id = excluded.snapshot_id,
            tries = iif(crawl_key IS excluded.crawl_key, tries, 0)
        """,
        (
            (f.playlist_id, state, checked_at, crawl_key, f.name, f.description, f.owner_id, f.owner, f.collaborative,
                f.total, f.snapshot_id)
            for f, state, checked_at in found
        ),
    )  # fmt: skip


def settle(connection: sqlite3.Connection, key: int, state: str, snapshot: str | None, now: int) -> None:
    """Say what became of a playlist. snapshot: that of the stored contents; None leaves the one known."""
    connection.execute(
        """
        UPDATE found_playlists SET state = ?, stored_snapshot = ifnull(?, stored_snapshot), checked_at = ?
        WHERE key = ?
        """,
        [state, snapshot, now, key],
    )


def put_back(connection: sqlite3.Connection, key: int, tries: int, state: str) -> None:
    """Say that reading a playlist failed so many times."""
    connection.execute("UPDATE found_playlists SET tries = ?, state = ? WHERE key = ?", [tries, state, key])


def confirm_contents(connection: sqlite3.Connection, ids: Iterable[str], now: int) -> None:
    """Say that the stored contents of these playlists are still the service's."""
    connection.execute(
        "UPDATE playlists SET fetched_at = ? WHERE playlist_id IN (SELECT value FROM json_each(?))",
        [now, json.dumps(list(ids))],
    )


def add_words(connection: sqlite3.Connection, words: Iterable[tuple[str, int]]) -> None:
    """Count words of playlist names."""
    connection.executemany(
        """
        INSERT INTO found_words (word, count) VALUES (?, ?)
        ON CONFLICT (word) DO UPDATE SET count = count + excluded.count
        """,
        words,
    )


def next_word(connection: sqlite3.Connection) -> str | None:
    """Give the word of most playlist names that was not searched for."""
    row = connection.execute(
        "SELECT word FROM found_words WHERE searched_at IS NULL ORDER BY count DESC, word LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else None


def begun_searches(connection: sqlite3.Connection, crawl_key: int) -> list[str]:
    """Name the lists of a crawl's searches that were begun and did not come to their end."""
    rows = connection.execute(
        """
        SELECT listing FROM crawl_listings WHERE crawl_key = ? AND listing LIKE 'search:%'
            AND substr(listing, 8) NOT IN (SELECT word FROM found_words WHERE searched_at IS NOT NULL)
        """,
        [crawl_key],
    )
    return [str(listing) for (listing,) in rows]


def mark_searched(connection: sqlite3.Connection, word: str, now: int) -> None:
    """Say that a word was searched for."""
    connection.execute(
        """
        INSERT INTO found_words (word, count, searched_at) VALUES (?, 0, ?)
        ON CONFLICT (word) DO UPDATE SET searched_at = excluded.searched_at
        """,
        [word, now],
    )


def count_states(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the found playlists by what became of them."""
    return dict(connection.execute("SELECT state, count(*) FROM found_playlists GROUP BY state ORDER BY state"))


def _known(row: tuple[object, ...]) -> Known:
    (key, playlist_id, name, description, owner_id, owner, collaborative, total, snapshot_id, state, stored, checked_at,
        crawl_key, tries) = row  # fmt: skip
    found = Found(playlist_id, name, description, owner_id, owner, bool(collaborative), total, snapshot_id)  # type: ignore[arg-type]
    return Known(key, found, state, stored, checked_at, crawl_key, tries)  # type: ignore[arg-type]
