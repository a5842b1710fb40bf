"""A corpus as the folder that `segue export parquet` would write of it."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from recommender.corpus import Corpus
from recommender.writing.export_manifest import MANIFEST, Exported
from recommender.writing.parquet import ENTRIES, PLAYLISTS, TRACKS, write_table


def collection(corpus: Corpus, folder: Path) -> Path:
    """Write the three tables and the manifest; the folder is made."""
    folder.mkdir()
    lengths = np.diff(corpus.offsets)
    playlists = np.arange(corpus.n_playlists, dtype=np.int32)
    tracks = {
        "track_no": np.arange(corpus.n_tracks, dtype=np.int32),
        "track_id": [raw_id.decode() for raw_id in corpus.vocabulary.ids.tolist()],
        "playlist_count": corpus.playlist_counts,
        "artist_no": corpus.artists,
        "album_no": corpus.albums,
    }
    entries = {
        "playlist_no": np.repeat(playlists, lengths),
        "position": (np.arange(corpus.n_entries) - np.repeat(corpus.offsets[:-1], lengths)).astype(np.int32),
        "track_no": corpus.entries,
    }
    names = {"playlist_id": [f"made-up:{number}" for number in playlists], "name": list(corpus.names)}
    told = {"playlist_no": playlists, **names, "modified_at": corpus.dates, "length": lengths.astype(np.int32)}
    for columns, block in ((TRACKS, tracks), (ENTRIES, entries), (PLAYLISTS, told)):
        name = {"track_id": "tracks", "position": "entries", "name": "playlists"}
        write_table(folder / next(name[column] for column in columns if column in name), columns, [block])
    exported = Exported(corpus.n_playlists, corpus.n_tracks, corpus.n_entries, "made up", corpus.fingerprint())
    (folder / MANIFEST).write_text(json.dumps(asdict(exported)), encoding="utf-8")
    return folder
