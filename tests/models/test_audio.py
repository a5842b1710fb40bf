"""audio finds what sounds like the seeds, whoever lists it, and is silent where nothing is heard."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from db.records import AudioFeatures
from recommender.corpus import AUDIO, Corpus, corpus_from_numbers
from recommender.errors import CannotTrain, DamagedModel
from recommender.models import audio as module
from recommender.models.audio import Audio, Options
from recommender.models.sound import COLUMNS, PARTS
from tests.cli.running import segue
from tests.recommender.songs import TASTES, add, song, taste_playlists, taste_song
from tests.worlds import noisy_world, right_share

N_LISTED = 40


def fit(corpus: Corpus, seed: int = 1, **words: Any) -> Audio:
    return Audio.fit(corpus, np.random.default_rng(seed), Options(**words))


def asked(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


@pytest.fixture(scope="module")
def world() -> tuple[Corpus, np.ndarray]:
    return noisy_world(np.random.default_rng(7))


def with_unlisted(corpus: Corpus, audio: np.ndarray) -> Corpus:
    """Add tracks that no playlist holds. audio: float32, shape (new tracks, features)."""
    raw_ids = np.append(np.asarray(corpus.vocabulary.ids), [f"unlisted{row}".encode() for row in range(len(audio))])
    also = np.ones(len(raw_ids), bool)
    both = np.append(corpus.audio, audio, axis=0)
    return corpus_from_numbers(raw_ids, corpus.entries, corpus.offsets, audio=both, also=also)


def silenced(corpus: Corpus, *tracks: int) -> Corpus:
    """Forget how some tracks sound."""
    audio = corpus.audio.copy()
    audio[list(tracks)] = np.nan
    return replace(corpus, audio=audio)


def test_a_score_is_the_mean_of_cosines_and_a_little_fame(world: tuple[Corpus, np.ndarray]) -> None:
    corpus, _ = world
    model = fit(corpus, prior=0.3)
    points = model.vectors(np.arange(corpus.n_tracks)).astype(np.float64)
    fame = np.log1p(corpus.playlist_counts) / np.log1p(corpus.playlist_counts.max())
    expected = (points @ points[[3, 8]].T).mean(axis=1) + 0.3 * fame
    np.testing.assert_allclose(model.scores(asked(8, 3, 8)), expected, atol=1e-5)


def test_a_track_that_no_playlist_holds_is_found_and_is_a_seed_like_any(world: tuple[Corpus, np.ndarray]) -> None:
    """Two that sound the same as a listed one."""
    corpus, _ = world
    corpus = with_unlisted(corpus, corpus.audio[[5, 5]])
    assert corpus.n_tracks == N_LISTED + 2
    assert corpus.playlist_counts[-1] == 0
    model = fit(corpus, prior=0)
    for seed in (5, 40, 41):
        assert set(np.argsort(-model.scores(asked(seed)))[:3].tolist()) == {5, 40, 41}
    assert model.scores(asked(40))[41] == pytest.approx(1, abs=1e-5)


def test_what_is_not_heard_is_not_told_and_tells_nothing(world: tuple[Corpus, np.ndarray]) -> None:
    corpus, _ = world
    model = fit(silenced(corpus, 2, 30))
    scores = model.scores(asked(2, 4))
    assert np.flatnonzero(np.isnan(scores)).tolist() == [2, 30]
    np.testing.assert_array_equal(scores, model.scores(asked(4)))
    assert np.isnan(model.scores(asked(2, 30))).all()
    assert np.isnan(model.vectors(np.array([2]))).all()


def test_a_track_of_which_one_feature_is_known_is_near_the_middle(world: tuple[Corpus, np.ndarray]) -> None:
    corpus, _ = world
    audio = np.full((1, len(AUDIO)), np.nan, np.float32)
    audio[0, AUDIO.index("energy")] = np.median(corpus.audio[:, AUDIO.index("energy")])
    model = fit(with_unlisted(corpus, audio), prior=0)
    told = model.vectors(np.array([N_LISTED]))[0]
    np.testing.assert_allclose(told, [1, *[0] * len(COLUMNS)], atol=0.2)


@pytest.mark.parametrize("audio", [np.zeros((40, 0), np.float32), np.full((40, len(AUDIO)), np.nan, np.float32)])
def test_without_features_it_says_how_to_come_by_them(world: tuple[Corpus, np.ndarray], audio: np.ndarray) -> None:
    with pytest.raises(CannotTrain, match=r"^no track's audio features are known: run `segue features`, or import"):
        fit(replace(world[0], audio=audio))


def test_the_order_in_which_tracks_are_numbered_does_not_matter(world: tuple[Corpus, np.ndarray]) -> None:
    corpus, _ = world
    new = np.random.default_rng(1).permutation(N_LISTED).astype(np.int32)
    old = np.argsort(new)
    other = replace(corpus, entries=new[corpus.entries], audio=corpus.audio[old])
    np.testing.assert_allclose(
        fit(other, prior=0).scores(asked(int(new[3])))[new], fit(corpus, prior=0).scores(asked(3)), atol=1e-5
    )


def test_without_learning_the_playlists_do_not_matter(world: tuple[Corpus, np.ndarray]) -> None:
    corpus, _ = world
    shuffled = replace(corpus, entries=np.random.default_rng(2).permutation(corpus.entries))
    for learned in (False, True):
        scores = [fit(some, learned=learned, prior=0).scores(asked(0)) for some in (corpus, shuffled)]
        assert np.array_equal(*scores) is not learned


def test_what_the_lists_agree_in_is_learned_and_finds_the_taste_better(world: tuple[Corpus, np.ndarray]) -> None:
    """Three of the features tell the taste, and the lists of this world have one each."""
    corpus, taste = world
    model = fit(corpus)
    first = [PARTS[part] for part in np.argsort(-model.weights * np.bincount(COLUMNS))]
    assert {"energy", "acousticness", "valence"} <= set(first[:5])
    alike = right_share(model, corpus, taste, np.random.default_rng(3))
    assert alike > right_share(fit(corpus, learned=False), corpus, taste, np.random.default_rng(3))


def test_a_share_of_the_playlists_teaches_what_all_do(
    world: tuple[Corpus, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large collection no more are read than are needed."""
    corpus, _ = world
    whole = fit(corpus).weights
    monkeypatch.setattr(module, "_LEARNED_FROM", corpus.n_entries // 2)
    half = fit(corpus).weights
    assert not np.array_equal(half, whole)
    assert np.corrcoef(half, whole)[0, 1] > 0.9


def test_the_key_counts_as_much_as_it_is_told_to(world: tuple[Corpus, np.ndarray]) -> None:
    """One new track has the key of the seed and is else its opposite, the other sounds like it in the farthest key."""
    corpus, _ = world
    key, mode = AUDIO.index("key"), AUDIO.index("mode")
    opposite, transposed = 1 - corpus.audio[[1]], corpus.audio[[1]]
    opposite[0, [key, mode]] = corpus.audio[1, [key, mode]]
    transposed[0, key] = (transposed[0, key] + 6) % 12
    corpus = with_unlisted(corpus, np.append(opposite, transposed, axis=0))
    in_key, alike = corpus.vocabulary.numbers(["unlisted0", "unlisted1"])
    for times, nearer, farther in ((0, alike, in_key), (100, in_key, alike)):
        scores = fit(corpus, key=times, prior=0).scores(asked(1))
        assert scores[nearer] > scores[farther] + 0.5


def test_blocks_change_nothing(world: tuple[Corpus, np.ndarray], monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = silenced(world[0], 0, 17)
    whole = fit(corpus).arrays()
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    for name, array in fit(corpus).arrays().items():
        np.testing.assert_allclose(array, whole[name], rtol=1e-5)


@pytest.mark.parametrize("array", ["points", "prior"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_stored_numbers_that_are_none_are_damage(world: tuple[Corpus, np.ndarray], array: str, value: float) -> None:
    arrays = {name: told.copy() for name, told in fit(world[0]).arrays().items()}
    arrays[array][7] = value
    spoilt = Audio.from_arrays(arrays, Options(), N_LISTED)
    with pytest.raises(DamagedModel, match="are no numbers"):
        spoilt.scores(asked(3))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("tracks", np.zeros((40, 1), np.int32)),
        ("tracks", np.arange(40, dtype=np.float32)),
        ("tracks", np.arange(1, 41, dtype=np.int32)),
        ("tracks", np.arange(-1, 39, dtype=np.int32)),
        ("tracks", np.zeros(0, np.int32)),
        ("points", np.zeros((40, 3), np.float32)),
        ("points", np.zeros((39, 1 + len(COLUMNS)), np.float32)),
        ("prior", np.zeros(39, np.float32)),
        ("weights", np.zeros(3, np.float32)),
        ("weights", np.zeros(len(PARTS), np.int32)),
    ],
)
def test_arrays_that_do_not_fit_are_refused(world: tuple[Corpus, np.ndarray], name: str, other: np.ndarray) -> None:
    with pytest.raises(ValueError, match="track"):
        Audio.from_arrays({**fit(world[0]).arrays(), name: other}, Options(), N_LISTED)


def test_tracks_that_are_none_of_the_vocabulary_are_damage(world: tuple[Corpus, np.ndarray]) -> None:
    """Which is told where they are touched: in a stored model that is mapped only the ends are looked at."""
    arrays = {name: told.copy() for name, told in fit(silenced(world[0], 0)).arrays().items()}
    arrays["tracks"][5] = 1_000
    with pytest.raises(DamagedModel, match="its tracks are not those of its vocabulary"):
        Audio.from_arrays(arrays, Options(), N_LISTED).scores(asked(39))


def features(taste: str, number: int) -> AudioFeatures:
    energy, acousticness = (0.8, 0.1) if taste == "loud" else (0.5, 0.7)
    return AudioFeatures(
        taste_song(taste, number), energy=energy + number / 100, acousticness=acousticness - number / 100,
        key=number % 12, mode=1, tempo=90.0 + number, valence=0.5, danceability=0.5, instrumentalness=0.0,
        loudness=-9.0, liveness=0.1, speechiness=0.05,
    )  # fmt: skip


def test_from_the_command_line_it_refuses_and_then_finds_a_song_that_nobody_lists(tmp_path: Path) -> None:
    untrained = tmp_path / "segue.db"
    add(untrained, taste_playlists())
    refused = segue("--db", untrained, "train", "audio", "--no-measure")
    assert refused.exit_code != 0
    assert "run `segue features`" in refused.stderr
    new = song("never listed", "nobody", "neverlisted00000000000")
    add(untrained, [features(taste, number) for taste in TASTES for number in range(10)])
    add(untrained, [replace(features("loud", 3), track=new)])
    trained = segue("--db", untrained, "train", "audio", "--no-measure")
    assert trained.exit_code == 0, trained.stderr
    assert "tracks 21" in trained.stdout
    found = segue("--db", untrained, "suggest", taste_song("loud", 3).track_id, "--model", "audio", "-n", "5")
    assert found.exit_code == 0, found.stderr
    assert "never listed" in found.stdout
    assert "loud song 2" in found.stdout
    assert "calm" not in found.stdout
