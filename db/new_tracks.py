"""Songs that playlists say nothing of yet. Imports sqlite3 alone, because suggesting must start fast."""

import json
import sqlite3
from collections.abc import Sequence

NEW_DAYS = 90
"""What stands in a single playlist is new for so long after it came here."""
_DAY_S = 86_400


def new_tracks(connection: sqlite3.Connection, now: int) -> list[str]:
    """List the raw ids of what stands in no playlist, or in one alone and came within NEW_DAYS, newest first.

    What the first import of all brought came with everything, so that it is new only where it stands in no playlist.
    By when they came out, of equals by when they came here. A track that nothing is known of but its id, and one
    that stands in a playlist as its Spotify twin, is left out.
    """
    rows = connection.execute(
        """
        SELECT t.track_id FROM tracks t LEFT JOIN albums al ON al.key = t.album_key
        WHERE t.linked_key IS NULL AND t.name <> '' AND (
            NOT EXISTS (SELECT 1 FROM playlist_entries WHERE track_key = t.key)
            OR t.fetched_at >= ? AND t.import_key NOT IN (
                SELECT key FROM imports WHERE number = (SELECT min(number) FROM imports)
            ) AND (
                SELECT count(DISTINCT playlist_key) FROM (
                    SELECT playlist_key FROM playlist_entries WHERE track_key = t.key LIMIT 100
                )
            ) = 1
        ) AND NOT EXISTS (
            SELECT 1 FROM tracks w JOIN playlist_entries e ON e.track_key = w.key WHERE w.linked_key = t.key
        )
        ORDER BY ifnull(al.release_date, '') DESC, t.fetched_at DESC, t.track_id
        """,
        [now - NEW_DAYS * _DAY_S],
    )
    return [track_id for (track_id,) in rows]


def released(connection: sqlite3.Connection, track_ids: Sequence[str]) -> dict[str, str]:
    """Tell when the albums of these tracks came out, as it was told; those of which nothing is known are left out."""
    rows = connection.execute(
        """
        SELECT t.track_id, al.release_date FROM json_each(?) AS wanted CROSS JOIN tracks t ON t.track_id = wanted.value
        JOIN albums al ON al.key = t.album_key WHERE al.release_date IS NOT NULL
        """,
        [json.dumps(list(track_ids))],
    )
    return dict(rows.fetchall())
