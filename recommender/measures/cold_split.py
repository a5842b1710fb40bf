"""Which tracks are taken out of every playlist, to be asked about, and what remains to learn from."""

from dataclasses import dataclass, replace

import numpy as np

from recommender import catalogue
from recommender.corpus import Corpus, corpus_from_numbers
from recommender.splits import each_once
from recommender.texts import LINES

SHARE = 0.1
"""So much of the tracks that may be asked about is held out for the test, and as much of the rest to validate on."""
FEWEST_PLAYLISTS = 2
"""What stands in a single playlist is mostly noise there, and one playlist is a poor truth."""
_TITLE = LINES.index("title")


@dataclass(frozen=True)
class ColdSplit:
    """A corpus to learn from that knows some tracks only by what they are, and where these stood."""

    training: Corpus
    """Its vocabulary holds the cold tracks, of no playlist, with artist, album, sound and texts."""
    cold: np.ndarray
    """int64, rising: the numbers of the cold tracks."""
    asked: np.ndarray
    """int64: those that were drawn, in an order drawn by chance; the others are versions of them."""
    playlists: list[np.ndarray]
    """The different tracks of each playlist that held a cold one, in its order, with the training part's numbers."""

    @property
    def n_known(self) -> int:
        """Count the tracks that stand in a playlist of the training part: the first ones of the vocabulary."""
        return int((self.training.playlist_counts > 0).sum())


def split_tracks(corpus: Corpus, on: str, rng: np.random.Generator) -> ColdSplit:
    """Hold out a tenth of the tracks of two or more playlists: for the test; for "validation" as many of the others.

    Versions of a held-out recording go with it, or else naming the other version would answer most questions. On
    validation the tracks of the test are gone altogether.
    """
    drawn = rng.permutation(np.flatnonzero(corpus.playlist_counts >= FEWEST_PLAYLISTS))
    size = int(SHARE * len(drawn))
    asked, gone = drawn[:size], np.zeros(corpus.n_tracks, bool)
    if on == "validation":
        gone = _with_versions(corpus, asked)
        asked = drawn[size : 2 * size]
        asked = asked[~gone[asked]]
    return held(corpus, asked, _with_versions(corpus, asked) & ~gone, gone)


def _with_versions(corpus: Corpus, tracks: np.ndarray) -> np.ndarray:
    """Tell which tracks are of one recording with these, by artist and plain title: bool, shape (tracks,)."""
    found = np.zeros(corpus.n_tracks, bool)
    found[tracks] = True
    if not len(corpus.texts):
        return found
    artists = corpus.artists[tracks]
    near = np.flatnonzero(np.isin(corpus.artists, artists[artists >= 0]))
    keys = [(int(corpus.artists[track]), _plain_title(corpus, track)) for track in near.tolist()]
    held = {key for key, track in zip(keys, near.tolist(), strict=True) if found[track] and key[1]}
    found[near[[key in held for key in keys]]] = True
    return found


def _plain_title(corpus: Corpus, track: int) -> str:
    lines = corpus.texts[track].split("\n")
    return catalogue.plain_title(lines[_TITLE]) if len(lines) > _TITLE else ""


def held(corpus: Corpus, asked: np.ndarray, cold: np.ndarray, gone: np.ndarray) -> ColdSplit:
    """Take the cold tracks out of playlists and plays, and those that are gone out of everything."""
    out = cold | gone
    learned = ~out[corpus.entries]
    ends = np.append(0, np.cumsum(learned))[corpus.offsets]
    kept = np.flatnonzero(np.diff(ends))
    plays = corpus.plays.only(~out[corpus.plays.tracks]) if corpus.plays.n_pairs else corpus.plays
    training = corpus_from_numbers(
        np.asarray(corpus.vocabulary.ids),
        corpus.entries[learned],
        np.append(0, ends[1:][kept]),
        corpus.artists,
        corpus.albums,
        corpus.audio,
        tuple(corpus.names[playlist] for playlist in kept.tolist()),
        corpus.dates[kept],
        corpus.weights[kept],
        plays.of(kept) if corpus.of_listeners and plays.n_listeners else plays,
        np.asarray(corpus.vocabulary.by_id),
        ~gone,
        corpus.genres.of_kept(kept),
        corpus.texts,
    )
    number = training.vocabulary.numbers_of(corpus.vocabulary)
    before = np.append(0, np.cumsum(cold[corpus.entries]))[corpus.offsets]
    playlists = [each_once(corpus.playlist(playlist)) for playlist in np.flatnonzero(np.diff(before)).tolist()]
    return ColdSplit(
        replace(training, of_listeners=corpus.of_listeners),
        np.sort(number[cold]).astype(np.int64),
        number[asked].astype(np.int64),
        [number[tracks[~gone[tracks]]] for tracks in playlists],
    )
