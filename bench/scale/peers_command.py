"""Set steps beside bare peers that do less, in one run."""

import argparse
from pathlib import Path

from bench.scale import loading, neighbouring
from bench.speed import show

ABOUT = "reading a database beside a bare fetch of it, and item-knn beside the bare product of its matrices"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--part", default="1/16", help="the part of the article's size for item-knn (default 1/16)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another collection (default 1)")
    parser.add_argument("--database", type=Path, help="a database to read; none: item-knn alone")


def run(options: argparse.Namespace) -> int:
    """Print the figures; 1 when a target is missed."""
    figures = loading.figures(options.database) if options.database else []
    figures += neighbouring.figures(options.part, options.seed)
    show(figures)
    return int(any(figure.kept is False for figure in figures))
