# ruff: noqa: RUF001  # names in other scripts are what this is for
"""Made-up names, by which nobody is meant: artists out of syllables, titles out of plain words. Pure.

Each name follows from a number. No two artists share one, nor do two songs of one artist.
"""

import re
import unicodedata
from functools import lru_cache

_ONSETS = (
    "b", "br", "d", "f", "fl", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w", "y", "z",
)  # fmt: skip
_VOWELS = ("a", "e", "i", "o", "u", "ei", "oo", "ia")
_ENDS = ("", "l", "m", "n", "nd", "r", "rk", "s", "sh", "th", "x")
_SYLLABLES = len(_ONSETS) * len(_VOWELS)
_SHORT_WORDS = _SYLLABLES**2 * len(_ENDS)
_LONG_WORDS = _SYLLABLES**3 * len(_ENDS)
_STRIDE = 1_299_709
"""A prime that divides neither count of words, by which neighbours get names that are far apart."""
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
    "Valley", "Window", "Wire", "Wonder", "Café",
)  # fmt: skip
_TITLES = (
    "{0} {1}", "{0} {1}", "{1} of {2}", "{1} and {2}", "{1}", "Waiting for the {1}", "No {1} Tonight",
    "{0} {1}, {0} {2}",
)  # fmt: skip
_ALBUMS = (
    "The {0} {1}", "{1}s", "{0} Hours", "Songs for a {0} {1}", "{1} / {2}", "{0}",
)  # fmt: skip
MOODS = (
    "Best of", "Deep", "Driving", "Evening", "Late night", "Morning", "My", "New", "Old", "Rainy day",
    "Road trip", "Slow", "Summer", "Sunday", "Work out with",
)  # fmt: skip
FOREIGN = (
    "Летний вечер", "Дождь за окном", "Ночная дорога", "夜のドライブ", "雨の日", "作業用BGM", "Été à la plage",
    "Soirée d'hiver", "Año nuevo", "Größe zählt", "Mañana", "Yağmurlu gün", "Καλοκαίρι", "밤 산책", "ليل هادئ",
    "深夜食堂", "🔥 gym 🔥", "🌧️ rain", "☕ kitchen ✨", "🎧",
)  # fmt: skip
"""Playlists' names without a genre."""
_ADDED = ("", "", "", "", "", " 2019", " vol. 2", " 🔥", " (mine)", " – best")
"""What people put behind a name; nothing at first, and mostly."""
PLAYLIST_NAMES = 10 * (len(MOODS) + len(FOREIGN)) * len(_ADDED)
"""So many codes there are for 10 genres."""
_WORD = re.compile(r"\w+")


def artist(number: int, luck: int) -> str:
    """Name the artist of that number; no other number has the name."""
    return _BANDS[luck % len(_BANDS)].format(_word(number), _word(luck // len(_BANDS) % _SHORT_WORDS))


def title(place: int, artist_luck: int, luck: int) -> str:
    """Title an artist's song at that place; for places below 47 no two are alike."""
    # A prime number of nouns, so that every stride goes through all of them.
    stride = 1 + artist_luck // len(_NOUNS) % (len(_NOUNS) - 1)
    noun = _NOUNS[(artist_luck + place * stride) % len(_NOUNS)]
    return _filled(_TITLES, noun, luck)


def album(place: int, artist_luck: int, luck: int) -> str:
    """Name an artist's album at that place."""
    return _filled(_ALBUMS, _NOUNS[(artist_luck // 7 + place) % len(_NOUNS)], luck)


def playlist_code(genre: int, luck: int) -> int:
    """Choose a name for a playlist of that genre: three of twenty are in other words, most have nothing added."""
    luck, foreign = divmod(luck, 20)
    luck, added = divmod(luck, len(_ADDED))
    start = len(MOODS) if foreign < 3 else 0
    place = start + luck % (len(FOREIGN) if start else len(MOODS))
    return ((genre * (len(MOODS) + len(FOREIGN))) + place) * len(_ADDED) + added


def playlist(code: int, genres: tuple[str, ...]) -> str:
    """Give the name of that code."""
    code, added = divmod(code, len(_ADDED))
    genre, place = divmod(code, len(MOODS) + len(FOREIGN))
    name = f"{MOODS[place]} {genres[genre]}" if place < len(MOODS) else FOREIGN[place - len(MOODS)]
    return name + _ADDED[added]


def user(number: int, luck: int) -> str:
    """Name a user."""
    return f"{_word(luck % _SHORT_WORDS)} {number}" if luck & 1 else _word(luck % _SHORT_WORDS).lower()


@lru_cache(maxsize=10_000)
def folded_words(text: str) -> frozenset[str]:
    """Give the words by which a text is found, case folded; a picture counts as a word."""
    folded = unicodedata.normalize("NFC", text.casefold())
    return frozenset([*_WORD.findall(folded), *(sign for sign in folded if ord(sign) > 0x2190 and not sign.isalnum())])


def _filled(patterns: tuple[str, ...], noun: str, luck: int) -> str:
    luck, pattern = divmod(luck, len(patterns))
    luck, other = divmod(luck, len(_NOUNS))
    return patterns[pattern].format(_ADJECTIVES[luck % len(_ADJECTIVES)], noun, _NOUNS[other])


def _word(number: int) -> str:
    """Make a word of two syllables, for high numbers of three; each number has its own."""
    if number < _SHORT_WORDS:
        number, syllables = number * _STRIDE % _SHORT_WORDS, 2
    else:
        number, syllables = (number - _SHORT_WORDS) * _STRIDE % _LONG_WORDS, 3
    number, end = divmod(number, len(_ENDS))
    word = ""
    for _ in range(syllables):
        number, syllable = divmod(number, _SYLLABLES)
        onset, vowel = divmod(syllable, len(_VOWELS))
        word += _ONSETS[onset] + _VOWELS[vowel]
    return (word + _ENDS[end]).capitalize()
