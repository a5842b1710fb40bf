"""Choosing is done once, and the same as a plain sort would."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.catalogue import SongRow, title_of
from recommender.ranking import Card, Rules, best_first, best_known, choose

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


def card(letter: str, artists: tuple[str, ...], playlists: int = 0) -> Card:
    """Make the card of a song named by a letter; a capital is it played live, another recording of the same song."""
    name = f"Song of {letter}" if letter.islower() else f"Song of {letter.lower()} (Live)"
    return Card(artists, title_of(SongRow("", name, ("Somebody",), "", None, None, 0, None)), playlists)


def same_song(one: Card, other: Card) -> bool:
    """Tell whether two cards are of one letter."""
    return one.title.keys.name == other.title.keys.name


cards = st.lists(
    st.builds(
        card, st.sampled_from("uUvVwxyz"), st.lists(st.sampled_from("ABC"), max_size=2).map(tuple), st.integers(0, 3)
    ),
    max_size=25,
)
rules = st.builds(Rules, st.sampled_from([None, 1, 2, 3]), st.booleans())


def falling(row: list[Card]) -> np.ndarray:
    """Give each place of a row its relevance."""
    return np.linspace(1, 0, len(row), dtype=np.float32)


def chosen(row: list[Card], heard: list[Card], n: int, rule: Rules, **more: bool) -> list[int]:
    """Choose by the letters."""
    return choose(falling(row), row, heard, n, rule, **more)  # type: ignore[arg-type]


def may_come(card: Card, before: list[Card], heard: list[Card], rule: Rules) -> bool:
    """Tell, plainly, whether caps and versions let a card come."""
    if rule.per_artist is not None:
        made = [artist for other in before for artist in set(other.artists)]
        if any(made.count(artist) >= rule.per_artist for artist in card.artists):
            return False
    return rule.versions or not any(same_song(card, other) for other in [*heard, *before])


@given(cards, cards, st.integers(1, 30), rules, st.booleans())
def test_each_choice_is_the_best_that_may_come(
    row: list[Card], heard: list[Card], n: int, rule: Rules, neighbours: bool
) -> None:
    """Not over the cap, no version unless allowed, nobody twice in a row while there is anybody else."""
    places = chosen(row, heard, n, rule, neighbours=neighbours)
    assert len(places) == len(set(places)) <= n
    for at, place in enumerate(places):
        before = [row[p] for p in places[:at]]
        last = set(before[-1].artists) if before else set()
        left = [p for p in range(len(row)) if p not in places[:at] and may_come(row[p], before, heard, rule)]
        apart = [p for p in left if not last & set(row[p].artists)]
        assert place == (apart[0] if apart else left[0])
        assert neighbours or apart
    if len(places) < n:
        before = [row[p] for p in places]
        left = [p for p in range(len(row)) if p not in places and may_come(row[p], before, heard, rule)]
        assert not left if neighbours else all(set(before[-1].artists) & set(row[p].artists) for p in left)


@given(st.lists(st.integers(0, 9), max_size=25), st.integers(1, 30))
def test_without_limits_and_repeats_it_is_the_first_n(songs: list[int], n: int) -> None:
    """With caps and versions off, and nobody twice, nothing is left out."""
    row = [card("abcdefghij"[song], (f"artist {place}",)) for place, song in enumerate(songs)]
    assert chosen(row, row, n, Rules(None, versions=True)) == list(range(min(n, len(row))))


@given(cards)
def test_the_best_known_of_each_recording_stands_where_the_best_placed_stood(row: list[Card]) -> None:
    """One of each recording stays; another recording of the same song is not the same."""
    stands = best_known(row)
    first: dict[object, int] = {}
    for place, one in enumerate(row):
        first.setdefault(one.title, place)
    assert list(stands) == sorted(first.values())
    for at, place in stands.items():
        group = [p for p in range(len(row)) if row[p].title == row[at].title]
        assert place == max(group, key=lambda p: (row[p].playlists, -p))


class Lines:
    """Places on a line, alike when they are near."""

    def __init__(self, places: list[float]) -> None:
        self.places = np.array(places, np.float32)
        self.most = np.zeros(len(places), np.float32)

    def after(self, place: int) -> np.ndarray:
        """Take the nearest of those chosen."""
        self.most = np.maximum(self.most, 1 - np.abs(self.places - self.places[place]))
        return self.most


def test_diversity_takes_the_far_before_the_near() -> None:
    """Of equal cards the one unlike those chosen comes next; with 0 the order stays."""
    row = [card(letter, (letter,)) for letter in "abcd"]
    near, free = Lines([0.0, 0.1, 0.9, 0.2]), Rules(None, versions=False)
    spread = choose(falling(row), row, [], 4, free, diversity=0.9, nearness=near)
    assert spread == [0, 2, 3, 1]
    assert choose(falling(row), row, [], 4, free, diversity=0.0, nearness=near) == [0, 1, 2, 3]
