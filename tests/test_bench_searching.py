"""The bench of search: it draws questions from the database itself, and carries figures on as powers of the size."""

import math
from pathlib import Path

import pytest

from bench.measure import Figure
from bench.scale import searching
from bench.scale.searching import extrapolated, growth
from tests.db.make import playlist, store_all


def test_a_power_is_found_again() -> None:
    """Values that grow as a power of the size are carried on along it, with nothing left open."""
    grown = growth([1e4, 1e5, 1e6], [3 * size**0.7 for size in (1e4, 1e5, 1e6)], 3e7)
    assert grown.exponent == pytest.approx(0.7)
    assert (grown.low, grown.at, grown.high) == pytest.approx((3 * 3e7**0.7,) * 3)


def test_values_off_the_line_make_it_less_sure() -> None:
    """The further they lie from it, and the fewer they are, the wider; two sizes alone tell nothing of it."""
    spans = [growth([1, 10, 100], [1, 10 * off, 100], 1000) for off in (1.1, 1.5)]
    widths = [math.log(grown.high / grown.low) for grown in spans]
    assert 0 < widths[0] < widths[1]
    assert math.isnan(growth([1, 10], [1, 10], 100).low)
    assert growth([1, 10], [1, 10], 100).at == pytest.approx(100)


def test_each_figure_of_all_sizes_is_carried_on() -> None:
    """Under a name that says that it was not measured."""
    measured = [
        [
            Figure("search, tracks", size, "tracks", None),
            Figure("search, x, median", size / 10, "ms", 50),
            Figure("search, x, slowest", 7, "ms", 50),
        ]
        for size in (10, 100, 1000)
    ]
    (found,) = extrapolated([*measured], 100_000)
    assert found.what == "extrapolated to 100,000 tracks: x, median"
    assert found.measured == pytest.approx(10_000)
    assert found.target is None


def test_every_class_that_the_database_has_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And each question finds what its class says."""
    monkeypatch.setattr(searching, "COLD_RUNS", 1)
    monkeypatch.setattr(searching, "DRAWN", 3)
    path = tmp_path / "s.db"
    store_all(path, [playlist(number, range(number * 5, number * 5 + 400)) for number in range(3)])
    told = {figure.what: figure for figure in searching.figures(path)}
    assert told["search, title and artist, median"].measured > 0
    assert "FTS5's rank" in told["search, the commonest words, median"].detail
    assert told["search, a narrow range, slowest"].target == 150
    assert told["search, the whole command, cold"].measured > 50
    assert next(figure.what for figure in searching.room(path)) == "search, tracks"
    assert len(searching.short_beginnings(path)) == 4
