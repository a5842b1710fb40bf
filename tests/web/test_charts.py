"""Bins hold all there is, once; pictures show them in proportion."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.binning import Bin, bins, is_heavy, mean, quantile, total
from web.charts import HEIGHT, STRIP, WIDTH, Point, bars, dots, histogram, label, short

whole_spreads = st.dictionaries(st.integers(0, 10**7), st.integers(1, 10**6), min_size=1, max_size=60).map(
    lambda told: sorted((float(value), count) for value, count in told.items())
)
real_spreads = st.dictionaries(
    st.floats(-60, 5_000, allow_nan=False).map(lambda x: round(x, 2)), st.integers(1, 1_000), min_size=1, max_size=60
).map(lambda told: sorted(told.items()))


def check(spread: list[tuple[float, int]], found: list[Bin]) -> None:
    assert sum(one.count for one in found) == total(spread), "everyone is counted once"
    assert all(one.high == two.low for one, two in pairwise(found)), "no gap, and none twice"
    for one in found:
        inside = sum(count for value, count in spread if one.low - 1e-9 <= value < one.high - 1e-9)
        assert one.count == inside, "a bin holds what lies in it"
    assert found[0].low <= spread[0][0] + 1e-9
    assert found[-1].high > spread[-1][0] - 1e-9
    assert found[0].count, "it begins where there is something"
    assert found[-1].count, "and ends there"


@given(whole_spreads)
def test_whole_numbers_are_all_in_a_bin(spread: list[tuple[float, int]]) -> None:
    """No bin is narrower than one, so that none is empty because no number could be in it."""
    found = bins(spread)
    check(spread, found)
    assert all(one.high - one.low >= 1 and float(one.low).is_integer() for one in found)
    assert len(found) <= 27


@given(real_spreads)
def test_other_numbers_are_all_in_a_bin(spread: list[tuple[float, int]]) -> None:
    found = bins(spread, whole=False)
    check(spread, found)
    assert len(found) <= 27


@given(st.dictionaries(st.integers(-20, 40), st.integers(1, 99), min_size=1), st.sampled_from([0.05, 3.0, 10.0]))
def test_what_comes_in_bins_stays_in_them(told: dict[int, int], step: float) -> None:
    spread = [(round(number * step, 6), count) for number, count in sorted(told.items())]
    found = bins(spread, step, whole=False)
    assert {round(one.low, 6): one.count for one in found if one.count} == dict(spread)
    assert len(found) == max(told) - min(told) + 1, "empty ones between stand there as empty"


def test_where_a_few_have_far_more_than_most_bins_double() -> None:
    spread = [(1.0, 900), (2.0, 50), (3.0, 20), (9.0, 20), (100.0, 30)]
    assert is_heavy(spread)
    assert [(one.low, one.high, one.count) for one in bins(spread)] == [
        (1, 2, 900), (2, 4, 70), (4, 8, 0), (8, 16, 20), (16, 32, 0), (32, 64, 0), (64, 128, 30),
    ]  # fmt: skip
    assert [label(one) for one in bins(spread)][:3] == ["1", "2\u20133", "4\u20137"]
    assert bins([(0.0, 7), *spread])[0] == Bin(0, 1, 7)


@given(whole_spreads, st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
def test_a_quantile_has_that_share_at_or_below_it(spread: list[tuple[float, int]], share: float) -> None:
    value = quantile(spread, share)
    n = total(spread)
    assert sum(count for one, count in spread if one <= value) >= share * n - 1e-6
    assert sum(count for one, count in spread if one < value) <= share * n + 1e-6


def test_the_mean_is_that_of_all() -> None:
    assert mean([(1, 3), (5, 1)]) == 2
    assert mean([]) == 0


@given(whole_spreads)
def test_columns_stay_in_the_picture_and_follow_their_counts(spread: list[tuple[float, int]]) -> None:
    found = bins(spread)
    chart = histogram(found)
    for column in chart.columns:
        assert 0 <= column.x <= column.x + column.width <= WIDTH
        assert 0 <= column.y <= column.y + column.height <= chart.floor + 1e-6
    tall = [column.height for column in chart.columns]
    for one, height in zip(found, tall, strict=True):
        assert (height > 0) == (one.count > 0), "what is there is seen, and only that"
        assert all(height >= other for two, other in zip(found, tall, strict=True) if two.count < one.count)
    assert all(0 <= tick.at <= chart.floor + 1e-6 for tick in chart.up)
    assert all(0 <= tick.at <= WIDTH for tick in chart.across)
    assert chart.floor < HEIGHT


def test_heights_are_in_proportion_unless_they_grow_by_tens() -> None:
    even = histogram([Bin(0, 1, 100), Bin(1, 2, 50)])
    assert not even.steep
    assert even.columns[0].height == pytest.approx(2 * even.columns[1].height)
    steep = histogram([Bin(1, 2, 10_000), Bin(2, 4, 100), Bin(4, 8, 1)])
    assert steep.steep
    first, second, third = (column.height for column in steep.columns)
    assert first - second == pytest.approx(second - third)
    assert [tick.told for tick in steep.up] == ["1", "10", "100", "1,000", "10k"]


@given(
    st.lists(
        st.tuples(st.floats(-1, 1), st.floats(0, 0.5), st.floats(0, 0.5)).map(
            lambda told: Point("a", told[0], told[0] - told[1], told[0] + told[2])
        ),
        min_size=1,
        max_size=9,
    )
)
def test_dots_lie_between_the_ends_of_their_lines(points: list[Point]) -> None:
    picture = dots(points)
    for one, told in zip(picture.rows, points, strict=True):
        assert 0 <= one.low <= one.x <= one.high <= STRIP
        assert all(one.x <= two.x for two, other in zip(picture.rows, points, strict=True) if told.value < other.value)
    assert picture.mark is None
    assert len(picture.across) >= 2
    assert all(math.isfinite(tick.at) for tick in picture.across)


def test_the_yardstick_is_marked() -> None:
    picture = dots([Point("a", 0.4, 0.3, 0.5), Point("popularity", 0.1, 0.1, 0.1, plain=True)])
    assert picture.mark == picture.rows[1].x


def test_bars_are_in_proportion() -> None:
    assert bars([("folk", 1_000), ("dub", 500)]) == [("folk", STRIP, "1,000"), ("dub", STRIP / 2, "500")]


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0"), (0.25, "0.25"), (950, "950"), (1_500, "1,500"), (20_000, "20k"), (3e6, "3M"), (-9, "-9"), (2e9, "2bn")],
)
def test_numbers_of_an_axis_are_short(value: float, told: str) -> None:
    assert short(value) == told
