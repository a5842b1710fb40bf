"""`segue train`."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("model", nargs=-1)
@click.option("--preset", metavar="NAME", help="A named set of options, such as the ancestor's: article.")
@click.option("--set", "-s", "changes", multiple=True, metavar="NAME=VALUE", help="One option of the model.")
@click.option("--as", "name", metavar="NAME", help="Keep the model under this name beside the others.")
@click.option("--top-tracks", type=click.IntRange(2), help="knn-baseline: fit only so many of the most frequent tracks.")
@click.option("--seed", type=int, default=1, show_default=True, help="The number from which all chance follows.")
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
    seed: int,
    measure: bool,
    as_json: bool,
) -> None:
    """Learn from the playlists: MODEL is item-knn, word2vec, knn-baseline or popularity; all four without a name.

    Each ends with what it took and what it is worth: the share of held-out playlists of which one of its first ten
    suggestions was right (hit rate), after five seeds.
    """
    from recommender.jobs import plan, train_models
    from recommender.models.registry import KINDS

    kinds = list(model) or [kind for kind in KINDS]
    words = _words(changes)
    if top_tracks is not None:
        words["top_tracks"] = str(top_tracks)
    if len(kinds) > 1 and (name or preset):
        raise click.UsageError("--as and --preset go with one MODEL")
    jobs = plan(kinds, preset, words, name)
    done = []
    for manifest in train_models(database, jobs, seed, measure, int(time.time()), _bar(as_json)):
        done.append(manifest)
        if not as_json:
            click.echo(_line(manifest))
    if as_json:
        import json

        click.echo(json.dumps([{k: v for k, v in asdict(manifest).items() if k != "arrays"} for manifest in done]))


def _words(changes: tuple[str, ...]) -> dict[str, str]:
    words = {}
    for change in changes:
        option, sign, value = change.partition("=")
        if not sign:
            raise click.UsageError(f"--set takes NAME=VALUE, not {change!r}")
        words[option.strip()] = value.strip()
    return words


def _bar(quiet: bool) -> Any:
    """Give a progress callback: a bar on stderr for each model."""
    bars: dict[str, Any] = {}

    def show(name: str, share: float) -> None:
        if quiet:
            return
        if name not in bars:
            bars[name] = click.progressbar(length=1000, label=f"{name:<14}", file=click.get_text_stream("stderr"))
            bars[name].__enter__()
        bar = bars[name]
        bar.update(int(1000 * share) - bar.pos)
        if share >= 1:
            bar.__exit__(None, None, None)

    return show


def _line(manifest: Any) -> str:
    worth = manifest.worth
    measured = (
        f"hit rate@10 {worth['hit_rate_10']:.3f}, NDCG@500 {worth['ndcg_500']:.3f}, R-precision {worth['r_precision']:.3f}"
        if worth
        else "not measured"
    )
    notes = "".join(f"; {key} {value}" for key, value in manifest.notes.items())
    return f"{manifest.name:<14} {manifest.seconds:6.1f} s  {measured}{notes}"
