"""`segue predict`."""

from pathlib import Path

import click


@click.command()
@click.argument("listener")
@click.argument("track", nargs=-1, required=True)
@click.option("--model", metavar="NAME", help="A trained model that foretells; without it the best there is.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def predict(database: Path, listener: str, track: tuple[str, ...], model: str | None, as_json: bool) -> None:
    """Tell how often LISTENER will play each TRACK: an id, a URI, a URL, or words in quotes that name it.

    What is foretold is a mean, beside the plays that are known already. LISTENER is a name as `segue import` found it.
    """
    from recommender import catalogue
    from recommender.commands.seed_names import seed_id
    from recommender.predict import foretell

    with catalogue.open_reader(database) as connection:
        tracks = [seed_id(connection, words) for words in track]
    told = foretell(database, listener, list(dict.fromkeys(tracks)), model)
    for note in told.notes:
        click.echo(f"Note: {note}", err=True)
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps(asdict(told)))
        return
    from recommender.lines import cut
    from recommender.writing.output import columns

    click.echo(f"Foretold by {told.model}:", err=True)
    rows = [("title · artists", "foretold", "played", "id")]
    for one in told.predictions:
        song = catalogue.SongRow(one.track_id, one.name, one.artists, "", None, None, 0, None)
        plays = "-" if one.foretold is None else f"{one.foretold:.1f}"
        rows.append((cut(catalogue.title_line(song), 64), plays, str(one.played), one.track_id))
    click.echo(columns(rows, right=frozenset({1, 2})), nl=False)
