"""`segue taste like`, `dislike`, `forget` and `list`."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from recommender.catalogue import Thumb

listener_option = click.option(
    "--listener", metavar="NAME", default="", help="Whose taste it is, where the database is of several people."
)
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
_LIKED_SONGS = "Liked Songs"


@click.command()
@click.argument("tracks", nargs=-1, metavar="TRACK...")
@click.option(
    "--from",
    "table",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.csv",
    help="A table of songs with a column liked (1 or 0, yes or no): both likes and dislikes.",
)
@click.option(
    "--liked-songs",
    "library",
    metavar="PLAYLIST",
    is_flag=False,
    flag_value=_LIKED_SONGS,
    help=f"A stored playlist, {_LIKED_SONGS!r} where none is named: its songs are likes, and as many of the others, by "
    "lot, dislikes. What was said by hand stands.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="With --liked-songs: another lot.")
@listener_option
@_json_option
@click.pass_obj
def like(
    database: Path,
    tracks: tuple[str, ...],
    table: Path | None,
    library: str | None,
    seed: int,
    listener: str,
    as_json: bool,
) -> None:
    """Say that you like these songs; what was said of them before no longer counts.

    TRACK is an id, a URI, a URL, or words in quotes that name it.
    """
    if sum((bool(tracks), table is not None, library is not None)) != 1:
        raise click.UsageError("name songs, or a table with --from FILE.csv, or a playlist with --liked-songs")
    from recommender import catalogue
    from recommender.taste.library import from_playlist
    from recommender.taste.table import read_table

    if table is None and library is None:
        _say(database, tracks, listener, True, as_json)
        return
    skipped: Mapping[str, tuple[int, str]] = {}
    with catalogue.open_reader(database) as connection:
        if table is not None:
            read = read_table(connection, table)
            liked, source, skipped = read.liked, table.name, read.skipped
        else:
            liked, genres = from_playlist(connection, library or _LIKED_SONGS, listener, seed)
            source = catalogue.LIBRARY
            _warn_of(genres)
    now = int(time.time())
    told = [catalogue.Thumb(listener, track_id, yes, source, now) for track_id, yes in liked.items()]
    changed = catalogue.tell(database, told)
    _show_many(told, changed, skipped, as_json)
    if not told:
        raise click.ClickException("no row names a song that is here: import the songs first (segue import)")


@click.command()
@click.argument("tracks", nargs=-1, required=True, metavar="TRACK...")
@listener_option
@_json_option
@click.pass_obj
def dislike(database: Path, tracks: tuple[str, ...], listener: str, as_json: bool) -> None:
    """Say that you do not like these songs; what was said of them before no longer counts."""
    _say(database, tracks, listener, False, as_json)


@click.command()
@click.argument("tracks", nargs=-1, metavar="TRACK...")
@click.option("--all", "everything", is_flag=True, help="All that was said, and the taste that was learned from it.")
@listener_option
@_json_option
@click.pass_obj
def forget(database: Path, tracks: tuple[str, ...], everything: bool, listener: str, as_json: bool) -> None:
    """Take back what was said of these songs."""
    if everything == bool(tracks):
        raise click.UsageError("name the songs, or take back everything with --all")
    from recommender import catalogue

    if everything:
        from recommender.taste import keeping

        with catalogue.open_reader(database):
            pass  # an older database is brought forward
        count, trained = catalogue.untell_all(database, listener), keeping.forget(database, listener)
        _echo(
            {"forgotten": count, "taste": trained},
            as_json,
            f"{count:,} songs taken back{', and the taste that was learned' if trained else ''}",
        )
        return
    ids = _told_of(database, tracks, listener)
    there = catalogue.untell(database, listener, list(ids))
    lines = [
        f"{'taken back' if was else 'nothing was said of'}: {ids[one]}" for one, was in zip(ids, there, strict=True)
    ]
    _echo({"forgotten": sum(there)}, as_json, "\n".join(lines))


@click.command("list")
@listener_option
@click.option("--json", "as_json", is_flag=True, help="A JSON list for programs.")
@click.pass_obj
def list_command(database: Path, listener: str, as_json: bool) -> None:
    """Show what was said, the latest first."""
    from recommender import catalogue
    from recommender.lines import cut, one_line
    from recommender.writing.output import columns

    with catalogue.open_reader(database) as connection:
        told = catalogue.thumbs(connection, listener)
        titles = _titles(connection, [thumb.track_id for thumb in told])
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps([asdict(thumb) | {"song": titles[thumb.track_id]} for thumb in told]))
    elif not told:
        click.echo("nothing was said yet: `segue taste like TRACK...`, `segue taste dislike TRACK...`")
    else:
        rows = [("", "song", "from", "since", "id")]
        rows += [
            (
                "likes" if thumb.liked else "dislikes",
                cut(titles[thumb.track_id], 64),
                cut(one_line(thumb.source), 24),
                time.strftime("%Y-%m-%d", time.localtime(thumb.told_at)),
                thumb.track_id,
            )
            for thumb in told
        ]
        likes = sum(thumb.liked for thumb in told)
        click.echo(columns(rows) + f"{likes:,} likes, {len(told) - likes:,} dislikes")


def _warn_of(genres: Sequence[str]) -> None:
    if genres:
        click.echo(
            f"Note: this playlist tells the genres of its songs ({', '.join(genres)}), by which they would be known: "
            "`segue taste train --without genres`",
            err=True,
        )


def _say(database: Path, tracks: Sequence[str], listener: str, liked: bool, as_json: bool) -> None:
    from recommender import catalogue

    ids = _named(database, tracks)
    now = int(time.time())
    told = [catalogue.Thumb(listener, track_id, liked, catalogue.BY_HAND, now) for track_id in ids]
    changed = catalogue.tell(database, told)
    word = "like" if liked else "dislike"
    lines = [
        f"{f'You {word}' if new else f'You already {word}'}: {ids[thumb.track_id]}"
        for thumb, new in zip(told, changed, strict=True)
    ]
    counts = {"likes": len(told) * liked, "dislikes": len(told) * (not liked), "changed": sum(changed), "skipped": {}}
    _echo(counts, as_json, "\n".join(lines))


def _told_of(database: Path, tracks: Sequence[str], listener: str) -> dict[str, str]:
    """Give the raw ids that a person names, by themselves where something was said of them. Raises ThumbsNotClear.

    So can be taken back what was said of songs that are no longer here, or that have a twin at Spotify since.
    """
    from recommender import catalogue

    with catalogue.open_reader(database) as connection:
        said = {thumb.track_id for thumb in catalogue.thumbs(connection, listener)}
        ids = _titles(connection, [text for text in tracks if text in said])
    others = [text for text in tracks if text not in said]
    return ids | (_named(database, others) if others else {})


def _named(database: Path, tracks: Sequence[str]) -> dict[str, str]:
    """Give the raw ids that a person names, each with the song's title. Raises ThumbsNotClear."""
    from recommender import catalogue
    from recommender.commands.seed_names import seed_id
    from recommender.errors import ThumbsNotClear

    with catalogue.open_reader(database) as connection:
        ids = list(dict.fromkeys(seed_id(connection, text) for text in tracks))
        songs = catalogue.songs(connection, ids)
        if lacking := [track_id for track_id in ids if track_id not in songs]:
            raise ThumbsNotClear(f"there is no track {lacking[0]} here: name one that is, or words of its title")
        return _titles(connection, [songs[track_id].linked_id or track_id for track_id in ids])


def _titles(connection: sqlite3.Connection, track_ids: Sequence[str]) -> dict[str, str]:
    from recommender import catalogue

    songs = catalogue.songs(connection, track_ids)
    return {
        track_id: catalogue.title_line(songs[track_id]) if track_id in songs else "(no longer here)"
        for track_id in track_ids
    }


def _show_many(
    told: "Sequence[Thumb]", changed: Sequence[bool], skipped: Mapping[str, tuple[int, str]], as_json: bool
) -> None:
    likes = sum(thumb.liked for thumb in told)
    counts = {
        "likes": likes,
        "dislikes": len(told) - likes,
        "changed": sum(changed),
        "skipped": {why: count for why, (count, _) in skipped.items()},
    }
    for why, (count, where) in skipped.items():
        click.echo(f"Left out: {count:,} {why} ({where})", err=True)
    _echo(
        counts, as_json, f"{likes:,} likes and {len(told) - likes:,} dislikes, {sum(changed):,} of them new or changed"
    )


def _echo(told: dict[str, Any], as_json: bool, text: str) -> None:
    if as_json:
        import json

        text = json.dumps(told)
    click.echo(text)
