"""`segue search`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.filter_options import filter_options, filters_of
from recommender.commands.seed_names import say_index_behind
from recommender.errors import FilterNotClear
from recommender.lists.sorting import SORTS, Sort, parse_sort

if TYPE_CHECKING:
    from recommender.naming import Match


def _sort(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> Sort | None:
    try:
        return None if text is None else parse_sort(text)
    except FilterNotClear as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("text", nargs=-1)
@click.option("-n", "most", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Which page of so many.")
@click.option(
    "--sort",
    metavar="VALUE",
    callback=_sort,
    help=f"In this order, the least first: {', '.join(name.replace('_', '-') for name in SORTS)}; -tempo is the "
    "fastest first. Without it the best known come first.",
)
@click.option("--descending", is_flag=True, help="With --sort: the most, the latest, or Z, first.")
@filter_options
@click.option("--json", "as_json", is_flag=True, help="A JSON list for programs.")
@click.pass_obj
def search(database: Path, /, text: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Find tracks by words of title, artist and album, by filters, or by both.

    Versions of one recording stand on one line, by the id of the one in most playlists. Of very many the best known
    come. What nobody told of genre, country and language is inferred where it can be, and marked so.
    """
    sort, most, page = _order(options), options.pop("most"), options.pop("page")
    filters, words = filters_of(options), " ".join(text).strip()
    if not words and not filters and not sort:
        raise click.UsageError("name words to look for, a filter such as --tempo 110..130, or --sort")
    from recommender import catalogue
    from recommender.inferring.filling import full_facts
    from recommender.searching import search as look_for
    from recommender.writing.found import as_json_list, asked_columns, table

    shown = asked_columns(filters, sort)
    with catalogue.open_reader(database) as connection:
        say_index_behind(connection)
        found = look_for(connection, words, most, filters, page=page, sort=sort)
        ids = [match.song.track_id for match in found.matches]
        facts = {}
        if as_json or shown:
            facts = full_facts(connection, ids, told_only=filters.told_only, genres=filters.genres)
    for note in found.notes:
        click.echo(f"Note: {note}", err=True)
    if as_json:
        click.echo(as_json_list(found.matches, facts))
    elif found.matches:
        click.echo(table(found.matches, facts, shown), nl=False)
    _refuse_nothing(found.matches, words, page, is_filtered=bool(filters))


def _order(options: dict[str, Any]) -> Sort | None:
    sort, descending = options.pop("sort"), options.pop("descending")
    if descending and not sort:
        raise click.UsageError("--descending goes with --sort")
    return Sort(sort.by, descending=True) if descending else sort


def _refuse_nothing(matches: Sequence["Match"], words: str, page: int, *, is_filtered: bool) -> None:
    if matches:
        return
    if page > 1:
        raise click.ClickException(f"nothing stands on page {page:,}: there are fewer; try an earlier page")
    if is_filtered:
        raise click.ClickException("nothing that is found keeps the filters: try wider ones, or --keep-unknown")
    if not words:
        raise click.ClickException("there is no track here yet: import playlists first (segue import FOLDER)")
    raise click.ClickException(f'nothing is found for "{words}": try fewer words, or only a part of them')
