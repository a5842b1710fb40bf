"""Training: time, worth, refusals, and the road into the models folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pytest

from db.records import AudioFeatures
from recommender import training
from recommender.artifacts import Manifest, model_names, read_manifest
from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, NoSuchModel, OptionNotKnown
from recommender.jobs import plan, train_models
from recommender.measures.worth import measuring_part
from recommender.models.item_knn import Options
from recommender.models.popularity import Popularity
from recommender.training import train
from tests.recommender.songs import NOW, add, playlist, taste_song


@dataclass(frozen=True)
class Picky(Popularity):
    """A model that refuses what is not the whole corpus."""

    name: ClassVar[str] = "picky"
    needed: ClassVar[int] = 60

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: object, progress=None) -> Self:  # type: ignore[no-untyped-def,override]
        if corpus.n_playlists < cls.needed:
            raise CannotTrain("there are too few playlists for me: import more")
        return cls(options, corpus.playlist_counts.astype(np.float32))  # type: ignore[arg-type]

    def notes(self) -> Mapping[str, str | int | float]:
        return {}


def many_lists() -> Corpus:
    rng = np.random.default_rng(0)
    return corpus_from_lists([[f"t{number}" for number in rng.choice(200, 12, replace=False)] for _ in range(120)])


def show_nothing(name: str, share: float) -> None:
    """Take the progress."""


def test_a_training_is_timed_and_measured_on_playlists_that_it_did_not_see() -> None:
    """The worth is of a model of the other playlists; the model that is kept has learned from all."""
    corpus = many_lists()
    part = measuring_part(corpus, np.random.default_rng(1))
    assert part is not None
    trained = train("item-knn", corpus, Options(), np.random.default_rng(1), part)
    assert trained.seconds > 0
    assert {"hit_rate_10", "ndcg_500", "r_precision", "playlists", "popularity_ndcg_500"} <= set(trained.worth)
    assert len(trained.model.scores(np.array([0], np.int32))) == corpus.n_tracks


def test_too_few_playlists_are_not_measured() -> None:
    """Grades over a handful would be noise; the model is trained all the same."""
    corpus = corpus_from_lists([["a", "b", "c"], ["a", "b"], ["b", "c"]])
    assert measuring_part(corpus, np.random.default_rng(1)) is None
    assert train("item-knn", corpus, Options(), np.random.default_rng(1)).worth == {}


def test_a_part_that_is_too_small_does_not_stop_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nine tenths are too few for, the whole may allow: then the model is not measured."""
    monkeypatch.setattr(training, "model_class", lambda kind: Picky)
    monkeypatch.setattr(Picky, "needed", 115)
    corpus = many_lists()
    part = measuring_part(corpus, np.random.default_rng(1))
    assert part is not None
    trained = train("picky", corpus, None, np.random.default_rng(1), part)
    assert trained.worth == {}
    assert isinstance(trained.model, Picky)


def test_one_model_that_refuses_stops_no_other(untrained: Path) -> None:
    """The refusal is told, and the next model is trained."""
    jobs = [*plan(["word2vec"], None, {"min_count": "1000"}, None), *plan(["popularity"], None, {}, None)]
    outcomes = list(train_models(untrained, jobs, 1, False, NOW, show_nothing))
    assert isinstance(outcomes[0], CannotTrain)
    assert str(outcomes[0]).startswith("word2vec is not trained: ")
    assert isinstance(outcomes[1], Manifest)
    assert model_names(untrained.with_suffix(".models")) == ["popularity"]


def test_the_manifest_tells_what_was_trained(untrained: Path) -> None:
    """Kind, options, corpus, time and versions: enough to train it again."""
    jobs = plan(["item-knn"], "small", {"shrink": "7.5"}, "mine")
    list(train_models(untrained, jobs, 1, True, NOW, show_nothing))
    manifest = read_manifest(untrained.with_suffix(".models"), "mine")
    assert (manifest.name, manifest.kind, manifest.trained_at) == ("mine", "item-knn", NOW)
    assert manifest.options["shrink"] == 7.5
    assert manifest.options["neighbours"] == 100
    assert (manifest.playlists, manifest.tracks, manifest.entries) == (40, 30, 320)
    assert "numpy" in manifest.versions


