"""The options of every command that writes a list, and the one way in which it is written."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from recommender.answers import Answer

_Command = TypeVar("_Command", bound=Callable[..., Any])
FORMS = ("table", "json", "csv", "m3u8", "jspf", "uris")
_BY_SUFFIX = {".json": "json", ".csv": "csv", ".m3u8": "m3u8", ".m3u": "m3u8", ".jspf": "jspf", ".txt": "uris"}

_WRITING = (
    click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        help="How to write the list; default: by the name of --output; a table on the screen.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Short for --format json."),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write into a file, whole or not at all.",
    ),
    click.option("--force", is_flag=True, help="Let --output replace a file that exists."),
)


def writing_options(command: _Command) -> _Command:
    """Add the options of writing a list."""
    for option in reversed(_WRITING):
        command = option(command)
    return command


def form_of(options: dict[str, Any]) -> tuple[str, Path | None]:
    """Tell in which form to write, and into which file, None for stdout. Raises click.UsageError."""
    output: Path | None = None if options["output"] == Path("-") else options["output"]
    if options["as_json"] and options["form"] not in (None, "json"):
        raise click.UsageError(f"--json and --format {options['form']} are two forms: choose one")
    if output == Path():  # what an empty name becomes
        raise click.UsageError("name the file to write (-o FILE), or leave -o out")
    form = "json" if options["as_json"] else options["form"] or (form_told(output) if output else "table")
    if form is None:
        cure = "add --format, or end it in .m3u8, .jspf, .csv, .json or .txt"
        raise click.UsageError(f"the name {output.name if output else ''} tells no format: {cure}")
    return form, output


def write_list(
    answer: "Answer", options: dict[str, Any], made_at: int, *, title: str = "", heading: str = "", as_json: str = ""
) -> None:
    """Write a list as the options of writing ask for. Raises CannotWrite, and click.UsageError where they are unclear.

    made_at: seconds since 1970. title: what the list is called; heading: what stands above a table; as_json: what
    --json writes, where the list is more than an answer.
    """
    from recommender.writing.listing import is_playable, listing_of
    from recommender.writing.output import written
    from recommender.writing.whole_file import write_whole

    form, output = form_of(options)
    text = as_json if form == "json" and as_json else written(answer, form, made_at=made_at, title=title)
    if output is not None:
        write_whole(output, text, options["force"])
        count = len(answer.suggestions)
        click.echo(f"{output} holds {count:,} song{'s' * (count != 1)}", err=True)
    else:
        if form == "table" and answer.suggestions:
            click.echo(heading or f"Suggested by {answer.model}:", err=True)
        click.echo(text, nl=False)
    if form == "m3u8":
        say_left_out(sum(not is_playable(track) for track in listing_of(answer).tracks))


def form_told(path: Path) -> str | None:
    """Give the form that a file's name tells by its end; None where it tells none."""
    return _BY_SUFFIX.get(path.suffix.lower())


def say_left_out(count: int) -> None:
    """Say on stderr how many tracks of an m3u8 no player can find."""
    if count:
        click.echo(
            f"{count:,} track{'s' * (count != 1)} can be played by nobody, as neither a file nor a Spotify link is "
            f"known, and stand{'s' * (count == 1)} there as a comment only; csv, jspf and json hold them",
            err=True,
        )
