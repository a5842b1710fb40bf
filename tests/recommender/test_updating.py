"""`segue train --update`: what is new is taken up, what is not is left alone, and little is lost."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from recommender.artifacts import Manifest, read_manifest, read_model
from recommender.corpus import Corpus
from recommender.errors import DamagedModel
from recommender.jobs import plan, train_models
from recommender.models.contract import Model, Updating
from recommender.models.options import options_of
from recommender.models.registry import KINDS, model_class, options_class
from recommender.models.updates import brought_up, carried, placed
from recommender.models.word2vec import UPDATE_EPOCHS, Word2Vec
from recommender.splits import kept_only
from recommender.training import train, update
from recommender.updating import Updated, update_models
from recommender.vocabulary import NOT_FOUND, Vocabulary
from tests.cli.running import segue
from tests.recommender.songs import NOW, add, playlist, song, spotify_id, taste_song
from tests.worlds import noisy_world, right_share

each_kind = pytest.mark.parametrize("kind", KINDS)
IN_ROUNDS = ("hybrid", "als", "word2vec")
each_in_rounds = pytest.mark.parametrize("kind", IN_ROUNDS)


def options_for(kind: str, **words: str) -> object:
    usual = {name: "1" for name in ("workers",) if name in options_class(kind).__dataclass_fields__}
    return options_of(kind, None, usual | ({"factors": "5"} if kind == "als" else {}) | words)


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def show(_share: float) -> None:
    """Take the progress."""


@cache
def grown() -> tuple[Corpus, Corpus, np.ndarray, np.ndarray]:
    """Give a world, its first half, the number of each track there, and the taste of each track.

    Four tracks of each taste stand in the second half alone.
    """
    corpus, taste = noisy_world(chance(7))
    late = np.concatenate([np.flatnonzero(taste == own)[-4:] for own in (0, 1)])
    early = [number for number in range(corpus.n_playlists) if not np.isin(corpus.playlist(number), late).any()]
    early += [number for number in range(corpus.n_playlists) if number not in early][: 40 - len(early)]
    kept = [corpus.playlist(number)[~np.isin(corpus.playlist(number), late)] for number in early]
    part = replace(
        corpus,
        entries=np.concatenate(kept),
        offsets=np.append(0, np.cumsum([len(tracks) for tracks in kept])),
        names=tuple(corpus.names[number] for number in early),
        dates=corpus.dates[early],
        weights=corpus.weights[early],
    )
    old, numbers = kept_only(part, np.arange(len(early)))
    return corpus, old, numbers, taste


def fit(kind: str, corpus: Corpus, seed: int = 1, **words: str) -> Model:
    return model_class(kind).fit(corpus, chance(seed), options_for(kind, **words))


def test_only_what_learns_in_rounds_goes_on() -> None:
    assert {kind for kind in KINDS if hasattr(model_class(kind), "updated")} == set(IN_ROUNDS)


@each_in_rounds
def test_what_is_new_is_known_after_an_update_and_taste_is_kept(kind: str) -> None:
    """Half of the playlists and a fifth of the tracks are new."""
    corpus, old, numbers, taste = grown()
    late = np.flatnonzero(numbers == NOT_FOUND)
    assert len(late) == 8
    before = fit(kind, old)
    assert isinstance(before, Updating)
    after = before.updated(corpus, numbers, chance(2))
    assert not np.isnan(after.scores(late[:1].astype(np.int32))).all()
    assert not np.isnan(after.scores(np.array([0], np.int32))[late]).any()
    full = right_share(fit(kind, corpus, 2), corpus, taste, chance(3))
    assert right_share(after, corpus, taste, chance(3)) >= full - 0.15


@each_in_rounds
def test_an_update_leaves_the_model_before_as_it_was(kind: str) -> None:
    corpus, old, numbers, _ = grown()
    before = fit(kind, old)
    arrays = {name: array.copy() for name, array in before.arrays().items()}
    for array in before.arrays().values():
        array.setflags(write=False)
    brought_up(before, corpus, numbers, chance(), show)
    for name, array in before.arrays().items():
        np.testing.assert_array_equal(array, arrays[name])


@each_kind
def test_what_does_not_go_on_is_the_same_as_a_full_training(kind: str) -> None:
    """To the last bit, where the seed is the same."""
    corpus, old, numbers, _ = grown()
    after = update(fit(kind, old), corpus, numbers, chance(5)).model
    full = train(kind, corpus, options_for(kind), chance(5)).model
    same = all(np.array_equal(array, full.arrays()[name]) for name, array in after.arrays().items())
    assert same == (kind not in IN_ROUNDS)


def test_als_starts_from_where_it_stood() -> None:
    """Its vectors stay near the old ones, whereas another chance gives others altogether."""
    _, old, _, _ = grown()
    before, other = fit("als", old), fit("als", old, 2)
    after = brought_up(before, old, np.arange(old.n_tracks), chance(2), show)
    near, far = (np.abs(model.arrays()["vectors"] - before.arrays()["vectors"]).mean() for model in (after, other))
    assert near < 0.2 * far


def test_word2vec_takes_the_artists_off_before_it_goes_on() -> None:
    """What was added to the vectors of tracks would be added twice, and with each update once more."""
    _, old, _, _ = grown()
    model = fit("word2vec", old)
    assert isinstance(model, Word2Vec)
    plain = model.makers.beside(model.inner, model.outer, (-model.options.artist_in, -model.options.artist_out))
    np.testing.assert_allclose(np.linalg.norm(plain[0], axis=1), 1, atol=1e-5)
    after = model
    for seed in range(6):
        after = after.updated(old, np.arange(old.n_tracks), chance(seed))
    assert np.linalg.norm(after.outer, axis=1).mean() < 2 * np.linalg.norm(model.outer, axis=1).mean()
    assert after.notes()["epochs"] == UPDATE_EPOCHS


def test_a_collection_that_has_grown_much_is_learned_anew() -> None:
    """It takes more dimensions than the vectors have."""
    corpus, old, numbers, _ = grown()
    few = fit("als", old, factors="none")
    assert few.arrays()["vectors"].shape == (32, 4)
    assert brought_up(few, corpus, numbers, chance(), show).arrays()["vectors"].shape == (40, 5)


def test_word2vec_by_cosine_keeps_too_little_and_learns_anew() -> None:
    corpus, old, numbers, _ = grown()
    model = fit("word2vec", old, scoring="cosine")
    after = brought_up(model, corpus, numbers, chance(4), show)
    np.testing.assert_array_equal(
        after.arrays()["inner"], fit("word2vec", corpus, 4, scoring="cosine").arrays()["inner"]
    )


@pytest.mark.parametrize("array", ["tracks", "makers"])
def test_word2vec_with_nonsense_in_its_arrays_is_damaged(array: str) -> None:
    corpus, old, numbers, _ = grown()
    arrays = dict(fit("word2vec", old).arrays())
    arrays[array] = arrays[array].copy()
    arrays[array][1] = 9_999
    model = Word2Vec.from_arrays(arrays, options_for("word2vec"), old.n_tracks)
    with pytest.raises(DamagedModel):
        model.updated(corpus, numbers, chance())


def test_new_tracks_are_placed_at_the_mean_of_their_playlists() -> None:
    corpus, _ = noisy_world(chance(7))
    vectors = np.zeros((corpus.n_tracks, 2), np.float32)
    vectors[corpus.playlist(0)[:2]] = [[1, 0], [0, 1]]
    new = int(corpus.playlist(0)[5])
    where = placed(vectors, replace(corpus, entries=corpus.playlist(0), offsets=np.array([0, 12]),
                                    weights=corpus.weights[:1]))  # fmt: skip
    assert where[new].tolist() == [0.5, 0.5]
    assert where[corpus.playlist(0)[0]].tolist() == [1, 0]
    assert not where[np.setdiff1d(np.arange(corpus.n_tracks), corpus.playlist(0))].any()


def test_vectors_are_carried_to_their_new_numbers() -> None:
    told = carried(np.array([[1.0], [2.0]]), np.array([1, NOT_FOUND, 0]))
    assert told.tolist() == [[2], [0], [1]]


def test_one_vocabulary_finds_the_tracks_of_another() -> None:
    ours = Vocabulary.from_ids(["b", "d", "a"])
    assert ours.numbers_of(Vocabulary.from_ids(["a", "c", "b", "z"])).tolist() == [2, -1, 0, -1]
    assert Vocabulary.from_ids([]).numbers_of(ours).tolist() == [-1, -1, -1]
    with pytest.raises(DamagedModel):
        Vocabulary(ours.ids, np.array([0, 1, 7], np.int32)).numbers_of(ours)


# the command


def train_all(database: Path, *names: str) -> dict[str, Manifest]:
    jobs = [job for name in names for job in plan([name], None, {}, None)]
    done = list(train_models(database, jobs, 1, False, NOW, lambda _name, _share: None))
    return {one.name: one for one in done if isinstance(one, Manifest)}


def more_playlists(database: Path) -> None:
    """Add five playlists of the calm taste with a song that is new."""
    songs = [song("New", "calm artist 1", spotify_id("new")), *(taste_song("calm", number) for number in range(6))]
    add(database, [playlist(f"more-{number}", songs) for number in range(5)], "second")


def test_an_update_takes_up_new_playlists(untrained: Path) -> None:
    """Each says how, and the model is fresh and knows the new song; its worth is that of the last full training."""
    folder = untrained.with_suffix(".models")
    train_all(untrained, "als", "popularity")
    more_playlists(untrained)
    result = segue("--db", untrained, "train", "--update", "--seed", "3")
    assert result.exit_code == 0, result.output
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows[0] == ["model", "seconds", "playlists", "how"]
    assert rows[1][0] == "als"
    assert " ".join(rows[1][2:]) == "45 (+5) went on from where it stood"
    assert " ".join(rows[2][2:]).startswith("45 (+5) trained anew")
    manifest = read_manifest(folder, "als")
    assert (manifest.playlists, manifest.updates, manifest.half_life_days) == (45, 1, 0)
    assert spotify_id("new").encode() in read_model(folder, "als").vocabulary.ids
    assert "stale" not in segue("--db", untrained, "status").stdout
    more = segue("--db", untrained, "suggest", "--model", "als", spotify_id("new"))
    assert more.exit_code == 0


def test_where_nothing_is_new_nothing_is_done(trained: Path) -> None:
    """It says so, with exit code 0, and no file is written."""
    folder = trained.with_suffix(".models")
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
    result = segue("--db", trained, "train", "--update")
    assert (result.exit_code, result.stdout) == (0, "Nothing new since the last training of item-knn, popularity\n")
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before


def test_a_model_keeps_its_name_options_half_life_and_worth(untrained: Path) -> None:
    from tests.recommender.test_ageing import dated

    dated(untrained)
    segue("--db", untrained, "train", "item-knn", "--as", "mine", "--set", "neighbours=7", "--half-life", "10")
    more_playlists(untrained)
    before = read_manifest(untrained.with_suffix(".models"), "mine")
    told = json.loads(segue("--db", untrained, "train", "--update", "mine", "--json").stdout)
    assert [(one["name"], one["new"], one["went_on"], one["more_playlists"]) for one in told] == [
        ("mine", True, False, 5)
    ]
    after = read_manifest(untrained.with_suffix(".models"), "mine")
    assert (after.options, after.half_life_days, after.worth) == (before.options, 10, before.worth)
    assert after.corpus != before.corpus


def test_an_update_of_what_is_not_there_is_one_sentence(untrained: Path) -> None:
    result = segue("--db", untrained, "train", "--update")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: no model is trained, so there is nothing to update: run `segue train`\n",
    )
    result = segue("--db", untrained, "train", "--update", "als")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: no model als is trained")


def test_a_damaged_model_stops_no_other(untrained: Path) -> None:
    train_all(untrained, "als", "popularity")
    more_playlists(untrained)
    (untrained.with_suffix(".models") / "als" / "vectors.npy").write_bytes(b"")
    result = segue("--db", untrained, "train", "--update")
    assert result.exit_code == 1
    assert "Error: als is not updated: the model in" in result.stderr
    assert result.stdout.splitlines()[1].startswith("popularity")


@pytest.mark.parametrize(
    "more", [("--preset", "small"), ("--set", "alpha=1"), ("--as", "x"), ("--half-life", "3"), ("--top-tracks", "9")]
)
def test_an_update_takes_no_other_options(trained: Path, more: tuple[str, str]) -> None:
    result = segue("--db", trained, "train", "--update", "item-knn", *more)
    assert result.exit_code == 2
    assert "--update keeps each model's options" in result.stderr


def test_hybrid_keeps_how_its_parts_are_put_together(untrained: Path) -> None:
    """And none of what is written is mapped from the folder whose place is taken."""
    folder = untrained.with_suffix(".models")
    train_all(untrained, "hybrid")
    own = {name: array.copy() for name, array in read_model(folder, "hybrid").arrays.items()}
    more_playlists(untrained)
    (outcome,) = update_models(untrained, ["hybrid"], 1, NOW, lambda _name, _share: None)
    assert isinstance(outcome, Updated)
    assert outcome.went_on
    arrays = read_model(folder, "hybrid").arrays
    kept = [name for name in own if name == "weights" or name.startswith("tree")]
    assert kept
    for name in kept:
        np.testing.assert_array_equal(arrays[name], own[name])
    assert len(arrays["counts"]) == len(own["counts"]) + 1
