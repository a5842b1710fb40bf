"""`segue evaluate`."""

import itertools
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from recommender.commands.evaluate_cold import chain_or_none, cold_kinds, evaluate_cold
from recommender.commands.evaluate_plays import choice_of, evaluate_plays, plays_options
from recommender.commands.half_life import half_life_option
from recommender.commands.kept_table import Keep, keeper

if TYPE_CHECKING:
    from recommender.corpus import Corpus
    from recommender.measures.measuring import Entrant, Exam, Measured
    from recommender.models.contract import Progress

_Exam = TypeVar("_Exam")
_Worth = TypeVar("_Worth")
_COSTLY = {
    "knn-baseline": "it takes long, and gigabytes of memory",
    "meaning": "it reads for long, and needs weights from elsewhere",
}
"""Kinds that are measured only when they are named, and why."""
_BOOTSTRAP = 3
_MOST_SEEDS = 1_000


def _numbers(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[int, ...] | None:
    """Read whole numbers with commas between."""
    words = [] if text is None else text.split(",")
    if not all(word.strip().isdecimal() and int(word) <= _MOST_SEEDS for word in words):
        raise click.BadParameter(f"{text!r} is not a list of whole numbers from 0 to {_MOST_SEEDS}, such as 1,5,10,25")
    numbers = tuple(map(int, words))
    if numbers and not any(numbers):
        raise click.BadParameter("0, the title alone, is asked beside other numbers, such as 0,1,5")
    return numbers or None


@click.command()
@click.argument("model", nargs=-1)
@click.option(
    "--protocol",
    type=click.Choice(["continuation", "next", "plays", "cold"]),
    default="continuation",
    show_default=True,
    help="Complete a playlist from a few seeds, tell the track that follows each beginning, how often somebody "
    "plays what, or what goes with songs that no playlist holds.",
)
@click.option(
    "--on",
    type=click.Choice(["test", "validation"]),
    default="test",
    show_default=True,
    help="The part to be measured on; who chooses settings takes validation, so that the test stays fair.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The number from which all chance follows."
)
@click.option(
    "--seeds-of",
    metavar="N,N",
    callback=_numbers,
    help="How many seeds are given; 0: the title alone. Default: 0,1,5,10,25.",
)
@click.option("--random-seeds", is_flag=True, help="Give drawn tracks of each playlist instead of its first ones.")
@click.option("--cases", type=click.IntRange(1), help="Measure on so many playlists, listeners or tracks, at most.")
@half_life_option
@click.option("--by-seeds", is_flag=True, help="One more table, with a row for each number of seeds.")
@click.option("--curve", is_flag=True, help="Learn from 30, 100, 300, 1,000 and all playlists, to be measured on 200.")
@click.option("--dials", is_flag=True, help="What popularity, diversity and vary do to the lists of one model.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a page of pictures to index.html in this folder.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def evaluate(
    database: Path,
    /,
    model: tuple[str, ...],
    protocol: str,
    on: str,
    seed: int,
    seeds_of: tuple[int, ...] | None,
    random_seeds: bool,
    cases: int | None,
    half_life: float | None,
    by_seeds: bool,
    curve: bool,
    dials: bool,
    report: Path | None,
    as_json: bool,
    **of_plays: Any,
) -> None:
    """Measure what models are worth on your playlists: MODEL is a kind, or KIND:PRESET; without one, all that are fast.

    Each learns from a part of the playlists and is asked about others, beside popularity and the seeds' artists' best
    known tracks. With --protocol plays each learns from a part of what your listeners played, and is asked for the
    rest; with --protocol cold about tracks that were taken out of all playlists, beside the chain of what stands in for
    them (MODEL chain, or chain:KIND). Nothing that is stored changes; the last table of each kind is kept beside the
    models, for `segue serve` to show.
    """
    from recommender.measures.measuring import measure, prepare

    _refuse_strangers(protocol, bool(seeds_of or random_seeds), (by_seeds, curve, dials), of_plays)
    entrants = _entrants(model, protocol)
    corpus, keep = _corpus(database, protocol, half_life, entrants)
    _make(report)
    if curve or dials:
        show, usual_cases = _shower(curve)
        exam = prepare(corpus, protocol, on, seed, seeds_of, random_seeds, cases or usual_cases)
        click.get_current_context().exit(show(exam, entrants, model, report, as_json, keep))
    left_out = {} if model or protocol == "cold" else _say_left_out()
    refused: dict[str, str] = {}
    told = {"left_out": left_out, "refused": refused, "half_life_days": half_life} if as_json else None
    each = partial(_measured, refused, as_json or not sys.stderr.isatty())
    if protocol == "plays":
        evaluate_plays(corpus, entrants, *choice_of(of_plays, on, seed, cases), each, report, told, keep)
    elif protocol == "cold":
        evaluate_cold(corpus, entrants, on, seed, cases, each, report, told, keep)
    else:
        exam = prepare(corpus, protocol, on, seed, seeds_of, random_seeds, cases)
        _show(exam, each(measure, entrants, exam), by_seeds, report, told, keep)
    click.get_current_context().exit(1 if refused and model else 0)


evaluate.params[-1:-1] = plays_options()


def _make(report: Path | None) -> None:
    """Make the folder of the page before the long part, in case it cannot be."""
    if report:
        report.mkdir(parents=True, exist_ok=True)


def _shower(curve: bool) -> "tuple[Callable[..., int], int | None]":
    """Give what shows the curve, or the dials, and on how many playlists that is measured at most."""
    from recommender.commands.curve import show_curve
    from recommender.commands.dials import show_dials
    from recommender.measures.curve import CASES

    return (show_curve, CASES) if curve else (show_dials, None)


def _refuse_strangers(
    protocol: str, of_continuation: bool, wanted: tuple[bool, bool, bool], of_plays: dict[str, Any]
) -> None:
    """Refuse options of another protocol, or that do not go together. wanted: --by-seeds, --curve and --dials."""
    views = list(itertools.compress(("--by-seeds", "--curve", "--dials"), wanted))
    if len(views) > 1:
        raise click.UsageError(f"{views[0]} does not go with {views[1]}")
    if protocol in ("plays", "cold") and "--curve" in views:
        raise click.UsageError(f"--protocol {protocol} does not go with --curve")
    if protocol != "continuation" and (of_continuation or {"--by-seeds", "--dials"}.intersection(views)):
        raise click.UsageError("--seeds-of, --random-seeds, --by-seeds and --dials go with --protocol continuation")
    if protocol != "plays" and any(value is not None for value in of_plays.values()):
        raise click.UsageError("--preset, --min-plays, --threshold and their like go with --protocol plays")


def _corpus(
    database: Path, protocol: str, half_life: float | None, entrants: "Sequence[Entrant]"
) -> "tuple[Corpus, Keep]":
    """Read what to measure on, weighed by age, and give what keeps its table; say where baskets stand for playlists."""
    from recommender.ageing import aged
    from recommender.load import load
    from recommender.models.registry import reads_texts

    if protocol == "plays" and half_life is not None:
        raise click.UsageError("--half-life goes with --protocol continuation or next, where plays are not the truth")
    texts = protocol == "cold" or reads_texts(entrant.kind or "" for entrant in entrants)
    mark, corpus = load(database, texts=texts)
    if corpus.of_listeners and protocol != "plays":
        click.echo("Note: no playlists here, so each listener's tracks count as one", err=True)
    return aged(corpus, half_life), keeper(click.get_current_context(), database, mark)


def _say_left_out() -> dict[str, str]:
    for kind, why in _COSTLY.items():
        click.echo(f"Note: {kind} is left out ({why}); name it to measure it", err=True)
    return _COSTLY


def _entrants(models: tuple[str, ...], protocol: str) -> "list[Entrant]":
    """Give the yardstick, the same-artist baseline and what is to be measured, each once."""
    from recommender.errors import NoSuchModel, OptionNotKnown
    from recommender.measures.measuring import SAME_ARTIST, YARDSTICK, Entrant
    from recommender.models.options import options_of
    from recommender.models.registry import KINDS, not_recommended

    light = cold_kinds() if protocol == "cold" else [kind for kind in KINDS if kind not in _COSTLY]
    names = models or light
    entrants = [Entrant(SAME_ARTIST)]
    try:
        for name in dict.fromkeys([YARDSTICK, *names]):
            kind, _, preset = name.partition(":")
            if protocol == "cold" and (chain := chain_or_none(name)):
                entrants.append(chain)
            elif name != SAME_ARTIST:
                entrants.append(Entrant(name, kind, options_of(kind, preset or None, {})))
                if why := not_recommended(kind, preset):
                    click.echo(f"Note: {name} is not recommended: {why}", err=True)
    except (NoSuchModel, OptionNotKnown) as error:
        raise click.UsageError(str(error)) from error
    return entrants


def _measured(
    refused: dict[str, str],
    hidden: bool,
    measure: "Callable[[Entrant, _Exam, Progress], _Worth]",
    entrants: "Sequence[Entrant]",
    exam: _Exam,
) -> list[_Worth]:
    """Measure one after another under a bar; what one refuses stops no other."""
    from recommender.errors import CannotTrain

    measured = []
    for entrant in entrants:
        try:
            with click.progressbar(length=1000, label=f"{entrant.name:<14}", file=sys.stderr, hidden=hidden) as bar:
                measured.append(measure(entrant, exam, partial(_show_on, bar)))
        except CannotTrain as refusal:
            refused[entrant.name] = str(refusal)
            click.echo(f"Error: {entrant.name} is not measured: {refusal}", err=True)
    return measured


def _show_on(bar: Any, share: float) -> None:
    bar.update(max(int(1000 * share) - bar.pos, 0))


def _show(
    exam: "Exam",
    measured: "list[Measured]",
    by_seeds: bool,
    report: Path | None,
    told: dict[str, Any] | None,
    keep: Keep,
) -> None:
    """Print the tables or, with what else is told, one object; keep that, and write the page."""
    import numpy as np

    from recommender.measures import evaluate_table as tables
    from recommender.measures.bootstrap import draws
    from recommender.measures.measuring import YARDSTICK

    weights = draws(exam.n_playlists, np.random.default_rng((exam.seed, _BOOTSTRAP)))
    yardstick = next(one.grades for one in measured if one.name == YARDSTICK)
    if report:
        from recommender.measures.evaluate_report import page

        (report / "index.html").write_text(page(exam, measured, weights, yardstick), encoding="utf-8")
        click.echo(f"Written: {report / 'index.html'}", err=True)
    whole = tables.as_object(exam, measured, weights, yardstick)
    keep(exam.protocol.name, whole)
    if told is not None:
        import json

        click.echo(json.dumps(whole | told))
        return
    parts = [tables.grade_table(exam, measured, weights, yardstick)]
    if by_seeds:
        parts.append(tables.seeds_table(exam, measured))
    elif tables.reads_titles(measured):
        parts.append(tables.title_table(exam, measured))
    parts += [tables.character_table(exam, measured), tables.about(exam)]
    click.echo("\n".join(parts), nl=False)
