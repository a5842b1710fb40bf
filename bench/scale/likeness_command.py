"""Set a made-up collection beside real playlists."""

import argparse
from pathlib import Path

from bench.scale.collection import Collection
from bench.scale.likeness import BOUND, Figures, Lists, measure, read

ABOUT = "how like real playlists a made-up collection is, side by side"
REAL: Figures = {
    "tracks in one playlist": 0.6806,
    "Gini coefficient of playlist counts": 0.4887,
    "length / mean, 5 %": 0.0613,
    "length / mean, 10 %": 0.1042,
    "length / mean, 25 %": 0.2452,
    "length / mean, 50 %": 0.4597,
    "length / mean, 75 %": 0.8979,
    "length / mean, 90 %": 2.0409,
    "length / mean, 95 %": 3.6866,
    "neighbours by the same artist": 0.1355,
    "pairs that meet again": 0.4747,
    "distinct pairs": 0.5984,
    "entries that repeat a track": 0.0047,
}
"""Three slices of real playlists, 771 with 125,796 entries, as `measure` tells them with a sample of 20,000."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--part", default="1/16", help="the part of the article's size to make (default 1/16)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another collection (default 1)")
    parser.add_argument("--made", type=Path, help="a folder of slices to measure in its place")
    parser.add_argument("--real", type=Path, help="a folder of real slices (default: figures taken before)")


def run(options: argparse.Namespace) -> int:
    """Print the figures side by side; 1 when one lies outside the bounds."""
    real = measure(read(options.real), sample=20_000) if options.real else REAL
    missed = show(real, measure(read(options.made) if options.made else _made(options.part, options.seed)))
    return 1 if missed else 0


def _made(part: str, seed: int) -> Lists:
    made = Collection.of(part, seed).arrays()
    return Lists(made.entries, made.offsets, made.artists)


def show(real: Figures, made: Figures) -> int:
    """Print real and made, and count what is missed."""
    print(f"{'':<38} {'real':>8} {'made':>8} {'ratio':>7}")
    missed = 0
    for name, told in real.items():
        ratio = made[name] / told
        kept = abs(ratio - 1) <= BOUND
        missed += not kept
        print(f"{name:<38} {told:>8.4f} {made[name]:>8.4f} {ratio:>7.3f}  {'kept' if kept else 'MISSED'}")
    return missed
