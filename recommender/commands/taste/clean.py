"""`segue taste clean`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.taste.threshold import threshold_option
from recommender.commands.taste.thumbs import listener_option
from recommender.commands.writing_options import form_of, write_list, writing_options

if TYPE_CHECKING:
    from db.records import Playlist
    from recommender.answers import Answer, Suggestion
    from recommender.lists.continuing import Listed
    from recommender.taste.cleaning import Cleaned

_WIDEST = 40


@click.command()
@click.argument("playlist", metavar="FILE|PLAYLIST")
@listener_option
@threshold_option
@writing_options
@click.pass_obj
def clean(
    database: Path, /, playlist: "str | Playlist", listener: str, threshold: float | None, **options: Any
) -> "Answer":
    """Show which songs of a playlist you would skip.

    PLAYLIST is one that is here: its id, its address at Spotify, or its name. FILE is one that `segue import` can read.
    The playlist itself stays as it is: --output, --format and --to-spotify make a new list of the songs that stay.
    Those of which it is not known how they sound stay too.
    """
    from recommender import catalogue
    from recommender.answers import Answer
    from recommender.errors import NothingToContinue
    from recommender.lists import continuing
    from recommender.taste import cleaning
    from recommender.taste.judged import MODEL, notes, wished
    from recommender.taste.opening import Taste

    form, output = form_of(options)  # before it takes time, in case that it is not clear
    with catalogue.open_reader(database) as connection:
        if isinstance(playlist, str):
            listed = continuing.stored(connection, playlist)
        else:
            listed = continuing.from_file(connection, playlist)
        taste = Taste.open(database, listener)
        least = taste.threshold if threshold is None else threshold
        cleaned = cleaning.clean(connection, taste, listed, least)
    kept = Answer(MODEL, (), (), notes(taste), cleaned.kept)
    _say(listed, cleaned, kept, least)
    if output is not None or form == "table":
        click.echo(_table(cleaned), nl=False)
    if not kept.suggestions:
        raise NothingToContinue(f"you would skip all of it: ask for less than {wished(least)} (--threshold)")
    if output is not None or form != "table":
        as_json = _json(listed, cleaned, kept, least) if output is None else ""
        write_list(kept, options, int(time.time()), title=f"{listed.name or 'A playlist'}, cleaned", as_json=as_json)
    return kept


def _say(listed: "Listed", cleaned: "Cleaned", kept: "Answer", least: float) -> None:
    """Say on stderr what came out, and what a person has to know before they believe it."""
    from recommender.taste.judged import NOT_KNOWN, wished

    click.echo(f"Cleaning {listed.called}", err=True)
    if listed.strangers:
        click.echo(f"{len(listed.strangers):,} of them are not known here, so no new list holds them", err=True)
    unknown = f"; of {len(cleaned.unknown):,} {NOT_KNOWN}, so they stay" if cleaned.unknown else ""
    skipped = f"{len(cleaned.skipped):,}, which you would like with less than {wished(least)}"
    click.echo(f"You would skip {skipped if cleaned.skipped else 'none'}, and keep {len(cleaned.liked):,}{unknown}",
        err=True)  # fmt: skip
    for note in kept.notes:
        click.echo(f"Note: {note}", err=True)


def _table(cleaned: "Cleaned") -> str:
    """Set the songs in columns, in three parts; a part without songs is left out."""
    from recommender.taste.judged import NOT_KNOWN
    from recommender.writing.output import columns

    parts = {
        "You would skip:": cleaned.skipped,
        "You would keep:": cleaned.liked,
        f"These stay, as {NOT_KNOWN}:": cleaned.unknown,
    }
    lines = columns([_row(song) for songs in parts.values() for song in songs], right=frozenset({0})).splitlines()
    text = ""
    for heading, songs in parts.items():
        if songs:
            text += "\n".join([heading, *lines[: len(songs)]]) + "\n"
        del lines[: len(songs)]
    return text


def _row(song: "Suggestion") -> tuple[str, str, str, str]:
    from recommender.lines import cut, one_line
    from recommender.taste.judged import percent

    return (
        f"  {'' if song.score is None else percent(song.score)}",
        cut(one_line(song.name) or "(title not known)", _WIDEST),
        cut(one_line(", ".join(song.artists)), _WIDEST),
        "; ".join(map(one_line, song.reasons[1:])),
    )


def _json(listed: "Listed", cleaned: "Cleaned", kept: "Answer", least: float) -> str:
    import json
    from dataclasses import asdict

    told = {
        "playlist": listed.name,
        "threshold": least,
        "notes": kept.notes,
        "skip": [asdict(song) for song in cleaned.skipped],
        "keep": [asdict(song) for song in kept.suggestions],
        "not_known": [song.track_id for song in cleaned.unknown],
        "not_here": listed.strangers,
    }
    return json.dumps(told, indent=1) + "\n"
