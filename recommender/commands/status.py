"""`segue status`."""

import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def status(database: Path, as_json: bool) -> None:
    """Show the imports, the models with age, worth and whether they are stale, and what crawling knows."""
    from recommender import catalogue
    from recommender.artifacts import Manifest, model_names, models_folder, read_manifest
    from recommender.artifacts import damaged as told_damaged
    from recommender.commands import crawl_status
    from recommender.errors import DamagedModel

    models: list[Manifest] = []
    damaged: list[str] = []
    with catalogue.open_reader(database) as connection:
        imports, mark = catalogue.imports(connection), catalogue.content_mark(connection)
        crawl = catalogue.crawl_facts(connection)
    for name in model_names(models_folder(database)):
        try:
            manifest = read_manifest(models_folder(database), name)
            if not _can_be_shown(manifest):
                raise DamagedModel(told_damaged(models_folder(database) / name, "its manifest.json is not one of ours"))
            models.append(manifest)
        except DamagedModel as error:
            damaged.append(str(error))
    if as_json:
        import json

        told = [{**as_object(m), "stale": m.content != mark} for m in models]
        keys = ("number", "source", "place", "started_at")
        rows = [dict(zip(keys, row, strict=True)) for row in imports]
        whole = {"database": str(database), "imports": rows, "models": told, "damaged": damaged}
        click.echo(json.dumps({**whole, "crawl": crawl_status.as_dict(crawl, time.time())}))
        return
    _show_imports(imports)
    _show_models(models, mark)
    if crawl.any:
        click.echo("\n" + "\n".join(crawl_status.lines(crawl, time.time())))
    for line in damaged:
        click.echo(f"Note: {line}", err=True)


def as_object(manifest: Any) -> dict[str, Any]:
    """Give a manifest as plain values for JSON, without what only reading it needs."""
    told = {name: value for name, value in asdict(manifest).items() if name != "arrays"}
    return told | {"below_popularity": manifest.below_popularity}


def _can_be_shown(manifest: Any) -> bool:
    """Tell whether a manifest's time is one of a calendar, and its grades are numbers that can be written."""
    try:
        time.localtime(manifest.trained_at)
        return all(math.isfinite(grade) for grade in [manifest.seconds, *manifest.worth.values()])
    except (OverflowError, ValueError, OSError):
        return False


def _show_imports(imports: list[tuple[int, str, str, int]]) -> None:
    from recommender.lines import one_line
    from recommender.writing.output import columns

    rows = [("import", "source", "when", "from")]
    rows += [
        (str(n), source, time.strftime("%Y-%m-%d %H:%M", time.localtime(at)), one_line(place))
        for n, source, place, at in imports
    ]
    click.echo(columns(rows, right=frozenset({0})) if imports else "nothing is imported yet: segue import FOLDER\n")


def _show_models(models: list[Any], mark: str) -> None:
    from recommender.writing.output import columns

    if not models:
        click.echo("no model is trained yet: segue train")
        return
    rows = [("model", "trained", "playlists", "hit rate@10", "state")]
    for m in models:
        worth = f"{m.worth['hit_rate_10']:.3f}" if "hit_rate_10" in m.worth else "not measured"
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(m.trained_at))
        state = "fresh" if m.content == mark else "stale: the playlists changed since (segue train)"
        below = "; below popularity, so suggest does not lean on it" if m.below_popularity else ""
        rows.append((m.name, when, f"{m.playlists:,}", worth, state + below))
    click.echo(columns(rows, right=frozenset({2, 3})), nl=False)
