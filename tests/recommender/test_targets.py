"""Targets: how near songs are to what is wished, and a list that comes nearer to it."""

import math
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import catalogue
from recommender.errors import FilterNotClear
from recommender.lists import dials
from recommender.lists.targets import FAR, Target, drawn, nearness
from recommender.suggest import Suggester
from tests.web import world

names = st.sampled_from(sorted(FAR))
numbers = st.floats(-1e6, 1e6)
songs = st.lists(st.dictionaries(names, numbers, max_size=4), min_size=1, max_size=30)
some_targets = st.lists(st.builds(Target, names, numbers), max_size=4)


@given(some_targets, songs)
def test_nearness_goes_from_0_to_1(targets: list[Target], measured: list[Mapping[str, float]]) -> None:
    near = nearness(targets, measured)
    assert near.dtype == np.float32
    assert near.shape == (len(measured),)
    assert ((near >= 0) & (near <= 1)).all()


@given(names, numbers, st.lists(numbers, min_size=2, max_size=20))
def test_of_two_songs_the_one_that_lies_nearer_is_nearer(name: str, wanted: float, values: list[float]) -> None:
    near = nearness([Target(name, wanted)], [{name: value} for value in values])
    apart = [abs(value - wanted) for value in values]
    if name != "key":
        assert (np.diff(near[np.argsort(apart, kind="stable")]) <= 1e-6).all()
    assert all(one == 1 for one, distance in zip(near, apart, strict=True) if distance == 0)


@given(names, numbers, st.lists(numbers, min_size=1, max_size=20))
def test_what_is_not_known_neither_helps_nor_harms(name: str, wanted: float, values: list[float]) -> None:
    near = nearness([Target(name, wanted)], [{}, *({name: value} for value in values)])
    assert near[0] == pytest.approx(near[1:].mean(), abs=1e-5)


def test_keys_lie_in_a_circle() -> None:
    near = nearness([Target("key", 0)], [{"key": key} for key in range(12)])
    assert near[11] == near[1] > near[2] == near[10] > near[6] == 0


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=40), st.data())
def test_a_target_hands_the_same_relevances_out_anew(scores: list[float], data: st.DataObject) -> None:
    relevance = dials.relevance(np.array(sorted(scores, reverse=True), np.float32))
    near = np.array(data.draw(st.lists(st.floats(0, 1, width=32), min_size=len(scores), max_size=len(scores))))
    assert sorted(drawn(relevance, near)) == sorted(relevance)
    even = np.full(len(scores), 0.5, np.float32)
    assert (drawn(relevance, even) == relevance).all(), "where all are as near the model's order stays"


def test_a_target_of_nothing_is_refused() -> None:
    with pytest.raises(FilterNotClear, match="no brightness to come near to"):
        Target("brightness", 1)
    with pytest.raises(FilterNotClear, match="a target of energy is a number"):
        Target("energy", math.nan)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world.make(tmp_path_factory.mktemp("targets") / "world.db", ("item-knn", "popularity"))


@pytest.mark.parametrize(("name", "wanted"), [("tempo", 140.0), ("valence", 1.0), ("duration_ms", 180_000.0)])
def test_songs_come_nearer_and_stay_of_the_seeds_kind(database: Path, name: str, wanted: float) -> None:
    suggester, seeds = Suggester.open(database), [world.track_id("techno", 1, 3), world.track_id("techno", 2, 2)]
    plain = suggester.suggest(seeds, 10)
    near = suggester.suggest(seeds, 10, targets=(Target(name, wanted),))
    with catalogue.open_reader(database) as connection:
        before, after = (_apart(connection, [song.track_id for song in found], name, wanted) for found in (plain, near))
    assert after < before
    assert sum(song.track_id.startswith("techno") for song in near) >= 8


def test_a_list_without_reasons_is_the_same_list(database: Path) -> None:
    suggester, seeds = Suggester.open(database), [world.track_id("pop", 1, 3)]
    with_reasons, without = suggester.suggest(seeds, 10), suggester.suggest(seeds, 10, reasons=False)
    assert [song.track_id for song in without] == [song.track_id for song in with_reasons]
    assert all(song.reasons for song in with_reasons)
    assert not any(song.reasons for song in without)


def _apart(connection: sqlite3.Connection, ids: list[str], name: str, wanted: float) -> float:
    facts = catalogue.song_facts(connection, ids, genres=False)
    return float(np.mean([abs(facts[raw_id].measured[name] - wanted) for raw_id in ids]))
