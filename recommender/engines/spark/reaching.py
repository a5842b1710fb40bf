"""How far the models of vectors reach on Spark: as recommender/models/reach.py says for this machine."""

from dataclasses import replace

from recommender.engines.spark.gathering import column
from recommender.engines.spark.table import SparkData
from recommender.errors import CannotTrain
from recommender.models.reach import fewest_playlists


def within_reach(data: SparkData, min_count: int | None) -> tuple[SparkData, int]:
    """Leave the entries of the tracks that are to be learned, the first ones, and tell how many these are.

    min_count: in how many playlists a track has to stand; None follows from the number of tracks. Raises CannotTrain.
    """
    counts = column(data.tracks, "track_no", "playlist_count", "<i4", data.n_tracks)
    needed = min_count or fewest_playlists(counts)
    if needed <= 1:
        return data, data.n_tracks
    n_learned = int((counts >= needed).sum())
    if not n_learned:
        raise CannotTrain(f"no track stands in {needed} playlists: lower min_count, or import more playlists")
    return replace(data, entries=data.entries.where(data.entries["track_no"] < n_learned)), n_learned


def told_reach(data: SparkData, n_learned: int) -> dict[str, str]:
    """Say in a note which tracks were learned, where it is not all of them."""
    return {} if n_learned == data.n_tracks else {"reach": f"{n_learned:,} of {data.n_tracks:,} tracks"}
