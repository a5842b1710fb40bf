"""`segue train`."""

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from recommender.commands.draw_maps import draw_maps
from recommender.commands.engine_options import Engine, engine_options
from recommender.commands.half_life import half_life_option

_SHORT = {"top_tracks": "knn-baseline", "fine_tune": "meaning"}
"""Options that need no --set, and whose they are."""
_ONE_SITTING = "1 sitting on the pages counts as a playlist"


@click.command()
@click.argument("model", nargs=-1)
@click.option("--preset", metavar="NAME", help="A named set of options, such as the ancestor's: article.")
@click.option("--set", "-s", "changes", multiple=True, metavar="NAME=VALUE", help="One option of the model.")
@click.option("--as", "name", metavar="NAME", help="Keep the model under this name beside the others.")
@click.option(
    "--top-tracks", type=click.IntRange(2), help="knn-baseline: fit only so many of the most frequent tracks."
)
@click.option("--fine-tune", is_flag=True, help="meaning: let the transformer learn from the playlists first.")
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The number from which all chance follows."
)
@half_life_option
@click.option(
    "--update",
    is_flag=True,
    help="Bring trained models, or those named, up to the playlists of today, each with its own options, unmeasured: "
    "what learns in rounds goes on from where it stands.",
)
@engine_options
@click.option("--map", "draws", is_flag=True, help="Lay out the map that `segue serve` shows, for each of them.")
@click.option("--measure/--no-measure", default=True, show_default=True, help="Measure it on held-out playlists.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def train(
    database: Path,
    model: tuple[str, ...],
    preset: str | None,
    changes: tuple[str, ...],
    name: str | None,
    top_tracks: int | None,
    fine_tune: bool,
    seed: int,
    half_life: float | None,
    update: bool,
    engine: Engine,
    draws: bool,
    measure: bool,
    as_json: bool,
) -> None:
    """Learn from the playlists: MODEL is a kind (docs/models.md); without one hybrid, and what stands in for it.

    Each ends with what it took and what it is worth: the share of held-out playlists of which one of its first ten
    suggestions was right (hit rate), after five seeds, or one where playlists are short; and whether it beats
    popularity on them (NDCG). `segue suggest` leans on those that do.
    """
    from recommender.updating import update_models

    engine.refuse_nonsense(model, update=update)
    bars: dict[str, Any] = {}
    short = _short(top_tracks=top_tracks, fine_tune=fine_tune or None)
    show, now = _bar(bars, hidden=as_json or not sys.stderr.isatty()), int(time.time())
    if not engine.data:  # what is learned from lies elsewhere then, and there need be no database
        _take_up_use(database, now)
    if update:
        _refuse_options(preset, changes, name, short, half_life)
        done, refused = _gathered(update_models(database, model, seed, now, show), bars)
    else:
        jobs = _jobs(model, preset, option_words(changes), name, short)
        how = (database, jobs, seed, measure, now, show, half_life)
        outcomes = _on_spark(engine, *how) if engine.is_spark else _here(*how)
        done, refused = _gathered(outcomes, bars, "Error" if model else "Note")
    _tell(done, update, as_json)
    if draws:
        draw_maps(database, [getattr(one, "manifest", one).name for one in done], seed, show)
        _close(bars)
    # What nobody named, such as a reader of titles where no playlist has one, may be missing while others stand.
    if refused and (model or update or not done):
        click.get_current_context().exit(1)


def _take_up_use(database: Path, now: int) -> None:
    """Let what was done on the pages count as playlists, where it is remembered (segue serve --remember)."""
    from recommender import catalogue

    count, changed = catalogue.take_up_use(database, now)
    if changed:
        told = f"{count:,} sittings on the pages count as playlists" if count > 1 else _ONE_SITTING
        told += " (`segue purge --source use` forgets them)"
        click.echo(f"Note: {told if count else 'nothing that was done on the pages counts any more'}", err=True)


def _here(database: Path, *how: Any) -> Iterable[Any]:
    """Train in this process, as recommender.jobs.train_models is told."""
    from recommender.jobs import train_models
    from recommender.load import takes_listeners

    if takes_listeners(database):
        click.echo("Note: no playlists here, so each listener's tracks count as one", err=True)
    return train_models(database, *how)


def _on_spark(engine: Engine, *how: Any) -> Iterable[Any]:
    """Train on Spark, as recommender.engines.spark.training.train_models is told."""
    from recommender.engines.spark import training

    learn: Callable[..., Iterable[Any]] = training.train_models
    return learn(*how, engine.master or training.HERE, engine.data)


def _gathered(outcomes: Iterable[Any], bars: dict[str, Any], refusal: str = "Error") -> tuple[list[Any], bool]:
    """Give what was done, and whether any model refused, which is told at once."""
    from recommender.errors import CannotTrain

    done, refused = [], False
    for outcome in outcomes:
        if isinstance(outcome, CannotTrain):
            refused = True
            _close(bars)
            click.echo(f"{refusal}: {outcome}", err=True)
        else:
            done.append(outcome)
    return done, refused


