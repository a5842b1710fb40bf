"""Features become points: what sounds alike is near, and what is not known tells nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.corpus import AUDIO, FASTEST
from recommender.models.sound import COLUMNS, PARTS, USUAL, scale_of, scaled, sounds, weights_of

keys, modes, tempi = st.integers(0, 11), st.integers(0, 1), st.floats(40, 120)
MAJOR, MINOR = 1, 0
C, F_SHARP, A = 0, 6, 9


def row(**features: float) -> np.ndarray:
    """Give one track's features, in the middle where nothing is said."""
    usual = dict.fromkeys(AUDIO, 0.5) | {"key": C, "mode": MAJOR}
    return np.array([[(usual | features)[name] for name in AUDIO]], np.float32)


def apart(one: np.ndarray, other: np.ndarray, parts: tuple[str, ...] = PARTS) -> float:
    """Tell how far two sounds are from each other in some parts, unscaled."""
    own = np.isin(COLUMNS, [PARTS.index(part) for part in parts])
    return float(np.linalg.norm((sounds(one) - sounds(other))[:, own]))


def varied(n: int = 400, seed: int = 3) -> np.ndarray:
    """Give features of many tracks, of which some are not known."""
    rng = np.random.default_rng(seed)
    audio = rng.beta(1, 3, (n, len(AUDIO))).astype(np.float32)
    audio[:, AUDIO.index("key")] = rng.integers(12, size=n)
    audio[:, AUDIO.index("mode")] = rng.integers(2, size=n)
    audio[rng.random(audio.shape) < 0.05] = np.nan
    return audio


def test_c_major_is_at_a_minor_and_opposite_of_f_sharp_major() -> None:
    """The relative minor has the same notes; F sharp major shares two of seven."""
    c, a, f_sharp = row(key=C), row(key=A, mode=MINOR), row(key=F_SHARP)
    assert apart(c, a, ("key",)) == pytest.approx(0, abs=1e-5)
    assert 0 < apart(c, a) < apart(c, f_sharp)
    assert apart(c, f_sharp, ("key",)) == pytest.approx(2 * 2**0.5, abs=1e-5)


@given(keys, modes)
def test_a_fifth_is_the_nearest_of_all_other_keys_of_a_mode(key: int, mode: int) -> None:
    """Both ways round the circle, from whatever key."""
    steps = {
        step: apart(row(key=key, mode=mode), row(key=(key + step) % 12, mode=mode), ("key",)) for step in range(1, 12)
    }
    assert steps[5] == pytest.approx(steps[7], abs=1e-5)
    assert all(steps[step] > steps[7] + 0.1 for step in steps if step not in (5, 7))


@given(tempi)
def test_half_and_double_time_are_nearer_than_half_as_fast_again(tempo: float) -> None:
    own, double, between = (row(tempo=times * tempo / FASTEST) for times in (1, 2, 1.5))
    assert apart(own, double, ("beat",)) == pytest.approx(0, abs=1e-4)
    assert apart(own, double, ("tempo",)) == pytest.approx(1, abs=1e-4)
    assert apart(own, between, ("beat",)) > 2


def test_seventy_and_a_hundred_and_forty_beats_are_nearer_than_seventy_and_a_hundred() -> None:
    """In all that a point has of the tempo, as it is weighed without playlists."""
    audio = np.concatenate([varied(), *(row(tempo=tempo / FASTEST) for tempo in (70, 140, 100))])
    heard = sounds(audio)
    points = (scaled(heard, scale_of(heard)) * USUAL[COLUMNS])[-3:]
    assert np.linalg.norm(points[0] - points[1]) < np.linalg.norm(points[0] - points[2])


def test_what_is_not_known_stands_in_the_middle_and_tells_nothing() -> None:
    audio = varied()
    audio[0] = np.nan
    heard = sounds(audio)
    points = scaled(heard, scale_of(heard))
    assert points.dtype == np.float32
    assert (points[0] == 0).all()
    assert (points[np.isnan(heard)] == 0).all()
    assert np.abs(np.median(points[:, :9], axis=0)).max() < 0.1


def test_a_tempo_of_none_and_a_key_without_a_mode_are_not_known() -> None:
    told = sounds(np.concatenate([row(tempo=0), row(mode=np.nan)]))
    assert [PARTS[part] for part in COLUMNS[np.isnan(told[0])]] == ["tempo", "beat", "beat"]
    assert [PARTS[part] for part in COLUMNS[np.isnan(told[1])]] == ["key", "key", "mode"]


