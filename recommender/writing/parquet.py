"""Tables as folders of Parquet files, written block by block."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Block = Mapping[str, Any]
"""Columns by name, each an array or a list, all of one length."""
TRACKS = {
    "track_no": "int32", "track_id": "string", "playlist_count": "int32", "artist_no": "int32", "album_no": "int32",
}  # fmt: skip
"""In the order of their numbers: those in most playlists first, then by id; -1 for an artist or album not known."""
PLAYLISTS = {
    "playlist_no": "int32", "playlist_id": "string", "name": "string", "modified_at": "int64", "length": "int32",
}  # fmt: skip
"""By id; modified_at in seconds since 1970, UTC, 0 where it is not known."""
ENTRIES = {"playlist_no": "int32", "position": "int32", "track_no": "int32"}
"""Playlist after playlist, each in its order; positions from 0 on."""
ROWS_PER_PART = 1_000_000


def write_table(folder: Path, columns: Mapping[str, str], blocks: Iterable[Block]) -> None:
    """Write the blocks into files of about a million rows each, one at least. Raises OSError."""
    import pyarrow as pa

    schema = pa.schema([pa.field(name, pa.type_for_alias(kind), nullable=False) for name, kind in columns.items()])
    folder.mkdir()
    waiting: list[Any] = []
    rows = parts = 0
    for block in blocks:
        waiting.append(pa.table({name: block[name] for name in columns}, schema=schema))
        rows += len(waiting[-1])
        if rows >= ROWS_PER_PART:
            _write_part(folder, parts, waiting, schema)
            waiting, rows, parts = [], 0, parts + 1
    if waiting or not parts:
        _write_part(folder, parts, waiting, schema)


def _write_part(folder: Path, number: int, tables: list[Any], schema: Any) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.concat_tables(tables) if tables else schema.empty_table()
    parquet.write_table(table, folder / f"part-{number:05d}.parquet", row_group_size=ROWS_PER_PART, compression="zstd")
