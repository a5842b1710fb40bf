"""Tracks as a person names them on the command line."""

import sqlite3

import click


def seed_id(connection: sqlite3.Connection, text: str) -> str:
    """Give the raw id of the track that a person names, and say on stderr what the words were taken for.

    Raises SeedNotClear.
    """
    from recommender import catalogue
    from recommender.naming import name_track

    if not catalogue.is_track_id(text):
        say_index_behind(connection)
    named = name_track(connection, text)
    if match := named.match:
        versions = f", the most listed of {match.versions} versions" if match.versions > 1 else ""
        click.echo(f'"{text}" is {catalogue.title_line(match.song)} ({named.track_id}{versions})', err=True)
    if named.rival:
        click.echo(f"  (not {catalogue.title_line(named.rival.song)}: add the artist to choose it)", err=True)
    return named.track_id


def say_index_behind(connection: sqlite3.Connection) -> None:
    """Say on stderr where words cannot find all tracks yet."""
    from recommender import catalogue

    if missing := catalogue.not_indexed(connection):
        click.echo(
            f"Note: {missing:,} tracks are not in the search index yet: an import is running, or was stopped; "
            "the next `segue import` completes it",
            err=True,
        )
