"""A half-life: what it weighs, that it changes nothing where nothing is old, and that it follows a changed taste."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from db.connection import open_writer, transaction
from recommender.ageing import DAY, FAINTEST, aged, weights_of
from recommender.artifacts import read_manifest, read_model
from recommender.commands.tune_table import Search, command
from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain
from recommender.genres import Genres
from recommender.models.contract import Model
from recommender.models.options import options_of
from recommender.models.popularity import Popularity
from recommender.models.registry import KINDS, model_class, options_class
from recommender.models.sentences import Sentences
from recommender.plays import plays_from_pairs
from recommender.ranking import best_first
from recommender.texts import texts_of
from tests.cli.running import segue
from tests.recommender.songs import add, by_frequency, playlist, song, spotify_id
from tests.worlds import noisy_world

SHARED, OLD, NEW = "shared", "old", "new"
OLD_LISTS, NEW_LISTS = 90, 30
each_kind = pytest.mark.parametrize("kind", KINDS)
OF_CONTENT = ("audio", "meaning")
"""Kinds that go by what a song is, which does not change with what people make of it."""


def day(number: float) -> int:
    return 1_700_000_000 + int(number * DAY)


@cache
def changed_world() -> Corpus:
    """The same songs, which long ago stood beside old ones, three times as often as now beside new ones."""
    rng = np.random.default_rng(5)
    lists = []
    for number in range(OLD_LISTS + NEW_LISTS):
        beside = OLD if number < OLD_LISTS else NEW
        songs = [*rng.choice(20, 5, replace=False), *(100 + rng.choice(20, 5, replace=False))]
        lists.append([f"{SHARED if song < 100 else beside}{song % 100}" for song in rng.permutation(songs)])
    corpus = corpus_from_lists(lists)
    ids = corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
    artists = np.array([[SHARED, OLD, NEW].index(name.rstrip("0123456789")) * 4 + int(name[-1]) % 4 for name in ids])
    dates = np.array([day(0)] * OLD_LISTS + [day(1_000)] * NEW_LISTS)
    names = tuple(OLD if number < OLD_LISTS else NEW for number in range(OLD_LISTS + NEW_LISTS))
    # All of one genre, and of one text, so that what songs are about leaves it to their fame.
    of_one = np.stack([np.arange(corpus.n_playlists), np.zeros(corpus.n_playlists)], 1).astype(np.int32)
    genres, texts = Genres(("pop",), of_one, np.zeros((0, 2), np.int32)), texts_of(["A song"] * corpus.n_tracks)
    return replace(corpus, artists=artists.astype(np.int32), dates=dates, names=names, genres=genres, texts=texts)


def fit(kind: str, corpus: Corpus) -> Model:
    # With artists as words, word2vec puts the rarer new ones first of itself in so small a world.
    usual = {"workers": "1"} | ({"artists": "no"} if kind == "word2vec" else {})
    words = {name: value for name, value in usual.items() if name in options_class(kind).__dataclass_fields__}
    return model_class(kind).fit(corpus, np.random.default_rng(1), options_of(kind, None, words))


def share_of_new(model: Model, corpus: Corpus) -> float:
    """Ask with pairs of the shared songs, and tell which share of the old and the new ones that come first is new."""
    ids = np.array(corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks)))
    shared = np.flatnonzero(np.char.startswith(ids, SHARED)).astype(np.int32)
    shares = []
    for seeds in shared.reshape(-1, 2):
        ranked = ids[best_first(model.scores(seeds), seeds, corpus.n_tracks)]
        first = ranked[~np.char.startswith(ranked, SHARED)][:10]
        shares.append(np.char.startswith(first, NEW).mean())
    return float(np.mean(shares))


def test_a_half_life_older_weighs_half() -> None:
    weights = weights_of(np.array([day(0), day(10), day(20)]), 10)
    assert weights.tolist() == [0.25, 0.5, 1.0]
    assert weights.dtype == np.float32


def test_ages_are_counted_from_the_latest_date_so_that_a_training_can_be_repeated() -> None:
    early = weights_of(np.array([day(0), day(10)]), 7)
    np.testing.assert_array_equal(early, weights_of(np.array([day(5_000), day(5_010)]), 7))


def test_what_is_not_dated_weighs_like_the_median_of_what_is() -> None:
    weights = weights_of(np.array([0, day(0), day(10), day(20), 0]), 10)
    assert weights.tolist() == [0.5, 0.25, 0.5, 1.0, 0.5]


def test_the_oldest_still_weighs_something() -> None:
    weights = weights_of(np.array([day(0), day(100_000)]), 0.01)
    assert weights.tolist() == [FAINTEST, 1.0]


def test_old_plays_are_counted_less_and_once_at_the_least() -> None:
    corpus, _ = noisy_world(np.random.default_rng(1))
    plays = plays_from_pairs(
        ("a",), np.zeros(4, np.int32), np.arange(4), np.array([8, 8, 8, 1]), np.array([day(0), day(20), 0, day(0)])
    )
    counted = aged(replace(corpus, plays=plays), 10).plays
    assert counted.counts.tolist() == [2, 8, 2, 1]
    assert counted.counts.dtype == np.int32


def test_where_nothing_is_dated_it_is_refused() -> None:
    with pytest.raises(CannotTrain, match=r"no playlist is dated, .* leave --half-life out"):
        aged(noisy_world(np.random.default_rng(1))[0], 10)


def test_without_a_half_life_all_stays_as_it_is() -> None:
    corpus = changed_world()
    assert aged(corpus, None) is corpus


@each_kind
def test_where_all_are_of_one_day_every_model_learns_the_same_as_without_a_half_life(kind: str) -> None:
    corpus, _ = noisy_world(np.random.default_rng(7))
    plain = fit(kind, corpus).arrays()
    weighed = fit(kind, aged(replace(corpus, dates=np.full(corpus.n_playlists, day(0))), 10)).arrays()
    assert plain.keys() == weighed.keys()
    for name, array in plain.items():
        np.testing.assert_array_equal(array, weighed[name])
        assert array.dtype == weighed[name].dtype


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(OF_CONTENT)))
def test_every_model_follows_a_taste_that_changed(kind: str) -> None:
    """The old beside the shared songs lead three to one; after ten half-lives they do not lead any more."""
    corpus = changed_world()
    before, after = (share_of_new(fit(kind, aged(corpus, days)), corpus) for days in (None, 100))
    assert after >= before + 0.2, (before, after)
    assert after > 0.5


@pytest.mark.filterwarnings("error")
@each_kind
def test_a_model_in_which_nearly_all_is_faint_is_finite_or_refused(kind: str) -> None:
    """One playlist of a wrong date, long after all others, leaves these next to no weight."""
    corpus = changed_world()
    corpus = aged(replace(corpus, dates=np.append(corpus.dates[:-1], day(1_000_000))), 1)
    assert (corpus.weights[:-1] == np.float32(FAINTEST)).all()
    try:
        model = fit(kind, corpus)
    except CannotTrain:
        return
    scores = model.scores(np.arange(3, dtype=np.int32))
    assert not np.isinf(scores).any()


def test_popularity_counts_by_weight() -> None:
    corpus = replace(corpus_from_lists([["a", "b"], ["a", "a"]]), weights=np.array([0.25, 1.0], np.float32))
    model = fit("popularity", corpus)
    assert isinstance(model, Popularity)
    assert model.counts.tolist() == [1.25, 0.25]


def test_every_playlist_takes_part_in_the_first_walk_and_in_others_by_its_weight() -> None:
    corpus = aged(changed_world(), 1_000)
    sentences = Sentences.of(corpus, 1, "kept", 3)
    lengths = [len(list(sentences)) for _ in range(40)]
    assert lengths[0] == OLD_LISTS + NEW_LISTS
    assert np.mean(lengths[1:]) == pytest.approx(NEW_LISTS + OLD_LISTS / 2, abs=3)
    assert sentences.words_in(40) == 10 * sum(lengths)


def dated(database: Path) -> None:
    """Date the playlists of the calm taste ten days before those of the loud one."""
    with open_writer(database, "a test") as connection, transaction(connection):
        connection.execute("UPDATE playlists SET modified_at = ? + 864000 * (name LIKE 'loud%')", [day(0)])


def test_train_keeps_the_half_life_in_the_manifest_and_counts_by_it(untrained: Path) -> None:
    result = segue("--db", untrained, "train", "popularity", "--half-life", "10")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: no playlist is dated")
    dated(untrained)
    assert segue("--db", untrained, "train", "popularity", "--half-life", "10").exit_code == 0
    folder = untrained.with_suffix(".models")
    assert read_manifest(folder, "popularity").half_life_days == 10
    stored = read_model(folder, "popularity")
    counts = dict(zip(by_frequency(untrained), stored.arrays["counts"].tolist(), strict=True))
    assert all(counts[spotify_id(f"calm{n:02d}")] == counts[spotify_id(f"loud{n:02d}")] / 2 for n in range(15))


@pytest.mark.parametrize("days", ["0", "-3", "nan", "inf", "soon"])
def test_a_half_life_that_is_none_is_wrong_usage(untrained: Path, days: str) -> None:
    for asked in ("train", "evaluate"):
        result = segue("--db", untrained, asked, "popularity", f"--half-life={days}")
        assert result.exit_code == 2
        assert "--half-life" in result.stderr


def test_train_json_tells_the_half_life(untrained: Path) -> None:
    dated(untrained)
    told = json.loads(segue("--db", untrained, "train", "popularity", "--half-life", "2.5", "--json").stdout)
    assert told[0]["half_life_days"] == 2.5


def test_evaluate_weighs_by_age_and_says_so(tmp_path: Path) -> None:
    """A song that only the late playlists hold gains on those of the early ones."""
    rng = np.random.default_rng(1)
    songs = [song(f"Song {n}", f"Artist {n % 40}", spotify_id(f"n{n}x")) for n in range(400)]
    names = [f"{'loud' if n % 4 == 0 else 'calm'}{n}" for n in range(80)]
    chosen = [rng.choice(200, 35, replace=False) + (200 if name.startswith("loud") else 0) for name in names]
    add(tmp_path / "s.db", [playlist(name, [songs[n] for n in c]) for name, c in zip(names, chosen, strict=True)])
    dated(tmp_path / "s.db")
    fame = []
    for more in ([], ["--half-life", "1"]):
        result = segue("--db", tmp_path / "s.db", "evaluate", "popularity", "--seeds-of", "5", "--json", *more)
        told = json.loads(result.stdout)
        fame.append(next(one["mean_playlist_count"] for one in told["models"] if one["name"] == "popularity"))
        assert told["half_life_days"] == (1 if more else None)
    assert fame[1] < fame[0]


def test_what_listeners_played_is_the_truth_and_does_not_age(untrained: Path) -> None:
    result = segue("--db", untrained, "evaluate", "--protocol", "plays", "--half-life", "10")
    assert result.exit_code == 2
    assert "--half-life goes with --protocol continuation or next" in result.stderr


def test_the_command_that_tune_gives_keeps_the_half_life() -> None:
    usual = options_of("item-knn", None, {})
    search = Search("item-knn", "ndcg_500", usual, usual, [], 90.0)
    told = command(search, options_of("item-knn", None, {"shrink": "2"}))
    assert told == "segue train item-knn --set shrink=2.0 --half-life 90"
