"""How words of any script sound, roughly: Кино and Kino, 크라잉넛 and Crying Nut.

Pure: no I/O. Only consonants count, in a few groups, because the ways of writing one script in another agree on little
else. What a letter sounds like stands in its Unicode name, so that no tables are needed.
"""

import re
import unicodedata
from functools import lru_cache

_SPELT = {"ph": "b", "th": "t", "kh": "h", "gh": "k", "qu": "k", "x": "ks"}
_SEVERAL = re.compile(r"sch|tch|ch|sh|zh|ts|tz|ph|th|kh|gh|qu|x|c(?=[eiy])")
"""What is spelt as in _SPELT, and else as s."""
_GROUPS = str.maketrans("bpfvgkqctdszjlrmn", "bbbbkkkkttsssrrmn", "aeiouhwy ")
_LATIN = re.compile("[a-z]")
_TWICE = re.compile(r"(.)\1+")
_SYLLABIC = frozenset(
    {"CYRILLIC", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "GURMUKHI", "GUJARATI", "KANNADA", "MALAYALAM"}
)
"""Scripts whose letters are called by their sound; of the others' names only the beginning is it."""
_KANA = {"TI": "CHI", "TU": "TSU", "SMALL TU": "", "DI": "JI", "DU": "ZU", "HU": "FU"}
_THAI = {"KH": "K", "TH": "T", "PH": "P"}


@lru_cache(maxsize=50_000)
def sound(text: str) -> str:
    """Give the consonants of folded words by their groups: nothing where a sign tells no sound, as in Chinese."""
    heard = [_grouped(text)] if text.isascii() else [_heard(sign) for sign in text]
    if None in heard:
        return ""
    # Where vowels are not written, two signs of one sound cannot be told from one.
    return _TWICE.sub(r"\1", "".join(filter(None, heard)))


def _grouped(letters: str) -> str:
    return _SEVERAL.sub(lambda found: _SPELT.get(found[0], "s"), letters).translate(_GROUPS)


def is_latin(text: str) -> bool:
    """Tell whether there are Latin letters in folded words."""
    return text.isascii() or bool(_LATIN.search(text))


@lru_cache(maxsize=4_096)
def _heard(sign: str) -> str | None:
    if sign.isascii():
        return _grouped(sign)
    script, _, name = unicodedata.name(sign, "").partition(" ")
    if script == "CJK":
        return None
    kind, _, called = name.removeprefix("SMALL ").removeprefix("CAPITAL ").partition(" ")
    if kind not in ("LETTER", "CHARACTER", "SYLLABLE"):
        return "n" if "ANUSVARA" in name else ""
    return _grouped(_called(script, called.split(" WITH ")[0]).lower())


def _called(script: str, name: str) -> str:
    """Take from a letter's name what it sounds like."""
    if script in ("KATAKANA", "HIRAGANA"):
        return _KANA.get(name, name.removeprefix("SMALL "))
    if script == "HANGUL":
        return re.sub("S$", "T", name)
    if script in _SYLLABIC:
        last = name.split()[-1]  # UKRAINIAN IE
        return "" if last in ("SIGN", "YERU") else last
    if name.startswith(("SARA ", "MAI")) or "MARBUTA" in name or (script, name) == ("HEBREW", "VAV"):
        return ""
    first = re.split("[AEIOUY ]", name.removeprefix("FINAL "), maxsplit=1)[0]
    return _THAI.get(first, first) if script == "THAI" else first
