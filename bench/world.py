"""Made-up playlists of any size: a few tracks in many playlists, most in one, and playlists that keep to a genre."""

from dataclasses import dataclass

import numpy as np

GENRES = 150
OWN_GENRE = 0.8
"""Share of a playlist that is of its own genre."""
_WORDS = tuple(
    first + second + third
    for first in ("ba", "ce", "do", "fi", "gu", "ja", "ke", "lo", "mi", "nu")
    for second in ("la", "ne", "ri", "so", "tu")
    for third in ("", "n", "ro", "ve")
)


@dataclass(frozen=True)
class World:
    """Playlists as one array of track numbers with offsets."""

    entries: np.ndarray
    """int64, shape (entries,)."""
    offsets: np.ndarray
    """int64, shape (playlists + 1,)."""
    n_tracks: int

    def playlist(self, number: int) -> list[int]:
        """Give the track numbers of one playlist."""
        return self.entries[self.offsets[number] : self.offsets[number + 1]].tolist()

    @property
    def n_playlists(self) -> int:
        """Count the playlists."""
        return len(self.offsets) - 1


def make_world(n_tracks: int, n_playlists: int, mean_length: int, seed: int = 1) -> World:
    """Make playlists of 5 tracks and more, mean_length on average; every track stands in one at least."""
    rng = np.random.default_rng(seed)
    lengths = 5 + rng.geometric(1 / max(mean_length - 5, 1), n_playlists)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    total = int(offsets[-1])
    genre = np.repeat(rng.integers(GENRES, size=n_playlists), lengths)
    genre = np.where(rng.random(total) < OWN_GENRE, genre, rng.integers(GENRES, size=total))
    # The fourth power makes a few tracks of each genre famous, about as far as real playlists do.
    rank = ((n_tracks // GENRES) * rng.random(total) ** 4).astype(np.int64)
    entries = rank * GENRES + genre
    once = rng.permutation(total)[:n_tracks]
    entries[once] = np.arange(len(once))
    return World(entries, offsets, n_tracks)


def raw_id(kind: str, number: int) -> str:
    """Give a thing of the world its 22-character id."""
    return f"{kind}{number:0{22 - len(kind)}d}"


def title(number: int) -> str:
    """Give a thing of the world a name of one to three words."""
    first, second, third = number % len(_WORDS), number // 7 % len(_WORDS), number // 61 % len(_WORDS)
    return " ".join(_WORDS[word] for word in (first, second, third)[: 1 + number % 3]).title()
