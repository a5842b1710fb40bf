"""A person's own folder, filled whole or not at all: all goes into a hidden one, which then takes its place."""

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from recommender.errors import CannotWrite
from recommender.writing.whole_file import keep_name, put, said_clearly

_NOT_EMPTY = {errno.ENOTEMPTY, errno.EEXIST}


def is_vacant(folder: Path) -> bool:
    """Tell whether a folder is still to be made, or empty but for what a killed run left. Raises CannotWrite."""
    with said_clearly(folder):
        if not folder.exists():
            return True
        if not folder.is_dir():
            raise CannotWrite(f"{folder} is a file: name a folder for all playlists (-o FOLDER), or one PLAYLIST")
        drafts = _drafts(folder, Path(os.path.realpath(folder)).name)
        return all(path in drafts for path in folder.iterdir())


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Callable[[str, str], None]]:
    """Give what writes a file of a name and a text into a vacant folder, where all of them stand at the end.

    Where anything fails, or is stopped, the folder is as it was, or not there. A killed run leaves a hidden folder,
    which the next one for the same folder removes. Raises CannotWrite.
    """
    with filled_folder(folder) as draft:

        def write(name: str, text: str) -> None:
            with said_clearly(folder):
                (draft / name).write_bytes(text.encode())

        yield write


@contextlib.contextmanager
def filled_folder(folder: Path, *, replaces: bool = False) -> Iterator[Path]:
    """Give a hidden folder to fill with files and folders, which stand in the vacant one at the end, as whole_folder's.

    replaces: what is in the folder goes for it. Raises CannotWrite.
    """
    folder = Path(os.path.realpath(folder))  # a link stays one, and what it leads to is filled
    there = folder.is_dir()
    with contextlib.ExitStack() as undo:
        with said_clearly(folder):
            draft = _begin(folder, there, undo)
        yield draft
        with said_clearly(folder):
            if hasattr(os, "sync"):
                os.sync()  # once for all, as waiting for each would take minutes
            if not there:
                draft.replace(folder)
            elif replaces:
                _replace(folder, draft)
            else:
                _fill(folder, draft)
            keep_name(folder)
            keep_name(folder.parent)


def _replace(folder: Path, draft: Path) -> None:
    """Put a finished folder in the place of another, which goes; where that cannot be, it stays."""
    # Named as drafts are, so that a run after a kill removes it.
    old = draft.with_name(f".{folder.name[:60]}.{secrets.token_hex(4)}.part")
    folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _begin(folder: Path, there: bool, undo: contextlib.ExitStack) -> Path:
    """Make the hidden folder, beside the one that is meant or, on a disk's top or in a closed folder, within it."""
    for parent in reversed([one for one in folder.parents if not one.exists()]):
        undo.callback(_remove_empty, parent)
        parent.mkdir(exist_ok=True)
    within = there and (os.path.ismount(folder) or not os.access(folder.parent, os.W_OK))
    for home in (folder.parent, folder) if there else (folder.parent,):
        for stale in _drafts(home, folder.name):
            _remove_stale(stale)
    draft = (folder if within else folder.parent) / f".{folder.name[:60]}.{secrets.token_hex(4)}.part"
    undo.callback(shutil.rmtree, draft, ignore_errors=True)
    draft.mkdir()
    if (descriptor := _held(draft)) is not None:
        undo.callback(os.close, descriptor)
    return draft


def _fill(folder: Path, draft: Path) -> None:
    """Put a finished folder in the place of an empty one; where that cannot be, put its files there."""
    if draft.parent != folder and not _stands_in(folder):
        try:
            draft.chmod(stat.S_IMODE(folder.stat().st_mode))
            draft.replace(folder)
            return
        except OSError as error:
            if error.errno in _NOT_EMPTY:
                raise
    with contextlib.ExitStack() as undo:
        for path in sorted(draft.iterdir()):
            put(path, folder / path.name, force=False)
            undo.callback(_remove, folder / path.name)
        undo.pop_all()


def _stands_in(folder: Path) -> bool:
    """Tell whether this process, and so likely a shell, stands in a folder: it would be left in none."""
    try:
        return Path.cwd().samefile(folder)
    except OSError:
        return False


def _drafts(home: Path, name: str) -> set[Path]:
    """Give the hidden folders that runs for a folder of that name are filling, or have left."""
    wanted = re.compile(re.escape(f".{name[:60]}.") + "[0-9a-f]{8}[.]part")
    try:
        found = [path for path in home.iterdir() if wanted.fullmatch(path.name)]
    except OSError:  # a folder that may be passed through, but not listed
        return set()
    return {path for path in found if path.is_dir() and not path.is_symlink()}


def _remove_stale(draft: Path) -> None:
    """Remove a hidden folder that no running process holds."""
    if (descriptor := _held(draft)) is not None:
        shutil.rmtree(draft, ignore_errors=True)
        os.close(descriptor)


def _held(draft: Path) -> int | None:
    """Hold a folder as long as the descriptor is open; nothing where another does, or where that cannot be told."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(draft, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
