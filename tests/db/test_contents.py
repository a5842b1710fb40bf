"""What one stored playlist holds."""

from pathlib import Path

from db.connection import open_reader
from db.contents import track_ids_of
from db.listed import playlist_of
from tests.db.make import playlist, raw_id, store_all, track
from tests.db.test_heard import _told


def test_a_playlist_gives_its_tracks_in_order_each_once(file: Path) -> None:
    """A track that is known by artist and title alone counts as Spotify's, where that is here too."""
    store_all(file, [playlist(1, [track(3), _told(1), track(2), track(1), track(3), _told(5)]), playlist(2, [])])
    with open_reader(file) as connection:
        rows = [playlist_of(connection, f"made-up:{number}") for number in (1, 2)]
        found = [track_ids_of(connection, row.key) for row in rows if row]
    assert found == [[*(raw_id("track", number) for number in (3, 1, 2)), _told(5).track_id], []]
