"""The options of `segue suggest` for a listener and for new songs, and the question to who is new here."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from recommender.segments.kinds import PROFILES

if TYPE_CHECKING:
    from recommender.answers import Answer
    from recommender.catalogue import Profile
    from recommender.segments.people import Listener
    from recommender.suggest import Suggester

_Command = TypeVar("_Command", bound=Callable[..., Any])
_SHOWN_ARTISTS, _SHOWN_GENRES, _TRIES = 12, 8, 3

_OPTIONS = (
    click.option(
        "--profile",
        type=click.Choice(PROFILES),
        help="With --listener: what kind of listener they are, else told from their plays. new: hardly any songs are "
        "known; casual: a few are; explorer: plays the same again and again, and would like to find something new.",
    ),
    click.option(
        "--artists", metavar="NAMES", multiple=True, help="With --listener: artists they like, commas between; stays."
    ),
    click.option(
        "--genres", metavar="NAMES", multiple=True, help="With --listener: genres they like, commas between; stays."
    ),
    click.option("--ask", is_flag=True, help="With --listener: ask again which artists and genres they like."),
    click.option(
        "--new",
        is_flag=True,
        help="Songs that playlists say nothing of yet, near to TRACK or --listener, else by release date.",
    ),
)


def listener_options(command: _Command) -> _Command:
    """Add the options of lists for a listener and of new songs."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def refuse_without_listener(listener: str | None, told: dict[str, Any]) -> None:
    """Refuse what is about a listener where none is named, and names that are none. Raises click.UsageError."""
    for name in ("profile", "artists", "genres", "ask"):
        if told[name] and listener is None:
            raise click.UsageError(f"--{name} goes with --listener NAME")
    for name in ("artists", "genres"):
        # What stays would be overwritten by nothing, such as an empty variable of a shell.
        if told[name] and not any(text.strip(", ") for text in told[name]):
            raise click.UsageError(f"--{name} names none: write {name} with commas between, or leave it out")


def listener_for(database: Path, name: str, told: dict[str, Any]) -> "Listener":
    """Gather who a listener is: store what the options name of them, or ask a person who is new here.

    told: the values of listener_options. Raises SeedNotClear for names that nobody here has, and click.ClickException
    where nothing is known of a listener, and nobody is there to ask.
    """
    from recommender import catalogue
    from recommender.segments.people import known_name, near_names, read_listener

    with catalogue.open_reader(database) as connection:
        name = known_name(connection, name)
        listener = read_listener(connection, name, told["profile"])
        near = near_names(connection, name) if listener.is_blank else []
    named = _named(database, listener.profile, told)
    if named is None and (told["ask"] or (listener.is_blank and told["profile"] is None)):
        if sys.stdin is None or not sys.stdin.isatty():
            raise click.ClickException(_unknown(name, near, asked=told["ask"]))
        named = _asked(database, listener.profile, near)
    if named is not None:
        catalogue.keep_profile(database, named)
        with catalogue.open_reader(database) as connection:
            listener = read_listener(connection, name, told["profile"])
    if listener.profile.artists or listener.profile.genres:
        likes = ", ".join((*listener.profile.artists, *listener.profile.genres))
        click.echo(f"{name or 'You'} named {likes} (--artists, --genres or --ask change it)", err=True)
    return listener


def make_with(listener: "Listener | None", *, new: bool) -> "Callable[..., Answer]":
    """Give the way in which a list for a listener, or of new songs, is made, as list_options.make_list asks for it."""

    def answer(suggester: "Suggester", seeds: Sequence[str], n: int, model: str | None, **wishes: Any) -> "Answer":
        from recommender.segments.lists import for_listener, new_songs

        if not new:
            assert listener is not None
            return for_listener(suggester, listener, n, model, **wishes)
        if listener is not None:
            wishes["without"] = [*wishes["without"], *listener.disliked]
            wishes["unheard"] = listener.name if listener.has_played else None
        return new_songs(suggester, seeds, n, int(time.time()), model, **wishes)

    return answer


def _named(database: Path, before: "Profile", told: dict[str, Any]) -> "Profile | None":
    """Take what the options name; what they do not speak of stays as it was. None where they name nothing."""
    from dataclasses import replace

    from recommender import catalogue
    from recommender.segments.naming import artists_named, genres_named

    if not (told["artists"] or told["genres"]):
        return None
    with catalogue.open_reader(database) as connection:
        artists = artists_named(connection, told["artists"]) if told["artists"] else before.artists
        genres = genres_named(connection, told["genres"]) if told["genres"] else before.genres
    return replace(before, artists=artists, genres=genres, told_at=int(time.time()))


def _unknown(name: str, near: Sequence[str], *, asked: bool) -> str:
    from recommender.lines import one_line

    if asked:
        return "there is nobody at a terminal to ask: say --artists or --genres instead of --ask"
    meant = f" (did you mean {' or '.join(map(one_line, near))}?)" if near else ""
    called = one_line(name)
    return (
        f'nothing is known of "{called}" here{meant}: say what they like '
        f'(segue suggest --listener "{called}" --artists "A, B" --genres "C"), or --profile new for a list all the same'
    )


def _asked(database: Path, before: "Profile", near: Sequence[str]) -> "Profile | None":
    """Ask at the terminal; None where the person skips it."""
    from dataclasses import replace

    from recommender import catalogue
    from recommender.errors import SeedNotClear
    from recommender.lines import one_line
    from recommender.segments.naming import either_named

    with catalogue.open_reader(database) as connection:
        shown = [("artist", name) for name in catalogue.best_known_artists(connection, _SHOWN_ARTISTS)]
        shown += [("genre", name) for name in catalogue.most_told_genres(connection, _SHOWN_GENRES)]
        if near:
            click.echo(f"Nobody here is called so; there are {', '.join(map(one_line, near))}.", err=True)
        click.echo("Which artists or genres do you like? Some of those here:", err=True)
        for place, (kind, name) in enumerate(shown, 1):
            click.echo(f"{place:>4}. {one_line(name)}{' (genre)' if kind == 'genre' else ''}", err=True)
        for _ in range(_TRIES):
            text = click.prompt("Numbers or names, commas between; Enter to skip", "", show_default=False, err=True)
            if not text.strip():
                return None
            try:
                artists, genres = either_named(connection, text, shown)
            except SeedNotClear as error:
                click.echo(str(error), err=True)
                continue
            return replace(before, artists=artists, genres=genres, told_at=int(time.time()))
    return None
