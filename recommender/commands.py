"""`segue search` and `segue suggest`."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import click

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
    from recommender.output import columns

    with catalogue.open_reader(database) as connection:
        _say_index_behind(connection)
        matches = catalogue.find(connection, " ".join(text))[:most]
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
@click.option("-n", "most", type=click.IntRange(1), default=10, show_default=True, help="How many suggestions.")
@click.option("--model", metavar="NAME", help="A trained model; without it the best there is.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "csv", "m3u8", "jspf", "uris")),
    default="table",
    show_default=True,
    help="How to write the list.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option(
    "--per-artist",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    help="At most so many by one artist; 0 for any.",
)
@click.option("--versions", is_flag=True, help="Let other versions of the seeds and of each other come too.")
@click.option("--plain", is_flag=True, help="The model's own order: no artist cap, no grouping of versions.")
@click.pass_obj
def suggest(
    database: Path,
    track: tuple[str, ...],
    title: str | None,
    most: int,
    model: str | None,
    form: str,
    as_json: bool,
    per_artist: int,
    versions: bool,
    plain: bool,
) -> "Answer":
    """Suggest what comes after these tracks.

    TRACK is an id, a URI, a URL, or words in quotes that name it ("wonderwall oasis"). With --title none is needed.
    """
    if title is not None and not title.strip():
        raise click.UsageError("--title needs a word")
    if not track and title is None:
        raise click.UsageError("name a TRACK to continue, or --title what the playlist is called")
    from recommender import catalogue
    from recommender.output import written
    from recommender.suggest import Suggester

    with catalogue.open_reader(database) as connection:
        seeds = [seed_id(connection, words) for words in track]
    answer = Suggester.open(database).answer(
        seeds, most, model, title=title, plain=plain, per_artist=per_artist or None, versions=versions
    )
    for unknown in answer.unknown:
        click.echo(f"{unknown} stands in no playlist here, so it cannot help", err=True)
    for note in answer.notes:
        click.echo(f"Note: {note}", err=True)
    form = "json" if as_json else form
    if form == "table":
        click.echo(f"Suggested by {answer.model}:", err=True)
    click.echo(written(answer, form), nl=False)
    return answer  # for what other houses do with it


def seed_id(connection: sqlite3.Connection, text: str) -> str:
    """Give the raw id of the track that a person names, and say on stderr what the words were taken for.

    Raises SeedNotClear.
    """
    from recommender import catalogue

    if not catalogue.is_track_id(text):
        _say_index_behind(connection)
    named = catalogue.name_track(connection, text)
    if match := named.match:
        versions = f", the most listed of {match.versions} versions" if match.versions > 1 else ""
        click.echo(f'"{text}" is {catalogue.title_line(match.song)} ({named.track_id}{versions})', err=True)
    if named.rival:
        click.echo(f"  (not {catalogue.title_line(named.rival.song)}: add the artist to choose it)", err=True)
    return named.track_id


def _say_index_behind(connection: sqlite3.Connection) -> None:
    from recommender import catalogue

    if missing := catalogue.not_indexed(connection):
        click.echo(
            f"Note: {missing:,} tracks are not in the search index yet: an import is running, or was stopped; "
            "the next `segue import` completes it",
            err=True,
        )
