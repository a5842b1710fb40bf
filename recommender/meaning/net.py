"""A transformer as it is loaded: from a folder or the hub, as safetensors alone, because other weights are programs."""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from recommender.errors import CannotTrain
from recommender.meaning import hub

_NEEDED = ("torch", "transformers", "safetensors")
_AT_ONCE = 1 << 20
_TOKENIZERS = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "spiece.model",
    "sentencepiece.bpe.model",
    "tokenizer.model",
)
_NOT_READ = ("pooler.",)
"""What a transformer may lack, because only the words' places are taken of it."""


@dataclass(frozen=True, eq=False)
class Net:
    """A transformer, and what cuts texts into its tokens."""

    model: Any
    tokenizer: Any
    most_tokens: int
    """How long a text may be."""
    fingerprint: str
    """16 hex digits that change whenever the weights do."""
    place: Path
    """The folder that it was read from."""

    @property
    def dimensions(self) -> int:
        """Give how many numbers it describes a text by."""
        return int(self.model.config.hidden_size)


def open_net(weights: str) -> Net:
    """Load a transformer from a folder, or by its name on the hub.

    Raises CannotTrain when the extra is not installed, or the weights cannot be had, or are not what they should be.
    """
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise CannotTrain(f"it reads with {missing[0]}, which is not installed: pip install 'segue[text]'")
    hub.settle()
    place = _place(weights)
    _refuse_foreign(place)
    with _quiet():
        model, tokenizer = _loaded(place)
    most = int(getattr(model.config, "max_position_embeddings", None) or 512)
    # Some begin to count places after those of padding.
    return Net(model, tokenizer, max(most - 2, 1), fingerprint_of(place), place)


def _place(weights: str) -> Path:
    place = Path(weights).expanduser()
    if weights and place.is_dir():
        return place
    if place.exists() or place.is_absolute() or weights.count("/") > 1 or weights[:1] in ("", ".", "~"):
        raise CannotTrain(
            f"weights={weights} is no folder: name one with config.json, model.safetensors, tokenizer.json"
        )
    return hub.fetched(weights)


def _refuse_foreign(place: Path) -> None:
    """Raise CannotTrain unless a folder holds weights that are data, and what belongs to them."""
    from safetensors import SafetensorError, safe_open

    if not (files := sorted(place.glob("*.safetensors"))):
        old = any(place.glob("*.bin")) or any(place.glob("*.pt"))
        found = "weights of the old format alone, which may run a program" if old else "no weights"
        raise CannotTrain(f"{place} holds {found}: take a folder with model.safetensors")
    for file in files:
        try:
            with safe_open(file, "np") as opened:
                opened.keys()
        except (SafetensorError, OSError) as error:
            raise CannotTrain(_damaged(place, f"{file.name} is half-written or damaged")) from error
    try:
        told = json.loads((place / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CannotTrain(_damaged(place, "its config.json is missing or half-written")) from error
    if not isinstance(told, dict) or not isinstance(told.get("model_type"), str):
        raise CannotTrain(_damaged(place, "its config.json names no model_type"))
    if not any((place / name).exists() for name in _TOKENIZERS):
        raise CannotTrain(_damaged(place, "it has no tokenizer.json or vocab.txt"))


def _loaded(place: Path) -> tuple[Any, Any]:
    import torch
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError
    from transformers import AutoModel, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True, trust_remote_code=False)
        model, told = AutoModel.from_pretrained(
            place, local_files_only=True, trust_remote_code=False, use_safetensors=True, output_loading_info=True,
            dtype=torch.float32,
        )  # fmt: skip
    except (
        OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError, IndexError,
        ZeroDivisionError, SafetensorError, StrictDataclassError,
    ) as error:  # fmt: skip
        raise CannotTrain(_damaged(place, _first_line(error))) from error
    # What is not there the library makes up by chance, and goes on.
    missing = sorted(name for name in told["missing_keys"] if not name.startswith(_NOT_READ))
    if missing or told["mismatched_keys"]:
        what = missing[0] if missing else min(map(str, told["mismatched_keys"]))
        raise CannotTrain(_damaged(place, f"its weights lack {what}, as its config.json would have it"))
    if getattr(model.config, "is_encoder_decoder", False):
        raise CannotTrain(f"the transformer in {place} writes texts: take one that only reads, such as DistilBERT")
    if len(tokenizer) > model.config.vocab_size:
        raise CannotTrain(_damaged(place, "its tokenizer knows more tokens than its weights"))
    return model.eval(), tokenizer


def fingerprint_of(place: Path) -> str:
    """Give 16 hex digits that change whenever a file of a folder of weights does."""
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted(path for path in place.iterdir() if path.suffix in (".json", ".safetensors", ".txt", ".model")):
        digest.update(file.name.encode())
        with file.open("rb") as opened:
            while part := opened.read(_AT_ONCE):
                digest.update(part)
    return digest.hexdigest()


def _damaged(place: Path, what: str) -> str:
    return f"the weights in {place} cannot be used, {what}: fetch them again, or name another folder (weights=FOLDER)"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".:")[:200]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library from telling what it left out; what matters of it is refused in a sentence."""
    from transformers.utils import logging as told

    level, bars = told.get_verbosity(), told.is_progress_bar_enabled()
    told.set_verbosity(logging.CRITICAL)
    told.disable_progress_bar()
    try:
        yield
    finally:
        told.set_verbosity(level)
        if bars:
            told.enable_progress_bar()
