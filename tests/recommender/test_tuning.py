"""Searching settings: what is drawn, what counts, and when the usual settings stay."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pytest

from recommender.errors import CannotTrain, DamagedModel
from recommender.measures.bootstrap import draws
from recommender.models.options import options_of
from recommender.models.ranges import out_of_range
from recommender.models.registry import KINDS, limits, options_class
from recommender.models.searches import SEARCH, Space, Span
from recommender.tuning import (
    AGAIN,
    HANDFUL,
    USUAL,
    Held,
    Marks,
    Trial,
    changes,
    measured_again,
    search,
    verdict,
    way,
)

PLAYLISTS = 60


@dataclass(frozen=True)
class Options:
    """Of a model that is best at height 0.8 and depth 30."""

    height: float = 0.2
    depth: int | None = None
    form: str = "round"


SPACE: Space = {"height": Span(0, 1), "depth": Span(1, 100, "whole"), "form": ("round", "square")}


def marks(worth: np.ndarray) -> Marks:
    return Marks(worth, 1.0, 1.0)


def peak(options: Options, turn: int = 0) -> Marks:
    """Measure without any noise."""
    return marks(np.full(PLAYLISTS, 1 - abs(options.height - 0.8) - abs(np.log((options.depth or 5) / 30)) / 10))


def by_number(most: int) -> Callable[[int, int], float]:
    return lambda drawn, measured: way(drawn, most, 0.0, None, measured)


def searched(most: int = 30, seed: int = 1, ask: Any = peak, space: Space = SPACE, **presets: Options) -> list[Trial]:
    return list(search({USUAL: Options(), **presets}, space, ask, np.random.default_rng(seed), by_number(most)))


# what is searched


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_with_options_says_what_is_worth_searching(kind: str) -> None:
    """In recommender/models/searches.py, and with values that its options may have."""
    known = {field.name for field in fields(options_class(kind))}
    assert bool(SEARCH.get(kind)) == bool(known)
    assert set(SEARCH.get(kind, {})) <= known
    for name, room in SEARCH.get(kind, {}).items():
        assert not isinstance(room, Span) or (room.low < room.high and room.scale in ("linear", "log", "whole"))
        for value in (room.low, room.high) if isinstance(room, Span) else room:
            assert out_of_range(replace(options_class(kind)(), **{name: value}), *limits(kind)) is None


def test_only_kinds_that_there_are_are_searched() -> None:
    assert set(SEARCH) <= set(KINDS)


@pytest.mark.parametrize("kind", sorted(SEARCH))
def test_what_is_drawn_is_allowed_and_can_be_typed(kind: str) -> None:
    """As name=value words it gives the same options again."""
    usual = options_class(kind)()
    found = list(
        search(
            {USUAL: usual},
            SEARCH[kind],
            lambda options, turn: marks(np.zeros(2)),
            np.random.default_rng(1),
            by_number(90),
        )
    )
    assert len({trial.options for trial in found}) == 91
    for trial in found:
        assert out_of_range(trial.options, *limits(kind)) is None
        words = {name: str(value) for name, value in changes(trial.options, usual).items()}
        assert options_of(kind, None, words) == trial.options
        assert all(type(getattr(trial.options, name)) is not np.float64 for name in words)


# how it goes


def test_the_usual_and_the_presets_come_first_each_once() -> None:
    """A preset that is the same as the usual is no trial of its own."""
    found = searched(9, same=Options(), high=Options(height=0.9))
    assert [trial.origin for trial in found] == [USUAL, "high", *["drawn"] * 6, *["step"] * 3]


def test_the_usual_and_the_presets_come_even_when_time_is_over() -> None:
    found = list(
        search({USUAL: Options(), "high": Options(0.9)}, SPACE, peak, np.random.default_rng(1), lambda *_: 2.0)
    )
    assert [trial.origin for trial in found] == [USUAL, "high"]


@pytest.mark.parametrize("seed", range(5))
def test_the_search_comes_near_the_best(seed: int) -> None:
    """From a usual setting that is worth 0.22, of 1."""
    assert max(trial.mean for trial in searched(40, seed)) > 0.9


def test_steps_help_more_than_more_draws() -> None:
    """On the mean over many searches; the share that `over` tells decides which of both it is."""
    stepped = [max(trial.mean for trial in searched(30, seed)) for seed in range(40)]
    drawn = []
    for seed in range(40):
        given = search(
            {USUAL: Options()}, SPACE, peak, np.random.default_rng(seed), lambda n, _: 0.0 if n < 30 else 1.0
        )
        drawn.append(max(trial.mean for trial in given))
    assert np.mean(stepped) > np.mean(drawn) + 0.005


def test_the_same_number_gives_the_same_search() -> None:
    one, same, other = ([trial.options for trial in searched(20, seed)] for seed in (3, 3, 4))
    assert one == same
    assert one != other


@pytest.mark.parametrize("error", [CannotTrain("too little"), DamagedModel("no numbers"), MemoryError()])
def test_what_cannot_be_trained_has_failed_and_the_search_goes_on(error: Exception) -> None:
    """It is never the best."""

    def ask(options: Options, turn: int) -> Marks:
        if options.height > 0.5:
            raise error
        return peak(options)

    found = searched(30, ask=ask)
    failed = [trial for trial in found if not trial.marks]
    assert len(found) == 31
    assert failed
    assert all(trial.options.height > 0.5 and trial.trouble for trial in failed)
    assert max(found, key=lambda trial: trial.mean).marks


def test_a_small_space_is_searched_through_and_ends() -> None:
    found = searched(30, space={"form": ("round", "square")})
    assert [trial.options.form for trial in found] == ["round", "square"]


def test_nothing_to_search_leaves_what_is_given() -> None:
    assert len(searched(30, space={}, high=Options(0.9))) == 2


def test_the_end_is_told_by_number_or_by_the_clock() -> None:
    """In the time the usual and the best five have to be measured again, on two turns: twelve times ten seconds."""
    assert way(15, 30, 1e9, None, 16) == 0.5
    assert way(0, 0, 0.0, None, 1) == 1.0
    assert way(5, None, 60.0, 240.0, 6) == pytest.approx(60 / (240 - 120))
    assert way(5, None, 130.0, 240.0, 13) >= 1
    assert way(29, 30, 60.0, 10_000.0, 30) == pytest.approx(29 / 30)
    assert way(1, None, 100.0, 150.0, 2) >= 1


# what is chosen


def trial(worth: float, origin: str = "drawn") -> Trial:
    return Trial(origin, Options(height=worth), marks(np.full(PLAYLISTS, worth)))


def test_the_usual_and_the_handful_are_measured_again_on_every_other_turn() -> None:
    """The usual first, then the best; what failed is not tried again."""
    asked: list[tuple[float, int]] = []

    def ask(options: Options, turn: int) -> Marks:
        asked.append((options.height, turn))
        return peak(options)

    trials = [trial(0.1, USUAL), Trial("drawn", Options(), None, "no"), *(trial(0.2 + n / 20) for n in range(9))]
    held = list(measured_again(trials, ask, lambda: False))
    assert [one.trial.mean for one in held] == pytest.approx([0.1, 0.6, 0.55, 0.5, 0.45, 0.4])
    assert len(held) == 1 + HANDFUL
    assert [turn for _, turn in asked] == list(AGAIN) * 6
    assert 0 not in AGAIN
    assert all(one.worth is not None and len(one.worth) == len(AGAIN) * PLAYLISTS for one in held)


def test_steps_around_one_setting_do_not_fill_the_handful() -> None:
    """They are lucky or unlucky together."""
    trials = [
        trial(0.1, USUAL),
        *(trial(0.9 - n / 100, "step") for n in range(9)),
        *(trial(0.5 - n / 100) for n in range(9)),
    ]
    held = list(measured_again(trials, peak, lambda: False))
    assert [one.trial.mean for one in held] == pytest.approx([0.1, 0.9, 0.89, 0.5, 0.49, 0.48])


def test_when_it_is_late_one_at_least_is_measured_beside_the_usual() -> None:
    trials = [trial(0.1, USUAL), trial(0.2), trial(0.3)]
    held = list(measured_again(trials, peak, lambda: True))
    assert [one.trial.mean for one in held] == pytest.approx([0.1, 0.3])


def held(origin: str, worth: np.ndarray | None) -> Held:
    return Held(Trial(origin, Options(), marks(np.zeros(1))), worth)


def noisy(mean: float, spread: float, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, spread, PLAYLISTS)


WEIGHTS = draws(PLAYLISTS, np.random.default_rng(1))


def test_a_gain_on_most_playlists_is_taken() -> None:
    """The best by the mean of the other turns, whatever the search said."""
    usual = held(USUAL, noisy(0.3, 0.2, 1))
    good, better = (held("drawn", usual.worth + noisy(gain, 0.02, 2)) for gain in (0.02, 0.03))
    found = verdict(usual.trial, [usual, good, better], WEIGHTS)
    assert found.chosen is better.trial
    assert found.gain is not None
    assert 0 < found.gain.low < found.gain.mean < found.gain.high


def test_a_gain_that_chance_explains_leaves_the_usual_settings() -> None:
    """Though its mean is higher."""
    usual = held(USUAL, noisy(0.3, 0.2, 1))
    lucky = held("drawn", usual.worth + noisy(0.0, 0.2, 3) + 0.01)
    found = verdict(usual.trial, [usual, lucky], WEIGHTS)
    assert lucky.mean > usual.mean
    assert found.chosen is usual.trial
    assert found.best is lucky
    assert found.gain is not None
    assert found.gain.low < 0 < found.gain.mean


def test_what_failed_when_measured_again_is_not_chosen() -> None:
    usual, failed = held(USUAL, noisy(0.3, 0.1, 1)), held("drawn", None)
    found = verdict(usual.trial, [usual, failed], WEIGHTS)
    assert (found.chosen, found.best, found.gain) == (usual.trial, None, None)


def test_nothing_measured_again_leaves_the_usual_settings() -> None:
    usual = trial(0.1, USUAL)
    assert verdict(usual, [], WEIGHTS).chosen is usual


def test_where_the_usual_settings_cannot_be_trained_the_best_other_is_taken() -> None:
    usual = Trial(USUAL, Options(), None, "too little")
    other = held("drawn", noisy(0.1, 0.1, 1))
    found = verdict(usual, [other], WEIGHTS)
    assert (found.chosen, found.gain) == (other.trial, None)
