"""What one model learned is what another one compares."""

from collections.abc import Mapping
from itertools import product

import numpy as np

from recommender.errors import DamagedModel
from recommender.models.als import ALS
from recommender.models.contract import Model
from recommender.models.playlist_knn import PlaylistKNN
from recommender.models.ways.asked import Answer, Asked
from recommender.models.ways.grid import Grid

_NEAREST = (100, 25, 50, 200, 400)
_SHARPNESS = (4, 1, 2, 8)


def work_out(parts: Mapping[str, Model]) -> dict[str, np.ndarray]:
    """Give each playlist a vector, the mean of its tracks' directions in als: float32, shape (playlists, factors)."""
    als, playlists = parts.get("als"), parts.get("playlist-knn")
    if not isinstance(als, ALS) or not isinstance(playlists, PlaylistKNN):
        return {"playlist-vectors": np.zeros((0, 1), np.float32)}
    tracks = playlists.tracks
    means = np.zeros((tracks.n_rows, als.factors.shape[1]), np.float32)
    for row in range(tracks.n_rows):
        own = tracks.numbers[tracks.offsets[row] : tracks.offsets[row + 1]]
        own = own[own < len(als.factors)]
        means[row] = _unit(als.factors[own]).mean(axis=0) if len(own) else 0.0
    return {"playlist-vectors": _unit(means)}


def answer(asked: Asked, setting: tuple[int, int]) -> Answer:
    """Let the playlists vote whose vectors are nearest to the seeds' vector.

    Idea: playlists that share no track with the seeds can still be of the same mind; als knows it from the tracks.
    Formula: v(S) = the mean of y(i) / |y(i)| over the tracks i of S, y(i) being als's vectors; score(j) = sum of
    max(cos(v(p), v(seeds)), 0)^sharpness over the n nearest playlists p with j, divided by count(j)^rarity as in
    playlist-knn.
    """
    nearest, sharpness = setting
    als, playlists = asked.parts.get("als"), asked.parts.get("playlist-knn")
    if not isinstance(als, ALS) or not isinstance(playlists, PlaylistKNN):
        return Answer(np.zeros(0, np.int64), np.zeros(0))
    known = asked.seeds[(asked.seeds >= 0) & (asked.seeds < len(als.factors))]
    if not len(known):
        return Answer(np.zeros(0, np.int64), np.zeros(0))
    vectors = asked.worked_out["playlist-vectors"]
    if vectors.shape != (playlists.tracks.n_rows, als.factors.shape[1]):
        raise DamagedModel("its playlists have other vectors")
    with np.errstate(all="ignore"):
        alike = vectors @ _unit(_unit(als.factors[known]).mean(axis=0)[None])[0]
    if not np.isfinite(alike).all():
        raise DamagedModel("its vectors are no numbers")
    near = np.argsort(-alike, kind="stable")[:nearest]
    near = np.sort(near[alike[near] > 0])
    total = playlists.tracks.added(near, alike[near].astype(np.float64) ** sharpness, asked.n_tracks)
    total *= playlists.votes
    total[asked.seeds] = 0.0
    tracks = np.flatnonzero(total)
    return Answer(tracks, total[tracks])


def _unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1.0), np.float32)


WAY = Grid(
    ("als", "playlist-knn"),
    tuple(product(_NEAREST, _SHARPNESS)),
    answer,
    lambda setting: f"{setting[0]} playlists, sharpness {setting[1]}",
    work_out=work_out,
    works_out=("playlist-vectors",),
)
