"""Which genres playlists and artists are told to be of. Pure."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Genres:
    """Genres by number, and who is of which."""

    names: tuple[str, ...]
    """As they were told."""
    of_playlists: np.ndarray
    """int32, shape (any, 2): a playlist and a genre that it is told to be of."""
    of_artists: np.ndarray
    """int32, shape (any, 2): an artist, as Corpus.artists numbers them, and a genre."""

    def of_kept(self, playlists: np.ndarray) -> "Genres":
        """Give the genres where some playlists alone are kept, and numbered anew in their order: int64, rising."""
        place = np.searchsorted(playlists, self.of_playlists[:, 0])
        there = place < len(playlists)
        there[there] = playlists[place[there]] == self.of_playlists[there, 0]
        kept = np.stack([place[there], self.of_playlists[there, 1]], axis=1).astype(np.int32)
        return Genres(self.names, kept, self.of_artists)

    def renumbered(self, artists: np.ndarray) -> "Genres":
        """Give the genres under other numbers of artists. artists: integers by old number, -1 for who is gone."""
        known = self.of_artists[:, 0] < len(artists)
        new = artists[self.of_artists[known, 0]]
        told = np.stack([new, self.of_artists[known, 1]], axis=1)[new >= 0].astype(np.int32)
        return Genres(self.names, self.of_playlists, told)


_NOBODY = np.zeros((0, 2), np.int32)
NO_GENRES = Genres((), _NOBODY, _NOBODY)
"""What stands where no genre was told."""
