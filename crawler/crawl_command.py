"""`segue crawl`."""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.option_types import Pace, Word

if TYPE_CHECKING:
    import sqlite3

    from crawler.frontier import Target
    from crawler.pacing import Rate
    from crawler.report import Report
    from crawler.running import Wishes

WORD = Word()
_MOST_DAYS = 36_500


@click.command()
@click.option(
    "--playlist", "playlists", type=WORD, multiple=True, metavar="ID|URL", help="This playlist; again for more."
)
@click.option(
    "--user",
    "users",
    type=WORD,
    multiple=True,
    metavar="ID",
    help="This user's public ones; again for more.",
)
@click.option(
    "--search",
    "searches",
    type=WORD,
    multiple=True,
    metavar="WORDS",
    help="What this search finds; again for more.",
)
@click.argument("more", nargs=-1, type=WORD, metavar="[MORE]...")
@click.option("--grow", is_flag=True, help="Go on with searches for the words that most names of found playlists have.")
@click.option("--max-playlists", type=click.IntRange(1), metavar="N", help="At most so many playlists.")
@click.option("--max-requests", type=click.IntRange(1), metavar="N", help="At most so many requests in this run.")
@click.option("--try-all", is_flag=True, help="Ask for contents that are most likely withheld, too.")
@click.option("--pace", type=Pace(), metavar="SECONDS", help="Between two requests; 1, or 0 where --rate is told.")
@click.option(
    "--rate", metavar="N/SECONDS", help="What your app may do, such as 30/30s: all of it is used, and no more."
)
@click.option("--concurrency", type=click.IntRange(1, 64), metavar="N", help="So many requests at once; 2.")
@click.option("--market", type=WORD, metavar="COUNTRY", default="US", show_default=True, help="For apps without login.")
@click.option("--account", type=WORD, metavar="NAME", help="Whose quota it is, of several developer accounts.")
@click.option(
    "--keep-days",
    type=click.IntRange(1, _MOST_DAYS),
    metavar="DAYS",
    help="Drop what is not confirmed for so long; 30.",
)
@click.option("--accept-terms", is_flag=True, help="Say that you have read what Spotify's terms say; for programs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_context
def crawl(
    context: click.Context,
    playlists: tuple[str, ...],
    users: tuple[str, ...],
    searches: tuple[str, ...],
    more: tuple[str, ...],
    grow: bool,
    max_playlists: int | None,
    max_requests: int | None,
    try_all: bool,
    pace: float | None,
    rate: str | None,
    concurrency: int | None,
    market: str,
    account: str | None,
    keep_days: int | None,
    accept_terms: bool,
    as_json: bool,
) -> None:
    """Collect playlists from Spotify: your own and your liked songs, or those that are named.

    MORE are further ids or words of the one kind that is named. Stopped at any moment, the same command goes on where
    it was; run again later, it asks only for what has changed.
    """
    from crawler.report import as_dict, sentences
    from crawler.running import Wishes

    asked = _asked(playlists, users, searches, more)
    target = _target(*asked, grow=grow, most=max_playlists, try_all=try_all)
    told_rate = _rate(rate)
    wishes = Wishes(target, max_requests, pace, told_rate, concurrency, market, account)
    report = _run(context.obj, wishes, accept_terms, keep_days, quiet=as_json)
    click.echo(json.dumps(as_dict(report), ensure_ascii=False) if as_json else "\n".join(sentences(report)))
    context.exit(report.exit_code)


def _asked(
    playlists: tuple[str, ...], users: tuple[str, ...], searches: tuple[str, ...], more: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Add what follows without an option to the one kind that was named."""
    if not more:
        return playlists, users, searches
    if sum(map(bool, (playlists, users, searches))) != 1:
        raise click.UsageError(f"what is {more[0]}? Name it with --playlist, --user or --search")
    return playlists and playlists + more, users and users + more, searches and searches + more


def _target(
    playlists: tuple[str, ...],
    users: tuple[str, ...],
    searches: tuple[str, ...],
    *,
    grow: bool,
    most: int | None,
    try_all: bool,
) -> "Target":
    from crawler.addresses import playlist_ids, user_ids
    from crawler.errors import BadAddress
    from crawler.frontier import Target

    try:
        named = playlist_ids(playlists), user_ids(users)
    except BadAddress as error:
        raise click.UsageError(str(error)) from error
    words = tuple(" ".join(text.split()) for text in searches)
    if not all(words):
        raise click.UsageError("--search needs words")
    mine = not (playlists or users or words)
    return Target(mine, *named, words, grow, most, try_all)


def _rate(text: str | None) -> "Rate | None":
    from crawler.errors import BadAddress
    from crawler.session import rate_told

    try:
        return None if text is None else rate_told(text)
    except BadAddress as error:
        raise click.UsageError(str(error)) from error


def _run(database: Path, wishes: "Wishes", accept_terms: bool, keep_days: int | None, *, quiet: bool) -> "Report":
    from crawler.errors import Blocked, NotLoggedIn
    from crawler.report import report
    from crawler.running import run
    from crawler.session import log_in
    from crawler.showing import Showing
    from db import index
    from db.connection import open_writer
    from db.runs import Counts

    login = log_in(os.environ, time.time())
    if wishes.target.mine and login.flow == "app":
        raise NotLoggedIn(
            "nobody is logged in, and the app alone has no playlists of its own: run `segue login`, or name some "
            "(--playlist, --user, --search)"
        )
    with open_writer(database, "segue crawl") as connection:
        _agree(connection, accept_terms)
        _expire(connection, keep_days)
        try:
            with Showing(wishes.seconds, wishes.most_requests, quiet=quiet) as showing:
                return run(connection, login, wishes, showing)
        except Blocked as error:  # by an earlier run
            if not quiet:
                raise
            return report(error, {}, Counts(), (), None)
        finally:
            index.finish(connection)


def _agree(connection: "sqlite3.Connection", accepted: bool) -> None:
    """Show what Spotify's terms say, once, and ask."""
    from crawler.errors import NotAccepted
    from crawler.terms import NOTICE, VERSION, needs_notice
    from db.connection import transaction
    from db.gate import read_setting, write_setting

    if not needs_notice(read_setting(connection, "terms")):
        return
    if not accepted:
        click.echo(NOTICE, err=True)
        if sys.stdin is None or not sys.stdin.isatty():
            raise NotAccepted("nothing was asked of Spotify: read the notice above, and say --accept-terms")
        if not click.confirm("Go on?", err=True):
            raise NotAccepted("nothing was asked of Spotify")
    with transaction(connection):
        write_setting(connection, "terms", VERSION)


def _expire(connection: "sqlite3.Connection", keep_days: int | None) -> None:
    """Drop what was kept for longer than is wanted."""
    from db.connection import transaction
    from db.crawled import SPOTIFY
    from db.retention import DAY_S, expire, set_keep_days
    from db.retention import keep_days as kept_days

    if keep_days is not None:
        with transaction(connection):
            set_keep_days(connection, keep_days)
    days = kept_days(connection)
    expired = expire(connection, SPOTIFY, int(time.time()) - days * DAY_S)
    if expired.playlists or expired.found:
        click.echo(f"Dropped what Spotify did not confirm for {days:,} days: {expired.playlists:,} playlists", err=True)
