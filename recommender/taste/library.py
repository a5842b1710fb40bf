"""A playlist of liked songs against the rest: likes, and as many others by lot."""

import sqlite3

import numpy as np

from recommender import catalogue
from recommender.errors import ThumbsNotClear
from recommender.lists.playlists import find_playlist


def from_playlist(
    connection: sqlite3.Connection, name: str, listener: str, seed: int
) -> tuple[dict[str, bool], tuple[str, ...]]:
    """Take the songs of a stored playlist for liked, and as many of the others for not; by raw id.

    The others are songs whose audio features are known, because no other can be learned from, and of which the
    listener has said nothing. Gives the genres that the playlist is told to be of, too: its songs may have them from
    it, and would be known by them. Raises PlaylistNotClear, ThumbsNotClear.
    """
    row = find_playlist(connection, name)
    liked = dict.fromkeys(entry.track_id for entry in catalogue.entries_of(connection, row.key, files=False))
    if not liked:
        raise ThumbsNotClear(f'the playlist "{row.name}" is empty: name another')
    said = {thumb.track_id for thumb in catalogue.thumbs(connection, listener) if thumb.source != catalogue.LIBRARY}
    rest = [
        track_id for track_id in catalogue.heard_tracks(connection) if track_id not in liked and track_id not in said
    ]
    if not rest:
        raise ThumbsNotClear("no other song has audio features: `segue features` brings them, or import more songs")
    chosen = np.random.default_rng(seed).choice(len(rest), min(len(liked), len(rest)), replace=False)
    against = {rest[place]: False for place in np.sort(chosen).tolist()}
    return dict.fromkeys(liked, True) | against, catalogue.genres_of_playlist(connection, row.key)
