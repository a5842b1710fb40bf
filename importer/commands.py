"""`segue import`: files in, a summary out."""

import json
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.columns import ROLES, parse_columns
from importer.errors import BadColumn

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from importer.contract import ReadOptions
    from importer.run import Imported, ImportOptions, Report

FORMATS = ("mpd", "spotify-export", "csv", "exportify", "m3u", "m3u8", "jspf", "lastfm", "taste-profile", "lrc")
"""What --format takes; a test holds it against importer.formats, which is loaded only when an import runs."""


class _GivenPath(click.Path):
    """A path that is not empty: the empty one would be the current folder, which is what a misspelt $VARIABLE gives."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take a path."""
        if not str(value):
            self.fail("the path is empty", param, ctx)
        return super().convert(value, param, ctx)


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=_GivenPath(path_type=Path))
@click.option("--format", "format_name", type=click.Choice(FORMATS), help="The format; recognised when not named.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=NAME",
    help=f"What a column of a CSV holds, such as title=Song; reads as csv. Roles: {', '.join(ROLES)}.",
)
@click.option(
    "--listener",
    metavar="NAME",
    help='Whose files these are: whose plays, where the file does not say ("me" otherwise), and whose playlists in '
    "Spotify's own export, which another's of the same name would replace otherwise.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences.")
@click.pass_context
def import_command(
    context: click.Context,
    paths: tuple[Path, ...],
    format_name: str | None,
    columns: tuple[str, ...],
    listener: str | None,
    as_json: bool,
) -> None:
    """Import playlists, plays and texts from files, folders, .gz and .zip.

    Each file is stored whole or not at all; importing it again changes nothing.
    """
    from importer.run import ImportOptions

    try:
        options = ImportOptions(int(time.time()), format_name, _read_options(columns, listener))
    except BadColumn as error:
        raise click.UsageError(str(error)) from error
    report = _run(context.obj, paths, options)
    for bad in report.bad:
        click.echo(str(bad), err=True)
    click.echo(json.dumps(as_dict(report), ensure_ascii=False) if as_json else "\n".join(summary(report)))
    if report.bad:
        context.exit(1)


def _read_options(columns: Iterable[str], listener: str | None) -> "ReadOptions":
    from importer.contract import ReadOptions

    return ReadOptions(parse_columns(columns), listener)


def _run(database: Path, paths: tuple[Path, ...], options: "ImportOptions") -> "Report":
    from db import index, late_indexes
    from db.connection import open_writer, room_for
    from importer.run import import_paths, survey

    found = survey(paths)
    with open_writer(database, "segue import") as connection:
        room_for(database, found.needed)
        with _bar("Importing", max(found.size, 1)) as bar:
            report = import_paths(connection, paths, options, bar.update)
        if rows := late_indexes.rows_to_sort(connection):
            with _bar("Sorting  ", rows) as bar:
                late_indexes.make(connection, bar.update)
        with _bar("Indexing ", max(index.behind(connection), 1)) as bar:
            index.finish(connection, lambda done, _todo: bar.update(done - bar.pos))
    return report


def _bar(label: str, length: int) -> "ProgressBar[int]":
    # Daemons close the stream, and then Python has none.
    seen = sys.stderr is not None and sys.stderr.isatty()
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not seen)


def summary(report: "Report") -> list[str]:
    """Say in lines for people what an import did."""
    lines = [_about(imported) for imported in report.imported]
    lines += [f"Left out ({count:,}): {reason}" for reason, count in sorted(report.entries_skipped.items())]
    if number := next((imported.number for imported in report.imported if imported.number), None):
        lines.append(f"To take it back: segue purge --import {number}")
    if report.files_skipped:
        lines.append(f"Skipped: {_number(report.files_skipped, 'file')} of no known format")
    if report.zips_skipped:
        lines.append(f"Skipped: {_number(report.zips_skipped, 'zip')} inside another; unzip it first")
    if report.bad:
        lines.append(f"Bad: {_number(len(report.bad), 'file')}, of which nothing was stored")
    return lines


def _about(imported: "Imported") -> str:
    counts = imported.counts
    playlists = counts.playlists_new + counts.playlists_changed + counts.playlists_unchanged
    files = _number(imported.files, "file")
    if imported.number is None:
        same = f", {_number(playlists, 'playlist')} unchanged" if playlists else ""
        return f"Nothing new in {imported.format}: {files}{same}"
    parts = [
        _playlists(playlists, counts.playlists_changed, counts.playlists_unchanged),
        *(
            _number(count, *names)
            for count, names in (
                (counts.entries, ("entry", "entries")),
                (counts.tracks_new, ("new track",)),
                (counts.tracks_filled, ("track with something added", "tracks with something added")),
                (counts.plays, ("play", "tracks with plays")),
                (counts.features, ("audio feature set",)),
                (counts.texts, ("text",)),
            )
            if count
        ),
    ]
    told = ", ".join(part for part in parts if part) or "nothing but names"
    return f"Import {imported.number} ({imported.format}, {files}): {told}"


def _playlists(count: int, changed: int, unchanged: int) -> str:
    if not count:
        return ""
    notes = [f"{number:,} {word}" for number, word in ((changed, "changed"), (unchanged, "unchanged")) if number]
    return _number(count, "playlist") + (f" ({', '.join(notes)})" if notes else "")


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def as_dict(report: "Report") -> dict[str, object]:
    """Give the report as plain values for JSON."""
    return {
        "imports": [
            {"import": i.number, "format": i.format, "files": i.files, **asdict(i.counts)} for i in report.imported
        ],
        "files_skipped": report.files_skipped,
        "entries_skipped": dict(report.entries_skipped),
        "bad": [{"file": b.file, "place": b.place, "what": b.what, "cure": b.cure} for b in report.bad],
    }
