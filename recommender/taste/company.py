"""What goes with liked songs in playlists, to stand beside what a taste says of how songs are."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recommender.artifacts import models_folder
from recommender.errors import DamagedModel, NoSuchModel
from recommender.models.blend import levelled
from recommender.models.registry import YARDSTICKS
from recommender.scored import by_seeds
from recommender.shelf import Shelf
from recommender.standing import POPULARITY
from recommender.vocabulary import NOT_FOUND, Vocabulary

_LIKES = 100
"""So many likes, the latest, speak: more take longer than they tell."""


def levels(
    database: Path, connection: sqlite3.Connection, likes: Sequence[str], songs: Vocabulary
) -> tuple[np.ndarray, str]:
    """Tell how well songs go with likes by the best trained model: float32, shape (songs,), from 0 to 1; and its name.

    likes: raw ids, the latest first. All are 0 and the name is empty where no model can tell.
    """
    shelf = Shelf(models_folder(database))
    try:
        by, _ = shelf.choose(None)
        if by.name == POPULARITY or by.manifest.kind in YARDSTICKS:
            return np.zeros(len(songs), np.float32), ""
        scored = by_seeds(connection, by, likes[:_LIKES][::-1])
        numbers = by.vocabulary.numbers_of(songs)
    except (DamagedModel, NoSuchModel):
        return np.zeros(len(songs), np.float32), ""
    scores = np.where(numbers == NOT_FOUND, np.float32("nan"), scored.scores[numbers]).astype(np.float32)
    liked = songs.numbers(likes)
    found = levelled(scores, liked[liked != NOT_FOUND])
    return found, by.name if found.any() else ""
