"""The speed claims, each as a ratio to a named peer measured in the same run.

    python -m bench.speed [import] [crawl] [store] [suggest] [reasons] [word2vec] [item-knn]
                          [hybrid] [road] [--json] [--runs N] [--tracks N ...] [--words N ...]

Prints a table; the exit code is 0 whatever the figures are, because a busy machine is no error.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict

from bench import blending, crawling, importing, learning, reasons, roads, storing, suggesting
from bench.measure import Figure

PARTS: dict[str, Callable[[argparse.Namespace], list[Figure]]] = {
    "import": lambda told: importing.figures(told.slices, told.runs or 3),
    "crawl": lambda told: crawling.figures(told.runs or 1),
    "store": lambda told: storing.figures(told.runs or 3),
    "suggest": lambda told: [f for n in told.tracks for f in suggesting.figures(n, told.runs or 11)],
    "reasons": lambda told: [f for n in told.tracks for f in reasons.figures(n, told.runs or 25)],
    "word2vec": lambda told: [f for n in told.words for f in learning.word2vec_figures(told.runs or 5, n)],
    "item-knn": lambda told: learning.item_knn_figures(told.runs or 3),
    "hybrid": lambda told: blending.figures(told.runs or 1),
    "road": lambda told: [f for n in told.tracks for f in roads.figures(n, told.runs or 11)],
}


def main() -> None:
    """Run the parts asked for, all of them without a name."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.speed", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without one")
    parser.add_argument("--json", action="store_true", help="a list for programs")
    parser.add_argument("--runs", type=int, help="runs of each side; the median counts")
    parser.add_argument(
        "--tracks", type=int, nargs="+", default=[50_000], help="sizes of the database of `suggest`, `reasons`, `road`"
    )
    parser.add_argument(
        "--words", type=int, nargs="+", default=[learning.TRACKS], metavar="TRACKS", help="sizes of `word2vec`"
    )
    parser.add_argument("--slices", type=int, default=4, help="slices of 1,000 playlists for `import`")
    told = parser.parse_args()
    if unknown := set(told.parts) - PARTS.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
    found: list[Figure] = []
    for name in told.parts or PARTS:
        figures = PARTS[name](told)
        found += figures
        if not told.json:
            show(figures)
    if told.json:
        print(json.dumps([asdict(figure) | {"kept": figure.kept} for figure in found], indent=1))


def show(figures: list[Figure]) -> None:
    """Print a table of figures."""
    for figure in figures:
        sign = "at most" if figure.at_most else "at least"
        target = "" if figure.target is None else f"{sign} {figure.target:,g} {figure.unit}"
        kept = {None: "", True: "kept", False: "MISSED"}[figure.kept]
        value = f"{figure.measured:,.2f}" if figure.measured < 100 else f"{figure.measured:,.0f}"
        print(
            f"{figure.what:<70} {value:>9} {figure.unit:<10} {target:<28} {kept:<7} {figure.detail}".rstrip(),
            flush=True,
        )


if __name__ == "__main__":
    main()
