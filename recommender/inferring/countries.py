"""The country of a song: by where its recording was registered, or by the names of playlists. Pure."""

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from recommender.errors import FilterNotClear
from recommender.inferring.country_words import CHARTS, NAMES, NO_COUNTRY, NOT_BY_NAME, WORDS
from recommender.inferring.phrases import Phrases
from recommender.models.title_words import title_words

_SPARE = {"QM": "US", "QZ": "US", "QT": "US", "UK": "GB", "QN": "DK", "BP": "US", "BX": "BR", "BC": "BR", "BK": "BR",
          "CB": "CA", "DG": "DE", "FX": "FR", "KS": "KR"}  # fmt: skip
"""Prefixes of ISRC beside the letters of countries: what a country's agency got when its own were used up."""
_ANYWHERE = frozenset({"TC", "CP", "ZZ"})
"""Prefixes that distributors and the world's agency give to whoever asks."""
_OTHERWISE = {
    "uk": "GB",
    "britain": "GB",
    "england": "GB",
    "usa": "US",
    "america": "US",
    "united states of america": "US",
    "korea": "KR",
}
_FLAG_A = 0x1F1E6
_FEWEST, _MAJORITY = 2, 0.5
_LETTERS_OF_ISRC = 12
_MOST_NAMED = 3


def parse_country(text: str) -> str:
    """Read a country as two letters, from these or its name. Raises FilterNotClear, which names near ones."""
    code = country_code(text)
    if code is None:
        from difflib import get_close_matches  # most people spell it right

        near = get_close_matches(text.strip().title(), NAMES.values(), 3)
        there = f"there are {', '.join(near)}" if near else "write SE or Sweden"
        raise FilterNotClear(f'there is no country "{text}": {there}')
    return code


@lru_cache(4096)
def country_code(text: str) -> str | None:
    """Give the two letters of a country that is told as letters, as a name or by an adjective; None otherwise."""
    letters = text.strip().upper()
    if letters in NAMES:
        return letters
    words = " ".join(title_words(text))
    return _OTHERWISE.get(words) or _by_name().get(words) or _by_words().get(tuple(words.split()))


def from_isrc(isrc: str | None) -> str | None:
    """Tell in which country the number of a recording was given out, by its first two letters.

    That is where its owner is registered; the artist may well be from elsewhere.
    """
    letters = (isrc or "").strip().upper().replace("-", "")
    if len(letters) != _LETTERS_OF_ISRC:
        return None
    code = _SPARE.get(letters[:2], letters[:2])
    return code if code in NAMES and code not in _ANYWHERE else None


def from_lists(names: Sequence[str]) -> str | None:
    """Tell a country by names of the playlists that a song stands in: two say it, and most of those that say one."""
    times = Counter(code for name in names for code in named(name))
    if not times:
        return None
    code, most = times.most_common(1)[0]
    return code if most >= _FEWEST and most > times.total() * _MAJORITY else None


@lru_cache(100_000)
def named(name: str) -> tuple[str, ...]:
    """Give the countries that the name of a playlist tells, in two letters; charts and the world's music tell none."""
    words = title_words(name)
    if not _charts().isdisjoint(words):
        return ()
    found = tuple(dict.fromkeys([*phrases().within(name), *(flag for word in words if (flag := _of_flag(word)))]))
    return found if len(found) <= _MOST_NAMED else ()


def _of_flag(word: str) -> str | None:
    if len(word) != 2 or not all(_FLAG_A <= ord(sign) < _FLAG_A + 26 for sign in word):
        return None
    code = "".join(chr(ord("A") + ord(sign) - _FLAG_A) for sign in word)
    return code if code in NAMES else None


@cache
def _by_name() -> dict[str, str]:
    return {" ".join(title_words(name)): code for code, name in NAMES.items()}


@cache
def _by_words() -> dict[tuple[str, ...], str]:
    found = {tuple(title_words(name)): code for code, name in NAMES.items() if code not in NOT_BY_NAME}
    for code, told in WORDS.items():
        found.update({tuple(title_words(word)): code for word in told.split(",")})
    return found


@cache
def phrases() -> Phrases:
    """Give the phrases by which names of playlists tell countries; they mean the two letters."""
    return Phrases(_by_words() | {tuple(title_words(phrase)): "" for phrase in NO_COUNTRY.split(",")})


@cache
def _charts() -> frozenset[str]:
    return frozenset(word for told in CHARTS.split(",") for word in title_words(told))
