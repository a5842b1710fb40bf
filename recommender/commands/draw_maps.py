"""What `segue train --map` does beyond training."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click


def draw_maps(database: Path, names: Sequence[str], seed: int, show: Callable[[str, float], None]) -> None:
    """Lay out the map of each model that has one, and say how many songs stand on it. Raises RecommenderError."""
    from recommender.artifacts import models_folder
    from recommender.maps.drawing import draw

    for name in names:
        n_songs = draw(models_folder(database), name, seed, lambda share, name=name: show(f"map of {name}", share))  # type: ignore[misc]
        if n_songs:
            click.echo(f"Note: the map of {name} holds its {n_songs:,} best known songs: segue serve", err=True)
