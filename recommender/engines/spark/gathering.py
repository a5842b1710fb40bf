"""Large results of Spark as arrays: block after block, never as a list of rows."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.engines.spark.session import unconcerned

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame


ROWS_AT_ONCE = 10_000_000
"""Tables of so few rows come in one piece: each partition that comes by itself costs a job, in workers of Python."""


def blocks(table: "DataFrame", dtypes: dict[str, str], n_rows: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Give the columns of a table as arrays, a block of rows at a time, partition after partition.

    dtypes: numpy's names of the columns' types, such as {"track_no": "<i4"}; or "<f4*100" for an array column of so
    many numbers each, shape (rows, 100); or "S22" for binary values of so many bytes. n_rows: about how
    many rows there are; of many, only one partition at a time is held here, so persist what they are made from.
    """
    names = list(dtypes)
    if n_rows <= ROWS_AT_ONCE:
        # Packed here, the same way, so that there is one.
        whole = table.select(names).toArrow().combine_chunks().to_batches()
        packed_here = (batch.to_pydict() for batch in _packer(names)(whole))
        yield from (tuple(_unpacked(told[name][0], dtypes[name]) for name in names) for told in packed_here)
        return
    with unconcerned():
        packed = table.select(names).mapInArrow(_packer(names), ", ".join(f"`{name}` binary" for name in names))
    for row in packed.toLocalIterator(prefetchPartitions=True):
        yield tuple(_unpacked(row[name], dtypes[name]) for name in names)


def column(table: "DataFrame", key: str, value: str, dtype: str, size: int) -> np.ndarray:
    """Give one column as an array, each value at the place that its key tells, 0 where there is none: shape (size,)."""
    gathered = np.zeros(size, dtype)
    for keys, values in blocks(table, {key: "<i4", value: dtype}, size):
        gathered[keys] = values
    return gathered


def _packer(names: list[str]) -> Any:
    """Give what each worker does: a row of bytes for each batch of rows."""

    # Named by nothing of this file, because workers on other machines need not have it.
    def pack(batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        import pyarrow

        for batch in batches:
            packed = [pyarrow.array([bytes_of(batch.column(name))], pyarrow.binary()) for name in names]
            yield pyarrow.RecordBatch.from_arrays(packed, names)

    def bytes_of(values: "pa.Array") -> bytes:
        import pyarrow

        if pyarrow.types.is_binary(values.type):
            return b"".join(values.to_pylist())
        numbers = values.flatten() if pyarrow.types.is_list(values.type) else values
        told: bytes = numbers.to_numpy(zero_copy_only=False).tobytes()
        return told

    return pack


def _unpacked(told: bytes, dtype: str) -> np.ndarray:
    kind, _, width = dtype.partition("*")
    values = np.frombuffer(told, kind)
    return values.reshape(-1, int(width)) if width else values
