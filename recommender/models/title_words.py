"""The name of a playlist as words: what it shares with other names, however it is spelt. Pure."""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’‘‛`´ʼ′＇]")  # noqa: RUF001 - people type such signs
# Accents of Latin, Greek and Cyrillic, the vowel points of Hebrew and Arabic, and what only chooses the look of a sign.
_DECORATION = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_LETTER_AND_LETTER = re.compile(r"\b(\w) ?& ?(\w)\b")
"""R&B, which as many write RnB."""
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_DECADE = re.compile(r"(?:19([5-9]0s)|20([0-2]0s))")
_GRAM = 3
_LONGEST = 40
"""Letters of a word, and words of a name, that count: nobody's name is longer, but a spoilt file's may be."""
GRAM_MARK = "#"
"""Before three letters that are no word; no word has it."""


def title_words(name: str) -> list[str]:
    """Part a name into words, in their order, repeats kept.

    Case, accents, width and skin tones are nothing; emoji and flags are words of their own; numbers and years stay,
    and a decade is the same with its century or without.
    """
    found = [_short_decade(word[:_LONGEST]) for word in _pieces(_LETTER_AND_LETTER.sub(r"\1n\2", _folded(name)))]
    return found[:_LONGEST]


def normal_name(name: str) -> str:
    """Give a name as its words with one space between them; of nothing but signs nothing is left."""
    return " ".join(title_words(name))


def grams(words: list[str]) -> list[str]:
    """Give every three letters in a row of a name without its spaces, each once, with GRAM_MARK before them.

    So "hip hop" and "hiphop", and "sumer" and "summer", have something in common.
    """
    letters = "".join(words)
    return list(dict.fromkeys(GRAM_MARK + letters[start : start + _GRAM] for start in range(len(letters) - _GRAM + 1)))


def _folded(name: str) -> str:
    if name.isascii():
        return _APOSTROPHES.sub("", name.lower())
    # Twice, because some letters, such as the mathematical ones, are capitals only once they are spread. A lone accent
    # would be spread into a space and a mark, so that apostrophes go first.
    plain = _APOSTROPHES.sub("", name)
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    return unicodedata.normalize("NFC", _DECORATION.sub("", spread))


def _pieces(folded: str) -> list[str]:
    """Cut at everything that is no letter, digit or mark; a picture is a piece of its own, two flag letters are one."""
    pieces, word, flag = [], "", ""
    for sign in [*folded, " "]:
        category = unicodedata.category(sign)
        if category == "Cf":  # joiners and direction marks, which nobody sees
            continue
        if category[0] in "LNM":
            word += sign
            continue
        if word:
            pieces.append(word)
            word = ""
        if ord(sign) in _FLAG_LETTERS:
            flag += sign
            if len(flag) == 2:
                pieces.append(flag)
                flag = ""
            continue
        flag = ""
        if category == "So":
            pieces.append(sign)
    return pieces


def _short_decade(word: str) -> str:
    found = _DECADE.fullmatch(word)
    return str(found[1] or found[2]) if found else word
