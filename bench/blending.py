"""The hybrid at the size that is promised: how long it trains, and how long an answer takes.

As a child: python -m bench.blending TRACKS ENTRIES
"""

import sys
import time

import numpy as np

from bench.measure import Figure, child, middle, peak_megabytes, tell
from bench.world import make_world, raw_id, title
from recommender.corpus import Corpus, corpus_from_numbers

TRACKS, ENTRIES = 200_000, 600_000
SECONDS, MILLISECONDS = 300.0, 50.0
LENGTH = 66
ARTISTS, SONGS_OF_ALBUM = 8_000, 10
SEEDS_OF = (1, 5, 10, 25)
ANSWERS = 200
LIST_LENGTH = 500


def figures(runs: int, n_tracks: int = TRACKS, n_entries: int = ENTRIES) -> list[Figure]:
    """Train with the usual settings and ask, each time in a process of its own."""
    results = [child("bench.blending", n_tracks, n_entries) for _ in range(runs)]
    told = {key: middle(results, key) for key in results[0]}
    size = f"{told['tracks']:,.0f} tracks, {told['entries']:,.0f} entries"
    taken = f"{told['work']:.0f} s of a core; {size}, peak memory {told['peak']:,.0f} MB, model {told['size']:,.0f} MB"
    slow = f"{told['answer_work']:.1f} ms of a core; 5 % take {told['slow']:.1f} ms or more"
    return [
        Figure("hybrid, training", told["seconds"], "s", SECONDS, True, taken),
        Figure(f"hybrid, an answer of {LIST_LENGTH}", told["milliseconds"], "ms", MILLISECONDS, True, slow),
    ]


def world(n_tracks: int, n_entries: int) -> Corpus:
    """Make a corpus in which every track has an artist and an album, and each playlist a name."""
    made = make_world(n_tracks, n_entries // LENGTH, LENGTH)
    numbers = np.arange(made.n_tracks)
    ids = np.array([raw_id("track", number) for number in range(made.n_tracks)], "S22")
    names = tuple(title(number) for number in range(made.n_playlists))
    return corpus_from_numbers(
        ids, made.entries, made.offsets, numbers % ARTISTS, numbers // SONGS_OF_ALBUM, names=names
    )


def questions(corpus: Corpus, rng: np.random.Generator) -> list[np.ndarray]:
    """Draw beginnings of playlists, as many of each number of seeds."""
    drawn = rng.integers(corpus.n_playlists, size=ANSWERS)
    return [corpus.playlist(int(number))[: SEEDS_OF[place % len(SEEDS_OF)]] for place, number in enumerate(drawn)]


def main() -> None:
    """Train once, in this process, ask, and tell what it took."""
    from recommender.models.hybrid import Hybrid, Options
    from recommender.ranking import best_first

    corpus = world(*map(int, sys.argv[1:]))
    started, worked = time.perf_counter(), time.process_time()
    model = Hybrid.fit(corpus, np.random.default_rng(1), Options())
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    # Asked as it serves: from arrays that were stored, without what the training left behind.
    served = Hybrid.from_arrays(model.arrays(), Options(), corpus.n_tracks)
    asked = questions(corpus, np.random.default_rng(2))
    best_first(served.scores(asked[0]), asked[0], LIST_LENGTH)
    took, worked = [], time.process_time()
    for seeds in asked:
        before = time.perf_counter()
        best_first(served.scores(seeds), seeds, LIST_LENGTH)
        took.append(1e3 * (time.perf_counter() - before))
    answer_work = 1e3 * (time.process_time() - worked) / len(asked)
    size = sum(array.nbytes for array in model.arrays().values()) / 1e6
    tell(
        seconds=seconds, work=work, milliseconds=float(np.median(took)), slow=float(np.percentile(took, 95)),
        answer_work=answer_work, size=size, peak=peak_megabytes(), tracks=corpus.n_tracks, entries=corpus.n_entries,
    )  # fmt: skip


if __name__ == "__main__":
    main()
