"""Train the same models here and on Spark, from one database, and set them side by side."""

import argparse
import json
import shutil
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from bench.scale.process import run as measured
from bench.scale.process import segue
from bench.scale.steps import Place, make, store
from recommender.engines.spark import KINDS

ABOUT = "the same models learned here and by Spark on this machine: time, cores, memory and worth"
SIDES: dict[str, tuple[str, ...]] = {"here": (), "spark": ("--engine", "spark")}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--folder", type=Path, required=True, help="where to work; the database goes at the end")
    parser.add_argument("--part", default="1/64", help="the part of the article's size (default 1/64)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="default: all three")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another collection (default 1)")


def run(options: argparse.Namespace) -> int:
    """Print a line for each model and side."""
    place = Place(options.folder, Fraction(options.part), options.seed)
    try:
        if not place.slices.is_dir():
            make(place)
        store(place)
        print(f"{'':<18}{'fit, s':>10}{'whole, s':>10}{'cores, s':>10}{'NDCG@500':>10}{'R-precision':>13}")
        for kind in options.kinds:
            for side, words in SIDES.items():
                print(_line(f"{kind}, {side}", *_trained(place, kind, words)), flush=True)
    finally:
        shutil.rmtree(place.work, ignore_errors=True)
    return 0


def _trained(place: Place, kind: str, words: tuple[str, ...]) -> tuple[Any, float, float]:
    """Train as a person types it: what it says of itself, and the seconds of the clock and of all cores."""
    print(f"{kind} {' '.join(words)}", file=sys.stderr, flush=True)
    done = measured(segue(place.database, "train", kind, *words, "--json"), place.work)
    return json.loads(done.output)[0], done.seconds, done.work


def _line(name: str, told: Any, seconds: float, work: float) -> str:
    worth = told["worth"]
    return (
        f"{name:<18}{told['seconds']:>10,.1f}{seconds:>10,.1f}{work:>10,.1f}"
        f"{worth['ndcg_500']:>10.4f}{worth['r_precision']:>13.4f}"
    )
