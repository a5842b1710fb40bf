"""The models there are. Each is imported when it is asked for, so that suggesting starts fast."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from recommender.errors import NoSuchModel
from recommender.models.contract import Model
from recommender.models.ranges import Choices, Ranges

_MODELS = {
    "hybrid": ("recommender.models.hybrid", "Hybrid"),
    "word2vec": ("recommender.models.word2vec", "Word2Vec"),
    "item-knn": ("recommender.models.item_knn", "ItemKNN"),
    "trees": ("recommender.models.trees", "Trees"),
    "als": ("recommender.models.als", "ALS"),
    "playlist-knn": ("recommender.models.playlist_knn", "PlaylistKNN"),
    "artists": ("recommender.models.artists", "Artists"),
    "user-knn": ("recommender.models.user_knn", "UserKNN"),
    "item-knn-basic": ("recommender.models.item_knn_basic", "ItemKNNBasic"),
    "title": ("recommender.models.title", "Title"),
    "sequence": ("recommender.models.sequence", "Sequence"),
    "svd": ("recommender.models.svd", "SVD"),
    "clusters": ("recommender.models.clusters", "Clusters"),
    "knn-baseline": ("recommender.models.knn_baseline", "KNNBaseline"),
    "audio": ("recommender.models.audio", "Audio"),
    "meaning": ("recommender.models.meaning", "Meaning"),
    "text": ("recommender.models.text", "Text"),
    "genre": ("recommender.models.genre", "Genre"),
    "popularity": ("recommender.models.popularity", "Popularity"),
    "rank": ("recommender.models.rank", "Rank"),
}
"""Best first: the order in which one stands in for another."""

KINDS = tuple(_MODELS)
YARDSTICKS = ("popularity", "rank")
"""The same for everybody and always with an answer, so that none of them may stand in for a model that has a taste."""
CONTENT = ("audio", "meaning", "text", "genre")
"""Those that know what a song is, whoever lists it, in the order in which they are asked for one of no playlist."""
READS_TEXTS = ("meaning", "text")
"""What learns from what is written about tracks, which is read for these alone, because that takes time."""
READS_SOUNDS, READS_GENRES = ("audio", "hybrid", "trees"), ("genre",)
"""What learns from audio features, and from genres: it is old when these change, though no playlist did."""
USUAL = ("hybrid", "item-knn", "word2vec", "title", "knn-baseline", "popularity", "audio", "text", "genre")
"""What is trained when nothing is named: the best, which holds its parts itself, those that stand in for it, the one
that reads titles, and those that speak for songs of no playlist."""


def reads_texts(kinds: Iterable[str]) -> bool:
    """Tell whether any of these kinds learns from what is written about tracks."""
    return not set(READS_TEXTS).isdisjoint(kinds)


def model_class(kind: str) -> type[Model]:
    """Give the class of a kind of model. Raises NoSuchModel."""
    module, name = _place(kind)
    found: type[Model] = getattr(import_module(module), name)
    return found


def options_class(kind: str) -> type[Any]:
    """Give the frozen dataclass of a kind's options. Raises NoSuchModel."""
    found: type[Any] = import_module(_place(kind)[0]).Options
    return found


def presets(kind: str) -> dict[str, Any]:
    """Give the named sets of options of a kind. Raises NoSuchModel."""
    found: dict[str, Any] = getattr(import_module(_place(kind)[0]), "PRESETS", {})
    return found


def not_recommended(kind: str, preset: str | None) -> str | None:
    """Give the sentence on why a preset of a kind is kept but not recommended; None when it is. Raises NoSuchModel."""
    why: str | None = getattr(import_module(_place(kind)[0]), "NOT_RECOMMENDED", {}).get(preset)
    return why


def limits(kind: str) -> tuple[Ranges, Choices]:
    """Give the ranges and choices that a kind's options keep to. Raises NoSuchModel."""
    module = import_module(_place(kind)[0])
    return module.RANGES, getattr(module, "CHOICES", {})


def _place(kind: str) -> tuple[str, str]:
    if kind not in _MODELS:
        raise NoSuchModel(f"there is no kind of model called {kind}: there are {', '.join(KINDS)}")
    return _MODELS[kind]
