"""Moods named from audio features: which corner of the plane of valence and energy a song lies in. Pure.

The four corners are those of Russell's circumplex (A circumplex model of affect, Journal of Personality and Social
Psychology 39, 1980), with energy for arousal, as Thayer has it (The Biopsychology of Mood and Arousal, 1989). Its axes
cross where both are neither high nor low, the middle of Spotify's scales. A song within a tenth of an axis has no
mood by it, because there the four run into one another; but what is quiet and not sad is calm, for of quiet songs
hardly any are glad. The other two are our own: a party takes a dance beat that is
loud and glad, and acoustic is what Spotify itself is rather sure of.
"""

from collections.abc import Mapping

from recommender.errors import FilterNotClear

_HIGH, _LOW = 0.6, 0.4
_Bounds = tuple[float | None, float | None]
MOODS: Mapping[str, Mapping[str, _Bounds]] = {
    "happy": {"valence": (_HIGH, None), "energy": (_HIGH, None)},
    "tense": {"valence": (None, _LOW), "energy": (_HIGH, None)},
    "sad": {"valence": (None, _LOW), "energy": (None, _LOW)},
    "calm": {"valence": (0.45, None), "energy": (None, _LOW)},
    "party": {"danceability": (0.7, None), "energy": (0.7, None), "valence": (0.5, None)},
    "acoustic": {"acousticness": (0.8, None), "energy": (None, 0.5)},
}
"""Mood → from where to where its audio features go, both included; None is open."""


def parse_mood(text: str) -> str:
    """Read the name of a mood. Raises FilterNotClear, which lists those there are."""
    mood = text.strip().lower()
    if mood not in MOODS:
        raise FilterNotClear(f'"{text}" is no mood that is named here: there are {", ".join(MOODS)}')
    return mood


def spans_of(moods: tuple[str, ...]) -> dict[str, _Bounds]:
    """Give the bounds that every song of one of the moods keeps; of several moods there are none to be told."""
    return dict(MOODS[moods[0]]) if len(moods) == 1 else {}


def moods_of(audio: Mapping[str, float]) -> tuple[str, ...]:
    """Name the moods of a song. audio: its features by name; what is not known makes no mood."""
    return tuple(mood for mood in MOODS if _fits(audio, mood) is True)


def is_of_mood(audio: Mapping[str, float], moods: tuple[str, ...]) -> bool | None:
    """Tell whether a song is of one of the moods; None where its features do not tell."""
    fits = [_fits(audio, mood) for mood in moods]
    return True if True in fits else None if None in fits else False


def _fits(audio: Mapping[str, float], mood: str) -> bool | None:
    unknown = False
    for name, (low, high) in MOODS[mood].items():
        value = audio.get(name)
        if value is None:
            unknown = True
        elif (low is not None and value < low) or (high is not None and value > high):
            return False
    return None if unknown else True
