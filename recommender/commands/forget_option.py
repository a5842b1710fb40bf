"""`segue purge --listener NAME`: what this house adds to the command of the database's."""

import copy
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from db.forgetting import Personal


def with_listener(command: click.Command) -> click.Command:
    """Let the command that removes an import or a source remove a person, too, with the models that hold them."""
    extended, purge = copy.copy(command), command.callback
    assert purge is not None
    option = click.Option(
        ["--listener"],
        metavar="NAME",
        help="Remove a person: plays, likes, what they named, and the models that hold them.",
    )
    extended.params = [*command.params, option]

    def callback(*, listener: str | None, **told: Any) -> Any:
        if listener is None:
            return purge(**told)
        if any(told[name] for name in ("number", "source", "expired", "keep_days", "suggested")):
            raise click.UsageError("--listener NAME is one purge, and anything else another: say one of them")
        _forget(click.get_current_context().obj, listener, told["yes"], told["as_json"])
        return None

    extended.callback = callback
    return extended


def _forget(database: Path, listener: str, yes: bool, as_json: bool) -> None:
    from recommender import catalogue
    from recommender.forgetting import drop_models, models_holding
    from recommender.lines import one_line
    from recommender.segments.people import refuse_nobody
    from recommender.taste import keeping

    with catalogue.open_reader(database) as connection:
        there, owned, unwiped = catalogue.of_person(connection, listener)
        models = models_holding(database, listener)
        has_taste = keeping.folder_of(database, listener).exists()
        if there.is_nobody and not (models or has_taste or unwiped):
            refuse_nobody(connection, listener)
    if not yes and not (there.is_nobody and not (models or has_taste)):
        _ask(one_line(listener), there, _kept(models, has_taste))
    # Models first: who is stopped between the two can run this again, as the person is still here.
    drop_models(database, models)
    has_taste = keeping.forget(database, listener) or has_taste
    gone, reason = catalogue.forget(database, listener, _say)
    notes = _notes(listener, owned, models, reason)
    if as_json:
        click.echo(
            json.dumps({"listener": listener, **asdict(gone), "models": models, "taste": has_taste, "notes": notes})
        )
        return
    click.echo(f"Removed {one_line(listener)}: {_listed(gone, _kept(models, has_taste)) or 'nothing was left of them'}")
    for line in notes:
        click.echo(line, err=True)


def _kept(models: list[str], has_taste: bool) -> list[str]:
    """Name what lies beside the database and is of a person."""
    return [*models, "taste"] if has_taste else models


def _notes(listener: str, owned: int, models: list[str], reason: str) -> list[str]:
    notes = []
    if models:
        notes.append(f"The models {', '.join(models)} held them and went with them: segue train makes them anew")
    if owned:
        are = "playlist names" if owned == 1 else "playlists name"
        notes.append(f"{owned:,} {are} {listener} as the owner and stay: segue purge --import or --source removes them")
    if reason:
        notes.append(f"Traces may be left in the bytes of the file ({reason}); run the same again after that")
    return notes


def _ask(name: str, there: "Personal", models: list[str]) -> None:
    """Have the person at the terminal agree to what goes; without one, say how a program agrees."""
    counts = _listed(there, models)
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.ClickException(f"this removes all that is here of {name} ({counts}): say --yes to agree to it")
    click.echo(f"This removes all that is here of {name}: {counts}.", err=True)
    click.confirm("Remove it?", abort=True, err=True)


def _listed(counts: "Personal", models: list[str]) -> str:
    words = {**asdict(counts), "models": len(models)}
    told = {name.replace("_", " "): count for name, count in words.items() if count}
    return ", ".join(f"{count:,} {name if count > 1 else name.removesuffix('s')}" for name, count in told.items())


def _say(sentence: str) -> None:
    """Tell a person at a terminal what takes long."""
    if sys.stderr is not None and sys.stderr.isatty():
        click.echo(sentence, err=True)
