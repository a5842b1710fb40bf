"""The road as numbers: the worst step is the shortest there can be, then the sum, and nothing goes back."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.roads.laying import Ground, better, lay, steps_of, straight
from recommender.roads.steps import (
    FARTHEST,
    SILENT,
    aside,
    by_playlists,
    by_sound,
    distances,
    progress,
    walked,
    waypoints,
)

X, Y, Z = np.eye(3)


def ground(rng: np.random.Generator, songs: int, artists: int | None = None) -> Ground:
    far = rng.random((songs, songs))
    along = np.sort(rng.random(songs))
    along[[0, -1]] = 0, 1
    names = [frozenset({int(rng.integers(artists)) if artists else song}) for song in range(songs)]
    return Ground((far + far.T) / 2, along, np.zeros(songs), names)


def held(*lists: list[int]) -> np.ndarray:
    return by_playlists(lists, dict.fromkeys(range(1, 1_000), 20), 1_000)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 9), st.data())
def test_no_other_road_has_a_shorter_worst_step(seed: int, songs: int, data: st.DataObject) -> None:
    """Held against every road that goes on and stays near its places, or every one where none does."""
    n = data.draw(st.integers(2, songs))
    made = ground(np.random.default_rng(seed), songs)
    road = lay(made, n)
    roads = [(0, *between, songs - 1) for between in combinations(range(1, songs - 1), n - 2)]
    places = np.linspace(0, 1, n)
    roads = [one for one in roads if (abs(made.along[list(one)] - places) <= 0.25).all()] or roads
    judged = [(max(steps_of(one, made.far)), sum(steps_of(one, made.far))) for one in roads]
    assert (max(steps_of(road, made.far)), sum(steps_of(road, made.far))) == pytest.approx(min(judged))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 30), st.data())
def test_a_road_goes_on_from_end_to_end_and_meets_no_song_twice(seed: int, songs: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(2, songs))
    made = ground(np.random.default_rng(seed), songs, artists=6)
    road = lay(made, n)
    assert (road[0], road[-1], len(road)) == (0, songs - 1, n)
    assert all(one < then for one, then in pairwise(road))
    assert road == lay(made, n)


def test_an_artist_comes_once_while_there_are_others() -> None:
    """Twelve artists of five songs each give eight songs by eight."""
    for seed in range(5):
        made = ground(np.random.default_rng(seed), 60)
        names = [frozenset({song % 12}) for song in range(60)]
        road = lay(Ground(made.far, made.along, made.aside, names), 8)
        assert len({artist for song in road for artist in names[song]}) == 8


def test_where_an_artist_has_to_come_twice_it_is_not_in_a_row() -> None:
    """Between the ends there are songs of two artists alone, and the near steps are between songs of one."""
    names = [frozenset({name}) for name in "xaabby"]
    far = np.full((6, 6), 0.9)
    far[1, 2] = far[3, 4] = 0.1
    road = lay(Ground(far, np.linspace(0, 1, 6), np.zeros(6), names), 4)
    assert not any(names[a] & names[b] for a, b in pairwise(road))


def test_of_steps_alike_the_songs_on_the_way_are_taken() -> None:
    far = np.full((4, 4), 0.5)
    names = [frozenset({song}) for song in range(4)]
    assert lay(Ground(far, np.array([0, 0.4, 0.5, 1]), np.array([0, 0.8, 0.1, 0]), names), 3) == [0, 2, 3]


def test_the_straight_line_takes_what_is_nearest_and_no_artist_twice() -> None:
    nearness = np.array([[9, 1, 1, 1, 0], [0, 5, 4, 3, 0], [0, 5, 4, 6, 0], [0, 0, 0, 0, 9]], float)
    names = [frozenset({name}) for name in "abbcd"]
    made = Ground(np.full((5, 5), 0.5), np.linspace(0, 1, 5), np.zeros(5), names)
    assert straight(nearness, made) == [0, 1, 3, 4]
    assert straight(nearness, replace(made, artists=[frozenset({"a"})] * 5)) == [0, 1, 3, 4]
    assert straight(nearness[[0, 3]], made) == [0, 4]


def test_the_straight_line_is_filled_from_the_end_that_makes_it_better() -> None:
    """Both points are nearest to song 2; the one that comes first has it, and the other one takes 1 or 3."""
    nearness = np.array([[9, 1, 1, 1, 0], [0, 4, 5, 3, 0], [0, 3, 5, 4, 0], [0, 0, 0, 0, 9]], float)
    far = np.full((5, 5), 0.5)
    made = Ground(far, np.linspace(0, 1, 5), np.zeros(5), [frozenset({song}) for song in range(5)])
    far[1, 2] = far[2, 1] = 0.4
    assert straight(nearness, made) == [0, 1, 2, 4]
    far[2, 3] = far[3, 2] = 0.3
    assert straight(nearness, made) == [0, 2, 3, 4]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 20), st.data())
def test_the_straight_line_is_the_same_from_the_other_end(seed: int, songs: int, data: st.DataObject) -> None:
    """And each song of it comes once, from end to end."""
    n = data.draw(st.integers(2, songs))
    rng = np.random.default_rng(seed)
    made, nearness = ground(rng, songs, artists=8), rng.random((n, songs))
    back = Ground(made.far[::-1, ::-1], 1 - made.along[::-1], made.aside[::-1], made.artists[::-1])
    line = straight(nearness, made)
    assert (line[0], line[-1], len(set(line)), line) == (0, songs - 1, n, sorted(line))
    other = [songs - 1 - song for song in straight(nearness[::-1, ::-1], back)][::-1]
    assert judged(other, made) == pytest.approx(judged(line, made))


def judged(road: list[int], made: Ground) -> tuple[float, float]:
    return max(steps_of(road, made.far)), sum(steps_of(road, made.far))


def test_the_other_road_is_taken_where_it_is_better_and_meets_no_artist_again() -> None:
    """A shorter worst step first, then the sum; never for an artist twice."""
    far = np.full((5, 5), 0.9)
    made = Ground(far, np.linspace(0, 1, 5), np.zeros(5), [frozenset({name}) for name in "abcbd"])
    one, other, twice = [0, 1, 2, 4], [0, 2, 3, 4], [0, 1, 3, 4]
    assert better(one, other, made) == one
    far[2, 3] = 0.2
    assert better(one, other, made) == other
    far[0, 2] = 0.95
    assert better(one, other, made) == one
    far[0, 1] = far[1, 3] = far[3, 4] = 0.1
    assert better(one, twice, made) == one
    assert better(twice, one, made) == twice


def test_many_playlists_together_are_nearer_than_one() -> None:
    far = held([1, 2, 3, 4], [1, 2, 3, 4], [4, 5, 6, 7], [9], [9])
    assert far[0, 1] == pytest.approx(1 - 4 / (4 + 2))
    assert far[0, 2] == pytest.approx(1 - 1 / (4 + 2))
    assert far[3, 4] == pytest.approx(1 - 1 / (1 + 2))
    assert np.isnan(far[0, 3])
    assert np.array_equal(far, far.T, equal_nan=True)


def test_a_long_playlist_tells_less() -> None:
    short, long = (by_playlists([[1], [1]], {1: length}, 9)[0, 1] for length in (40, 4_000))
    assert short < long < SILENT


def test_songs_in_very_many_playlists_are_compared_where_both_are_known() -> None:
    """Of the first only playlists up to 3 are known, so that 7 and 8 of the second say nothing of the two."""
    cut = by_playlists([[1, 2, 3], [1, 7, 8]], dict.fromkeys(range(1, 9), 20), 3)
    assert cut[0, 1] == pytest.approx(1 - 1 / (np.sqrt(3 * 1) + 2))


def test_playlists_are_counted_alike_however_many_there_are() -> None:
    """Counting goes in blocks; held against counting by sets."""
    rng = np.random.default_rng(3)
    lists = [sorted(rng.choice(9_000, 6_000, replace=False).tolist()) for _ in range(3)]
    far = by_playlists(lists, dict.fromkeys(range(9_000), 20), 10_000)
    for one, other in combinations(range(3), 2):
        shared = len(set(lists[one]) & set(lists[other]))
        assert far[one, other] == pytest.approx(1 - shared / (6_000 + 2), rel=1e-4)


def test_sound_counts_half_and_double_time_as_one() -> None:
    same = np.array([[0.5, 0.5]] * 4)
    far = by_sound(same, np.array([70.0, 140.0, 99.0, np.nan]))
    assert far[0, 1] == 0
    assert far[0, 2] > 0.5
    assert np.isnan(far[0, 3])
    assert by_sound(np.array([[0.0], [1.0]]), np.array([90.0, 90.0]))[0, 1] == pytest.approx(np.sqrt(1 / 2))


def test_where_playlists_are_silent_sound_tells_and_is_farther() -> None:
    lists = np.array([[0.5, 0.99, np.nan, np.nan]])
    sounds = np.array([[0.1, np.nan, 0.3, np.nan]])
    assert distances(lists, sounds).tolist() == [[0.5, 0.99, SILENT + 0.3, FARTHEST]]


def test_the_line_goes_evenly_from_end_to_end() -> None:
    points = waypoints(X, Y, 5)
    assert points[[0, -1]] == pytest.approx(np.array([X, Y]))
    assert np.linalg.norm(points, axis=1) == pytest.approx(1)
    assert progress(points, X, Y) == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert aside(points, X, Y) == pytest.approx(0)
    assert aside(np.array([Z, X]), X, Y) == pytest.approx([1, 0])
    assert progress(np.array([X - Y, Y - X]), X, Y) == pytest.approx([0, 1])


def test_on_foot_a_song_is_as_far_along_as_its_steps_from_both_ends() -> None:
    """The way goes 0, 2, 1, 6; song 3 hangs on 2, and nothing leads to 4 and 5."""
    far = np.full((7, 7), FARTHEST)
    for one, other in ((0, 2), (2, 1), (1, 6), (2, 3)):
        far[one, other] = far[other, one] = 0.5
    along = walked(far)
    assert along[[0, 2, 1, 6]] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert along[[3, 4, 5]] == pytest.approx([2 / 5, 0.5, 0.5])


def test_on_foot_fewer_steps_are_nearer_than_shorter_ones() -> None:
    far = np.full((4, 4), FARTHEST)
    far[0, 1] = far[1, 2] = far[2, 3] = 0.01
    far[1, 3] = 0.99
    along = walked(np.minimum(far, far.T))
    assert along[1] == pytest.approx(0.5, abs=0.01)
    assert along[2] > along[1]


@pytest.mark.parametrize("end", [X, -X, X + 1e-9 * Y])
def test_ends_in_one_place_or_across_the_world_have_a_line_all_the_same(end: np.ndarray) -> None:
    for told in (waypoints(X, end, 4), progress(np.array([X, Z]), X, end), aside(np.array([X, Z]), X, end)):
        assert np.isfinite(told).all()
