"""`segue export`."""

import os
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recommender.commands.list_options import say_left_out

if TYPE_CHECKING:
    from recommender.catalogue import PlaylistRow
    from recommender.writing.listing import Listing

SUFFIXES = {"m3u8": "m3u8", "jspf": "jspf", "csv": "csv", "uris": "txt", "json": "json"}
"""What files of each form are called."""
_REMEMBERED = 100_000


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(tuple(SUFFIXES)))
@click.argument("playlist", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The file to write; for all playlists the folder.",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option("--relative", is_flag=True, help="In an m3u8, name files from where the list lies.")
@click.pass_obj
def export(database: Path, form: str, playlist: str | None, output: Path | None, force: bool, relative: bool) -> None:
    """Write playlists for players and other services: m3u8, jspf, csv, uris or json.

    PLAYLIST is an id, a Spotify link, or a name; without it all playlists are written, a file for each, into a folder.
    An m3u8 names the file of a track where one is known and there, else its Spotify link.
    """
    if output == Path("-"):
        output = None
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
        path = output / f"{safe_name(row.name)}.{SUFFIXES[form]}" if output.is_dir() else output
        write_whole(path, _text(listing, form, path.parent if relative else None), force)
        click.echo(f"{one_line(row.name) or row.playlist_id} ({_tracks(len(listing.tracks))}): {path}", err=True)
    say_left_out(_left_out(listing) if form == "m3u8" else 0)


def _write_all(connection: sqlite3.Connection, form: str, folder: Path, *, force: bool, relative: bool) -> None:
    from recommender import catalogue
    from recommender.errors import CannotWrite
    from recommender.lists.playlists import read_playlist
    from recommender.writing.file_names import Names
    from recommender.writing.whole_file import write_whole

    if folder.exists() and not folder.is_dir():
        raise CannotWrite(f"{folder} is a file: name a folder for all playlists (-o FOLDER), or one PLAYLIST")
    if not force and folder.is_dir() and any(folder.iterdir()):
        raise CannotWrite(f"{folder} is not empty: name another folder, or let --force replace files of the same names")
    folder.mkdir(parents=True, exist_ok=True)
    names, exists = Names(), _exists() if form in ("m3u8", "jspf", "json") else None
    playlists = tracks = left_out = 0
    for row in catalogue.playlist_rows(connection):
        listing = read_playlist(connection, row, exists)
        path = folder / f"{names.of(row.name)}.{SUFFIXES[form]}"
        write_whole(path, _text(listing, form, folder if relative else None), force, lasting=False)
        playlists, tracks = playlists + 1, tracks + len(listing.tracks)
        left_out += _left_out(listing)
    if hasattr(os, "sync"):
        os.sync()  # once for all, as waiting for each would take minutes
    click.echo(f"{playlists:,} playlist{'s' * (playlists != 1)} ({_tracks(tracks)}): {folder}", err=True)
    say_left_out(left_out if form == "m3u8" else 0)


def _text(listing: "Listing", form: str, folder: Path | None) -> str:
    from recommender.writing.output import exported

    return exported(listing, form, os.path.abspath(folder) if folder else "")  # noqa: PTH100 - resolve() follows links


def _exists() -> Callable[[str], bool]:
    """Give the question whether a file is there, asked once for each: playlists share their tracks."""
    return lru_cache(_REMEMBERED)(os.path.isfile)


def _left_out(listing: "Listing") -> int:
    from recommender.writing.listing import is_playable

    return sum(not is_playable(track) for track in listing.tracks)


def _tracks(count: int) -> str:
    return f"{count:,} track{'s' * (count != 1)}"
