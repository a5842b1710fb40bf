"""Tracks, artists and albums that nothing needs any more.

Nothing here commits, and references are not checked meanwhile (db.connection.unchecked).
"""

import sqlite3
from typing import NamedTuple

from db.crawled import SERVICES
from db.release_dates import undate_albums

_USES = (
    "SELECT e.track_key, p.import_key FROM playlist_entries e JOIN playlists p ON p.key = e.playlist_key",
    "SELECT e.track_key, r.import_key FROM replaced_entries e JOIN replaced_playlists r ON r.key = e.replaced_key",
    "SELECT p.track_key, l.import_key FROM plays p JOIN play_logs l ON l.key = p.log_key",
    "SELECT p.track_key, l.import_key FROM replaced_plays p JOIN play_logs l ON l.key = p.log_key",
    # A service is asked for the features of a track because it stands here; it does not stand here because of them.
    f"""
    SELECT track_key, import_key FROM audio_features
    WHERE import_key IN (SELECT key FROM imports WHERE source NOT IN {SERVICES})
    """,
    "SELECT track_key, import_key FROM track_texts",
)
"""Tracks with the imports that still need them."""

UNNEEDED = "SELECT key FROM weighed WHERE heir IS NULL"
"""Asks for the tracks of the last weighing that nothing needs."""


class Gone(NamedTuple):
    """Rows that went."""

    tracks: int
    features: int


def weigh_tracks(connection: sqlite3.Connection, which: str, values: list[object]) -> None:
    """Find the first import that needs each of these tracks, in the temporary table `weighed` (key, heir).

    which: asks for the keys of the tracks.
    """
    connection.execute("CREATE TEMP TABLE weighed (key INTEGER PRIMARY KEY, heir INTEGER)")
    connection.execute(f"INSERT INTO weighed SELECT key, NULL FROM ({which})", values)
    for uses in _USES:
        connection.execute(
            f"""
            INSERT INTO weighed SELECT * FROM ({uses}) WHERE track_key IN (SELECT key FROM weighed)
            ON CONFLICT DO UPDATE SET heir = min(ifnull(heir, excluded.heir), excluded.heir)
            """
        )


def delete_unneeded(connection: sqlite3.Connection) -> Gone:
    """Delete those of the weighed tracks that nothing needs, and what only they needed; ends the weighing."""
    connection.execute(f"UPDATE tracks SET linked_key = NULL WHERE linked_key IN ({UNNEEDED})")
    undate_albums(connection, f"track_key IN ({UNNEEDED})", [])
    for table in ("track_artists", "track_names", "track_files", "filled_fields", "feature_misses"):
        connection.execute(f"DELETE FROM {table} WHERE track_key IN ({UNNEEDED})")
    connection.execute(
        f"DELETE FROM suggested WHERE track_id IN (SELECT track_id FROM tracks WHERE key IN ({UNNEEDED}))"
    )
    features = connection.execute(f"DELETE FROM audio_features WHERE track_key IN ({UNNEEDED})").rowcount
    tracks = connection.execute(f"DELETE FROM tracks WHERE key IN ({UNNEEDED})").rowcount
    connection.execute("DROP TABLE weighed")
    return Gone(tracks, features)


def hand_on(connection: sqlite3.Connection) -> None:
    """Let the weighed tracks that are needed pass to the first import that needs them."""
    connection.execute(
        """
        UPDATE tracks SET import_key = (SELECT heir FROM weighed WHERE weighed.key = tracks.key)
        WHERE key IN (SELECT key FROM weighed WHERE heir IS NOT NULL)
        """
    )


def empty_untold(connection: sqlite3.Connection) -> None:
    """Empty what Spotify tells and few files do of the weighed tracks, unless another import is known to have told it.

    What a file told of a track of which it was known already is not remembered; importing the file again fills it.
    """
    for field in ("isrc", "popularity", "explicit"):
        connection.execute(
            f"""
            UPDATE tracks SET {field} = NULL WHERE key IN (SELECT key FROM weighed)
                AND key NOT IN (SELECT track_key FROM filled_fields WHERE field = '{field}')
            """
        )


def delete_unneeded_names(connection: sqlite3.Connection) -> None:
    """Delete the artists, albums and listeners that nothing names; what is left of gone imports others use."""
    connection.execute("DELETE FROM artists WHERE key NOT IN (SELECT artist_key FROM track_artists)")
    connection.execute("DELETE FROM artist_genres WHERE artist_key NOT IN (SELECT key FROM artists)")
    connection.execute("DELETE FROM albums WHERE key NOT IN (SELECT album_key FROM tracks WHERE album_key IS NOT NULL)")
    connection.execute(
        """
        DELETE FROM listeners WHERE key NOT IN (SELECT listener_key FROM plays)
            AND key NOT IN (SELECT listener_key FROM replaced_plays)
        """
    )
    for table in ("artists", "albums"):
        connection.execute(
            f"""
            UPDATE {table} SET import_key = (SELECT min(key) FROM imports)
            WHERE import_key NOT IN (SELECT key FROM imports)
            """
        )
