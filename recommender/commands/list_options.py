"""The options of every command that makes a list, and the one road on which it is made, written and remembered."""

import math
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from recommender.commands.filter_options import filter_options, filters_of
from recommender.commands.seed_names import seed_id
from recommender.commands.writing_options import form_of, write_list, writing_options

if TYPE_CHECKING:
    from recommender.answers import Answer

_Command = TypeVar("_Command", bound=Callable[..., Any])
_PLAIN_TOO = frozenset({"most", "model", "form", "as_json", "output", "force"})
"""What goes with --plain: the other options choose, and the model's own order leaves nothing to choose."""
REMEMBERED = 100
"""So many of a list count as heard of for --fresh: nobody looks through more."""


def _number(_ctx: click.Context, _parameter: click.Parameter, value: float) -> float:
    if math.isnan(value):  # a range lets it through
        raise click.BadParameter("nan is no number")
    return value


_CHOOSING = (
    click.option("-n", "most", type=click.IntRange(1), default=10, show_default=True, help="How many suggestions."),
    click.option("--model", metavar="NAME", help="A trained model; without it the best there is."),
    click.option(
        "--unlike",
        metavar="TRACK",
        multiple=True,
        help="Keep away from what goes with this, and from its artist where no track to go by has the same; several "
        "times.",
    ),
    click.option(
        "--popularity",
        type=click.FloatRange(-1, 1),
        default=0.0,
        metavar="DIAL",
        callback=_number,
        help="From -1, hidden gems, to 1, hits; 0 is as the model orders.",
    ),
    click.option(
        "--diversity",
        type=click.FloatRange(0, 1),
        default=0.0,
        metavar="DIAL",
        callback=_number,
        help="From 0, as the model orders, to 1, as unlike each other as can be.",
    ),
    click.option(
        "--per-artist",
        type=click.IntRange(0),
        default=3,
        show_default=True,
        help="At most so many by one artist; 0 for any.",
    ),
    click.option("--versions", is_flag=True, help="Let other versions of the seeds and of each other come too."),
    click.option("--unheard", is_flag=True, help="Nothing that was played before."),
    click.option(
        "--listener",
        metavar="NAME",
        help="By whom, for --unheard; needed where the plays of several are stored. Of `suggest` without a TRACK: for "
        "whom.",
    ),
    click.option("--fresh", is_flag=True, help="Nothing that was suggested here within the last 30 days."),
    click.option("--vary", type=click.IntRange(0), metavar="NUMBER", help="Another good list for each number."),
    click.option(
        "--order",
        type=click.Choice(("best", "smooth")),
        default="best",
        show_default=True,
        help="Best first, or so that key, tempo and energy flow.",
    ),
    click.option("--why", is_flag=True, help="Under each song the reasons, each with the query that proves it."),
)


def list_options(command: _Command) -> _Command:
    """Add the options of choosing, filtering and writing a list."""
    command = filter_options(writing_options(command))
    for option in reversed(_CHOOSING):
        command = option(command)
    return command


def refuse_beside_plain(options: Collection[str]) -> None:
    """Refuse what chooses, where a person gave it beside --plain. Raises click.UsageError.

    options: the names of those that list_options gave the command.
    """
    ctx = click.get_current_context()
    for parameter in ctx.command.params:
        name = str(parameter.name)
        given = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if given and name in options and name not in _PLAIN_TOO:
            called = "/".join([*parameter.opts, *parameter.secondary_opts])
            raise click.UsageError(f"--plain is the model's own order, in which {called} cannot count: leave one out")


def say_unknown(answer: "Answer") -> None:
    """Say on stderr which seeds cannot help."""
    for unknown in answer.unknown:
        click.echo(f"{unknown} stands in no playlist here, so it cannot help", err=True)


def make_list(
    database: Path,
    seeds: Sequence[str],
    options: dict[str, Any],
    *,
    say: Callable[["Answer"], None] = say_unknown,
    called: str = "",
    without: Collection[str] = (),
    answering: "Callable[..., Answer] | None" = None,
    **more: Any,
) -> "Answer":
    """Make the list that the options ask for, say on stderr what is to be said, write it, and remember what was in it.

    seeds: raw ids, oldest first. options: what list_options gave the command. say: what is said before the notes.
    called: what it goes by, for the list's title; the seeds where it is empty. without: raw ids that may not come.
    answering: makes the answer instead of Suggester.answer, whose arguments it gets. more: further wishes. Raises
    click.UsageError for options that do not go together, and what Suggester.answer does.
    """
    from recommender import catalogue
    from recommender.suggest import Suggester

    form_of(options)  # before it takes time, in case that it is not clear
    filters, now = filters_of(options), int(time.time())
    unlike, lately = _kept_away(database, seeds, options, now)
    answer = (answering or Suggester.answer)(
        Suggester.open(database),
        seeds,
        options["most"],
        options["model"],
        filters=filters,
        unlike=unlike,
        without=lately.union(without),
        per_artist=options["per_artist"] or None,
        unheard=(options["listener"] or "") if options["unheard"] else None,
        **{name: options[name] for name in ("popularity", "diversity", "versions", "vary", "order", "why")},
        **more,
    )
    say(answer)
    for note in answer.notes:
        click.echo(f"Note: {note}", err=True)
    if answer.suggestions or options["output"] is None:
        write_list(answer, options, now, title=f"After {called or _names(database, seeds)}")
    catalogue.remember(database, [song.track_id for song in answer.suggestions[:REMEMBERED]], now)
    if not answer.suggestions:
        raise click.exceptions.Exit(1)
    return answer


def _names(database: Path, seeds: Sequence[str]) -> str:
    """Name the first seed, and count the others."""
    from recommender import catalogue

    with catalogue.open_reader(database) as connection:
        songs = catalogue.songs(connection, seeds[:1])
    name = next((song.name for song in songs.values() if song.name), "a song")
    return name + (f" and {len(seeds) - 1:,} more" if len(seeds) > 1 else "")


def _kept_away(
    database: Path, seeds: Sequence[str], options: dict[str, Any], now: int
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Give the raw ids of what is not liked, and of what was suggested lately."""
    from recommender import catalogue

    if options["listener"] is not None and not options["unheard"]:
        raise click.UsageError("--listener goes with --unheard")
    with catalogue.open_reader(database) as connection:
        unlike = tuple(seed_id(connection, words) for words in options["unlike"])
        if not set(unlike).isdisjoint(seeds):
            raise click.UsageError("--unlike names a track that is to be gone by: leave one of the two out")
        return unlike, catalogue.lately(connection, now) if options["fresh"] else frozenset()
