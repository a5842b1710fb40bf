"""Sentences of the command line as a page says them. Pure."""

import re
from collections.abc import Iterable

_ELSEWHERE = (
    (re.compile(r" ?\(--keep-unknown lets (it|them) come\)"), r' ("Songs of which it is not known" lets \1 come)'),
    (re.compile(r" ?\(--told-only leaves (it|them) out\)"), r' ("Only what was told" leaves \1 out)'),
    (re.compile(r" ?\(--per-artist 0 lets any number come\)"), ' ("Any number" by one artist lets more come)'),
)
"""What names an option of a command, and what stands for it on a page."""
_ADDRESS = re.compile(r"https?:|spotify:")
_OPTION = re.compile(r" ?\(--[a-z-]+[^()]*\)")


def sentences(notes: Iterable[str]) -> list[str]:
    """Give notes as sentences, with the page's own words for what can be done about them; each once."""
    return list(dict.fromkeys(filter(None, map(sentence, notes))))


def sentence(note: str) -> str:
    """Give one note as a sentence."""
    for option, words in _ELSEWHERE:
        note = option.sub(words, note)
    note = _OPTION.sub("", note).strip()
    if not note:
        return ""
    begun = note if _ADDRESS.match(note) else note[0].upper() + note[1:]
    return begun if begun[-1] in ".!?" else f"{begun}."
