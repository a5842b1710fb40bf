"""`segue export`."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recommender.commands.writing_options import form_told, say_left_out

if TYPE_CHECKING:
    from recommender.catalogue import PlaylistRow
    from recommender.writing.listing import Listing

SUFFIXES = {"m3u8": "m3u8", "jspf": "jspf", "csv": "csv", "uris": "txt", "json": "json"}
"""What files of each form are called."""
TABLES = "parquet"
"""The form that is for all playlists at once, in tables."""
_REMEMBERED = 100_000


def _place(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> Path | None:
    if value == "":
        raise click.BadParameter("name a place, or leave -o out")
    return Path(value) if value is not None else None


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice((*SUFFIXES, TABLES)))
@click.argument("playlist", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    callback=_place,
    metavar="PATH",
    help="The file to write; for all playlists the folder.",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option("--relative", is_flag=True, help="In an m3u8, name files from where the list lies.")
@click.option("--json", "as_json", is_flag=True, help="With parquet: say what was written as one JSON object.")
@click.pass_obj
def export(
    database: Path,
    form: str,
    playlist: str | None,
    output: Path | None,
    force: bool,
    relative: bool,
    as_json: bool,
) -> None:
    """Write playlists for players and other services: m3u8, jspf, csv, uris or json; or all of them as tables: parquet.

    PLAYLIST is an id, a Spotify link, or a name; without it all playlists are written, a file for each, into a folder.
    An m3u8 names the file of a track where one is known and there, else its Spotify link. `segue export parquet FOLDER`
    writes three tables, of playlists, tracks and entries, which `segue train --engine spark --data FOLDER` learns from.
    """
    if output == Path("-"):
        output = None
    if form == TABLES:
        _write_tables(database, playlist, output, force=force, relative=relative, as_json=as_json)
        return
    if as_json:
        raise click.UsageError("--json goes with parquet; playlists as JSON are segue export json")
    if relative and (form != "m3u8" or output is None):
        raise click.UsageError("--relative is for an m3u8 that is written to a place: add -o PATH")
    if playlist is None and output is None:
        raise click.UsageError("name a PLAYLIST, or a folder for all of them (-o FOLDER)")
    from recommender import catalogue
    from recommender.lists.playlists import find_playlist

    with catalogue.open_reader(database) as connection:
        if playlist is None:
            assert output is not None
            _write_all(connection, form, output, force=force, relative=relative)
        else:
            _write_one(connection, form, find_playlist(connection, playlist), output, force=force, relative=relative)


def _write_tables(
    database: Path, folder: str | None, output: Path | None, *, force: bool, relative: bool, as_json: bool
) -> None:
    from recommender.commands.export_parquet import write_collection

    if (folder is None) == (output is None) or relative:
        raise click.UsageError("parquet takes a folder, and nothing else: segue export parquet FOLDER")
    write_collection(database, output or Path(folder or ""), force=force, as_json=as_json)


def _write_one(
    connection: sqlite3.Connection, form: str, row: "PlaylistRow", output: Path | None, *, force: bool, relative: bool
) -> None:
    from recommender.lines import one_line
    from recommender.lists.playlists import read_playlist
    from recommender.writing.file_names import safe_name
    from recommender.writing.whole_file import write_whole

    listing = read_playlist(connection, row, _exists() if form in ("m3u8", "jspf", "json") else None)
    if output is None:
        click.echo(_text(listing, form, None), nl=False)
    else:
        if output.is_dir():
            path = output / f"{safe_name(row.name)}.{SUFFIXES[form]}"
        elif form_told(output) in (form, None):
            path = output
        else:
            cure = f"end it in .{SUFFIXES[form]}, or name that format"
            raise click.UsageError(f"the name {output.name} tells another format than {form}: {cure}")
        write_whole(path, _text(listing, form, path.parent if relative else None), force)
        click.echo(f"{one_line(row.name) or row.playlist_id} ({_tracks(len(listing.tracks))}): {path}", err=True)
    _say_left_out(_left_out(listing, form), form)


def _write_all(connection: sqlite3.Connection, form: str, folder: Path, *, force: bool, relative: bool) -> None:
    from recommender import catalogue
    from recommender.errors import CannotWrite
    from recommender.lists.playlists import read_playlist
    from recommender.writing.file_names import Names
    from recommender.writing.whole_folder import is_vacant, whole_folder

    vacant = is_vacant(folder)
    if not vacant and not force:
        raise CannotWrite(f"{folder} is not empty: name another folder, or let --force replace files of the same names")
    names, exists = Names(), _exists() if form in ("m3u8", "jspf", "json") else None
    playlists = tracks = left_out = 0
    with whole_folder(folder) if vacant else _one_by_one(connection, folder) as write:
        for row in catalogue.playlist_rows(connection):
            listing = read_playlist(connection, row, exists)
            write(f"{names.of(row.name)}.{SUFFIXES[form]}", _text(listing, form, folder if relative else None))
            playlists, tracks = playlists + 1, tracks + len(listing.tracks)
            left_out += _left_out(listing, form)
    click.echo(f"{playlists:,} playlist{'s' * (playlists != 1)} ({_tracks(tracks)}): {folder}", err=True)
    _say_left_out(left_out, form)


@contextmanager
def _one_by_one(connection: sqlite3.Connection, folder: Path) -> Iterator[Callable[[str, str], None]]:
    """Give what replaces a file of a name by a text, among others; at a failure it is said how many were written."""
    from recommender import catalogue
    from recommender.errors import CannotWrite
    from recommender.writing.whole_file import write_whole

    written = 0

    def write(name: str, text: str) -> None:
        nonlocal written
        write_whole(folder / name, text, True, lasting=False)
        written += 1

    def how_far() -> str:
        return f"{written:,} of {sum(1 for _ in catalogue.playlist_rows(connection)):,} were written"

    try:
        yield write
    except CannotWrite as error:
        raise CannotWrite(f"{error}; {how_far()}") from error
    except KeyboardInterrupt:
        click.echo(how_far(), err=True)
        raise
    if hasattr(os, "sync"):
        os.sync()  # once for all, as waiting for each would take minutes


def _text(listing: "Listing", form: str, folder: Path | None) -> str:
    from recommender.writing.output import exported

    return exported(listing, form, os.path.abspath(folder) if folder else "")  # noqa: PTH100 - resolve() follows links


def _exists() -> Callable[[str], bool]:
    """Give the question whether a file is there, asked once for each: playlists share their tracks."""
    return lru_cache(_REMEMBERED)(os.path.isfile)


def _left_out(listing: "Listing", form: str) -> int:
    """Count the tracks that nobody can play from what is written."""
    from recommender.writing.listing import is_made_up, is_playable

    if form == "uris":
        return sum(is_made_up(track.track_id) for track in listing.tracks)
    return sum(not is_playable(track) for track in listing.tracks) if form == "m3u8" else 0


def _say_left_out(count: int, form: str) -> None:
    if form != "uris":
        say_left_out(count)
    elif count:
        one = count == 1
        told = "track has only an id made up here, which" if one else "tracks have only ids made up here, which"
        tail = "it is" if one else "they are"
        click.echo(f"{count:,} {told} nobody else can play; csv, jspf and json say what {tail}", err=True)


def _tracks(count: int) -> str:
    return f"{count:,} track{'s' * (count != 1)}"