@given(st.integers(0, 1_000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    audio, order = varied(), np.random.default_rng(seed).permutation(400)
    heard, shuffled = sounds(audio), sounds(audio[order])
    np.testing.assert_array_equal(scaled(heard, scale_of(heard))[order], scaled(shuffled, scale_of(shuffled)))


def test_what_never_differs_tells_nothing_and_what_many_share_lies_in_the_middle_of_them() -> None:
    """Most songs are sung: they are no less alike in that than in anything else."""
    audio = varied()
    audio[:, AUDIO.index("liveness")] = 0.2
    audio[:, AUDIO.index("instrumentalness")] = np.maximum(np.arange(400) - 300, 0) / 100
    heard = sounds(audio)
    points = scaled(heard, scale_of(heard))
    np.testing.assert_allclose(points[:, PARTS.index("liveness")], 0, atol=1e-6)
    sung, played = np.split(points[:, PARTS.index("instrumentalness")], [300])
    assert (sung == sung[0]).all()
    assert -0.5 < sung[0] < -0.3
    assert (np.diff(played) >= 0).all()
    assert 2 < played[-1] < 3


def test_one_odd_track_changes_nothing_for_the_others() -> None:
    audio = varied()
    odd = audio.copy()
    odd[7, AUDIO.index("speechiness")] = 40
    heard, changed = sounds(audio), sounds(odd)
    points, others = (scaled(some, scale_of(some)) for some in (heard, changed))
    np.testing.assert_allclose(np.delete(points, 7, 0), np.delete(others, 7, 0), atol=0.2)


@pytest.mark.filterwarnings("error")
def test_nothing_known_at_all_is_no_trouble() -> None:
    heard = sounds(np.full((3, len(AUDIO)), np.nan, np.float32))
    assert (scaled(heard, scale_of(heard)) == 0).all()
    none = sounds(np.zeros((0, len(AUDIO)), np.float32))
    assert scaled(none, scale_of(none)).shape == (0, len(COLUMNS))


def lists_by(column: int, n: int = 6_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give points, and playlists of ten each whose tracks are alike in one column alone."""
    points = np.random.default_rng(4).normal(size=(n, len(COLUMNS))).astype(np.float32)
    return points, np.argsort(points[:, column]), np.arange(0, n + 1, 10)


def test_what_lists_agree_in_counts_most_and_what_they_do_not_counts_least_but_not_nothing() -> None:
    points, rows, offsets = lists_by(PARTS.index("energy"))
    weights = weights_of(points, rows, offsets, np.ones(len(offsets) - 1))
    assert weights.dtype == np.float32
    assert np.argmax(weights) == PARTS.index("energy")
    assert weights[PARTS.index("energy")] > 5 * weights[PARTS.index("valence")] > 0


def test_without_playlists_the_usual_holds_and_few_change_it_little() -> None:
    points, rows, offsets = lists_by(PARTS.index("energy"))
    none = np.zeros(0, np.int64)
    usual = weights_of(points, none, np.zeros(1, np.int64), none)
    wide = np.bincount(COLUMNS, points.var(axis=0)) / np.bincount(COLUMNS)
    np.testing.assert_allclose(usual, USUAL / USUAL.mean() / np.sqrt(wide), rtol=1e-5)
    few, many = (weights_of(points, rows[: 10 * n], offsets[: n + 1], np.ones(n))[1] for n in (5, 600))
    assert usual[1] < few < usual[1] + 0.2 * (many - usual[1])


def test_what_weighs_nothing_teaches_nothing() -> None:
    """Old playlists may count less: half the lists are alike in energy, half in valence."""
    points, rows, offsets = lists_by(PARTS.index("energy"))
    other = lists_by(PARTS.index("valence"))[1]
    both, ends = np.append(rows, other), np.append(offsets, offsets[1:] + len(rows))
    trust = np.repeat([1e-6, 1], len(offsets) - 1)
    weights = weights_of(points, both, ends, trust)
    assert weights[PARTS.index("valence")] > 3 * weights[PARTS.index("energy")]


def test_the_blocks_that_are_read_at_once_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    points, rows, offsets = lists_by(PARTS.index("tempo"))
    offsets = np.delete(offsets, np.arange(3, 500, 7))
    offsets = np.sort(np.append(offsets, [0, 0, 50, 51, 51]))
    trust = np.ones(len(offsets) - 1)
    whole = weights_of(points, rows, offsets, trust)
    monkeypatch.setattr("recommender.models.sound._AT_ONCE", 37)
    np.testing.assert_allclose(weights_of(points, rows, offsets, trust), whole, rtol=1e-6)


def test_of_a_single_sound_all_parts_count_as_usual() -> None:
    """Nothing differs, so that nothing can be told, and no number is divided by nothing."""
    one = scaled(sounds(row()), scale_of(sounds(row())))
    np.testing.assert_allclose(weights_of(one, np.zeros(2, np.int64), np.array([0, 2]), np.ones(1)), USUAL)
