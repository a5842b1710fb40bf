"""A DistilBERT of random weights, written with numpy alone, as small as one likes: for tests and benches."""

import json
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

NAME = "distilbert-base-uncased"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789.,'&()-"
WORDS = ("song", "band", "album", "artist", "calm", "loud", "taste", "track")


def save_tiny(
    folder: Path,
    words: Iterable[str] = WORDS,
    *,
    dimensions: int = 32,
    layers: int = 2,
    heads: int = 2,
    seed: int = 1,
    spread: float = 0.1,
) -> Path:
    """Write the files of a DistilBERT that knows these words, and all others by their letters."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces = [*SIGNS, *(f"##{sign}" for sign in SIGNS), *words]
    vocabulary = [*SPECIAL, *dict.fromkeys(pieces)]
    config = {
        "architectures": ["DistilBertModel"], "model_type": "distilbert", "vocab_size": len(vocabulary),
        "dim": dimensions, "hidden_dim": 4 * dimensions, "n_layers": layers, "n_heads": heads,
        "max_position_embeddings": 512, "pad_token_id": 0,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "DistilBertTokenizer", "do_lower_case": True})
    )
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    save_weights(folder, _weights(len(vocabulary), dimensions, layers, np.random.default_rng(seed), spread))
    return folder


def can_read() -> bool:
    """Tell whether the extra `text` is installed."""
    return all(find_spec(name) is not None for name in ("torch", "transformers", "safetensors"))


def save_weights(folder: Path, weights: dict[str, np.ndarray]) -> None:
    from safetensors.numpy import save_file

    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def place_in_cache(cache: Path, weights: Path, name: str = NAME) -> None:
    """Lay a folder of weights where the hub's own program would have put what it fetched."""
    place = cache / f"models--{name.replace('/', '--')}"
    revision = "0" * 40
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text(revision)
    (place / "snapshots").mkdir()
    (place / "snapshots" / revision).symlink_to(weights, target_is_directory=True)


def _weights(
    n_tokens: int, dimensions: int, layers: int, rng: np.random.Generator, spread: float
) -> dict[str, np.ndarray]:
    def drawn(*shape: int) -> np.ndarray:
        return rng.normal(0, spread, shape).astype(np.float32)

    made: dict[str, np.ndarray] = {}

    def linear(name: str, n_out: int, n_in: int) -> None:
        made[f"{name}.weight"], made[f"{name}.bias"] = drawn(n_out, n_in), np.zeros(n_out, np.float32)

    def norm(name: str) -> None:
        made[f"{name}.weight"], made[f"{name}.bias"] = np.ones(dimensions, np.float32), np.zeros(dimensions, np.float32)

    made["embeddings.word_embeddings.weight"] = drawn(n_tokens, dimensions)
    made["embeddings.position_embeddings.weight"] = drawn(512, dimensions) / 10
    norm("embeddings.LayerNorm")
    for layer in range(layers):
        place = f"transformer.layer.{layer}"
        for part in ("q_lin", "k_lin", "v_lin", "out_lin"):
            linear(f"{place}.attention.{part}", dimensions, dimensions)
        norm(f"{place}.sa_layer_norm")
        linear(f"{place}.ffn.lin1", 4 * dimensions, dimensions)
        linear(f"{place}.ffn.lin2", dimensions, 4 * dimensions)
        norm(f"{place}.output_layer_norm")
    return made
