"""How made-up songs sound: Spotify's audio features, which agree with the genre and the artist. Pure."""

from demo import chance
from demo.music import Music, Song

_NAMES = ("danceability", "energy", "speechiness", "acousticness", "instrumentalness", "liveness", "valence")
_MIDDLES = {
    "pop": (0.66, 0.66, 0.06, 0.22, 0.02, 0.16, 0.58, 116, -6.5),
    "dance": (0.72, 0.82, 0.07, 0.08, 0.25, 0.20, 0.52, 126, -5.5),
    "hip hop": (0.76, 0.62, 0.24, 0.18, 0.03, 0.19, 0.50, 96, -7.0),
    "soul": (0.62, 0.48, 0.06, 0.42, 0.04, 0.15, 0.60, 98, -9.0),
    "jazz": (0.52, 0.30, 0.05, 0.76, 0.55, 0.14, 0.44, 108, -14.0),
    "blues": (0.54, 0.44, 0.05, 0.55, 0.12, 0.22, 0.58, 112, -10.5),
    "country": (0.58, 0.62, 0.04, 0.34, 0.01, 0.17, 0.62, 122, -7.5),
    "folk": (0.48, 0.32, 0.04, 0.80, 0.10, 0.13, 0.38, 110, -12.5),
    "indie": (0.52, 0.64, 0.05, 0.24, 0.14, 0.16, 0.46, 124, -7.8),
    "metal": (0.40, 0.92, 0.10, 0.03, 0.20, 0.24, 0.28, 134, -4.8),
}
"""For each genre the seven shares, the tempo and the loudness."""
_BY_ARTIST, _BY_SONG = 0.16, 0.14
_UNHEARD_KEY = 23
"""One key of so many is not found."""

Sound = dict[str, float]


def sound_of(music: Music, song: Song) -> Sound:
    """Give the eleven features of a song and its time signature, under Spotify's names and in its units."""
    of_artist, of_song = chance.key(music.seed, "sound of artist"), chance.key(music.seed, "sound of song")
    middles = _MIDDLES[song.genre]
    count = len(middles)
    strays = [
        _BY_ARTIST * (chance.share(of_artist, song.artists[0] * count + place) - 0.5)
        + _BY_SONG * (chance.share(of_song, song.number * count + place) - 0.5)
        for place in range(count)
    ]
    shares = {
        name: round(min(0.99, max(0.0, middle + stray)), 4)
        for name, middle, stray in zip(_NAMES, middles, strays, strict=False)
    }
    luck = chance.drawn(of_song ^ 1, song.number)
    return {
        **shares,
        "tempo": round(middles[7] * (1 + strays[7]), 3),
        "loudness": round(min(0.5, middles[8] + 20 * strays[8]), 3),
        "key": -1 if luck % _UNHEARD_KEY == 0 else luck // _UNHEARD_KEY % 12,
        "mode": int(luck >> 32 & 3 != 0),
        "time_signature": 4 if luck >> 40 & 7 else 3,
    }
