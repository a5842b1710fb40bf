"""Measure every step from slices to suggestions at several sizes, and how it grows."""

import argparse
import sys
from fractions import Fraction
from pathlib import Path

from bench.scale.process import StepFailed
from bench.scale.running import measure
from bench.scale.steps import STEPS
from bench.scale.table import table

ABOUT = "every step from slices to suggestions at several sizes: time, memory, disk, and how they grow"
PARTS = ["1/16", "1/8", "1/4", "1/2", "1"]


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--folder", type=Path, required=True, help="where to work, and to keep the results")
    parser.add_argument("--parts", nargs="+", default=PARTS, help="parts of the article's size (default 1/16 to 1)")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS), help="default: all, in their order")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another collection (default 1)")
    parser.add_argument("--again", action="store_true", help="measure again what is in the folder's results")
    parser.add_argument("--keep", action="store_true", help="leave slices, databases and models where they are")


def run(options: argparse.Namespace) -> int:
    """Measure what is not measured yet, and print the table; 1 when a step fails, and what was measured stays."""
    parts = sorted(map(Fraction, options.parts))
    try:
        results = measure(options.folder, parts, options.steps, options.seed, again=options.again, keep=options.keep)
    except StepFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(table(results, parts), end="")
    return 0
