"""`segue taste train`."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recommender.commands.taste.thumbs import listener_option

if TYPE_CHECKING:
    from recommender.taste.contract import Grades, Report

_LEARNERS = ("decision-tree", "sgd", "svc", "random-forest", "neural-net")
_STEPS = 1000
_LEGEND = """ROC-AUC is how often a liked song is ranked above a disliked one, on songs of artists that were not learned
from; 95 of 100 is from where to where it lies when artists are drawn anew"""


@click.command()
@listener_option
@click.option(
    "--learners",
    metavar="NAMES",
    default=",".join(_LEARNERS),
    show_default=True,
    help="Those to try, with commas between.",
)
@click.option(
    "--without",
    type=click.Choice(["engineered", "genres", "popularity"]),
    multiple=True,
    help="What of a song it is not to learn from.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The number from which all chance follows."
)
@click.option("--json", "as_json", is_flag=True, help="The whole report as one JSON object for programs.")
@click.pass_obj
def train(database: Path, listener: str, learners: str, without: tuple[str, ...], seed: int, as_json: bool) -> None:
    """Learn what you like from what you said.

    Five learners are searched over their settings, and measured on songs of artists that they did not learn from; the
    simplest of the best is kept. `segue taste report` shows more of it.
    """
    names = [name.strip() for name in learners.split(",") if name.strip()]
    if not names or (unknown := [name for name in names if name not in _LEARNERS]):
        what = f"there is no learner {unknown[0]}" if names else "no learner is named"
        raise click.UsageError(f"{what}: there are {', '.join(_LEARNERS)}")
    from recommender import catalogue
    from recommender.taste import keeping
    from recommender.taste.learning import learn
    from recommender.taste.rows import Parts

    parts = Parts(**{name: name not in without for name in ("engineered", "genres", "popularity")})
    hidden = as_json or not sys.stderr.isatty()
    with (
        catalogue.open_reader(database) as connection,
        click.progressbar(length=_STEPS, label="learning", file=sys.stderr, hidden=hidden) as bar,
    ):
        learned = learn(
            connection,
            listener,
            seed,
            names,
            int(time.time()),
            lambda share: bar.update(int(share * _STEPS) - bar.pos),
            parts,
        )
    keeping.keep(database, learned)
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps(asdict(learned.report)))
    else:
        click.echo(_table(learned.report), nl=False)


def _table(report: "Report") -> str:
    from recommender.writing.output import columns

    rows = [("learner", "sampling", "ROC-AUC", "95 of 100", "F1", "accuracy", "seconds")]
    rows += [
        (
            ("* " if one == report.best else "  ") + one.learner,
            one.sampling,
            *_numbers(one.grades),
            f"{one.seconds:.1f}",
        )
        for one in report.tried
    ]
    rows += [(f"  {name}", "", *_numbers(grades), "") for name, grades in report.baselines.items()]
    amounts = f"{report.likes:,} likes and {report.dislikes:,} dislikes of {report.artists:,} artists"
    lines = [f"learned from {amounts} in {report.seconds:.0f} seconds"]
    lines += [f"left out: {count:,} {why}" for why, count in report.dropped.items()]
    lines += [f"* {report.why}"] + ([f"unsure: {report.unsure}"] if report.unsure else []) + [_LEGEND]
    return columns(rows, right=frozenset(range(2, 7))) + "\n".join(lines) + "\n"


def _numbers(grades: "Grades") -> tuple[str, str, str, str]:
    low, high = grades.auc_interval
    return f"{grades.roc_auc:.3f}", f"{low:.2f} to {high:.2f}", f"{grades.f1:.3f}", f"{grades.accuracy:.3f}"
