"""Training against the libraries that it stands on: word2vec and bare gensim, item-knn and sparse_dot_topn."""

import sys
import time
from typing import Any

import numpy as np

from bench.measure import Figure, alternate, child, middle, peak_megabytes, tell
from bench.world import World, make_world
from recommender.corpus import Corpus, corpus_from_numbers

WORD2VEC_RATIO, ITEM_KNN_RATIO, ITEM_KNN_MEMORY = 1.1, 2.5, 1_000.0
EPOCHS = 4
WORKERS = 2
TRACKS, LENGTH = 12_000, 66
_PLAYLISTS_A_TRACK = 1 / 12


def word2vec_figures(runs: int, n_tracks: int = TRACKS) -> list[Figure]:
    """Fit the default with both, the order of each playlist kept and, as by default, shuffled on every second pass."""
    results = alternate(
        {side: lambda side=side: child("bench.learning", side, n_tracks) for side in ("kept", "mixed", "gensim")}, runs
    )
    bare = middle(results["gensim"], "seconds")
    return [
        Figure(
            f"word2vec, {what} / bare gensim on lists, {n_tracks:,} tracks",
            middle(results[side], "seconds") / bare, "times", WORD2VEC_RATIO, True,
            f"{middle(results[side], 'seconds'):.2f} s against {bare:.2f} s, {EPOCHS} epochs, {WORKERS} workers",
        )
        for side, what in (("kept", "order kept"), ("mixed", "order mixed, the default"))
    ]  # fmt: skip


def item_knn_figures(runs: int) -> list[Figure]:
    """Fit the default with both at 150,000 tracks."""
    results = alternate({side: lambda side=side: child("bench.learning", side) for side in ("item-knn", "topn")}, runs)
    ours, bare = middle(results["item-knn"], "seconds"), middle(results["topn"], "seconds")
    detail = f"{ours:.2f} s against {bare:.2f} s, {results['item-knn'][0]['size']}"
    more, peer = middle(results["item-knn"], "more"), middle(results["topn"], "peak")
    memory = f"of which the fit took {more:,.0f} MB; the peer {peer:,.0f} MB"
    return [
        Figure("item-knn / sparse_dot_topn's bare product", ours / bare, "times", ITEM_KNN_RATIO, True, detail),
        Figure("item-knn, peak memory", middle(results["item-knn"], "peak"), "MB", ITEM_KNN_MEMORY, True, memory),
    ]


def _corpus(world: World) -> Corpus:
    ids = np.char.mod("%022d", np.arange(world.n_tracks)).astype("S22")
    return corpus_from_numbers(ids, world.entries, world.offsets)


def _options(order: str) -> Any:
    from recommender.models.word2vec import Options

    return Options(window=4, epochs=EPOCHS, workers=WORKERS, vector_size=64, order=order)


def _lists_of(n_tracks: int) -> Corpus:
    return _corpus(make_world(n_tracks, int(n_tracks * _PLAYLISTS_A_TRACK), LENGTH))


def _word2vec(order: str, n_tracks: int) -> float:
    import gensim.models  # noqa: F401 - both sides start with it loaded

    from recommender.models.word2vec import Word2Vec

    corpus = _lists_of(n_tracks)
    started = time.perf_counter()
    Word2Vec.fit(corpus, np.random.default_rng(1), _options(order))
    return time.perf_counter() - started


def _gensim(n_tracks: int) -> float:
    from gensim.models import Word2Vec

    corpus, options = _lists_of(n_tracks), _options("kept")
    lists = [[str(track) for track in playlist.tolist()] for playlist in corpus]
    started = time.perf_counter()
    Word2Vec(
        lists, sg=int(options.sg), vector_size=options.vector_size, window=options.window, negative=options.negative,
        ns_exponent=options.ns_exponent, sample=options.sample, shrink_windows=options.shrink_windows,
        min_count=options.min_count or 1, alpha=options.alpha, min_alpha=options.min_alpha, workers=options.workers,
        epochs=options.epochs, seed=1,
    )  # fmt: skip
    return time.perf_counter() - started


def _item_knn(side: str) -> dict[str, Any]:
    from recommender.models.item_knn import ItemKNN, Options

    corpus = _corpus(make_world(150_000, 7_000, 98))
    size = f"{corpus.n_tracks:,} tracks, {corpus.n_entries:,} entries, {Options().neighbours} neighbours"
    before = peak_megabytes()
    if side == "item-knn":
        import similaripy  # noqa: F401 - both sides start with their library loaded

        started = time.perf_counter()
        ItemKNN.fit(corpus, np.random.default_rng(1), Options())
    else:
        import scipy.sparse as sparse
        from sparse_dot_topn import sp_matmul_topn

        ones = np.ones(corpus.n_entries, np.float32)
        held = sparse.csr_matrix((ones, corpus.entries, corpus.offsets), (corpus.n_playlists, corpus.n_tracks))
        by_track = held.T.tocsr()
        started = time.perf_counter()
        sp_matmul_topn(by_track, held, top_n=Options().neighbours, n_threads=WORKERS)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "peak": peak_megabytes(), "more": peak_megabytes() - before, "size": size}


def main() -> None:
    """Train once, in this process, and tell what it took."""
    side = sys.argv[1]
    if side in ("item-knn", "topn"):
        tell(**_item_knn(side))
    else:
        n_tracks = int(sys.argv[2])
        tell(seconds=_gensim(n_tracks) if side == "gensim" else _word2vec(side, n_tracks))


if __name__ == "__main__":
    main()
