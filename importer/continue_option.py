"""FILE, for a command that continues a playlist: any file that an import could read, read without being imported."""

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from db.records import Playlist

_LISTED = 10


def with_files(command: click.Command) -> click.Command:
    """Let the command's argument `playlist` be a file too, which reaches its callback as a db.records.Playlist."""
    extended, inner = copy.copy(command), command.callback
    assert inner is not None
    extended.params = [
        *command.params,
        click.Option(["--playlist", "wanted"], metavar="NAME", help="Which playlist of FILE, where it holds several."),
    ]

    def callback(*, playlist: str, wanted: str | None, **options: Any) -> Any:
        path = Path(playlist)
        if _is_file(path):
            return inner(playlist=read_one(path, wanted), **options)
        if wanted is not None:
            raise click.UsageError(f"--playlist chooses within a FILE, and there is no file {playlist}")
        return inner(playlist=playlist, **options)

    extended.callback = callback
    return extended


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is longer than a file's may be
        return False


def read_one(path: Path, wanted: str | None) -> "Playlist":
    """Read the one playlist of a file, or the one of that name or id. Raises BadFile."""
    from importer.errors import BadFile

    found = list(_playlists(path))
    if not found:
        cure = "name a file with a playlist, or a playlist that is in the database"
        raise BadFile("it holds no playlist", cure=cure, file=str(path))
    if wanted is None and len(found) == 1:
        return found[0]
    if wanted is None:
        raise BadFile(f"it holds {len(found):,} playlists", cure=f"say which: --playlist NAME: {_listed(found)}",
            file=str(path))  # fmt: skip
    matching = _matching(found, wanted)
    if len(matching) == 1:
        return matching[0]
    if matching:
        what = f'{len(matching):,} of its playlists are called "{wanted}"'
        raise BadFile(what, cure=f"say which by its id: --playlist ID: {_listed(matching, by_id=True)}", file=str(path))
    raise BadFile(f'it holds no playlist called "{wanted}"', cure=f"there are {_listed(found)}", file=str(path))


def _playlists(path: Path) -> "list[Playlist]":
    """Read every playlist of a file; of a zip those of all its members. Raises BadFile."""
    from db.records import Playlist
    from importer.contract import ReadOptions
    from importer.errors import BadFile
    from importer.formats import recognise
    from importer.walk import walk

    found: list[Playlist] = []
    for source in walk([path]):
        try:
            form = recognise(source)
            if form is None and source.named:
                raise BadFile("this is of no format that is known", cure="`segue import --help` names those that are")
            if form is not None:
                items = form.read(source, ReadOptions(given=(path,)))
                found += [item for item in items if isinstance(item, Playlist)]
        except BadFile as error:
            raise error.of(source.name) from error
    return found


def _matching(found: "list[Playlist]", wanted: str) -> "list[Playlist]":
    from db.identity import words

    for ways in ("playlist_id", "name"):
        exact = [one for one in found if getattr(one, ways) == wanted]
        if exact:
            return exact
    return [one for one in found if words(wanted) and words(one.name) == words(wanted)]


def _listed(found: "list[Playlist]", *, by_id: bool = False) -> str:
    names = [f"{one.playlist_id if by_id else one.name} ({len(one.entries):,})" for one in found[:_LISTED]]
    return ", ".join(names) + (f" and {len(found) - _LISTED:,} more" if len(found) > _LISTED else "")
