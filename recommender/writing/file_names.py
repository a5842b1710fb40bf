"""Paths and names of files as other systems and programs take them. Pure."""

import ntpath
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import quote

_OF_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
# Windows keeps these for devices, whatever suffix follows.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
_MOST_BYTES = 120
"""Of a name in UTF-8: room for a number, a suffix and a temporary name within what every file system takes."""


def chosen(paths: Iterable[str], is_linked: bool, exists: Callable[[str], bool]) -> str:
    """Choose where a track's sound file lies; empty where its link serves better.

    The first file that is there is taken. Where none is, a link can be played and a missing file cannot; without a
    link the path is kept, because its disk may only be out, or the list be for another machine.
    """
    known = tuple(paths)
    return next((path for path in known if exists(path)), "" if is_linked or not known else known[0])


def address(path: str) -> str:
    """Write an absolute path as a file: URI."""
    if not _OF_WINDOWS.match(path):
        return "file://" + quote(path, errors="surrogateescape")
    plain = path.replace("\\", "/")
    return "file:" + quote(plain) if plain.startswith("//") else "file:///" + quote(plain, safe="/:")


def relative(path: str, folder: str) -> str:
    """Write an absolute path as it is seen from a folder, with slashes; as it is where no way leads there."""
    windows = bool(_OF_WINDOWS.match(path))
    if windows != bool(_OF_WINDOWS.match(folder)):
        return path
    if not windows:
        return posixpath.relpath(path, folder)
    try:
        return ntpath.relpath(path, folder).replace("\\", "/")
    except ValueError:  # another drive
        return path


def safe_name(name: str) -> str:
    """Make a name that every file system takes, Windows' and those of memory sticks too."""
    plain = " ".join(unicodedata.normalize("NFC", _FORBIDDEN.sub("_", name)).split())
    while len(plain.encode()) > _MOST_BYTES:
        plain = plain[:-1]
    plain = plain.rstrip(" .")
    if plain.startswith(".") or _DEVICE.match(plain):
        plain = f"_{plain}"
    return plain or "playlist"


class Names:
    """Gives each of many files a name of its own, also where case and accents' spelling do not tell names apart."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def of(self, name: str) -> str:
        """Make the name safe; the second of a name is "NAME (2)", and so on."""
        plain = wanted = safe_name(name)
        number = self._taken.get(_same(plain), 0)
        while _same(wanted) in self._taken:
            number += 1
            wanted = f"{plain} ({number})"
        self._taken[_same(plain)] = max(number, 1)
        self._taken.setdefault(_same(wanted), 1)
        return wanted


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
