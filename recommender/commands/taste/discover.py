"""`segue taste discover`."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from recommender.commands.filter_options import filter_options, filters_of
from recommender.commands.list_options import REMEMBERED
from recommender.commands.taste.threshold import number, threshold_option
from recommender.commands.taste.thumbs import listener_option
from recommender.commands.writing_options import form_of, write_list, writing_options

if TYPE_CHECKING:
    import sqlite3

    from recommender.answers import Answer
    from recommender.lists.wishes import Wishes
    from recommender.taste.opening import Taste

_STEPS = 1000


@click.command()
@click.option("-n", "most", type=click.IntRange(1), default=20, show_default=True, help="How many songs.")
@listener_option
@threshold_option
@click.option("--same-artists", is_flag=True, help="Let other songs come by artists of whom you like one.")
@click.option("--alone", is_flag=True, help="Let your taste alone order, not what goes with your likes in playlists.")
@click.option("--per-artist", type=click.IntRange(0), default=3, show_default=True,
              help="At most so many by one artist; 0 for any.")  # fmt: skip
@click.option("--fresh", is_flag=True, help="Nothing that was suggested here within the last 30 days.")
@click.option("--vary", type=click.IntRange(0), metavar="NUMBER", help="Another good list for each number.")
@click.option("--popularity", type=click.FloatRange(-1, 1), default=0.0, metavar="DIAL", callback=number,
              help="From -1, hidden gems, to 1, hits; 0 is as your taste orders.")  # fmt: skip
@click.option("--order", type=click.Choice(("best", "smooth")), default="best", show_default=True,
              help="Best first, or so that key, tempo and energy flow.")  # fmt: skip
@filter_options
@writing_options
@click.pass_obj
def discover(
    database: Path,
    /,
    most: int,
    listener: str,
    threshold: float | None,
    same_artists: bool,
    alone: bool,
    **options: Any,
) -> "Answer":
    """Suggest songs that you would like, from elsewhere.

    It looks through all songs here whose sound is known. From elsewhere means: nothing to which you gave a thumb, nor
    another version of it; nothing that you played; nothing that is blocked; and nothing by artists of whom you like a
    song already (--same-artists lets those come). Your taste decides what may come; where a model is trained, what goes
    with your likes in playlists comes first (--alone leaves that out).
    """
    from recommender import catalogue
    from recommender.taste.discovering import discover as discovered
    from recommender.taste.opening import Taste

    form_of(options)  # before it takes time, in case that it is not clear
    now = int(time.time())
    with catalogue.open_reader(database) as connection:
        wishes = _wishes(connection, options, now)
        taste = Taste.open(database, listener)
        with _bar() as bar:
            answer = discovered(
                database,
                connection,
                taste,
                most,
                wishes,
                threshold=taste.threshold if threshold is None else threshold,
                same_artists=same_artists,
                alone=alone,
                show=lambda share: bar.update(max(int(_STEPS * share) - bar.pos, 0)),
            )
    for note in answer.notes:
        click.echo(f"Note: {note}", err=True)
    if answer.suggestions or options["output"] is None:
        write_list(answer, options, now, title=_title(taste), heading=f"{_title(taste)}:")
    catalogue.remember(database, [song.track_id for song in answer.suggestions[:REMEMBERED]], now)
    if not answer.suggestions:
        raise click.exceptions.Exit(1)
    return answer


def _wishes(connection: "sqlite3.Connection", options: dict[str, Any], now: int) -> "Wishes":
    from recommender import catalogue
    from recommender.lists.wishes import Wishes

    order: Literal["best", "smooth"] = options["order"]
    return Wishes(
        filters=filters_of(options),
        without=catalogue.lately(connection, now) if options["fresh"] else (),
        per_artist=options["per_artist"] or None,
        popularity=options["popularity"],
        vary=options["vary"],
        order=order,
    )


def _title(taste: "Taste") -> str:
    return f"Songs that {taste.report.listener or 'you'} would like"


def _bar() -> Any:
    hidden = sys.stderr is None or not sys.stderr.isatty()
    return click.progressbar(length=_STEPS, label="Listening", file=sys.stderr, hidden=hidden)
