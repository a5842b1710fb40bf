"""Where on this machine a line of a playlist says that a sound file lies."""

import os
import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from importer.checks import MAX_TEXT

_SOUND = re.compile(
    r"\.(?:aac|aif[fc]?|alac|ape|au|caf|dff|dsf|flac|m4[abpr]|mid|mk[av]|mp[234c]|mpga|og[ag]|opus|ra|spx|tak|tta|wav"
    r"|webm|wma|wv)\Z",
    re.IGNORECASE,
)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def sound_path(told: str, folder: str = "", exists: Callable[[str], bool] = os.path.exists) -> str:
    """Give the absolute path of the sound file that a line or a file: address names; empty where it names none.

    folder: the absolute path of where a relative line starts from; without one it names no file. A path of Windows
    stays as it is. exists: tells whether a file is there, for lines that can be read in two ways.
    """
    if told[:5].lower() == "file:":
        return _kept(_of_address(told))
    if _URL.match(told) or told.startswith("spotify:"):
        return ""
    if _DRIVE.match(told) or told.startswith("\\\\"):
        return _kept(told)
    if told.startswith("/"):
        return _kept(os.path.normpath(told))
    if not folder or told.startswith("\\"):
        return ""
    joined = _joined(folder, told)
    if "\\" in told and "/" not in told and not exists(joined):
        joined = _joined(folder, told.replace("\\", "/"))
    if "%" in told and not exists(joined) and exists(_joined(folder, unquote(told))):
        joined = _joined(folder, unquote(told))
    return _kept(joined)


def _joined(folder: str, told: str) -> str:
    return os.path.normpath(os.path.join(folder, told))  # noqa: PTH118 - a text, which may be of another system


def _of_address(told: str) -> str:
    """Read file:///music/a.mp3, file://localhost/music/a.mp3, file:///C:/music/a.mp3 and file://nas/music/a.mp3."""
    try:
        parts = urlsplit(told.replace("#", "%23").replace("?", "%3F"))
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return ""
    if _DRIVE.match(path[1:]):
        return path[1:].replace("/", "\\")
    if parts.netloc.lower() not in ("", "localhost"):
        return f"\\\\{parts.netloc}{path}".replace("/", "\\")
    return os.path.normpath(path) if path.startswith("/") else ""


def _kept(path: str) -> str:
    """Keep the path of what looks like a sound file, and can be stored."""
    return path if _SOUND.search(path) and "\0" not in path and len(path) <= MAX_TEXT else ""
