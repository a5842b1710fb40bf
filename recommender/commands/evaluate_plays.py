"""`segue evaluate --protocol plays`: its options, and what it prints."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.kept_table import Keep

if TYPE_CHECKING:
    from recommender.corpus import Corpus
    from recommender.measures.measuring import Entrant
    from recommender.measures.plays_measuring import Choice, PlaysExam, PlaysMeasured
    from recommender.measures.plays_worth import Worth
    from recommender.models.contract import Progress

    _Measure = Callable[[Entrant, PlaysExam, Progress], PlaysMeasured]
    _Each = Callable[[_Measure, Sequence[Entrant], PlaysExam], list[PlaysMeasured]]

_BOOTSTRAP = 3
_LONG = 240.0
"""Seconds: after a split that took so long the other one is left for a run of its own."""
_PRESETS = ("million-song",)
_THRESHOLD, _CONFIDENCE = 1.5, 2.5
"""Those of the Million Song study: 5 and 13 plays or more."""


def plays_options() -> list[click.Parameter]:
    """Give the options that go with --protocol plays alone; each is None or off where it is not given."""
    return [
        click.Option(["--preset"], type=click.Choice(_PRESETS), help="plays: a named population of listeners."),
        _option("--min-plays", click.IntRange(1), "N", "plays: listeners of so many plays. Default: 10."),
        _option("--min-tracks", click.IntRange(1), "N", "plays: listeners of so many different tracks. Default: 5."),
        _option("--min-mean", click.FloatRange(0), "X", "plays: over so many plays a track, on the mean. Default: 0."),
        _option(
            "--threshold",
            click.FloatRange(0),
            "X",
            f"plays: the rating, ln(plays), from which on a track is liked. Default: {_THRESHOLD}.",
        ),
        _option(
            "--confidence",
            click.FloatRange(0),
            "X",
            f"plays: the rating from which on it surely is. Default: {_CONFIDENCE}.",
        ),
        click.Option(
            ["--by-chance", "split"], flag_value="chance", help="plays: hold out a drawn fifth of each listener's."
        ),
        click.Option(
            ["--by-time", "split"],
            flag_value="time",
            help="plays: hold out the latest fifth. Default: both, where times are known, if it is quick.",
        ),
    ]


def _option(name: str, kind: "click.ParamType[Any]", metavar: str, about: str) -> click.Option:
    return click.Option([name], type=kind, metavar=metavar, help=about)


def choice_of(given: dict[str, Any], on: str, seed: int, cases: int | None) -> "tuple[Choice, str | None]":
    """Turn the options into what is wanted, and the split: what is given goes over the preset, this over the usual."""
    from recommender.measures.plays_measuring import MOST_LISTENERS, Choice
    from recommender.measures.population import POPULATIONS, USUAL

    named = {name: given[name] for name in ("min_plays", "min_tracks", "min_mean") if given[name] is not None}
    population = replace(POPULATIONS[given["preset"]] if given["preset"] else USUAL, **named)
    threshold, confidence = (
        usual if given[name] is None else given[name]
        for name, usual in (("threshold", _THRESHOLD), ("confidence", _CONFIDENCE))
    )
    return Choice(population, threshold, confidence, on, seed, cases or MOST_LISTENERS), given["split"]


def evaluate_plays(
    corpus: "Corpus",
    entrants: "Sequence[Entrant]",
    choice: "Choice",
    way: str | None,
    each: "_Each",
    report: Path | None,
    told: dict[str, Any] | None,
    keep: Keep,
) -> None:
    """Measure on every split that is wanted, and print the tables or, with what else is told, one object.

    way: "chance", "time", or None for both where both can be, and the first does not take long. each: measures
    entrants on one split, by a function for one. told: None for people. Raises CannotTrain.
    """
    from recommender.measures.measuring import Entrant
    from recommender.measures.plays_measuring import MEANS, measure_plays
    from recommender.measures.plays_table import about, as_object, population_line, split_tables

    prepared, started = _exams(corpus, choice, way), time.monotonic()
    exams: list[PlaysExam] = []
    worths = []
    for exam in prepared:
        if exams and (took := time.monotonic() - started) > _LONG:
            click.echo(
                f"Note: by {exams[0].by} took {took / 60:.0f} minutes; --by-{exam.by} measures the rest", err=True
            )
            break
        if told is None and not exams:
            click.echo(population_line(choice, exam.all, exam.kept), nl=False)
        exams.append(exam)
        worths.append(_worth(exam, each(measure_plays, [Entrant(MEANS), *entrants], exam)))
        if told is None:
            click.echo("\n" + split_tables(exam, worths[-1]), nl=False)
    whole = as_object(exams, worths)
    keep("plays", whole)
    if told is None:
        click.echo("\n" + about(), nl=False)
    else:
        click.echo(json.dumps(whole | told))
    if report:
        from recommender.measures.plays_report import plays_page

        (report / "index.html").write_text(plays_page(exams, worths), encoding="utf-8")
        click.echo(f"Written: {report / 'index.html'}", err=True)


def _exams(corpus: "Corpus", choice: "Choice", way: str | None) -> "list[PlaysExam]":
    """Prepare every split before the long part; of two one may be impossible, unless it was asked for by name."""
    from recommender.errors import CannotTrain
    from recommender.measures.plays_measuring import prepare_plays, ways_to_split

    exams = []
    for by in ways_to_split(corpus, way):
        try:
            exams.append(prepare_plays(corpus, choice, by))
        except CannotTrain as refusal:
            if not exams:
                raise
            click.echo(f"Note: not measured by {by}: {refusal}", err=True)
    return exams


def _worth(exam: "PlaysExam", measured: "Sequence[PlaysMeasured]") -> "list[Worth]":
    import numpy as np

    from recommender.measures.bootstrap import draws
    from recommender.measures.plays_worth import worth_of

    rng = np.random.default_rng((exam.choice.seed, _BOOTSTRAP))
    return worth_of(measured, draws(len(exam.listeners), rng))
