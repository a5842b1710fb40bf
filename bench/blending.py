"""The hybrid at the size that is promised: how long it trains, and how long an answer takes.

As a child: python -m bench.blending TRACKS ENTRIES [PART ...]; with names of its parts, each of them alone.
"""

import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from bench.measure import Figure, child, middle, peak_megabytes, seconds_of, tell
from bench.world import make_world, raw_id, title
from recommender.corpus import Corpus, corpus_from_numbers
from recommender.models.contract import Model

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


def measured(corpus: Corpus) -> dict[str, float]:
    """Train once, in this process, ask, and tell what it took."""
    from recommender.models.hybrid import Hybrid, Options
    from recommender.ranking import best_first

    started, worked = time.perf_counter(), time.process_time()
    model = Hybrid.fit(corpus, np.random.default_rng(1), Options())
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    peak = peak_megabytes()
    # Asked as it serves: from arrays that were stored, without what the training left behind.
    served = Hybrid.from_arrays(model.arrays(), Options(), corpus.n_tracks)
    asked = _asked(lambda seeds: best_first(served.scores(seeds), seeds, LIST_LENGTH), corpus)
    return {"seconds": seconds, "work": work, "peak": peak, "size": _size(model), **asked, **_sizes(corpus)}


def measured_part(kind: str, corpus: Corpus) -> dict[str, float]:
    """Train one part as the hybrid does, in this process, ask it, and tell what it took."""
    from recommender.models.hybrid import Options, part_options
    from recommender.models.registry import model_class

    started, worked = time.perf_counter(), time.process_time()
    model = model_class(kind).fit(corpus, np.random.default_rng(1), part_options(kind, Options(), corpus))
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    told = {"seconds": seconds, "work": work, "peak": peak_megabytes(), "size": _size(model)}
    return told | _asked(model.scores, corpus) | _sizes(corpus)


def _asked(answer: Callable[[np.ndarray], object], corpus: Corpus) -> dict[str, float]:
    """Time the answers: the median in milliseconds, what 5 % exceed, and the mean that a core works."""
    asked = questions(corpus, np.random.default_rng(2))
    answer(asked[0])
    worked = time.process_time()
    took = [1e3 * seconds_of(partial(answer, seeds)) for seeds in asked]
    answer_work = 1e3 * (time.process_time() - worked) / len(asked)
    slow = float(np.percentile(took, 95))
    return {"milliseconds": float(np.median(took)), "slow": slow, "answer_work": answer_work}


def _size(model: Model) -> float:
    return sum(array.nbytes for array in model.arrays().values()) / 1e6


def _sizes(corpus: Corpus) -> dict[str, float]:
    return {"tracks": corpus.n_tracks, "entries": corpus.n_entries}


def main() -> None:
    """Measure the whole or one part in this process, or several parts, each in one of its own."""
    n_tracks, n_entries, *kinds = sys.argv[1:]
    if len(kinds) > 1:
        for kind in kinds:
            tell(kind=kind, **child("bench.blending", n_tracks, n_entries, kind))
        return
    corpus = world(int(n_tracks), int(n_entries))
    tell(**(measured_part(kinds[0], corpus) if kinds else measured(corpus)))


if __name__ == "__main__":
    main()
