"""What `segue serve --experiment` takes."""

from pathlib import Path

import click


def models_to_try(database: Path, names: str, *, remembers: bool, bandit: bool) -> tuple[str, ...]:
    """Read the models between commas; none where none are named. Raises click.UsageError, and NoSuchModel."""
    from recommender.artifacts import models_folder, read_manifest

    wanted = tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    if bandit and not wanted:
        raise click.UsageError("--bandit goes with --experiment A,B")
    if not wanted:
        return ()
    if len(wanted) < 2:
        raise click.UsageError("--experiment takes two models or more, such as hybrid,item-knn")
    if not remembers:
        raise click.UsageError("--experiment goes with --remember: without it nothing is known of what comes of it")
    for name in wanted:
        read_manifest(models_folder(database), name)
    return wanted
