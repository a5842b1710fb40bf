"""`segue tune`."""

import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.half_life import half_life_option

if TYPE_CHECKING:
    from recommender.commands.tune_table import Search
    from recommender.models.searches import Space
    from recommender.tuning import Ask, Held, Marks, Trial

_TRIALS = 30
_BOOTSTRAP, _DRAWS = 3, 4
"""Streams of chance, beside those of measuring."""
_STEPS = 1_000
_LATER = 75
"""The exit code that says: stopped, and not all that was asked for is done."""


@click.command()
@click.argument("model")
@click.option("--metric", metavar="NAME", help="The grade to search for. Default: NDCG@500, for next the hit rate@20.")
@click.option(
    "--protocol",
    type=click.Choice(["continuation", "next"]),
    default="continuation",
    show_default=True,
    help="What is asked, as in `segue evaluate`.",
)
@click.option(
    "--trials",
    type=click.IntRange(0),
    help=f"Draw so many settings. Default: {_TRIALS}, or with --minutes what fits into them.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    metavar="M",
    help="Draw no more when so many minutes would be over by the end; the usual settings and presets always come.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The number from which all chance follows."
)
@half_life_option
@click.option("--set", "-s", "changes", multiple=True, metavar="NAME=VALUE", help="An option that stays as it is set.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def tune(
    database: Path,
    model: str,
    metric: str | None,
    protocol: str,
    trials: int | None,
    minutes: float | None,
    seed: int,
    half_life: float | None,
    changes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Search the settings of a MODEL that suit your playlists: MODEL is a kind (docs/models.md).

    The usual settings, the presets and drawn ones are measured on validation playlists; the best again on others, by
    which they are chosen. The usual settings stay unless the gain is beyond chance. The playlists that `segue evaluate`
    tests on under the same --seed and --protocol are left alone, and nothing that is stored changes. Ctrl-C ends with
    what is known so far, and exit code 75.
    """
    from recommender.ageing import aged
    from recommender.commands.tune_table import Search
    from recommender.load import load
    from recommender.measures.measuring import prepare_turns
    from recommender.models.registry import reads_texts
    from recommender.tuning import AGAIN, USUAL

    starts, space, plain = _settings(model, changes)
    wanted = _metric(protocol, metric)
    if not space and len(starts) == 1:
        raise click.UsageError(f"there is nothing to search in {model}{' beside what is set' if changes else ''}")
    exams = prepare_turns(
        aged(load(database, texts=reads_texts([model]))[1], half_life), protocol, seed, 1 + len(AGAIN)
    )
    limit = 60 * minutes if minutes else None
    most = _TRIALS if trials is None and limit is None else trials
    task = Search(model, wanted, starts[USUAL], plain, exams, half_life)
    known = _Known(task, starts, space, most, limit)
    stopped = _run(known, hidden=as_json or not sys.stderr.isatty())
    _show(known, stopped, as_json)
    if stopped:
        click.get_current_context().exit(_LATER)


def _settings(model: str, changes: tuple[str, ...]) -> "tuple[dict[str, Any], Space, Any]":
    """Give the options to start with, what is searched, and the options when nothing is set."""
    from recommender.commands.train import option_words
    from recommender.errors import NoSuchModel, OptionNotKnown
    from recommender.models.options import options_of
    from recommender.models.registry import presets
    from recommender.models.searches import SEARCH
    from recommender.tuning import USUAL

    words = option_words(changes)
    try:
        starts = {USUAL: options_of(model, None, words)}
        starts |= {f"preset {name}": options_of(model, name, words) for name in presets(model)}
        plain = options_of(model, None, {})
    except (NoSuchModel, OptionNotKnown) as error:
        raise click.UsageError(str(error)) from error
    fixed = {name.replace("-", "_") for name in words}
    space = {name: room for name, room in SEARCH.get(model, {}).items() if name not in fixed}
    return starts, space, plain


def _metric(protocol: str, name: str | None) -> str:
    """Read a grade as the tables or as programs call it."""
    from recommender.measures.evaluate_table import LABELS
    from recommender.measures.protocols import PROTOCOLS

    there = PROTOCOLS[protocol]
    if name is None:
        return there.headline
    plain = name.lower().translate(str.maketrans("-@ ", "___"))
    if plain not in there.grades:
        known = ", ".join(f"{grade} ({LABELS[grade]})" for grade in there.grades)
        raise click.UsageError(f"there is no grade {name} in {protocol}: there are {known}")
    return plain


@dataclass
class _Known:
    """A search, and what is known so far."""

    task: "Search"
    starts: dict[str, Any]
    space: "Space"
    most: int | None
    """So many settings are drawn; None for what fits into the time."""
    limit: float | None
    """Seconds that all may take."""
    trials: "list[Trial]" = field(default_factory=list)
    held: "list[Held]" = field(default_factory=list)


def _run(known: _Known, hidden: bool) -> bool:
    """Search, and measure the best again; tells whether Ctrl-C ended it when something was known already."""
    import numpy as np

    from recommender.tuning import measured_again, search, way

    started = time.monotonic()

    def over(drawn: int, measured: int) -> float:
        return way(drawn, known.most, time.monotonic() - started, known.limit, measured)

    def late() -> bool:
        return known.limit is not None and time.monotonic() - started > known.limit

    rng = np.random.default_rng((known.task.exams[0].seed, _DRAWS))
    with click.progressbar(length=_STEPS, label=f"{known.task.kind:<14}", file=sys.stderr, hidden=hidden) as bar:

        def show(done: float) -> None:
            share = _share(known, done, time.monotonic() - started)
            bar.update(max(int(_STEPS * share) - bar.pos, 0))

        ask = _ask(known.task, show)
        try:
            for trial in search(known.starts, known.space, ask, rng, over):
                _take(known, trial, hidden)
            _say(f"The best are measured again on {known.task.n_again:,} other playlists", hidden)
            for one in measured_again(known.trials, ask, late):
                known.held.append(one)
        except KeyboardInterrupt:
            if not any(trial.marks for trial in known.trials):
                raise
            return True
    return False


def _ask(task: "Search", show: Callable[[float], None]) -> "Ask":
    """Give what measures options on a turn; show is told how many were, with the share of the present one."""
    from recommender.measures.measuring import Entrant, measure
    from recommender.tuning import Marks

    column = task.exams[0].protocol.grades.index(task.metric)
    done = 0

    def ask(options: Any, turn: int) -> "Marks":
        nonlocal done
        try:
            found = measure(Entrant(task.kind, task.kind, options), task.exams[turn], lambda share: show(done + share))
        finally:
            done += 1
        return Marks(task.sign * found.grades[:, column], found.training_seconds, found.milliseconds)

    return ask


def _share(known: _Known, done: float, seconds: float) -> float:
    """Tell how much of everything is over, by the number of trainings or by the clock."""
    from recommender.tuning import AGAIN, HANDFUL

    by_clock = seconds / known.limit if known.limit else 0.0
    if known.most is None:
        return min(by_clock, 1.0)
    searched = len(known.starts) + known.most
    return min(max(by_clock, done / (searched + len(AGAIN) * min(1 + HANDFUL, searched))), 1.0)


def _take(known: _Known, trial: "Trial", hidden: bool) -> None:
    from recommender.commands.tune_table import new_best

    before = max((one.mean for one in known.trials), default=-float("inf"))
    known.trials.append(trial)
    if trial.mean > before:
        _say(new_best(known.task, len(known.trials), trial), hidden)


def _say(text: str, hidden: bool) -> None:
    # The line takes the place of the bar, which is then drawn anew below it.
    click.echo(text if hidden else "\r" + text.ljust(shutil.get_terminal_size().columns - 1), err=True)


def _show(known: _Known, stopped: bool, as_json: bool) -> None:
    """Print the table and what is to be taken, or one object."""
    import numpy as np

    from recommender.commands import tune_table as tables
    from recommender.errors import CannotTrain
    from recommender.measures.bootstrap import draws
    from recommender.tuning import verdict

    task, trials, held = known.task, known.trials, known.held
    if not any(trial.marks for trial in trials):
        raise CannotTrain(f"none of {len(trials)} settings of {task.kind} can be trained: {trials[0].trouble}")
    weights = draws(task.n_again, np.random.default_rng((task.exams[0].seed, _BOOTSTRAP)))
    found = verdict(trials[0], held, weights)
    if stopped:
        click.echo("\nStopped: this is what is known so far.", err=True)
    if as_json:
        import json

        click.echo(json.dumps(tables.as_object(task, trials, held, found, stopped, weights)))
        return
    parts = [tables.table(task, trials, held, weights), tables.about(task, trials, held)]
    click.echo("\n".join([*parts, tables.advice(task, trials[0], found)]), nl=False)
