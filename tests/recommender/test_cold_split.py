"""Tracks that are taken out of every playlist: they leave no trace in what is learned from."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.genres import Genres
from recommender.load import load
from recommender.measures.cold_split import ColdSplit, split_tracks
from recommender.plays import plays_from_pairs
from recommender.texts import texts_of
from tests.recommender.songs import add, playlist, song, taste_playlists
from tests.worlds import noisy_world

SEEDS = range(5)


def furnished(seed: int = 1) -> Corpus:
    """Give a noisy world where everything is told of everything."""
    corpus, tastes = noisy_world(np.random.default_rng(seed))
    n = corpus.n_tracks
    pairs = np.random.default_rng(seed).integers(0, n, 60)
    plays = plays_from_pairs(("a", "b"), np.arange(60) % 2, pairs, np.ones(60, int), np.zeros(60, int))
    return replace(
        corpus,
        albums=np.arange(n, dtype=np.int32) // 3,
        audio=np.arange(n * 11, dtype=np.float32).reshape(n, 11),
        texts=texts_of([f"artist\nsong {number}\n\n\n" for number in range(n)]),
        dates=np.arange(corpus.n_playlists),
        weights=np.arange(corpus.n_playlists, dtype=np.float32),
        genres=Genres(
            ("calm", "loud"),
            np.array([(p, p % 2) for p in range(corpus.n_playlists)], np.int32),
            np.array([(artist, int(tastes[corpus.artists == artist][0])) for artist in range(10)], np.int32),
        ),
        plays=plays,
    )


def ids(corpus: Corpus, numbers: np.ndarray) -> list[str]:
    return corpus.vocabulary.raw_ids(numbers)


def cold_ids(split: ColdSplit) -> set[str]:
    return set(ids(split.training, split.cold))


@pytest.mark.parametrize("on", ["test", "validation"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_playlist_and_no_listener_has_a_cold_track(on: str, seed: int) -> None:
    """And the others stand where they stood, in their order, under the same name, date, weight and genre."""
    corpus = furnished()
    split = split_tracks(corpus, on, np.random.default_rng(seed))
    training = split.training
    assert len(split.asked) == corpus.n_tracks // 10
    assert not np.isin(training.entries, split.cold).any()
    assert not np.isin(training.plays.tracks, split.cold).any()
    assert (training.playlist_counts[split.cold] == 0).all()
    assert split.n_known == (training.playlist_counts > 0).sum()
    assert (training.playlist_counts[: split.n_known] > 0).all()
    there = set(ids(training, np.arange(training.n_tracks)))
    for number in range(training.n_playlists):
        before = corpus.names.index(training.names[number])
        left = [one for one in ids(corpus, corpus.playlist(before)) if one in there - cold_ids(split)]
        assert ids(training, training.playlist(number)) == left
        assert (training.dates[number], training.weights[number]) == (before, before)
        assert training.genres.of_playlists[number].tolist() == [number, before % 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_cold_track_is_stays_known(seed: int) -> None:
    """Artist, album, sound, words, and the genres of artists, whatever the new numbers are."""
    corpus = furnished()
    split = split_tracks(corpus, "test", np.random.default_rng(seed))
    training = split.training
    old = corpus.vocabulary.numbers_of(training.vocabulary)
    assert (training.audio == corpus.audio[old]).all()
    assert list(training.texts) == [corpus.texts[number] for number in old]
    for new, before in ((training.artists, corpus.artists[old]), (training.albums, corpus.albums[old])):
        assert len(set(zip(new.tolist(), before.tolist(), strict=True))) == len(set(before.tolist()))
    genre = dict(training.genres.of_artists.tolist())
    for track in split.cold.tolist():
        assert (
            genre[int(training.artists[track])]
            == dict(corpus.genres.of_artists.tolist())[int(corpus.artists[old[track]])]
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_validation_knows_nothing_of_the_test(seed: int) -> None:
    """Its tracks are others, and those of the test are not even in its vocabulary."""
    corpus = furnished()
    test, validation = (split_tracks(corpus, on, np.random.default_rng(seed)) for on in ("test", "validation"))
    there = set(ids(validation.training, np.arange(validation.training.n_tracks)))
    assert cold_ids(test)
    assert cold_ids(validation)
    assert not cold_ids(test) & there
    assert all(not np.isin(tracks, -1).any() for tracks in validation.playlists)


def test_every_playlist_that_held_one_is_told_whole() -> None:
    """With the cold tracks in their places, for the truth."""
    corpus = furnished()
    split = split_tracks(corpus, "test", np.random.default_rng(1))
    whole = [ids(corpus, corpus.playlist(p)) for p in range(corpus.n_playlists)]
    assert [ids(split.training, tracks) for tracks in split.playlists] == [
        tracks for tracks in whole if set(tracks) & cold_ids(split)
    ]


def test_versions_of_a_held_out_recording_go_with_it(tmp_path: Path) -> None:
    """Or else the other version would answer; a song of the same name by somebody else stays."""
    twins = [
        song(f"Song {n}{more}", f"Band {n % 5}", f"{n:02d}{len(more):0>20}")
        for n in range(20)
        for more in ("", " - Live", " (Remastered)")
    ]
    cover = [song(f"Song {n}", f"Cover band {n}") for n in range(20)]
    lists = [playlist(f"l{n}", [*twins[n * 6 : n * 6 + 12], *cover[n : n + 5]]) for n in range(10)]
    add(tmp_path / "s.db", lists)
    corpus = load(tmp_path / "s.db", texts=True)[1]
    split = split_tracks(corpus, "test", np.random.default_rng(1))
    found = cold_ids(split)
    originals = [track.track_id for track in twins]
    for number in range(20):
        mine = originals[3 * number : 3 * number + 3]
        assert len(found & set(mine)) in (0, 3)
    assert found & set(originals)
    assert len(found) > len(split.asked)
    bare = load(tmp_path / "s.db")[1]
    assert len(split_tracks(bare, "test", np.random.default_rng(1)).cold) == len(split.asked)


def test_a_playlist_of_cold_tracks_alone_is_gone() -> None:
    """It would teach nothing, and a model may not expect it."""
    corpus = corpus_from_lists([["a", "b"], *([["a", f"t{n}", f"t{n + 1}"] for n in range(30)]), *[["b", "c"]] * 2])
    for seed in range(20):
        split = split_tracks(corpus, "test", np.random.default_rng(seed))
        assert (np.diff(split.training.offsets) > 0).all()


def test_few_tracks_and_none_are_no_trouble(tmp_path: Path) -> None:
    """Nothing can be drawn of what stands in one playlist each."""
    add(tmp_path / "s.db", taste_playlists()[:1])
    split = split_tracks(load(tmp_path / "s.db", texts=True)[1], "test", np.random.default_rng(1))
    assert (len(split.cold), len(split.asked), split.playlists) == (0, 0, [])
    empty = split_tracks(corpus_from_lists([]), "validation", np.random.default_rng(1))
    assert (empty.training.n_tracks, empty.playlists) == (0, [])
