# ruff: noqa: RUF001  # titles have such signs
"""Who is who without Spotify's help: ids made from artist and title, and what counts as the same recording.

Pure: no I/O. A change here changes ids that lie in people's databases, so it needs a migration.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache

SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
MADE_UP_ID = re.compile(r"x:[0-9a-f]{20}")

_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_APOSTROPHES = re.compile(r"['’‘‛`´ʼ′＇]")
# Marks that are decoration: of Latin, Greek and Cyrillic; the vowel points of Hebrew and Arabic; and what only chooses
# the look of the sign before it. In Devanagari or Thai a mark is a vowel, in Japanese a voicing: those stay.
_DECORATION = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\ufe00-\ufe0f]")
_ASCII_WORDS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)} | {39: "", 96: ""}
"""Letters to small ones, apostrophes to nothing, and all else to spaces."""
_FEATURING = re.compile(
    r"[\(\[]\s*(?:feat|ft|featuring|with)\b[^)\]]*[\)\]]|\s(?:feat|ft)\.\s.*$|\sfeaturing\s.*$", re.IGNORECASE
)


def is_track_id(text: str) -> bool:
    """Tell whether the text has the form of a raw track id, Spotify's or ours."""
    return bool(SPOTIFY_ID.fullmatch(text) or MADE_UP_ID.fullmatch(text))


def fold(text: str) -> str:
    """Fold case, accents and width, so that "Beyoncé", "BEYONCE" and "ｂｅｙｏｎｃé" are one."""
    if text.isascii():
        return text.lower()
    # Twice, because some letters, such as the mathematical ones, are capitals only once they are spread.
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _DECORATION.sub("", spread)).translate(_UNDECOMPOSED)


def words(text: str) -> str:
    """Fold the text to words of letters and digits of any script, with one space between them."""
    if text.isascii():  # the same as below, three times as fast
        return " ".join(text.translate(_ASCII_WORDS).split())
    folded = _APOSTROPHES.sub("", fold(text.replace("´", "'")))  # folding would make a space of that one
    if folded.isascii():
        return " ".join(folded.translate(_ASCII_WORDS).split())
    # Marks belong to their letters: without its vowel signs a Thai or Hindi title would be another one.
    return " ".join("".join(map(_word_part, folded)).split())


def _word_part(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # joiners and direction marks, which nobody sees or types
        return ""
    return character if category[0] in "LNM" else " "


def normal_title(title: str, plain: str | None = None) -> str:
    """Normalise a title: folded words without the featured guests. plain: its words with them, where they are known."""
    plain = words(title) if plain is None else plain
    if "feat" in plain or "ft" in plain or "with" in plain:  # else there is none, and the look costs half of it all
        return words(_FEATURING.sub(" ", title)) or plain or fold(title).strip()
    return plain or fold(title).strip()


@lru_cache(maxsize=20_000)
def normal_artist(name: str) -> str:
    """Normalise an artist's name: folded words without guests and a leading "the"; "&" reads "and"."""
    folded = words(_FEATURING.sub(" ", name.replace("&", " and "))) or words(name) or fold(name).strip()
    return folded.removeprefix("the ") or folded


def made_up_id(artist: str, title: str) -> str:
    """Give a track without a Spotify id its stable raw id: `x:` and 20 hex digits of normalised artist and title."""
    return "x:" + _digest(normal_artist(artist), normal_title(title))


def made_up_id_of(kind: str, code: str) -> str:
    """Give a stable raw id to a thing of which only a foreign code is known, such as a Taste Profile song."""
    return "x:" + _digest(kind, code)


def made_up_artist_id(name: str) -> str:
    """Give an artist of whom only the name is known a stable raw id."""
    return "x:" + _digest("artist", normal_artist(name))


def made_up_album_id(artist: str, title: str) -> str:
    """Give an album of which only artist and title are known a stable raw id."""
    return "x:" + _digest("album", normal_artist(artist), words(title))


def name_key(artist: str, title: str, plain: str | None = None) -> int:
    """Give the 60-bit number under which tracks of one normalised artist and title meet. plain: as in normal_title."""
    return int(_digest(normal_artist(artist), normal_title(title, plain))[:15], 16)


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
