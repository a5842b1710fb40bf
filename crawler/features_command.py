"""`segue features`."""

import json
import os
import sys

import click

from crawler.option_types import Pace

_PROVIDERS = ("spotify", "reccobeats")
"""What --provider takes; a test holds it against crawler.features.choosing, which is loaded when the command runs."""


@click.command()
@click.option(
    "--provider",
    "providers",
    multiple=True,
    type=click.Choice(_PROVIDERS),
    help="Ask this one; can be given again, and then they are asked in this order. Naming reccobeats agrees to sending "
    "it track ids and ISRCs.",
)
@click.option("--max-requests", type=click.IntRange(1), metavar="N", help="At most so many requests in this run.")
@click.option("--pace", type=Pace(), metavar="SECONDS", help="Between two requests; 0.5 at ReccoBeats, 1 at Spotify.")
@click.option("--concurrency", type=click.IntRange(1, 64), metavar="N", help="So many requests at once; 2.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_context
def features(
    context: click.Context,
    providers: tuple[str, ...],
    max_requests: int | None,
    pace: float | None,
    concurrency: int | None,
    as_json: bool,
) -> None:
    """Collect audio features for the tracks that have none, the most listed first.

    Spotify is asked where your app still may, then ReccoBeats, a service that is not Spotify's, once you have agreed.
    What a service does not have is not asked for again for 30 days. Stopped at any moment, the same command goes on.
    """
    from crawler.features.report import as_dict, sentences
    from crawler.features.run import Wishes, run
    from db.connection import open_reader, open_writer

    with open_reader(context.obj):
        pass  # a database that does not exist holds no tracks to ask for
    wishes = Wishes(tuple(dict.fromkeys(providers)), max_requests, pace, concurrency, quiet=as_json)
    person = sys.stdin is not None and sys.stdin.isatty()
    with open_writer(context.obj, "segue features") as connection:
        report = run(connection, os.environ, wishes, _agrees if person else None)
    click.echo(json.dumps(as_dict(report)) if as_json else "\n".join(sentences(report)))
    context.exit(report.exit_code)


def _agrees(text: str) -> bool:
    click.echo(text, err=True)
    return click.confirm("Send it these?", err=True)
