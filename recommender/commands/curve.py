"""`segue evaluate --curve`: what its measuring shows."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from recommender.commands.kept_table import Keep
from recommender.measures import curve_table as tables
from recommender.measures.bootstrap import draws
from recommender.measures.curve import KINDS, Line, draw_line, steps
from recommender.measures.measuring import Entrant, Exam

_BOOTSTRAP = 31
"""The stream of chance from which the intervals come."""


def usual(entrants: Sequence[Entrant]) -> list[Entrant]:
    """Keep what a curve has when nothing is named: both baselines, and what is trained fast enough for all sizes."""
    return [entrant for entrant in entrants if entrant.kind in (None, "popularity", *KINDS)]


def show_curve(
    exam: Exam, entrants: Sequence[Entrant], named: Sequence[str], report: Path | None, as_json: bool, keep: Keep
) -> int:
    """Measure each entrant at each size, print the table or one object, and write the page.

    named: what a person named, if anything; else only the entrants of a usual curve are measured. Returns the exit
    code: 1 where one that was named could be trained at no size.
    """
    entrants = entrants if named else usual(entrants)
    exams = steps(exam)
    hidden = as_json or not sys.stderr.isatty()
    lines = [_with_bar(entrant, exams, hidden) for entrant in entrants]
    for line in lines:
        for size, sentence in line.refused.items():
            click.echo(f"Note: {line.name} is not trained on {size:,} playlists: {sentence}", err=True)
    weights = draws(exam.n_playlists, np.random.default_rng((exam.seed, _BOOTSTRAP)))
    if report:
        from recommender.measures.curve_report import page

        (report / "index.html").write_text(page(exams, lines, weights), encoding="utf-8")
        click.echo(f"Written: {report / 'index.html'}", err=True)
    told = tables.as_object(exams, lines, weights)
    keep("curve", told)
    if as_json:
        click.echo(json.dumps(told))
    else:
        shown = (tables.curve_table, tables.beginnings)
        parts = [*(written(exams, lines, weights) for written in shown), tables.about(exams)]
        click.echo("\n".join(parts), nl=False)
    return int(bool(named) and not all(line.points for line in lines))


def _with_bar(entrant: Entrant, exams: dict[int, Exam], hidden: bool) -> Line:
    with click.progressbar(length=1000, label=f"{entrant.name:<14}", file=sys.stderr, hidden=hidden) as bar:
        return draw_line(entrant, exams, lambda share: bar.update(max(int(1000 * share) - bar.pos, 0)))
