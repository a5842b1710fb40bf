"""`segue search` and `segue suggest`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.list_options import list_options, make_list, refuse_beside_plain
from recommender.commands.seed_names import say_index_behind, seed_id

if TYPE_CHECKING:
    from recommender.suggest import Answer


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("-n", "most", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list for programs.")
@click.pass_obj
def search(database: Path, text: tuple[str, ...], most: int, as_json: bool) -> None:
    """Find tracks by words of title, artist and album.

    Versions of one recording stand on one line, by the id of the one in most playlists.
    """
    from recommender import catalogue
    from recommender.lines import cut, one_line
    from recommender.naming import find
    from recommender.writing.output import columns

    with catalogue.open_reader(database) as connection:
        say_index_behind(connection)
        matches = find(connection, " ".join(text))[:most]
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps([{**asdict(m.song), "playlists": m.playlists, "versions": m.versions} for m in matches]))
    elif matches:
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
        click.echo(columns(rows, right=frozenset({2, 3})), nl=False)
    if not matches:
        raise click.ClickException(f'nothing is found for "{" ".join(text)}": try fewer words, or only a part of them')


@click.command()
@click.argument("track", nargs=-1)
@click.option("--title", metavar="TEXT", help="What the playlist is called; it speaks alone where no TRACK is given.")
@click.option("--like", metavar="TRACK", multiple=True, help="One more track to go by; several times.")
@list_options
@click.option("--plain", is_flag=True, help="The model's own order, for measuring; goes with no other choice.")
@click.pass_obj
def suggest(
    database: Path, /, track: tuple[str, ...], title: str | None, like: tuple[str, ...], plain: bool, **options: Any
) -> "Answer":
    """Suggest what comes after these tracks.

    TRACK is an id, a URI, a URL, or words in quotes that name it ("wonderwall oasis"). With --title none is needed.
    """
    if title is not None and not title.strip():
        raise click.UsageError("--title needs a word")
    if not track and not like and title is None:
        raise click.UsageError("name a TRACK to continue, or --title what the playlist is called")
    if plain:
        refuse_beside_plain(options)
    from recommender import catalogue

    with catalogue.open_reader(database) as connection:
        seeds = [seed_id(connection, words) for words in (*like, *track)]
    return make_list(database, seeds, options, called="" if seeds else (title or ""), title=title or "", plain=plain)
