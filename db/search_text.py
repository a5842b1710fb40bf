"""What the full-text index is fed with, and what it is asked.

Pure. Both sides fold the same way, so that accents, width, apostrophes and inner punctuation do not matter; scripts
without spaces between words are cut into characters, which a question then asks for in their order.
"""

import re

from db.identity import fold, words

# Japanese and Chinese, Thai, Lao, Burmese, Khmer.
_UNSPACED = re.compile(
    "([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])"
)
_PUNCTUATED = re.compile(r"(?<![^\W_])[^\W_]+(?:[^\w\s]+[^\W_]+)+")
_STYLED = str.maketrans("!$", "is")
_SHORTEST_PREFIX = 3


def index_text(text: str, plain: str | None = None) -> str:
    """Give the words under which a name is found; "AC/DC" is found as "ac dc" and as "acdc", "P!nk" also as "pink".

    plain: its words, where they are known.
    """
    plain = words(text) if plain is None else plain
    if text.replace(" ", "").isalnum():
        return _spread(plain)
    joined = {words(match.translate(_STYLED)).replace(" ", "") for match in _PUNCTUATED.findall(fold(text))}
    return _spread(" ".join([plain, *sorted(joined.difference(plain.split()))]))


def match_all(text: str) -> str:
    """Give the full-text question for names that hold all these words; empty when the text holds none."""
    return " ".join(_phrase(word) for word in words(text).split())


def match_beginnings(text: str) -> str:
    """Give the full-text question for names in which all these words begin; short words must stand whole."""
    return " ".join(_phrase(word) + ("*" if len(word) >= _SHORTEST_PREFIX else "") for word in words(text).split())


def _phrase(word: str) -> str:
    return f'"{_spread(word)}"'


def _spread(text: str) -> str:
    return text if text.isascii() else " ".join(_UNSPACED.sub(r" \1 ", text).split())