def _tell(done: list[Any], update: bool, as_json: bool) -> None:
    from recommender.commands import update_table

    if as_json:
        import json

        from recommender.commands.status import as_object

        as_told = update_table.as_object if update else as_object
        click.echo(json.dumps([as_told(one) for one in done]))
    elif done:
        click.echo(update_table.table(done) if update else _table(done), nl=False)


def _refuse_options(*given: object) -> None:
    if any(one not in (None, (), {}) for one in given):
        raise click.UsageError(
            "--update keeps each model's options: leave --preset, --set, --as, --top-tracks, --fine-tune and "
            "--half-life out, or train it in full"
        )


def _jobs(
    models: tuple[str, ...], preset: str | None, words: dict[str, str], name: str | None, short: dict[str, str]
) -> list[Any]:
    from recommender.errors import NoSuchModel, OptionNotKnown
    from recommender.jobs import plan
    from recommender.models.registry import USUAL, not_recommended

    kinds = models or USUAL
    if len(set(kinds)) > 1 and (name or preset or words):
        raise click.UsageError("--as, --preset and --set go with one MODEL")
    for option in short:
        if _SHORT[option] not in kinds:
            raise click.UsageError(f"--{option.replace('_', '-')} goes with {_SHORT[option]}")
    try:
        if why := not_recommended(kinds[0], preset):
            click.echo(f"Note: {kinds[0]}:{preset} is not recommended: {why}", err=True)
        return [
            job
            for kind in dict.fromkeys(kinds)
            for job in plan([kind], preset, words | {o: text for o, text in short.items() if _SHORT[o] == kind}, name)
        ]
    except (NoSuchModel, OptionNotKnown) as error:
        raise click.UsageError(str(error)) from error


def _short(**given: object) -> dict[str, str]:
    """Give as --set would those options of one kind that have a form of their own, where they were given."""
    return {option: str(value) for option, value in given.items() if value is not None}


def option_words(changes: tuple[str, ...]) -> dict[str, str]:
    """Read what --set took. Raises click.UsageError."""
    words = {}
    for change in changes:
        option, sign, value = change.partition("=")
        if not sign:
            raise click.UsageError(f"--set takes NAME=VALUE, not {change!r}")
        words[option.strip()] = value.strip()
    return words


def _bar(bars: dict[str, Any], hidden: bool) -> Any:
    """Give a progress callback: a bar on stderr for each model, None in bars when it is closed."""

    def show(name: str, share: float) -> None:
        if name not in bars:
            bars[name] = click.progressbar(length=1000, label=f"{name:<14}", file=sys.stderr, hidden=hidden)
            bars[name].__enter__()
        if bars[name]:
            bars[name].update(max(int(1000 * share) - bars[name].pos, 0))
            if share >= 1:
                _close(bars)

    return show


def _close(bars: dict[str, Any]) -> None:
    for name, bar in bars.items():
        if bar:
            bar.__exit__(None, None, None)
            bars[name] = None


def _table(done: list[Any]) -> str:
    from recommender.writing.output import columns

    rows = [("model", "seconds", "hit rate@10", "NDCG@500", "worth", "learned")]
    for manifest in done:
        learned = ", ".join(f"{name} {_number(value)}" for name, value in manifest.notes.items())
        rows.append((manifest.name, f"{manifest.seconds:.1f}", *_grades(manifest), learned))
    table = columns(rows, right=frozenset({1, 2, 3}))
    measured = [manifest.worth for manifest in done if manifest.worth]
    if not measured:
        return table
    n_playlists, n_seeds = (int(max(worth[name] for worth in measured)) for name in ("playlists", "seeds"))
    seeds = "five seeds" if n_seeds == 5 else "one seed" if n_seeds == 1 else f"{n_seeds} seeds"
    return (
        f"{table}hit rate@10 is the share of held-out playlists ({n_playlists:,} of them) of which one of the first "
        f"ten suggestions was right,\nafter {seeds}; worth sets NDCG@500, how high the right ones stand among 500, "
        f"beside that of popularity\n{_sample(measured)}"
    )


def _sample(measured: list[dict[str, float]]) -> str:
    """Say what was learned from where measuring on all would have taken as long as training."""
    sizes = {(worth["sample"], worth["sample_of"]) for worth in measured if "sample" in worth}
    return "".join(
        f"measured on models that learned from a sample of {learned:,} of {playlists:,} playlists; those that are kept "
        "learned from all\n"
        for learned, playlists in sorted(sizes)
    )


def _grades(manifest: Any) -> tuple[str, str, str]:
    if not manifest.worth:
        return "-", "-", "not measured"
    worth = manifest.worth
    told = "the yardstick" if manifest.kind == "popularity" else _beside_popularity(manifest)
    return f"{worth['hit_rate_10']:.3f}", f"{worth['ndcg_500']:.3f}", told


def _beside_popularity(manifest: Any) -> str:
    if manifest.below_popularity:
        return "below popularity on these playlists: suggest will not lean on it"
    own, popular = (manifest.worth[name] for name in ("ndcg_500", "popularity_ndcg_500"))
    told = f"{own / popular:.1f} times popularity" if popular else "above popularity"
    return told if manifest.worth["over_popularity_low"] > 0 else f"{told}, which may be chance"


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
