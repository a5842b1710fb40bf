"""What a feature of a song is called when it is a reason. Pure."""

_WORDS = {
    "danceability": ("not for dancing", "danceable"),
    "energy": ("calm", "energetic"),
    "loudness": ("quiet", "loud"),
    "speechiness": ("hardly spoken", "spoken"),
    "acousticness": ("electric", "acoustic"),
    "instrumentalness": ("sung", "instrumental"),
    "liveness": ("from a studio", "live"),
    "valence": ("sad", "cheerful"),
    "tempo": ("slow", "fast"),
    "mode": ("in a minor key", "in a major key"),
    "length": ("short", "long"),
    "popularity": ("little known", "well known"),
}
"""What is said of less than is usual, and of more."""
_GENRE, _DECADE = "genre ", 10


def can_say(name: str) -> bool:
    """Tell whether there are words for a feature."""
    return name in _WORDS or name == "year" or name.startswith(_GENRE)


def said(name: str, value: float, usual: float) -> str:
    """Say what a song is by one feature. usual: the median of the songs that were learned from."""
    if name == "year":
        return f"of the {int(value) // _DECADE * _DECADE}s"
    if name.startswith(_GENRE):
        genre = name.removeprefix(_GENRE)
        return genre if value else f"not {genre}"
    less, more = _WORDS[name]
    return less if value < usual else more
