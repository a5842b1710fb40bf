"""`segue evaluate --protocol cold`: who is measured, and what it prints."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.kept_table import Keep

if TYPE_CHECKING:
    from recommender.corpus import Corpus
    from recommender.measures.cold_measuring import ColdExam, ColdMeasured
    from recommender.measures.measuring import Entrant
    from recommender.models.contract import Progress

    _Measure = Callable[[Entrant, ColdExam, Progress], ColdMeasured]
    _Each = Callable[[_Measure, Sequence[Entrant], ColdExam], list[ColdMeasured]]

_BOOTSTRAP = 3


def cold_kinds() -> tuple[str, ...]:
    """Give what is measured when nothing is named: the yardsticks, a model of playlists, what is light, the chain."""
    from recommender.measures.cold_chain import CHAIN, MAIN, light

    return ("artists", MAIN, *light(), CHAIN)


def chain_or_none(name: str) -> "Entrant | None":
    """Give the entrant of a chain by its name, "chain" or "chain:KIND"; None for others. Raises NoSuchModel."""
    from recommender.measures.cold_chain import CHAIN, chain_of

    return chain_of(name) if name.partition(":")[0] == CHAIN else None


def evaluate_cold(
    corpus: "Corpus",
    entrants: "Sequence[Entrant]",
    on: str,
    seed: int,
    cases: int | None,
    each: "_Each",
    report: Path | None,
    told: dict[str, Any] | None,
    keep: Keep,
) -> None:
    """Measure on tracks that are taken out, and print the tables or, with what else is told, one object.

    each: measures entrants by a function for one. told: None for people. Raises CannotTrain.
    """
    import numpy as np

    from recommender.measures.bootstrap import draws
    from recommender.measures.cold_chain import measured_or_chained
    from recommender.measures.cold_measuring import MOST_CASES, prepare_cold
    from recommender.measures.cold_table import as_object, tables, worth_of

    exam = prepare_cold(corpus, on, seed, cases or MOST_CASES)
    # A chain asks what was trained before it.
    in_order = sorted(entrants, key=lambda entrant: chain_or_none(entrant.name) is not None)
    measured = each(measured_or_chained, in_order, exam)
    rng = np.random.default_rng((seed, _BOOTSTRAP))
    as_seed = worth_of(measured, draws(len(exam.as_seeds), rng), lambda one: one.as_seed)
    as_answer = worth_of(measured, draws(len(exam.as_answers), rng), lambda one: one.as_answer)
    if report:
        from recommender.measures.cold_report import cold_page

        (report / "index.html").write_text(cold_page(exam, as_seed, as_answer), encoding="utf-8")
        click.echo(f"Written: {report / 'index.html'}", err=True)
    whole = as_object(exam, as_seed, as_answer)
    keep("cold", whole)
    if told is None:
        click.echo(tables(exam, as_seed, as_answer), nl=False)
    else:
        import json

        click.echo(json.dumps(whole | told))
