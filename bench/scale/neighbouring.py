"""The two models of neighbours at a part of the article's size: what they take to learn, and to answer.

As a child: python -m bench.scale.neighbouring SIDE PART SEED [ROWS]
"""

import sys
import time
from typing import Any

import numpy as np

from bench.measure import Figure, child, peak_megabytes, tell
from recommender.corpus import Corpus, corpus_from_numbers
from recommender.models.contract import Model

SECONDS, MEGABYTES = 120.0, 4_000.0
ITEM_MILLISECONDS, PLAYLIST_MILLISECONDS = 20.0, 50.0
SEEDS_OF = (1, 5, 25, 100)
ANSWERS = 200
WORKERS = 2


def figures(part: str, seed: int = 1) -> list[Figure]:
    """Train and ask each model, and multiply the bare matrices, each in a process of its own."""
    item, playlist = (child("bench.scale.neighbouring", side, part, seed) for side in ("item-knn", "playlist-knn"))
    peer = child("bench.scale.neighbouring", "topn", part, seed, item["rows"])
    size = f"{item['tracks']:,} tracks, {item['entries']:,} entries"
    taken = f"{item['work']:.1f} s of a core, {item['pairs']:,} pairs of {item['rows']:,} tracks; {size}"
    bare = f"{peer['work']:.1f} s of a core against {item['work']:.1f} s, which rank and store them too"
    held = f"of which the corpus {item['before']:,.0f} MB; the model {item['size']:,.0f} MB"
    return [
        Figure("item-knn, training", item["seconds"], "s", SECONDS, True, taken),
        Figure("item-knn, peak memory", item["peak"], "MB", MEGABYTES, True, held),
        Figure("sparse_dot_topn's bare product of the rows stored", peer["seconds"], "s", None, True, bare),
        Figure("sparse_dot_topn's bare product, peak memory", peer["peak"], "MB", None),
        *_answers("item-knn", item, ITEM_MILLISECONDS),
        Figure("playlist-knn, training", playlist["seconds"], "s", None, True, f"{playlist['work']:.1f} s of a core"),
        Figure("playlist-knn, peak memory", playlist["peak"], "MB", None),
        *_answers("playlist-knn", playlist, PLAYLIST_MILLISECONDS),
    ]  # fmt: skip


def _answers(kind: str, told: dict[str, Any], target: float) -> list[Figure]:
    return [
        Figure(f"{kind}, scores for {number} seeds", middle, "ms", target, True, f"5 % take {slow:.1f} ms or more")
        for number, (middle, slow) in zip(SEEDS_OF, told["answers"], strict=True)
    ]


def _corpus(part: str, seed: int) -> Corpus:
    from bench.scale.collection import Collection

    made = Collection.of(part, seed).arrays()
    ids = np.arange(len(made.artists)).astype("S22")
    return corpus_from_numbers(ids, made.entries, made.offsets, made.artists, made.albums)


def _asked(model: Model, corpus: Corpus) -> list[tuple[float, float]]:
    """Ask for beginnings of playlists: the median and the slowest twentieth, in ms, for each number of seeds."""
    rng, told = np.random.default_rng(2), []
    long = np.flatnonzero(np.diff(corpus.offsets) >= max(SEEDS_OF))
    for number in SEEDS_OF:
        took = []
        for drawn in rng.choice(long, ANSWERS):
            seeds = corpus.playlist(int(drawn))[:number]
            started = time.perf_counter()
            model.scores(seeds)
            took.append(1e3 * (time.perf_counter() - started))
        told.append((float(np.median(took)), float(np.percentile(took, 95))))
    return told


def _learned(side: str, corpus: Corpus) -> dict[str, Any]:
    from recommender.models.item_knn import ItemKNN
    from recommender.models.item_knn import Options as ItemOptions
    from recommender.models.playlist_knn import Options as PlaylistOptions
    from recommender.models.playlist_knn import PlaylistKNN

    before, started, worked = peak_megabytes(), time.perf_counter(), time.process_time()
    model: ItemKNN | PlaylistKNN
    if side == "item-knn":
        model = ItemKNN.fit(corpus, np.random.default_rng(1), ItemOptions())
    else:
        model = PlaylistKNN.fit(corpus, np.random.default_rng(1), PlaylistOptions())
    told: dict[str, Any] = {"seconds": time.perf_counter() - started, "work": time.process_time() - worked}
    if isinstance(model, ItemKNN):
        told |= {"pairs": len(model.nearest.numbers), "rows": model.nearest.n_rows}
    size = sum(array.nbytes for array in model.arrays().values()) / 1e6
    return told | {"before": before, "peak": peak_megabytes(), "size": size, "answers": _asked(model, corpus)}


def _bare(corpus: Corpus, rows: int) -> dict[str, Any]:
    """Multiply the rows that item-knn stores: the peer has no room for more of them either."""
    import scipy.sparse as sparse
    from sparse_dot_topn import sp_matmul_topn

    from recommender.models.item_knn import Options

    ones = np.ones(corpus.n_entries, np.float32)
    held = sparse.csr_matrix((ones, corpus.entries, corpus.offsets), (corpus.n_playlists, corpus.n_tracks))
    by_track = held.T.tocsr()[:rows]
    started, worked = time.perf_counter(), time.process_time()
    sp_matmul_topn(by_track, held, top_n=Options().neighbours, n_threads=WORKERS)
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    return {"seconds": seconds, "work": work, "peak": peak_megabytes()}


def main() -> None:
    """Do one side, in this process, and tell what it took."""
    side, part, seed, *rows = sys.argv[1:]
    corpus = _corpus(part, int(seed))
    told = _bare(corpus, int(rows[0])) if rows else _learned(side, corpus)
    tell(**told, tracks=corpus.n_tracks, entries=corpus.n_entries)


if __name__ == "__main__":
    main()
