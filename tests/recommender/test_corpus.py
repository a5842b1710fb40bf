"""The corpus and the bridge of ids: order, counts, and nothing lost."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender import corpus as corpus_module
from recommender.corpus import corpus_from_lists, corpus_from_numbers
from recommender.vocabulary import NOT_FOUND, Vocabulary, in_order

track_ids = st.text("abAB01:", min_size=1, max_size=22)
playlists = st.lists(st.lists(track_ids, max_size=8), max_size=12)


@given(playlists)
def test_a_corpus_holds_every_playlist_in_its_order(told: list[list[str]]) -> None:
    """Repeats and order are kept, and it can be walked twice."""
    corpus = corpus_from_lists(told)
    for _ in range(2):
        assert [corpus.vocabulary.raw_ids(tracks) for tracks in corpus] == told
    assert (corpus.n_playlists, corpus.n_entries) == (len(told), sum(map(len, told)))
    assert corpus.entries.dtype == np.int32
    assert corpus.offsets.dtype == np.int64
    assert corpus.playlist_counts.dtype == np.int32


@given(playlists)
def test_tracks_are_numbered_by_playlist_count_then_id(told: list[list[str]]) -> None:
    """A track counts once for each playlist; equals stand in the order of their ids."""
    corpus = corpus_from_lists(told)
    counts = Counter(track for tracks in told for track in set(tracks))
    wanted = sorted(counts, key=lambda track: (-counts[track], track.encode()))
    assert corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks)) == wanted
    assert corpus.playlist_counts.tolist() == [counts[track] for track in wanted]


@given(playlists, st.randoms(use_true_random=False))
def test_the_numbers_do_not_depend_on_the_order_of_the_playlists(told: list[list[str]], random) -> None:  # type: ignore[no-untyped-def]
    """The vocabulary follows from what is in the playlists, not from which came first."""
    shuffled = random.sample(told, len(told))
    assert corpus_from_lists(shuffled).vocabulary.ids.tolist() == corpus_from_lists(told).vocabulary.ids.tolist()


@given(playlists, playlists)
def test_the_fingerprint_tells_corpora_apart(one: list[list[str]], other: list[list[str]]) -> None:
    """Equal for equal playlists, different for any other."""
    assert (corpus_from_lists(one).fingerprint() == corpus_from_lists(other).fingerprint()) == (one == other)


@given(st.lists(track_ids, unique=True, max_size=30), st.lists(st.text(max_size=25), max_size=10))
def test_ids_and_numbers_are_one_bridge(ids: list[str], strangers: list[str]) -> None:
    """There and back is the same; a stranger, of any letters and length, is NOT_FOUND."""
    vocabulary = Vocabulary.from_ids(ids)
    assert vocabulary.numbers(ids).tolist() == list(range(len(ids)))
    assert vocabulary.raw_ids(vocabulary.numbers(ids)) == ids
    found = vocabulary.numbers(strangers)
    assert found.dtype == np.int32
    assert found.tolist() == [ids.index(s) if s in ids else NOT_FOUND for s in strangers]


def test_a_longer_id_is_not_its_beginning() -> None:
    """Ids are kept in 22 bytes, and a text of 23 must not be taken for its first 22."""
    vocabulary = Vocabulary.from_ids(["a" * 22])
    assert vocabulary.numbers(["a" * 23, "a" * 21, "a" * 22, "a" * 22 + "\0"]).tolist() == [-1, -1, 0, -1]


@given(st.lists(st.binary(max_size=22).map(lambda raw: raw.rstrip(b"\0")), max_size=40))
def test_ids_are_sorted_by_their_bytes(ids: list[bytes]) -> None:
    """Whatever they share, equal ones in their order: as numpy sorts bytes, which takes far longer."""
    packed = np.array(ids, "S22")
    assert in_order(packed).tolist() == np.argsort(packed, kind="stable").tolist()


@given(st.lists(st.sampled_from("ab"), min_size=22, max_size=22).map("".join), st.integers(0, 3), st.integers(2, 60))
def test_ids_that_differ_late_are_sorted_too(shared: str, seed: int, count: int) -> None:
    """Eight letters at most are compared at first."""
    rng = np.random.default_rng(seed)
    packed = np.array([shared[:10] + "".join(rng.choice(list("ab"), 12)) for _ in range(count)], "S22")
    assert in_order(packed).tolist() == np.argsort(packed, kind="stable").tolist()


@given(st.lists(track_ids, unique=True, max_size=30), st.lists(track_ids, unique=True, max_size=30))
def test_one_vocabulary_finds_the_tracks_of_another(ids: list[str], others: list[str]) -> None:
    """All at once, in any order of both."""
    found = Vocabulary.from_ids(ids).numbers_of(Vocabulary.from_ids(others))
    assert found.tolist() == [ids.index(other) if other in ids else NOT_FOUND for other in others]


@given(playlists, st.integers(1, 5))
def test_counting_by_parts_counts_the_same(told: list[list[str]], at_once: int) -> None:
    """Few entries at once, and playlists longer than that."""
    whole = corpus_from_lists(told)
    usual, corpus_module._COUNTED_AT_ONCE = corpus_module._COUNTED_AT_ONCE, at_once
    try:
        assert corpus_from_lists(told).playlist_counts.tolist() == whole.playlist_counts.tolist()
    finally:
        corpus_module._COUNTED_AT_ONCE = usual


@given(st.lists(st.integers(-2, 9), min_size=1, max_size=30))
def test_artists_are_numbered_as_the_tracks_name_them(keys: list[int]) -> None:
    """From 0 on, by first appearance in the order of the tracks; -1 for none."""
    ids = np.array([f"t{n:02d}" for n in range(len(keys))], "S22")
    corpus = corpus_from_numbers(ids, np.arange(len(keys)), np.array([0, len(keys)]), np.array(keys))
    order = list(dict.fromkeys(key for key in keys if key >= 0))
    assert corpus.artists.tolist() == [order.index(key) if key >= 0 else -1 for key in keys]
    assert corpus.artists.dtype == np.int32
