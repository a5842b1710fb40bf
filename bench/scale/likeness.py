"""How like real playlists a collection is: the same figures of both, side by side.

Lengths are told as multiples of their mean: the article's size, 12 million entries in 177,889 playlists, allows a mean
of 67, the real playlists at hand have 163, so that lengths in songs cannot be alike.

The density of co-occurrence is told in two ways. "Pairs that meet again": draw an entry, then another track of the same
playlist, and ask whether the two stand together in a second playlist too. A playlist weighs by its entries there, not
by its pairs, so that the longest one in a thousand does not decide. "Distinct pairs": all distinct pairs divided by all
pairs counted playlist by playlist, which is what fills a table of neighbours; here long playlists do weigh by their
pairs, so that a collection of few of them tells little. Neither depends on the number of playlists or on their mean
length by itself: a scene of as many playlists, all twice as long over twice as many tracks, has the same figures. Both
are taken from a sample of entries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from bench.scale.laying import repeats

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
SAMPLE = 6_000
BOUND = 0.1

Figures = dict[str, float]


@dataclass(frozen=True)
class Lists:
    """Playlists as numbers."""

    entries: np.ndarray
    """Integers, shape (entries,), from 0 on without gaps."""
    offsets: np.ndarray
    """int64, shape (playlists + 1,)."""
    artists: np.ndarray
    """int32, shape (tracks,); below 0 where unknown."""


def measure(lists: Lists, seed: int = 1, sample: int = SAMPLE) -> Figures:
    """Take all figures of a collection."""
    again = repeats(lists.entries, lists.offsets)
    counts = np.bincount(lists.entries) - np.bincount(lists.entries[again], minlength=int(lists.entries.max()) + 1)
    lengths = np.diff(lists.offsets)
    multiples = np.quantile(lengths, QUANTILES) / lengths.mean()
    meeting, distinct = _density(lists, sample, np.random.default_rng(seed))
    return {
        "tracks in one playlist": float((counts == 1).mean()),
        "Gini coefficient of playlist counts": gini(counts),
        **{f"length / mean, {100 * q:.0f} %": float(told) for q, told in zip(QUANTILES, multiples, strict=True)},
        "neighbours by the same artist": _same_artist(lists),
        "pairs that meet again": meeting,
        "distinct pairs": distinct,
        "entries that repeat a track": len(again) / len(lists.entries),
    }


def gini(counts: np.ndarray) -> float:
    """Tell how unevenly things are shared: 0 is evenly, 1 is all for one."""
    rising = np.sort(counts).astype(float)
    n = len(rising)
    return float((2 * np.arange(1, n + 1) - n - 1) @ rising / (n * rising.sum()))


def _same_artist(lists: Lists) -> float:
    """Give the share of neighbours in playlists that have the same artist, among those whose artists are both known."""
    artist = lists.artists[lists.entries]
    pairs = np.ones(len(artist) - 1, bool)
    ends = lists.offsets[1:-1]
    pairs[ends[(ends > 0) & (ends < len(artist))] - 1] = False
    pairs &= (artist[1:] >= 0) & (artist[:-1] >= 0)
    return float((artist[1:] == artist[:-1])[pairs].mean())


def _density(lists: Lists, sample: int, rng: np.random.Generator) -> tuple[float, float]:
    """Give the share of pairs that meet again, and of distinct pairs among those counted."""
    lengths = np.diff(lists.offsets)
    holder = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    order = np.argsort(lists.entries, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(lists.entries))])
    meeting, distinct, counted = [], 0.0, 0.0
    for entry in rng.choice(len(lists.entries), min(sample, len(lists.entries)), replace=False):
        track, own = lists.entries[entry], holder[entry]
        there = np.unique(holder[order[starts[track] : starts[track + 1]]])
        rows = [np.unique(lists.entries[lists.offsets[at] : lists.offsets[at + 1]]) for at in there]
        together, times = np.unique(np.concatenate(rows), return_counts=True)
        mine = np.isin(together, rows[int(np.searchsorted(there, own))], assume_unique=True) & (together != track)
        # A track is drawn by its playlists, so it weighs less by as many.
        distinct += (len(together) - 1) / len(there)
        counted += (times.sum() - len(there)) / len(there)
        if mine.any():
            meeting.append(float((times[mine] > 1).mean()))
    return float(np.mean(meeting)), float(distinct / counted)


def read(folder: Path) -> Lists:
    """Read slices into numbers, one at a time."""
    tracks: dict[str, int] = {}
    artists: dict[str, int] = {}
    by: list[int] = []
    entries, lengths = [], [0]
    for playlist in _playlists(folder):
        for entry in playlist:
            number = tracks.setdefault(entry["track_uri"], len(tracks))
            if number == len(by):
                by.append(-1)
            if by[number] < 0 and (artist := entry.get("artist_uri") or entry.get("artist_name")):
                by[number] = artists.setdefault(artist, len(artists))
            entries.append(number)
        lengths.append(len(playlist))
    return Lists(np.array(entries, np.int32), np.cumsum(lengths), np.array(by, np.int32))


def _playlists(folder: Path) -> Iterator[list[dict[str, str]]]:
    for path in sorted(folder.glob("*.json")):
        for playlist in orjson.loads(path.read_bytes())["playlists"]:
            yield playlist["tracks"]
