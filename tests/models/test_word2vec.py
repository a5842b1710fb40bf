"""word2vec lets gensim train, watches that it did, and scores by what the seeds foretell."""

import hashlib
import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain
from recommender.models.popularity import Options as NoOptions
from recommender.models.popularity import Popularity
from recommender.models.sentences import Sentences
from recommender.models.vectors import check_trained
from recommender.models.word2vec import PRESETS, Options, Word2Vec, plan
from tests.worlds import clean_world, noisy_world, right_share

ROOT = Path(__file__).parent.parent.parent
QUICK = Options(epochs=3, workers=1)


def fit(corpus: Corpus, options: Options = QUICK, seed: int = 0) -> Word2Vec:
    return Word2Vec.fit(corpus, np.random.default_rng(seed), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def small() -> Corpus:
    """Counts of entries: a 4, b 3, c 2, d 1; a is in three playlists, b in two, as many as c."""
    return corpus_from_lists([["a", "b", "c", "b"], ["a", "c", "b"], ["a", "d", "a"]])


def test_equal_chance_gives_equal_vectors() -> None:
    """One worker repeats itself to the last bit, in mixed order and with chosen epochs; other chance differs."""
    corpus, _ = noisy_world(np.random.default_rng(1))
    one, two, other = fit(corpus, Options()), fit(corpus, Options()), fit(corpus, Options(), seed=5)
    assert one.notes()["workers"] == 1
    for name, array in one.arrays().items():
        assert np.array_equal(array, two.arrays()[name])
    assert not np.array_equal(one.inner, other.inner)


def digest(model: Word2Vec) -> str:
    return hashlib.sha256(b"".join(array.tobytes() for array in model.arrays().values())).hexdigest()


def test_another_process_learns_the_same() -> None:
    """Processes hash texts differently, which plays no part."""
    program = (
        "import hashlib, numpy as np; from recommender.models.word2vec import *; from tests.worlds import noisy_world;"
        "corpus, _ = noisy_world(np.random.default_rng(1));"
        "model = Word2Vec.fit(corpus, np.random.default_rng(0), Options(epochs=3, workers=1));"
        "print(hashlib.sha256(b''.join(array.tobytes() for array in model.arrays().values())).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "7"}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert told.stdout.strip() == digest(fit(noisy_world(np.random.default_rng(1))[0]))


def test_a_spent_generator_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the ancestor did: one walk is eaten, and the epochs after it see nothing."""

    walk = Sentences.__iter__

    def spent(self: Sentences) -> object:
        if not hasattr(self, "walk"):
            self.walk = walk(self)
        return self.walk

    monkeypatch.setattr(Sentences, "__iter__", spent)
    with pytest.raises(CannotTrain, match=r"gensim saw 10 words instead of 30: .* in every epoch"):
        fit(small())


def test_each_walk_gives_all_words() -> None:
    """Kept order stays; mixed order shuffles every second walk, and differently each time."""
    corpus = corpus_from_lists([[f"t{number:02d}" for number in range(30)]])
    in_order = [str(track) for track in corpus.playlist(0)]
    kept = Sentences.of(corpus, 1, "kept", seed=1)
    assert [list(kept), list(kept)] == [[in_order], [in_order]]
    mixed = Sentences.of(corpus, 1, "mixed", seed=1)
    walks = [next(iter(mixed)) for _ in range(4)]
    assert walks[1] == walks[3] == in_order
    assert in_order != walks[0] != walks[2] != in_order
    assert all(sorted(walk) == sorted(in_order) for walk in walks)


def test_each_artist_follows_its_track() -> None:
    """In every order and with any track unknown; the words of artists come after those of the tracks."""
    corpus = replace(corpus_from_lists([["a", "b", "c"], ["c", "a"]]), artists=np.array([1, 0, -1], np.int32))
    assert corpus.vocabulary.raw_ids(np.arange(3)) == ["a", "c", "b"]
    told = Sentences.of(corpus, 1, "kept", 1, artists=True)
    assert list(told) == [["0", "4", "2", "1", "3"], ["1", "3", "0", "4"]]
    assert told.n_words == 9
    assert told.frequencies() == {"0": 2, "1": 2, "2": 1, "3": 2, "4": 2}
    for sentence in Sentences.of(corpus, 1, "shuffled", 1, artists=True):
        for track, artist in (("0", "4"), ("1", "3")):
            assert sentence[sentence.index(track) + 1] == artist
    assert list(Sentences.of(corpus, 1, "kept", 1)) == [["0", "2", "1"], ["1", "0"]]


def test_no_sentence_is_longer_than_gensim_reads() -> None:
    """gensim would drop the end of a longer one, and its count would hide that."""
    corpus = corpus_from_lists([["a", "b"] * 6_000])
    lengths = [len(sentence) for sentence in Sentences.of(corpus, 1, "mixed", seed=1)]
    assert lengths == [10_000, 2_000]


@pytest.mark.parametrize(
    ("end", "sentence"), [([[0.0]], "stayed where they started"), ([[np.nan]], "grew without bound: lower alpha")]
)
def test_vectors_that_did_not_learn_are_noticed(end: list[list[float]], sentence: str) -> None:
    """All words seen, and still nothing learned."""
    with pytest.raises(CannotTrain, match=sentence):
        check_trained(9, 9, np.zeros((1, 1), np.float32), np.array(end, np.float32))


def test_refuses_what_teaches_nothing() -> None:
    """Too rare, or alone."""
    with pytest.raises(CannotTrain, match="no track stands 9 times: lower min_count"):
        fit(small(), Options(min_count=9))
    with pytest.raises(CannotTrain, match="no track stands 1 times"):
        fit(corpus_from_lists([]))
    with pytest.raises(CannotTrain, match="no playlist holds two different tracks"):
        fit(corpus_from_lists([["a", "a"], [], ["b"], []]))
    for wrong in (Options(order="random"), Options(scoring="euclid"), Options(negative=0)):
        with pytest.raises(CannotTrain):
            fit(small(), wrong)


def test_min_count_counts_entries_as_gensim_does() -> None:
    """Numbers follow playlists, so the learned ones need not be the first: b has 3 entries, c 2."""
    corpus = corpus_from_lists([["c", "a"], ["c", "a"], ["b", "a", "b", "b"]])
    assert corpus.vocabulary.raw_ids(np.arange(3)) == ["a", "c", "b"]
    model = fit(corpus, replace(QUICK, min_count=3))
    assert model.tracks.tolist() == [0, 2]
    assert np.isnan(model.scores(seeds(0))).tolist() == [False, True, False]
    assert np.isnan(model.scores(seeds(1))).all()


def test_each_row_holds_its_own_track() -> None:
    """gensim sorts by entries; scores stand at our numbers all the same."""
    corpus, taste = clean_world(np.random.default_rng(2))
    scores = fit(corpus, Options()).scores(seeds(int(np.flatnonzero(taste == 1)[0])))
    assert scores[taste == 1].min() > scores[taste == 0].max()


def misleading_world(rng: np.random.Generator) -> tuple[Corpus, int, int]:
    """Two tastes, and of each a track that stood once, among tracks of the other taste, but is by an artist of its own.

    Returns the corpus and the numbers of both: of the track by the artist of taste 0, and of taste 1.
    """
    world, taste = clean_world(rng)
    ids = world.vocabulary.raw_ids(np.arange(world.n_tracks))
    playlists = [[ids[track] for track in playlist] for playlist in world]
    makers = {raw_id: int(artist) for raw_id, artist in zip(ids, world.artists, strict=True)}
    for own in (0, 1):
        others = rng.choice(np.flatnonzero(taste != own), 8, replace=False)
        playlists.append([f"rare{own}", *(ids[track] for track in others)])
        makers[f"rare{own}"] = int(world.artists[taste == own][0])
    corpus = corpus_from_lists(playlists)
    named = corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
    artists = np.array([makers[raw_id] for raw_id in named], np.int32)
    return replace(corpus, artists=artists), named.index("rare0"), named.index("rare1")


@pytest.mark.parametrize("world_seed", range(3))
def test_a_rare_track_is_found_by_its_artist(world_seed: int) -> None:
    """Its only playlist speaks for the wrong taste, and its artist for the right one; without artists it is lost."""
    corpus, rare, other = misleading_world(np.random.default_rng(world_seed))
    ids = corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
    mine = [number for number, raw_id in enumerate(ids) if raw_id.startswith("taste0")]
    seeds_of_taste = np.array([track for track in mine if corpus.artists[track] != corpus.artists[rare]][:3], np.int32)
    with_artists = fit(corpus, Options()).scores(seeds_of_taste)
    without = fit(corpus, Options(artists=False)).scores(seeds_of_taste)
    assert with_artists[rare] > with_artists[other]
    assert without[rare] < without[other]


def test_tracks_of_one_artist_share_its_vector() -> None:
    """What the weights add to a track's own vectors is its artist's, and the mean artist's where none is known."""
    corpus = replace(small(), artists=np.array([0, 1, 0, -1], np.int32))
    alone = fit(corpus, replace(QUICK, artist_in=0.0, artist_out=0.0))
    beside = fit(corpus, replace(QUICK, artist_in=2.0, artist_out=0.5))
    assert beside.notes()["artists"] == 2
    inner, outer = (beside.inner - alone.inner) / 2, (beside.outer - alone.outer) / 0.5
    assert np.linalg.norm(inner[:3], axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    for vectors in (inner, outer):
        assert vectors[2] == pytest.approx(vectors[0], abs=1e-5)
        assert np.abs(vectors[1] - vectors[0]).max() > 1e-3
        assert vectors[3] == pytest.approx(vectors[:3].mean(axis=0), abs=1e-5)


@pytest.mark.parametrize("known", [False, True])
def test_without_artists_it_is_what_it_was(known: bool) -> None:
    """Where none is known the option changes nothing, and where it is off no artist does; so for the article."""
    corpus, _ = noisy_world(np.random.default_rng(1))
    nameless = replace(corpus, artists=np.full(corpus.n_tracks, -1, np.int32))
    plain = digest(fit(nameless, replace(QUICK, artists=False)))
    assert digest(fit(corpus if known else nameless, replace(QUICK, artists=not known))) == plain
    article = PRESETS["article"]
    assert digest(fit(corpus, article)) == digest(fit(nameless, article))


@pytest.mark.parametrize("scoring", ["in-out", "cosine"])
def test_scores_are_those_of_the_formula(scoring: str) -> None:
    """Strangers and repeats among the seeds change nothing."""
    model = fit(small(), replace(QUICK, scoring=scoring))
    scores = model.scores(seeds(2, 0, 2, -1, 99))
    assert scores.dtype == np.float32
    mean = (model.inner[0] + model.inner[2]) / 2
    if scoring == "cosine":
        assert scores == pytest.approx(model.inner @ mean, rel=1e-5)
    else:
        assert scores == pytest.approx(model.outer @ mean + 0.2 * np.log([4, 3, 2, 1]), rel=1e-5)
    assert np.linalg.norm(model.inner, axis=1) == pytest.approx(np.ones(4))


def test_no_known_seed_is_all_nan() -> None:
    """Nothing known, nothing told."""
    for none in (seeds(), seeds(-1), seeds(99)):
        assert np.isnan(fit(small()).scores(none)).all()


@pytest.mark.parametrize("scoring", ["in-out", "cosine"])
def test_arrays_rebuild_it_from_mapped_files(tmp_path: Path, scoring: str) -> None:
    """Stored and mapped, it gives the same scores; with cosine, at half the size."""
    options = replace(QUICK, scoring=scoring)
    model = fit(replace(small(), artists=np.array([0, 1, 0, -1], np.int32)), options)
    kinds = {name: str(array.dtype) for name, array in model.arrays().items()}
    artists = {"makers": "int32", "artist-inner": "float32", "artist-outer": "float32"}
    more = {"outer": "float32", "prior": "float32", **artists} if scoring == "in-out" else {}
    assert kinds == {"tracks": "int32", "inner": "float32"} | more
    for name, array in model.arrays().items():
        np.save(tmp_path / name, array)
    mapped = {path.stem: np.load(path, mmap_mode="r", allow_pickle=False) for path in tmp_path.iterdir()}
    again = Word2Vec.from_arrays(mapped, options, 4)
    assert np.array_equal(again.scores(seeds(0, 3)), model.scores(seeds(0, 3)))
    assert again.notes() == {"tracks": 4, "dimensions": 4}


@pytest.mark.parametrize("world_seed", range(3))
def test_it_hears_taste_through_noise(world_seed: int) -> None:
    """Where popularity is right half of the time, nine of ten suggestions are right."""
    corpus, taste = noisy_world(np.random.default_rng(world_seed))
    right = right_share(fit(corpus, Options()), corpus, taste, np.random.default_rng(9))
    popular = Popularity.fit(corpus, np.random.default_rng(0), NoOptions())
    assert right >= 0.9
    assert right > right_share(popular, corpus, taste, np.random.default_rng(9))


def test_a_budget_buys_less_of_more_words() -> None:
    """First fewer epochs, then a narrower window, down to one of each; the time stays in the budget until then."""
    sizes = np.geomspace(1e3, 1e9, 60).astype(int).tolist()
    plans = [plan(Options(), n_words, 200_000) for n_words in sizes]
    for name in ("epochs", "window"):
        chosen = [getattr(one, name) for one in plans]
        assert chosen == sorted(chosen, reverse=True)
        assert chosen[-1] == 1
    assert all(one.seconds <= 60 for one in plans if (one.epochs, one.window) != (1, 1))
    assert (plans[0].epochs, plans[0].window, plans[0].workers) == (25, 4, 1)
    assert any(one.epochs == 5 and one.window < 4 for one in plans)


def test_a_budget_leaves_what_is_given() -> None:
    """Given values stay, whatever they cost; twelve million entries fit ten minutes."""
    given = plan(Options(epochs=9, window=7, vector_size=33, workers=3), 10**9, 10**6)
    assert (given.epochs, given.window, given.vector_size, given.workers) == (9, 7, 33, 3)
    large = plan(Options(budget_s=600), 12_000_000, 1_000_000)
    assert large.seconds <= 600
    assert large.epochs >= 5


def test_the_article_has_gensims_defaults() -> None:
    """Its preset, which is compared against, differs from a bare gensim in nothing but min_count 4."""
    from gensim.models import Word2Vec as Bare

    bare, ours = Bare(), PRESETS["article"]
    for name in ("sg", "vector_size", "window", "epochs", "negative", "ns_exponent", "sample", "shrink_windows",
                 "alpha", "min_alpha"):  # fmt: skip
        assert getattr(ours, name) == getattr(bare, name), name
    assert (ours.min_count, ours.order, ours.scoring) == (4, "kept", "cosine")


def test_progress_rises_and_the_log_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    """gensim's warnings of few jobs stay out, and its logger is as it was."""
    logger, shares = logging.getLogger("gensim"), list[float]()
    before = logger.level
    Word2Vec.fit(small(), np.random.default_rng(0), replace(QUICK, workers=2), shares.append)
    assert shares == pytest.approx([1 / 3, 2 / 3, 1.0])
    assert logger.level == before
    assert not caplog.records


def test_serving_it_needs_no_gensim() -> None:
    """The module imports numpy alone; gensim takes a second."""
    program = "import sys, recommender.models.word2vec; print('gensim' in sys.modules, 'scipy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["False", "False"]
