"""How growth is fitted, and how the steps are measured and remembered."""

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.scale import running, steps
from bench.scale.growth import growth
from bench.scale.process import StepFailed, run
from bench.scale.steps import Measured
from bench.scale.table import table

SIZES = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1]


@settings(deadline=None)  # the first call loads scipy
@given(st.floats(-1, 3), st.floats(1e-3, 1e3))
def test_a_power_law_is_found_exactly(exponent: float, factor: float) -> None:
    found = growth(SIZES, [factor * size**exponent for size in SIZES])
    assert found.exponent == pytest.approx(exponent, abs=1e-6)
    assert found.low <= found.exponent + 1e-9
    assert found.high >= found.exponent - 1e-9


def test_the_interval_holds_the_exponent_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    inside = 0
    for _ in range(400):
        found = growth(SIZES, [size**1.1 * np.exp(rng.normal(0, 0.1)) for size in SIZES])
        inside += found.low <= 1.1 <= found.high
    assert 0.92 <= inside / 400 <= 0.98


def test_two_sizes_have_an_exponent_without_an_interval() -> None:
    found = growth([1, 4], [1, 8])
    assert found.exponent == pytest.approx(1.5)
    assert np.isnan([found.low, found.high]).all()


@pytest.mark.parametrize(("sizes", "costs"), [([1], [1]), ([1, 1], [1, 2]), ([1, 2], [0, 1]), ([1, 2], [1])])
def test_what_has_no_exponent_is_refused(sizes: list[float], costs: list[float]) -> None:
    with pytest.raises(ValueError, match="two sizes"):
        growth(sizes, costs)


def test_a_process_is_measured_alone(tmp_path: Path) -> None:
    """Its memory and not its parent's, its work, and the files that it made and took away again."""
    ballast = b"x" * 400_000_000
    work = tmp_path / "work"
    work.mkdir()
    program = (
        "import os, time; x = bytearray(200_000_000); x[::4096] = b'x' * len(x[::4096]);"
        f"f = open(r'{work / 'a'}', 'wb'); f.write(x[:50_000_000]); f.flush(); time.sleep(0.3); f.close();"
        f"os.remove(r'{work / 'a'}'); print('done')"
    )
    found = run([sys.executable, "-c", program], work)
    assert len(ballast) == 400_000_000
    assert found.output == "done\n"
    assert 200 < found.peak < 300
    assert 50 <= found.disk < 51
    assert 0.3 < found.seconds < 30
    assert 0 < found.work < 30


def test_a_step_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="no room for this"):
        run([sys.executable, "-c", "raise SystemExit('no room for this')"], tmp_path)


def test_results_are_remembered_and_measured_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is the only thing that a second run measures."""
    called: list[tuple[str, Fraction]] = []

    def step(name: str) -> object:
        def measured(place: steps.Place) -> Measured:
            called.append((name, place.part))
            if name == "b" and place.part == 1 and len(called) < 5:
                raise StepFailed("stopped")
            return Measured(float(place.part) * 3, 10.0, None, {"rate": 7.0})

        return measured

    monkeypatch.setattr(running, "STEPS", {"a": step("a"), "b": step("b")})
    parts = [Fraction(1), Fraction(1, 2)]
    with pytest.raises(StepFailed):
        running.measure(tmp_path / "new", parts, ["a", "b"], 1, again=False, keep=False)
    assert called == [("a", Fraction(1, 2)), ("b", Fraction(1, 2)), ("a", Fraction(1)), ("b", Fraction(1))]
    results = running.measure(tmp_path / "new", parts, ["a", "b"], 1, again=False, keep=False)
    assert called[4:] == [("b", Fraction(1))]
    assert results["b"][Fraction(1, 2)] == Measured(1.5, 10.0, None, {"rate": 7.0})
    assert running.measure(tmp_path / "new", parts, ["a", "b"], 1, again=False, keep=False) == results
    assert len(called) == 5


def test_the_table_tells_costs_and_exponents_and_what_is_above() -> None:
    parts = [Fraction(1, 4), Fraction(1, 2), Fraction(1)]
    rising = {part: Measured(float(part) ** 1.3 * 100, 50.0, None, {"rate": 7.0}) for part in parts}
    told = table({"fit": rising, "ask": {parts[0]: Measured(0.01)}}, parts).splitlines()
    assert told[0].split() == ["1/4", "1/2", "1", "grows", "as", "n", "to", "the"]
    assert told[1].split()[:5] == ["fit,", "s", "16.5", "40.6", "100"]
    assert told[1].endswith("1.30 [1.30, 1.30] ABOVE 1.15")
    assert told[2].endswith("0.00 [0.00, 0.00]")
    assert told[-1].split() == ["ask,", "s", "0.010"]
