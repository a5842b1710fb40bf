"""Lay tracks into playlists: scenes, whole albums in order, no track twice in a list but as rarely as in life.

Pure. All copies of all tracks get a place on one line, and the playlists lie on it end to end, from short to long; then
the line is read from left to right and the playlists are filled. What lies close together on the line meets in
playlists: most of a track's copies lie within its scene, some in its genre, and those of hits everywhere.
"""

import numpy as np

from bench.scale.songs import GENRE, GOLDEN, SCENE, Songs

HOME = 0.98
"""Share of a track's copies that stay in its scene."""
HOME_MOST = 18
"""No more copies than that stay in the scene: a list holds a track once."""
GENRE_MOST = 150
"""Copies beyond this number are everywhere."""
TOGETHER = 0.88
"""Share of copies that lie as far from the first as those of other tracks do: tracks that met once meet again."""
WHOLE_ALBUMS, FOLLOWING = 0.15, 0.02
"""Share of albums that stand whole and in order in a list, and of other tracks that stand after their artist's."""
REPEATS = 0.0047
"""Share of entries that are a track's second in the same list."""
MENDING = 12
"""No more turns than that at swapping repeats away."""
_BLOCK = 1 << 19


def lay(songs: Songs, lengths: np.ndarray, row: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Give the entries, int32, and the genre of each playlist, int32.

    lengths: int64, shape (playlists,). row: int64, shape (playlists,), the playlists as they lie on the line.
    """
    sequence = _sequence(songs, int(lengths.sum()), rng)
    entries = _dealt(sequence, lengths, row)
    del sequence
    genres = np.empty(len(row), np.int32)
    genres[row] = np.arange(len(row)) // (SCENE * GENRE)
    _mend(entries, lengths, row, rng)
    return entries, genres


def _sequence(songs: Songs, n_entries: int, rng: np.random.Generator) -> np.ndarray:
    """Give all copies of all tracks in their order on the line, int32.

    Place and track are packed into one number, so that one sort in place does it, and that tracks of the same place
    keep their order.
    """
    n_tracks = len(songs.counts)
    track_bits = np.uint64(n_tracks.bit_length())
    fine = 2.0 ** (63 - n_tracks.bit_length() - n_entries.bit_length())
    edges = np.concatenate([[0.0], np.cumsum(np.bincount(songs.scenes, songs.counts))])
    first = _first_places(songs, rng)
    packed = np.empty(n_entries, np.uint64)
    done = 0
    for start in range(0, n_tracks, _BLOCK):
        block = slice(start, start + _BLOCK)
        counts = songs.counts[block].astype(np.int64)
        which = np.repeat(np.arange(len(counts)), counts)
        copy = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        at = _places(songs.scenes[block][which], first[block][which], copy, counts[which], edges, rng)
        packed[done : done + len(at)] = ((at * fine).astype(np.uint64) << track_bits) | (which + start).astype(
            np.uint64
        )
        done += len(at)
    packed.sort()
    packed &= (np.uint64(1) << track_bits) - np.uint64(1)
    return packed.astype(np.int32)


def _first_places(songs: Songs, rng: np.random.Generator) -> np.ndarray:
    """Draw where in its scene, from 0 to 1, the first copy of a track lies; a follower's is its forerunner's."""
    n_tracks = len(songs.artists)
    whole = rng.random(int(songs.albums[-1]) + 1) < WHOLE_ALBUMS
    same_album = songs.albums[1:] == songs.albums[:-1]
    same_artist = songs.artists[1:] == songs.artists[:-1]
    follows = (same_album & whole[songs.albums[1:]]) | (same_artist & (rng.random(n_tracks - 1) < FOLLOWING))
    follows &= songs.scenes[1:] == songs.scenes[:-1]
    leader = np.arange(n_tracks)
    leader[1:][follows] = 0
    return rng.random(n_tracks)[np.maximum.accumulate(leader)]


def _places(
    scene: np.ndarray,
    place: np.ndarray,
    copy: np.ndarray,
    counts: np.ndarray,
    edges: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Give the place of each copy on the line; a track's copies keep their distance, so that they meet other lists."""
    strewn = rng.random(len(scene))
    staying = (copy < HOME_MOST) & ((copy == 0) | (rng.random(len(scene)) < HOME))
    alone = rng.random(len(scene)) >= TOGETHER
    step = np.where(alone & (copy > 0), (copy + strewn - 0.5) / np.minimum(counts, HOME_MOST), copy * GOLDEN)
    at_home = edges[scene] + (place + step) % 1.0 * (edges[scene + 1] - edges[scene])
    begin = edges[scene // GENRE * GENRE]
    end = edges[np.minimum((scene // GENRE + 1) * GENRE, len(edges) - 1)]
    in_genre = begin + (copy + strewn) / np.minimum(counts, GENRE_MOST) * (end - begin)
    anywhere = (copy + strewn) / counts * edges[-1]
    return np.where(staying, at_home, np.where(copy < GENRE_MOST, in_genre, anywhere))


def _dealt(sequence: np.ndarray, lengths: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Deal the sequence to the playlists in their row."""
    entries = np.empty_like(sequence)
    starts = np.cumsum(lengths) - lengths
    taken = 0
    for first in range(0, len(row), _BLOCK // 64):
        block = row[first : first + _BLOCK // 64]
        sizes = lengths[block]
        slots = np.repeat(starts[block] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        entries[slots] = sequence[taken : taken + len(slots)]
        taken += len(slots)
    return entries


def _mend(entries: np.ndarray, lengths: np.ndarray, row: np.ndarray, rng: np.random.Generator) -> None:
    """Swap repeats in a list away, into lists close by and then further, until they are as rare as in life."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    rank = np.empty(len(row), np.int64)
    rank[row] = np.arange(len(row))
    allowed = int(REPEATS * len(entries))
    for turn in range(MENDING):
        # Which repeats stay is chance, or the long lists would keep theirs.
        slots = rng.permutation(repeats(entries, offsets))[allowed:]
        if not len(slots):
            return
        owner = np.searchsorted(offsets, slots, "right") - 1
        reach = SCENE * 2.0**turn
        other = row[(rank[owner] + rng.normal(0, reach, len(slots)).astype(np.int64)) % len(row)]
        partner = offsets[other] + (rng.random(len(slots)) * lengths[other]).astype(np.int64)
        _, once = np.unique(partner, return_index=True)
        once = once[~np.isin(partner[once], slots)]
        entries[slots[once]], entries[partner[once]] = entries[partner[once]], entries[slots[once]]


def repeats(entries: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Find the entries whose track stands in the same list already, int64."""
    found = [np.empty(0, np.int64)]
    n_tracks = int(entries.max()) + 1
    bounds = np.searchsorted(offsets, np.arange(0, len(entries), _BLOCK))
    for first, last in zip(bounds, [*bounds[1:], len(offsets) - 1], strict=True):
        start, end = int(offsets[first]), int(offsets[last])
        owner = np.repeat(np.arange(last - first), np.diff(offsets[first : last + 1]))
        keys = owner * n_tracks + entries[start:end]
        order = np.argsort(keys, kind="stable")
        found.append(start + order[1:][keys[order][1:] == keys[order][:-1]])
    return np.concatenate(found)
