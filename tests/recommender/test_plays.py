"""What listeners played, from rows to arrays, and as ratings."""

from collections import Counter
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from db import index
from db.connection import open_reader, open_writer, transaction
from db.plays import store_plays
from db.records import Play
from db.runs import ImportRun
from recommender.corpus import Corpus, corpus_from_lists, corpus_from_numbers
from recommender.load import load_corpus
from recommender.plays import NO_PLAYS, plays_from_pairs
from recommender.ratings import FEWEST_LISTENERS, ratings_of
from tests.recommender.songs import NOW, add, playlist, song, spotify_id

ONE, TWO, THREE = (song(f"song {n}", "artist", spotify_id(f"id{n}")) for n in (1, 2, 3))
pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(1, 9), st.integers(0, 99)), max_size=40)


@given(pairs)
def test_pairs_are_added_up_and_the_latest_time_is_kept(told: list[tuple[int, int, int, int]]) -> None:
    """Whatever the order; every listener has a place, with or without plays."""
    columns = np.array(told, np.int64).reshape(-1, 4).T
    plays = plays_from_pairs(("a", "b", "c", "d", "e"), *columns)
    counts: Counter[tuple[int, int]] = Counter()
    latest: dict[tuple[int, int], int] = {}
    for listener, track, count, last in told:
        counts[listener, track] += count
        latest[listener, track] = max(last, latest.get((listener, track), 0))
    found = list(zip(plays.listener_of.tolist(), plays.tracks.tolist(), strict=True))
    assert found == sorted(counts)
    assert plays.counts.tolist() == [counts[pair] for pair in found]
    assert plays.last_played.tolist() == [latest[pair] for pair in found]
    assert (plays.n_listeners, len(plays.offsets), plays.offsets[-1]) == (5, 6, len(found))


@given(pairs, st.randoms(use_true_random=False))
def test_a_part_of_the_plays_keeps_the_listeners_and_the_order(told: list[tuple[int, int, int, int]], random) -> None:  # type: ignore[no-untyped-def]
    """Splits take pairs away, not people."""
    plays = plays_from_pairs(tuple("abcde"), *np.array(told, np.int64).reshape(-1, 4).T)
    kept = np.array([random.random() < 0.5 for _ in range(plays.n_pairs)], bool)
    part = plays.only(kept)
    assert part.listeners == plays.listeners
    assert part.listener_of.tolist() == plays.listener_of[kept].tolist()
    assert part.tracks.tolist() == plays.tracks[kept].tolist()
    assert part.counts.tolist() == plays.counts[kept].tolist()


def stored(database: Path) -> Corpus:
    add(database, [playlist("p", [ONE, TWO])])
    with open_writer(database, "a test") as connection:
        with transaction(connection):
            run = ImportRun("test", "a test", NOW)
            store_plays(connection, run, "log 1", [Play("bo", TWO, 2, 50), Play("al", THREE, 1, None)])
            store_plays(connection, run, "log 2", [Play("bo", TWO, 3, 40), Play("bo", song("Song 1", "ARTIST"), 1, 60)])
        index.finish(connection)
    with open_reader(database) as connection:
        return load_corpus(connection)


def test_plays_come_from_the_database_over_all_logs_and_links(tmp_path: Path) -> None:
    """A local file counts as its Spotify twin, and two logs of one listener are one listener."""
    corpus = stored(tmp_path / "s.db")
    plays = corpus.plays
    assert plays.listeners == ("al", "bo")
    ids = corpus.vocabulary.raw_ids(plays.tracks)
    told = dict(zip(zip(plays.listener_of.tolist(), ids, strict=True), plays.counts.tolist(), strict=True))
    assert told == {(0, THREE.track_id): 1, (1, TWO.track_id): 5, (1, ONE.track_id): 1}
    assert sorted(plays.last_played.tolist()) == [0, 50, 60]


def test_a_track_that_was_only_played_stands_last_with_no_playlists(tmp_path: Path) -> None:
    """It has a number, so that it can be foretold."""
    corpus = stored(tmp_path / "s.db")
    assert corpus.playlist_counts.tolist() == [1, 1, 0]
    assert corpus.vocabulary.raw_ids(np.array([2])) == [THREE.track_id]


def played(n_listeners: int) -> Corpus:
    base = corpus_from_lists([["a", "b"], ["a", "c"]])
    numbers = np.arange(n_listeners)
    plays = plays_from_pairs(tuple(map(str, numbers)), numbers, numbers % 3, numbers + 1, numbers * 0)
    return corpus_from_numbers(base.vocabulary.ids, base.entries, base.offsets, plays=plays)


def test_ratings_are_the_logs_of_plays_where_enough_people_listen() -> None:
    """A single person's history says nothing of who is like whom."""
    corpus = played(FEWEST_LISTENERS)
    ratings = ratings_of(corpus, np.random.default_rng(1), 2)
    assert ratings.of_plays
    np.testing.assert_allclose(ratings.values, np.log(corpus.plays.counts), rtol=1e-6)
    assert not ratings_of(played(FEWEST_LISTENERS - 1), np.random.default_rng(1), 2).of_plays


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6), max_size=10), st.integers(0, 12))
def test_playlists_rate_what_they_hold_one_and_what_was_drawn_zero(told: list[list[str]], zeros: int) -> None:
    """A held track is never rated zero, and nothing is rated twice."""
    corpus = corpus_from_lists(told)
    ratings = ratings_of(corpus, np.random.default_rng(1), zeros)
    assert (ratings.of_plays, len(ratings.offsets)) == (False, len(told) + 1)
    for rater, tracks in enumerate(corpus):
        rated = slice(*ratings.offsets[rater : rater + 2])
        numbers, values = ratings.tracks[rated], ratings.values[rated]
        assert numbers.tolist() == sorted(set(numbers.tolist()))
        assert set(numbers[values == 1].tolist()) == set(tracks.tolist())
        assert (values == 0).sum() <= zeros


def test_without_plays_there_are_none() -> None:
    """The usual case."""
    assert corpus_from_lists([["a", "b"]]).plays.n_pairs == NO_PLAYS.n_pairs == 0
