"""Made-up names, by which nobody is meant: artists out of syllables, titles out of plain words. Pure."""

from collections.abc import Callable, Iterator

import numpy as np

_ONSETS = (
    "b", "br", "d", "f", "fl", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w", "y", "z",
)  # fmt: skip
_VOWELS = (
    "a", "e", "i", "o", "u", "a", "e", "o", "ei", "oo",
)  # fmt: skip
_ENDS = (
    "", "", "", "l", "m", "n", "nd", "r", "rk", "s", "sh", "th", "x",
)  # fmt: skip
_BANDS = (
    "{0} {1}", "{0} {1}", "The {0}s", "{0} Assembly", "{0} and the {1}s", "{0} Machine", "DJ {0}", "{0} Quartet",
)  # fmt: skip
_ADJECTIVES = (
    "Amber", "Borrowed", "Broken", "Cold", "Crooked", "Distant", "Early", "Electric", "Empty", "Faded", "Gentle",
    "Golden", "Hidden", "Hollow", "Hungry", "Last", "Late", "Little", "Lonely", "Long", "Lost", "Loud",
    "Northern", "Open", "Paper", "Patient", "Quiet", "Restless", "Second", "Silent", "Slow", "Small", "Sudden",
    "Tender", "Wild", "Winter",
)  # fmt: skip
_NOUNS = (
    "Anchor", "Avenue", "Bell", "Bicycle", "Bridge", "Candle", "Circle", "City", "Coast", "Corner", "Feather",
    "Ferry", "Field", "Fire", "Garden", "Glass", "Harbour", "Highway", "Horizon", "Island", "Kitchen", "Ladder",
    "Lantern", "Letter", "Machine", "Meadow", "Mirror", "Mountain", "Orchard", "Parade", "Promise", "Radio",
    "River", "Rooftop", "Shadow", "Signal", "Station", "Summer", "Telephone", "Thunder", "Ticket", "Tunnel",
    "Valley", "Wire", "Window", "Wonder",
)  # fmt: skip
_TITLES = (
    "{0} {1}", "{0} {1}", "{1} of {2}", "{1} and {2}", "{1}", "Waiting for the {1}", "No {1} Tonight",
    "{0} {1}, {0} {2}",
)  # fmt: skip
_ALBUMS = (
    "The {0} {1}", "{1}s", "{0} Hours", "Songs for a {0} {1}", "{1} / {2}", "{0}",
)  # fmt: skip
_MOODS = (
    "Best of", "Deep", "Driving", "Evening", "Late night", "Morning", "My", "New", "Old", "Rainy day",
    "Road trip", "Slow", "Summer", "Sunday", "Work out with",
)  # fmt: skip


def artists(rng: np.random.Generator) -> Iterator[str]:
    """Give artists' names without end, no two alike."""
    return _distinct(lambda: _pick(rng, _BANDS).format(_word(rng), _word(rng)))


def titles(rng: np.random.Generator) -> Iterator[str]:
    """Give titles without end, no two in a row of one artist's alike; ask anew for each artist."""
    return _distinct(lambda: _filled(rng, _TITLES))


def albums(rng: np.random.Generator) -> Iterator[str]:
    """Give albums' names without end, no two alike; ask anew for each artist."""
    return _distinct(lambda: _filled(rng, _ALBUMS))


def playlist(rng: np.random.Generator, genre: str) -> str:
    """Give a name for a playlist of that genre."""
    return f"{_pick(rng, _MOODS)} {genre}"


def _distinct(make: Callable[[], str]) -> Iterator[str]:
    given: set[str] = set()
    while True:
        name = make()
        if name not in given:
            given.add(name)
            yield name


def _filled(rng: np.random.Generator, patterns: tuple[str, ...]) -> str:
    return _pick(rng, patterns).format(_pick(rng, _ADJECTIVES), _pick(rng, _NOUNS), _pick(rng, _NOUNS))


def _word(rng: np.random.Generator) -> str:
    syllables = range(int(rng.choice([1, 2, 2, 2, 3])))
    word = "".join(_pick(rng, _ONSETS) + _pick(rng, _VOWELS) for _ in syllables)
    return (word + _pick(rng, _ENDS)).capitalize()


def _pick(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    return words[int(rng.integers(len(words)))]
