"""`segue search`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.filter_options import filter_options, filters_of
from recommender.commands.seed_names import say_index_behind

if TYPE_CHECKING:
    from recommender.naming import Match


@click.command()
@click.argument("text", nargs=-1)
@click.option("-n", "most", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@filter_options
@click.option("--json", "as_json", is_flag=True, help="A JSON list for programs.")
@click.pass_obj
def search(database: Path, /, text: tuple[str, ...], most: int, as_json: bool, **options: Any) -> None:
    """Find tracks by words of title, artist and album, by filters, or by both.

    Versions of one recording stand on one line, by the id of the one in most playlists. Of very many the best known
    come.
    """
    filters, words = filters_of(options), " ".join(text).strip()
    if not words and not filters:
        raise click.UsageError("name words to look for, or a filter such as --tempo 110..130")
    from recommender import catalogue
    from recommender.searching import search as look_for

    with catalogue.open_reader(database) as connection:
        say_index_behind(connection)
        found = look_for(connection, words, most, filters)
    for note in found.notes:
        click.echo(f"Note: {note}", err=True)
    if as_json:
        click.echo(_json(found.matches))
    elif found.matches:
        click.echo(_table(found.matches), nl=False)
    if not found.matches and filters:
        raise click.ClickException("nothing that is found keeps the filters: try wider ones, or --keep-unknown")
    if not found.matches:
        raise click.ClickException(f'nothing is found for "{words}": try fewer words, or only a part of them')


def _json(matches: Sequence["Match"]) -> str:
    import json
    from dataclasses import asdict

    return json.dumps([{**asdict(m.song), "playlists": m.playlists, "versions": m.versions} for m in matches])


def _table(matches: Sequence["Match"]) -> str:
    from recommender import catalogue
    from recommender.lines import cut, one_line
    from recommender.writing.output import columns

    rows = [("title · artists", "album", "versions", "playlists", "id")]
    rows += [
        (
            cut(catalogue.title_line(m.song), 64),
            cut(one_line(m.song.album), 32),
            str(m.versions),
            str(m.playlists),
            m.song.track_id,
        )
        for m in matches
    ]
    return columns(rows, right=frozenset({2, 3}))
