"""Make a collection and write it as slices."""

import argparse
import sys
import time
from pathlib import Path

from bench.measure import peak_megabytes
from bench.scale.collection import Collection

ABOUT = "make a collection of a part of the article's size, as slices of 1,000 playlists"
SLICES = "mpd.slice.*.json"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--folder", type=Path, required=True, help="where to write the slices")
    parser.add_argument("--part", default="1/16", help="the part of the article's size: 1, 1/2, ... (default 1/16)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another collection (default 1)")


def run(options: argparse.Namespace) -> int:
    """Make it, and tell what it took; 1 where there are slices already, which would mix with the new ones."""
    if any(options.folder.glob(SLICES)):
        print(f"{options.folder} holds slices already: name another folder, or take them away.", file=sys.stderr)
        return 1
    started = time.process_time()
    made = Collection.of(options.part, options.seed)
    made.write(options.folder)
    size = sum(path.stat().st_size for path in options.folder.glob(SLICES))
    print(
        f"{options.folder}: {made.n_playlists:,} playlists, {made.n_entries:,} entries, {made.n_tracks:,} tracks, "
        f"{made.n_artists:,} artists, {size / 1e6:,.0f} MB; {time.process_time() - started:.1f} s of a core, "
        f"peak memory {peak_megabytes():,.0f} MB"
    )
    return 0
