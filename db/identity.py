"""Who is who without Spotify's help: ids made from artist and title, and what counts as the same recording.

Pure: no I/O. A change here changes ids that lie in people's databases, so it needs a migration.
"""

import hashlib
import re
import unicodedata

SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
MADE_UP_ID = re.compile(r"x:[0-9a-f]{20}")

_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_FEATURING = re.compile(r"[\(\[]\s*(?:feat|ft|featuring|with)\b[^)\]]*[\)\]]|\s(?:feat|ft)\.\s.*$|\sfeaturing\s.*$", re.I)
_VERSION_WORD = (
    r"(?:\d{4}\s+)?(?:digital(?:ly)?\s+)?re-?master(?:ed)?|(?:re-?)?recorded|re-?recording|live|radio\s+(?:edit|mix|version)"
    r"|single\s+(?:edit|mix|version)|album\s+(?:edit|mix|version)|acoustic|demo|mono|stereo|extended|original\s+(?:mix|version)"
    r"|edit|(?:\w+\s+)?anniversary|deluxe|bonus\s+track|explicit|clean|instrumental|karaoke|unplugged|sped\s+up|slowed"
    r"|(?:\w+['’]s\s+)version|from\s+.*|\d{4}\s+(?:mix|version|edit)|(?:\w+\s+){0,3}(?:remix|mix|version|edit|remaster(?:ed)?)"
)
_VERSION_BRACKET = re.compile(rf"[\(\[]\s*(?:{_VERSION_WORD})\b[^)\]]*[\)\]]", re.I)
_VERSION_TAIL = re.compile(rf"\s+[-–—]\s+(?:{_VERSION_WORD})\b.*$", re.I)


def is_track_id(text: str) -> bool:
    """Tell whether the text has the form of a raw track id, Spotify's or ours."""
    return bool(SPOTIFY_ID.fullmatch(text) or MADE_UP_ID.fullmatch(text))


def fold(text: str) -> str:
    """Fold case, accents and width, so that "Beyoncé", "BEYONCE" and "ｂｅｙｏｎｃé" are one."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold())
    # Only Latin, Greek and Cyrillic marks are decoration; in Devanagari or Thai a mark is a vowel, in Japanese a voicing.
    bare = "".join(c for c in spread if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", bare).translate(_UNDECOMPOSED)


def words(text: str) -> str:
    """Fold the text to words of letters and digits of any script, with one space between them."""
    folded = _APOSTROPHES.sub("", fold(text))
    if folded.isascii():
        return _NOT_WORD.sub(" ", folded).strip()
    # Marks belong to their letters: without its vowel signs a Thai or Hindi title would be another one.
    return " ".join("".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in folded).split())


def normal_title(title: str) -> str:
    """Normalise a title: folded words without the featured guests."""
    return words(_FEATURING.sub(" ", title)) or words(title) or fold(title).strip()


def normal_artist(name: str) -> str:
    """Normalise an artist's name: folded words without guests and a leading "the"; "&" reads "and"."""
    folded = words(_FEATURING.sub(" ", name.replace("&", " and "))) or words(name) or fold(name).strip()
    return folded.removeprefix("the ") or folded


def plain_title(title: str) -> str:
    """Clean a title of what names a version: "Wonderwall - Remastered 2014" and "Wonderwall (Live)" are Wonderwall.

    A title that is nothing but a version's name keeps it.
    """
    bare = _VERSION_BRACKET.sub(" ", title)
    if " - " in bare or " – " in bare or " — " in bare:
        bare = _VERSION_TAIL.sub(" ", bare)
    return normal_title(bare) if words(bare) else normal_title(title)


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


def name_key(artist: str, title: str) -> int:
    """Give the 60-bit number under which tracks of one normalised artist and title meet."""
    return int(_digest(normal_artist(artist), normal_title(title))[:15], 16)


def recording(artist: str, title: str) -> tuple[str, str]:
    """Name the recording that a track is a version of: normalised main artist and plain title."""
    return normal_artist(artist), plain_title(title)


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
