"""What came of lists, and how sure it is: properties, and simulations that know the truth."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.measures.outcomes import LEAST_PEOPLE, Tally, arm_of, difference, drawn_arm, share_of

people = st.lists(
    st.integers(1, 30).flatmap(lambda lists: st.builds(Tally, st.just(lists), st.integers(0, lists))),
    min_size=1,
    max_size=40,
)


def drawn(rng: np.random.Generator, count: int, share: float, likeness: float) -> list[Tally]:
    """Draw people who are alike by so much in themselves: 0, all alike; towards 1, each takes all or nothing."""
    lists = 1 + rng.poisson(6, count)
    own = np.full(count, share)
    if likeness:
        own = rng.beta(share * (1 - likeness) / likeness, (1 - share) * (1 - likeness) / likeness, count)
    return [Tally(int(n), int(k)) for n, k in zip(lists, rng.binomial(lists, own), strict=True)]


@given(people)
def test_an_interval_holds_its_share_and_lies_from_0_to_1(told: list[Tally]) -> None:
    found = share_of(told)
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1
    assert found.high > found.low
    assert (found.lists, found.people) == (sum(one.lists for one in told), len(told))
    assert found.is_known == (len(told) >= LEAST_PEOPLE)


@given(people)
def test_what_was_not_taken_is_the_other_way_round(told: list[Tally]) -> None:
    found, left = share_of(told), share_of([Tally(one.lists, one.lists - one.taken) for one in told])
    assert left.low == pytest.approx(1 - found.high, abs=1e-9)
    assert left.high == pytest.approx(1 - found.low, abs=1e-9)


@given(people, people)
def test_a_difference_is_the_same_from_both_sides(mine: list[Tally], others: list[Tally]) -> None:
    one, other = share_of(mine), share_of(others)
    there, back = difference(one, other), difference(other, one)
    assert (there.more, there.low, there.high) == pytest.approx((-back.more, -back.high, -back.low), abs=1e-9)
    assert there.low <= there.more <= there.high
    assert there.is_known == back.is_known


@given(people)
def test_nothing_differs_from_itself(told: list[Tally]) -> None:
    assert not difference(share_of(told), share_of(told)).is_known


def test_of_nobody_and_of_one_nothing_is_known() -> None:
    nobody = share_of([])
    assert math.isnan(nobody.share)
    assert (nobody.low, nobody.high) == (0, 1)
    one = share_of([Tally(1_000, 300)])
    assert (one.share, one.low, one.high) == (0.3, 0, 1)
    assert not difference(nobody, one).is_known


def test_one_who_takes_from_every_list_does_not_make_a_model_sure() -> None:
    """A hundred lists of ten people who are each of one kind are worth ten lists, and not a hundred."""
    alike = share_of([Tally(10, 10 * (place % 2)) for place in range(10)])
    mixed = share_of([Tally(10, 5) for _ in range(10)])
    assert alike.high - alike.low > 2.5 * (mixed.high - mixed.low)


def test_few_people_are_too_few_however_clear_they_are() -> None:
    lovers, others = [Tally(50, 50)] * (LEAST_PEOPLE - 1), [Tally(50, 0)] * (LEAST_PEOPLE - 1)
    assert not difference(share_of(lovers), share_of(others)).is_known
    assert difference(share_of(lovers * 2), share_of(others * 2)).is_known


@pytest.mark.parametrize(
    ("count", "share", "likeness"),
    [(10, 0.3, 0.1), (10, 0.05, 0.2), (20, 0.3, 0.4), (20, 0.05, 0.2), (50, 0.3, 0.0), (50, 0.7, 0.2)],
)
def test_in_95_of_100_worlds_the_truth_lies_in_the_interval(count: int, share: float, likeness: float) -> None:
    rng, worlds = np.random.default_rng(5), 800
    shares = differences = 0
    for _ in range(worlds):
        one, other = (share_of(drawn(rng, count, share, likeness)) for _ in range(2))
        shares += one.low <= share <= one.high
        between = difference(one, other)
        differences += between.low <= 0 <= between.high
    # 800 worlds leave two points of chance; with few and alike people the interval is wide rather than wrong.
    assert 0.925 <= shares / worlds <= 0.999
    assert 0.925 <= differences / worlds <= 0.999


def test_a_real_difference_is_found() -> None:
    rng = np.random.default_rng(6)
    found = [
        difference(share_of(drawn(rng, 40, 0.5, 0.1)), share_of(drawn(rng, 40, 0.25, 0.1))).is_known for _ in range(50)
    ]
    assert sum(found) >= 45


class TestArms:
    def test_a_person_keeps_theirs(self) -> None:
        for person in ("l:ada", "v:x", ""):
            assert arm_of(person, ["a", "b"]) == arm_of(person, ["b", "a"])

    def test_people_are_shared_out_evenly(self) -> None:
        counts = Counter(arm_of(f"v:{number}", ["hybrid", "item-knn", "svd"]) for number in range(3_000))
        assert all(900 < count < 1_100 for count in counts.values())

    def test_the_bandit_comes_to_the_better_one_and_still_tries_the_other(self) -> None:
        rng = np.random.default_rng(7)
        lists, taken, truth, chosen = [0, 0], [0, 0], (0.4, 0.2), []
        for _ in range(1_000):
            arm = drawn_arm([Tally(*pair) for pair in zip(lists, taken, strict=True)], rng)
            chosen.append(arm)
            lists[arm] += 1
            taken[arm] += int(rng.random() < truth[arm])
        assert np.mean(chosen[-500:]) < 0.1
        assert np.mean(chosen) > 0

    def test_the_bandit_knows_nothing_at_first(self) -> None:
        rng = np.random.default_rng(8)
        assert 0.4 < np.mean([drawn_arm([Tally(0, 0), Tally(0, 0)], rng) for _ in range(1_000)]) < 0.6
