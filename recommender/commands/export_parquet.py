"""`segue export parquet`: the whole collection as tables."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import click


def write_collection(database: Path, folder: Path, *, force: bool, as_json: bool = False) -> None:
    """Write the tables and the manifest into a folder, whole or not at all. Raises CannotWrite, NoEngine."""
    from recommender.errors import CannotWrite, NoEngine
    from recommender.streaming import write_export
    from recommender.writing.export_manifest import MANIFEST
    from recommender.writing.whole_file import said_clearly
    from recommender.writing.whole_folder import filled_folder, is_vacant

    if find_spec("pyarrow") is None:
        raise NoEngine("Parquet files need pyarrow, which is not installed: pip install 'segue[spark]'")
    vacant = is_vacant(folder)
    if not vacant and not force:
        raise CannotWrite(f"{folder} is not empty: name another folder, or replace an earlier export by --force")
    if not vacant and not (folder / MANIFEST).is_file():
        raise CannotWrite(f"{folder} holds something else than an earlier export: name another folder")
    with _bar() as show, filled_folder(folder, replaces=not vacant) as draft, said_clearly(folder):
        exported = write_export(database, draft, show)
    if as_json:
        click.echo(json.dumps({"folder": str(folder), **asdict(exported)}))
        return
    held = f"{exported.playlists:,} playlists, {exported.tracks:,} tracks, {exported.entries:,} entries"
    click.echo(f"{held}: {folder}", err=True)


@contextmanager
def _bar() -> Iterator[Callable[[float], None]]:
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1000, label="parquet", file=sys.stderr, hidden=hidden) as bar:
        yield lambda share: bar.update(max(int(1000 * share) - bar.pos, 0))
