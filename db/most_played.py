"""What many listeners played most. Imports sqlite3 alone, as all that answers does."""

import json
import sqlite3
from collections.abc import Sequence


def most_played(connection: sqlite3.Connection, listeners: Sequence[str], most: int) -> list[tuple[str, str, int]]:
    """List listener, raw id and plays of the songs that each of these listeners played most, so many for each.

    Listeners come in their order; of what has a Spotify twin it is the twin's id, which may come twice.
    """
    rows = connection.execute(
        """
        SELECT name, track_id, count FROM (
            SELECT wanted.key AS place, l.name, ifnull(w.track_id, t.track_id) AS track_id, p.count,
                row_number() OVER (PARTITION BY l.key ORDER BY p.count DESC, p.track_key) AS rank
            FROM json_each(?) AS wanted CROSS JOIN listeners l ON l.name = wanted.value
            CROSS JOIN plays p ON p.listener_key = l.key
            JOIN tracks t ON t.key = p.track_key LEFT JOIN tracks w ON w.key = t.linked_key
        ) WHERE rank <= ? ORDER BY place, rank
        """,
        [json.dumps(list(listeners)), most],
    )
    return [tuple(row) for row in rows]
