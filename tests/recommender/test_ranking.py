"""Choosing is done once, and the same as a plain sort would."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.ranking import Card, best_first, spread

score = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, float("nan")]), st.floats(-10, 10, width=32), st.just(float("nan"))
)


def plainly(scores: list[float], excluded: list[int], n: int) -> list[int]:
    """Sort as the docstring says: by score, the untold last, equals by number."""
    left = [number for number in range(len(scores)) if number not in excluded]
    return sorted(left, key=lambda number: (np.isnan(scores[number]), -np.nan_to_num(scores[number]), number))[:n]


@given(st.lists(score, min_size=1, max_size=60), st.data())
def test_best_first_is_a_plain_sort(scores: list[float], data: st.DataObject) -> None:
    """Whatever the ties, the untold, the excluded, and however many are wanted."""
    excluded = data.draw(st.lists(st.integers(0, len(scores) - 1), max_size=len(scores)))
    n = data.draw(st.integers(1, len(scores) + 5))
    values = np.array(scores, np.float32)
    before = values.copy()
    got = best_first(values, np.array(excluded, np.int32), n)
    assert got.tolist() == plainly(values.tolist(), excluded, n)
    np.testing.assert_array_equal(values, before)


def test_best_first_of_nothing_is_nothing() -> None:
    """No tracks, or none left."""
    none = np.zeros(0, np.int32)
    assert best_first(np.zeros(0, np.float32), none, 5).tolist() == []
    assert best_first(np.ones(2, np.float32), np.array([0, 1], np.int32), 5).tolist() == []


def test_best_first_of_scores_that_may_not_be_written() -> None:
    """Scores may come from a map."""
    scores = np.array([1, 3, 2], np.float32)
    scores.setflags(write=False)
    assert best_first(scores, np.zeros(0, np.int32), 2).tolist() == [1, 2]


cards = st.lists(
    st.builds(
        Card,
        artists=st.lists(st.sampled_from("ABC"), max_size=2).map(tuple),
        recordings=st.lists(st.sampled_from("uvwxyz"), max_size=2).map(tuple),
    ),
    max_size=25,
)


@given(cards, cards, st.integers(1, 30), st.sampled_from([None, 1, 2, 3]), st.booleans())
def test_spread_keeps_the_order_and_its_promises(
    row: list[Card], heard: list[Card], n: int, per_artist: int | None, versions: bool
) -> None:
    """Never more than n, never out of order, never over the cap, never a version unless it is allowed."""
    places = spread(row, heard, n, per_artist, versions)
    assert places == sorted(set(places))
    assert len(places) <= n
    chosen = [row[place] for place in places]
    if per_artist is not None:
        for artist in "ABC":
            assert sum(artist in card.artists for card in chosen) <= per_artist
    if not versions:
        labels = [label for card in chosen for label in set(card.recordings)]
        assert len(labels) == len(set(labels))
        assert not set(labels) & {label for card in heard for label in card.recordings}


@given(cards, st.integers(1, 30))
def test_spread_without_limits_is_the_first_n(row: list[Card], n: int) -> None:
    """With caps and versions off nothing is left out."""
    assert spread(row, row, n, None, True) == list(range(min(n, len(row))))


@given(cards, cards, st.integers(1, 30), st.sampled_from([None, 1, 2]), st.booleans())
def test_spread_leaves_out_only_what_it_must(
    row: list[Card], heard: list[Card], n: int, per_artist: int | None, versions: bool
) -> None:
    """Each card that was passed over before the last chosen one breaks a promise given what came before it."""
    places = spread(row, heard, n, per_artist, versions)
    end = places[-1] if len(places) == n else len(row)
    for place in set(range(end)) - set(places):
        before = [row[p] for p in places if p < place]
        full = per_artist is not None and any(
            sum(artist in card.artists for card in before) >= per_artist for artist in row[place].artists
        )
        known = {label for card in (*heard, *before) for label in card.recordings}
        assert full or (not versions and known & set(row[place].recordings))


def test_spread_looks_no_further_than_it_must() -> None:
    """Cards are made one by one, so a long list costs no more than its head."""
    made = []

    def lazily():  # type: ignore[no-untyped-def]
        for number in range(1000):
            made.append(number)
            yield Card((number,), (number,))

    assert spread(lazily(), [], 3, 1, False) == [0, 1, 2]
    assert len(made) <= 4
