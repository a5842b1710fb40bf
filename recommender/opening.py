"""From a model's folder to the model: the arrays, and the class that knows what they mean."""

from pathlib import Path

from recommender.artifacts import Stored, damaged, read_model
from recommender.errors import DamagedModel, NoSuchModel
from recommender.models.contract import Model
from recommender.models.registry import model_class, options_class


def open_model(folder: Path, name: str) -> tuple[Stored, Model]:
    """Open a trained model, mapping its arrays. Raises NoSuchModel, DamagedModel."""
    stored = read_model(folder, name)
    if not stored.vocabulary.is_one:
        raise DamagedModel(damaged(folder / name, "it has no vocabulary"))
    try:
        kind, options = model_class(stored.manifest.kind), options_class(stored.manifest.kind)
        return stored, kind.from_arrays(stored.arrays, options(**stored.manifest.options), len(stored.vocabulary))
    except (KeyError, TypeError, ValueError, NoSuchModel) as error:
        raise DamagedModel(damaged(folder / name, "it is of another version of Segue")) from error
