"""--fine-tune: a transformer learns from the playlists which words go together, and its weights are kept."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from recommender.artifacts import read_manifest
from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain
from recommender.models.meaning import Meaning, Options
from recommender.opening import open_model
from recommender.texts import texts_of
from tests.cli.running import segue
from tests.models.tiny_bert import can_read, save_tiny
from tests.recommender.songs import add, playlist, song

pytestmark = pytest.mark.skipif(not can_read(), reason="the extra `text` is not installed: pip install 'segue[text]'")
WORDS = [[f"{letter}{other}" for letter in letters for other in "aeiou"] for letters in ("bcdf", "mnpq")]
"""Words of two tastes that have nothing in common but the playlists."""
SONGS, COLD = 60, 15
"""Songs of each taste; the last of them stand in no playlist."""


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny(tmp_path_factory.mktemp("weights"), WORDS[0] + WORDS[1], dimensions=16, spread=0.3))


def title(taste: int, number: int) -> str:
    rng = np.random.default_rng([taste, number])
    return " ".join(rng.choice(WORDS[taste], 3, replace=False))


@cache
def world() -> tuple[Corpus, np.ndarray, np.ndarray]:
    """Give a corpus, the taste of each track, and which are in no playlist."""
    rng = np.random.default_rng(1)
    ids = [[f"{taste}{number:03d}" for number in range(SONGS)] for taste in (0, 1)]
    lists = [list(map(str, rng.choice(ids[n % 2][:-COLD], 10, replace=False))) for n in range(80)]
    corpus = corpus_from_lists([*lists, *ids])
    tastes = np.array([int(name[0]) for name in corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))])
    numbers = [int(name[1:]) for name in corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))]
    texts = texts_of(
        [f"\n{title(taste, number)}\n\n\n" for taste, number in zip(tastes.tolist(), numbers, strict=True)]
    )
    cold = np.array([number >= SONGS - COLD for number in numbers])
    entries = corpus.entries[: corpus.offsets[len(lists)]]
    warm = replace(
        corpus, entries=entries, offsets=corpus.offsets[: len(lists) + 1], names=corpus.names[: len(lists)],
        dates=corpus.dates[: len(lists)], weights=corpus.weights[: len(lists)], texts=texts,
    )  # fmt: skip
    return warm, tastes, cold


def fitted(weights: str, seed: int = 1, **words: object) -> Meaning:
    options = Options(weights=weights, workers=1, budget_s=5.0, batch=32, **words)  # type: ignore[arg-type]
    return Meaning.fit(world()[0], np.random.default_rng(seed), options)


def share_right(model: Meaning) -> float:
    """Give how many of the first ten cold songs are of the taste of a cold one."""
    _, tastes, cold = world()
    told = []
    for track in np.flatnonzero(cold):
        scores = np.where(cold, model.scores(np.array([track], np.int32)), -np.inf)
        scores[track] = -np.inf
        told.append((tastes[np.argsort(-scores)[:10]] == tastes[track]).mean())
    return float(np.mean(told))


@pytest.fixture(scope="module")
def tuned(weights: str) -> Meaning:
    return fitted(weights, fine_tune=True)


def test_songs_that_no_playlist_holds_find_their_like(weights: str, tuned: Meaning) -> None:
    """By words that stood in playlists together, in songs of other names."""
    plain = share_right(fitted(weights))
    assert share_right(tuned) >= 0.9
    assert share_right(tuned) >= plain + 0.1
    notes = tuned.notes()
    assert notes["loss_after"] < notes["loss_before"]
    assert notes["steps"] > 10


def test_the_same_chance_gives_the_same_weights(weights: str, tuned: Meaning) -> None:
    again, other = fitted(weights, fine_tune=True), fitted(weights, seed=2, fine_tune=True)
    np.testing.assert_array_equal(again.spots, tuned.spots)
    assert again.files() == tuned.files()
    assert other.files()["model.safetensors"] != tuned.files()["model.safetensors"]


def test_the_weights_are_a_folder_that_can_be_named(tmp_path: Path, tuned: Meaning) -> None:
    """No other files than data, and the same places come of it."""
    for name, content in tuned.files().items():
        (tmp_path / name).write_bytes(content)
    assert {file.suffix for file in tmp_path.iterdir()} <= {".json", ".safetensors", ".txt"}
    np.testing.assert_allclose(fitted(str(tmp_path)).spots, tuned.spots, atol=1e-5)


def test_training_leaves_the_chance_and_the_threads_of_others_alone(weights: str) -> None:
    import torch

    torch.manual_seed(7)
    expected, threads = torch.rand(3), torch.get_num_threads()
    torch.manual_seed(7)
    fitted(weights, fine_tune=True)
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_num_threads() == threads


def test_where_it_does_not_help_the_weights_stay_as_they_were(weights: str) -> None:
    """A step that leads nowhere is not kept: the lowest loss on held-out playlists is that before the first."""
    notes = fitted(weights, fine_tune=True, rate=0.1).notes()
    assert notes["loss_after"] <= notes["loss_before"]


def test_too_few_playlists_are_refused(weights: str) -> None:
    corpus = replace(corpus_from_lists([["a", "b"], ["a", "b"]]), texts=texts_of(["\nba\n\n\n", "\nca\n\n\n"]))
    with pytest.raises(CannotTrain, match="too few playlists hold two songs with different texts"):
        Meaning.fit(corpus, np.random.default_rng(1), Options(weights=weights, fine_tune=True))


def database_of(folder: Path) -> Path:
    """Store the two tastes as songs."""
    rng = np.random.default_rng(1)
    songs = [[song(title(taste, number), f"band {number}") for number in range(20)] for taste in (0, 1)]
    lists = [[songs[n % 2][i] for i in rng.choice(20, 6, replace=False)] for n in range(30)]
    add(folder / "s.db", [playlist(f"p{n}", held) for n, held in enumerate(lists)])
    return folder / "s.db"


def test_the_flag_trains_stores_and_goes_along(tmp_path: Path, weights: str) -> None:
    """A model that is made of its own weights takes the old one's place, and the weights with it."""
    database, models = database_of(tmp_path), tmp_path / "s.models"
    said = ("--set", f"weights={weights}", "--set", "budget_s=1", "--no-measure", "--json")
    result = segue("--db", database, "train", "meaning", "--fine-tune", *said)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)[0]["options"]["fine_tune"] is True
    kept = {file.name: file.read_bytes() for file in (models / "meaning" / "weights").iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= kept.keys()
    own = f"weights={models / 'meaning' / 'weights'}"
    for _ in range(2):
        assert segue("--db", database, "train", "meaning", "--set", own, "--no-measure").exit_code == 0
        assert {file.name: file.read_bytes() for file in (models / "meaning" / "weights").iterdir()} == kept
    assert "loss_after" not in read_manifest(models, "meaning").notes
    add(database, [playlist("new", [song("ba new song", "band 99"), song("ba ca", "band 98")])], "more")
    result = segue("--db", database, "train", "--update", "meaning")
    assert result.exit_code == 0, result.stderr
    stored, model = open_model(models, "meaning")
    assert len(stored.vocabulary) == model.notes()["tracks"] == 42
    assert {file.name: file.read_bytes() for file in (models / "meaning" / "weights").iterdir()} == kept


def test_the_flag_goes_with_this_kind_alone(tmp_path: Path) -> None:
    database = database_of(tmp_path)
    for words in (("als", "--fine-tune"), ("--fine-tune",)):
        result = segue("--db", database, "train", *words)
        assert result.exit_code == 2
        assert "--fine-tune goes with meaning" in result.stderr
    result = segue("--db", database, "train", "--update", "--fine-tune")
    assert result.exit_code == 2
    assert "leave --preset, --set, --as, --top-tracks, --fine-tune" in result.stderr
