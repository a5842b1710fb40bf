"""Where the sound files of a list lie."""

import os
import sqlite3
from collections.abc import Sequence

from recommender import catalogue
from recommender.catalogue import SongRow
from recommender.writing.file_names import chosen
from recommender.writing.listing import is_made_up


def paths(connection: sqlite3.Connection, songs: Sequence[SongRow]) -> list[str]:
    """Choose for each song where its sound file lies; empty where its link serves better, or none is known."""
    files = catalogue.files_of(connection, [song.track_id for song in songs])
    known = [files.get(song.track_id, ()) for song in songs]
    return [
        chosen(places, is_linked=not is_made_up(song.track_id), exists=os.path.isfile)
        for song, places in zip(songs, known, strict=True)
    ]
