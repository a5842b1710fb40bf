"""Lists as M3U8, for players.

Pure. Players take every line without a hash as a file or an address: VLC and mpv stop at, or complain of, one that is
none, and Navidrome passes over it. So a track with neither a file nor a link comes as a comment only. Comments stand
before #EXTINF, because simple readers take the line after it as the file.
"""

import unicodedata
from collections.abc import Iterator

from recommender.writing.file_names import address, relative
from recommender.writing.listing import Listed, Listing, is_made_up, is_playable, link

_MOST_CHARACTERS = 2_000
"""Of a line for people: mpv reads lines in 8 KiB, and would take the rest as a file."""
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of a line."""


def m3u8(listing: Listing, folder: str = "") -> str:
    """Write a list. folder: the absolute path of where the list will lie, when files are to be named from there."""
    lines = ["#EXTM3U", f"#PLAYLIST:{_line(listing.title)}"]
    for track in listing.tracks:
        lines += _entry(track, folder) if is_playable(track) else [f"# no file and no link: {_line(_credit(track))}"]
    return "\n".join(lines) + "\n"


def _entry(track: Listed, folder: str) -> Iterator[str]:
    if track.path:  # who it is, for readers who do not have that file: as Music Assistant writes it, and our own way
        made_up = is_made_up(track.track_id)
        yield f"#SEGUE:{track.track_id}" if made_up else f"#EXTPROV:spotify||{track.track_id}||spotify"
    if track.name:
        yield f"#EXTINF:{_seconds(track.duration_ms)},{_line(_credit(track))}"
    yield _place(track.path, folder) if track.path else link(track.track_id)


def _place(path: str, folder: str) -> str:
    """Write a path so that no reader takes it for a comment or an address, or cuts it."""
    told = relative(path, folder) if folder else path
    if told != told.strip() or _unseen(told):
        return address(path)
    first = told.split("/", 1)[0]
    # A name's own backslash would be a slash, were there no slash.
    unclear = told.startswith("#") or ":" in first or "\\" in first
    return f"./{told}" if unclear and told != path else told


def _unseen(path: str) -> bool:
    """Tell whether the path holds what breaks or turns lines, or cannot be written as text."""
    return any(c in _TURNING or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in path)


def _credit(track: Listed) -> str:
    return " - ".join(filter(None, [", ".join(track.artists), track.name or track.track_id]))


def _seconds(duration_ms: int | None) -> int:
    return max((duration_ms + 500) // 1000, 1) if duration_ms else -1


def _line(text: str) -> str:
    """Make one line of a text, without what moves a terminal's cursor or turns its text."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text if c not in _TURNING)
    return " ".join(kept.split())[:_MOST_CHARACTERS].rstrip()