def test_the_same_seed_trains_the_same_model(untrained: Path) -> None:
    """The models on disk are equal byte for byte."""
    folder = untrained.with_suffix(".models")
    kept = []
    for _ in range(2):
        list(train_models(untrained, plan(["item-knn"], None, {}, None), 3, True, NOW, show_nothing))
        kept.append({file.name: file.read_bytes() for file in (folder / "item-knn").glob("*.npy")})
    assert kept[0] == kept[1]


@pytest.mark.parametrize(("count", "sentence"), [(np.inf, "is not finite"), (np.nan, "is not finite")])
def test_what_is_not_finite_is_never_stored(monkeypatch: pytest.MonkeyPatch, count: float, sentence: str) -> None:
    """It would take the place of a good model."""
    monkeypatch.setattr(training, "model_class", lambda kind: Picky)
    monkeypatch.setattr(Picky, "arrays", lambda self: {"counts": np.array([1, count, 2], np.float32)})
    with pytest.raises(CannotTrain, match=sentence):
        train("picky", many_lists(), None, np.random.default_rng(1))


def test_a_model_that_tells_nothing_is_never_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked, it has no answer."""
    monkeypatch.setattr(training, "model_class", lambda kind: Picky)
    monkeypatch.setattr(Picky, "scores", lambda self, seeds: np.full(200, np.nan, np.float32))
    with pytest.raises(CannotTrain, match="it learned nothing"):
        train("picky", many_lists(), None, np.random.default_rng(1))


@pytest.mark.parametrize("n_tracks", [1, 999, 1_000, 200_000, 201_500, 4_995_249])
def test_every_track_of_a_large_collection_is_asked_in_few_parts(n_tracks: int) -> None:
    """A thousand at once up to 200,000 tracks, and no more than 200 parts of what is beyond."""
    borders = training._borders(n_tracks)
    assert (borders[0], borders[-1]) == (0, n_tracks)
    sizes = np.diff(borders)
    assert sizes.min() > 0
    assert (sizes[:200] <= 1_000).all()
    assert len(sizes) <= 400
    assert len(sizes) == -(-n_tracks // 1_000) or n_tracks > 400_000


def test_too_little_is_refused_before_any_model(tmp_path: Path) -> None:
    """One playlist teaches nothing, and no folder is made."""
    add(tmp_path / "s.db", [playlist("p", [taste_song("calm", 1), taste_song("calm", 2)])])
    with pytest.raises(CannotTrain, match="there are 1 playlists with 2 tracks, too few to learn from: import more"):
        list(train_models(tmp_path / "s.db", plan(["popularity"], None, {}, None), 1, True, NOW, show_nothing))
    assert not (tmp_path / "s.models").exists()


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "a b", "x" * 65, "café", "a\0b", "-n"])
def test_a_name_that_no_folder_should_have_is_refused(name: str) -> None:
    """A model's name becomes a folder's, on every system."""
    with pytest.raises(NoSuchModel, match="cannot name a model"):
        plan(["item-knn"], None, {}, name)


def test_a_name_of_another_kind_is_refused() -> None:
    """`--as popularity` would put one model in the place of another."""
    with pytest.raises(NoSuchModel, match="another kind"):
        plan(["item-knn"], None, {}, "popularity")
    assert plan(["item-knn"], None, {}, "item-knn")[0].name == "item-knn"


@pytest.mark.parametrize(
    ("preset", "words", "sentence"),
    [
        ("nope", {}, "item-knn has no preset nope: there are cosine, plain, small"),
        (None, {"nope": "1"}, "there is no option nope: there are neighbours, alpha"),
        (None, {"neighbours": "many"}, "option neighbours takes a whole number, not 'many'"),
        (None, {"alpha": "x"}, "option alpha takes a number, not 'x'"),
    ],
)
def test_options_that_are_not_known_are_refused_with_those_that_are(
    preset: str | None, words: dict[str, str], sentence: str
) -> None:
    """The sentence lists what there is."""
    with pytest.raises(OptionNotKnown, match=sentence):
        plan(["item-knn"], preset, words, None)


def test_where_it_is_not_known_how_every_track_sounds_the_hybrid_is_trained(untrained: Path) -> None:
    """A few audio features are what most people have."""
    told = [AudioFeatures(taste_song("calm", n), energy=0.1 * n, tempo=None if n else 120.0) for n in range(4)]
    add(untrained, told)
    [outcome] = train_models(untrained, plan(["hybrid"], None, {}, None), 1, True, NOW, show_nothing)
    assert isinstance(outcome, Manifest), outcome
