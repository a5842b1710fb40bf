"""`segue evaluate --dials`: what its measuring shows."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from recommender.commands.kept_table import Keep
from recommender.errors import CannotTrain
from recommender.measures import dials_table as tables
from recommender.measures.bootstrap import draws
from recommender.measures.evaluate_dials import DialsMeasured, measure_dials
from recommender.measures.measuring import YARDSTICK, Entrant, Exam

_BOOTSTRAP = 3
"""The stream of chance from which the intervals come, as in those of the models' grades."""


def show_dials(
    exam: Exam, entrants: Sequence[Entrant], named: Sequence[str], report: Path | None, as_json: bool, keep: Keep
) -> int:
    """Measure one model, print the table or one object, and write the page.

    named: what a person named of the entrants, if anything; else the first that has a taste and can be trained is
    measured. Returns the exit code. Raises CannotTrain.
    """
    measured = _measured(exam, entrants, named, as_json or not sys.stderr.isatty())
    weights = draws(exam.n_playlists, np.random.default_rng((exam.seed, _BOOTSTRAP)))
    if report:
        from recommender.measures.dials_report import page

        (report / "index.html").write_text(page(exam, measured, weights), encoding="utf-8")
        click.echo(f"Written: {report / 'index.html'}", err=True)
    told = tables.dials_object(exam, measured, weights)
    keep("dials", told)
    if as_json:
        click.echo(json.dumps(told))
    else:
        read = "".join(f"{sentence}\n" for sentence in tables.readings(exam, measured, weights))
        parts = [tables.dials_table(exam, measured, weights), read, tables.about(exam, measured)]
        click.echo("\n".join(parts), nl=False)
    return 0


def _measured(exam: Exam, entrants: Sequence[Entrant], named: Sequence[str], hidden: bool) -> DialsMeasured:
    """Measure the one that was named, or the first that can be trained."""
    wanted = [one for one in entrants if one.kind and (one.name in named if named else one.kind != YARDSTICK)]
    if len(named) > 1 or not wanted:
        raise click.UsageError("--dials measures one model, which learns: name a kind, or leave it to Segue")
    for entrant in wanted[:-1]:
        try:
            return _with_bar(entrant, exam, hidden)
        except CannotTrain as refusal:
            click.echo(f"Note: {entrant.name} is not measured: {refusal}", err=True)
    return _with_bar(wanted[-1], exam, hidden)


def _with_bar(entrant: Entrant, exam: Exam, hidden: bool) -> DialsMeasured:
    with click.progressbar(length=1000, label=f"{entrant.name:<14}", file=sys.stderr, hidden=hidden) as bar:
        return measure_dials(entrant, exam, lambda share: bar.update(max(int(1000 * share) - bar.pos, 0)))
