"""What is known of songs, as rows of numbers that a learner of taste takes. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

HEARD = (
    "danceability", "energy", "loudness", "speechiness", "acousticness", "instrumentalness", "liveness", "valence",
    "tempo", "mode", "key", "time_signature",
)  # fmt: skip
"""Audio features in Spotify's units, and in the order of Songs.audio."""
_IN_CENTRE = 9
"""The first so many of HEARD say how near two songs are; the others are names, not amounts."""
_MOST_GENRES = 20
_LEAST_OF_GENRE = 3
"""What fewer songs have tells a learner nothing that it may rely on."""
_SEMITONES = 12


@dataclass(frozen=True)
class Songs:
    """What is known of some songs, by their place."""

    track_ids: tuple[str, ...]
    artists: tuple[str, ...]
    """The normalised name of each song's main artist; of one without any, the song's own id."""
    audio: np.ndarray
    """float64, shape (songs, len(HEARD)), NaN where it is not known."""
    years: np.ndarray
    """float64, shape (songs,), NaN where it is not known; so are the next two."""
    minutes: np.ndarray
    popularity: np.ndarray
    """At Spotify, from 0 to 100."""
    genres: tuple[tuple[str, ...], ...]

    @property
    def heard(self) -> np.ndarray:
        """Tell of which songs any audio feature is known: bool, shape (songs,)."""
        known: np.ndarray = ~np.isnan(self.audio).all(axis=1)
        return known

    def taken(self, places: np.ndarray) -> "Songs":
        """Give some of the songs in another order. places: integers."""
        at = places.tolist()
        return Songs(
            tuple(self.track_ids[place] for place in at),
            tuple(self.artists[place] for place in at),
            self.audio[places],
            self.years[places],
            self.minutes[places],
            self.popularity[places],
            tuple(self.genres[place] for place in at),
        )


_NONE = np.zeros(0)
NO_SONGS = Songs((), (), np.zeros((0, len(HEARD))), _NONE, _NONE, _NONE, ())


@dataclass(frozen=True)
class Parts:
    """What goes into the rows."""

    engineered: bool = True
    genres: bool = True
    popularity: bool = True


@dataclass(frozen=True)
class Rows:
    """Songs as numbers."""

    values: np.ndarray
    """float32, shape (songs, columns), NaN where it is not known."""
    meaning: tuple[str, ...]
    """What each column tells of; columns of one meaning are several views of one thing."""
    centred: int
    """The first so many columns are those in which songs lie near or far from the liked centre; 0: none do."""


def meaning_of(genres: Sequence[str], parts: Parts) -> tuple[str, ...]:
    """Tell what each column of such rows means."""
    return rows_of(NO_SONGS, genres, parts).meaning


def genre_names(songs: Songs) -> tuple[str, ...]:
    """Choose the genres that songs are asked for: the commonest, whoever likes them."""
    times = Counter(genre for told in songs.genres for genre in told)
    return tuple(genre for genre, count in times.most_common(_MOST_GENRES) if count >= _LEAST_OF_GENRE)


def rows_of(songs: Songs, genres: Sequence[str], parts: Parts) -> Rows:
    """Set songs as rows. genres: the ones that have a column, where genres go in."""
    named = dict(zip(HEARD, songs.audio.T, strict=True))
    columns = [(name, named[name]) for name in HEARD]
    columns += [("year", songs.years), ("length", songs.minutes)]
    if parts.popularity:
        columns.append(("popularity", songs.popularity))
    if parts.engineered:
        columns += _engineered(named, songs.years, songs.minutes)
    if parts.genres:
        columns += [(f"genre {name}", _of_genre(songs, name)) for name in genres]
    values = np.stack([column for _, column in columns], axis=1).astype(np.float32)
    return Rows(values, tuple(name for name, _ in columns), _IN_CENTRE if parts.engineered else 0)


def _engineered(heard: dict[str, np.ndarray], years: np.ndarray, minutes: np.ndarray) -> list[tuple[str, np.ndarray]]:
    circle = 2 * np.pi * (heard["key"] * 7 % _SEMITONES) / _SEMITONES
    # A minor key sounds like the major one three semitones above it, so it takes that one's place.
    shared = 2 * np.pi * ((heard["key"] + np.where(heard["mode"] == 0, 3, 0)) * 7 % _SEMITONES) / _SEMITONES
    octave = np.log2(np.maximum(heard["tempo"], 1))
    turn = 2 * np.pi * octave
    loud = 1 + np.clip(heard["loudness"], -60, 0) / 60
    return [
        # Twelve keys have no order but that of fifths, and after the last comes the first.
        ("key", np.cos(circle)),
        ("key", np.sin(circle)),
        ("key", np.cos(shared)),
        ("key", np.sin(shared)),
        # Tempos are felt by ratio; and 70 is often told as 140, so half and double lie on one place of a circle.
        ("tempo", octave),
        ("tempo", np.cos(turn)),
        ("tempo", np.sin(turn)),
        # A taste is for times, and a time is no straight line.
        ("year", np.floor(years / 10)),
        # Loud and tired is another song than loud and driven; and so on: what two features say only together.
        ("energy", heard["energy"] * loud),
        ("valence", heard["energy"] * heard["valence"]),
        ("danceability", heard["danceability"] * heard["valence"]),
        ("energy", heard["energy"] - heard["acousticness"]),
        # Speech and instruments are near 0 in most songs, and what differs there is a matter of magnitude.
        ("speechiness", np.log(heard["speechiness"] + 0.01)),
        ("instrumentalness", np.log(heard["instrumentalness"] + 0.001)),
        ("length", np.log(np.maximum(minutes, 0.1))),
    ]


def _of_genre(songs: Songs, name: str) -> np.ndarray:
    return np.array([float(name in told) for told in songs.genres])
