"""A taste is learned from songs, and told honestly."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from db.connection import open_reader
from db.records import Artist, Track
from db.thumbs import Thumb, tell, untell
from recommender.errors import NoTaste
from recommender.taste import fitting, measuring
from recommender.taste.baselines import LEAKING, SAME_ARTIST
from recommender.taste.gathering import OTHERWISE, SILENT, STRANGER, TWICE, Told, gather
from recommender.taste.learners import LEARNERS, steps
from recommender.taste.learning import Learned, learn, learned_from
from recommender.taste.rows import HEARD, Parts, rows_of
from tests.recommender.songs import NOW, add, playlist, spotify_id
from tests.recommender.thumbed import OF_ARTIST, QUICK, heard, songs_in, thumbed, told_by

BY_NAME = {learner.name: learner for learner in LEARNERS}


def _learned(told: Told, names: tuple[str, ...] = QUICK, seed: int = 1) -> Learned:
    shares: list[float] = []
    learned = learned_from(told, "", seed, names, NOW, shares.append, Parts())
    assert shares == sorted(shares)
    assert shares[-1] == 1
    return learned


def _lesson(told: Told, *, grouped: bool = True) -> fitting.Lesson:
    rows = rows_of(told.songs, (), Parts())
    groups = np.unique(np.array(told.songs.artists), return_inverse=True)[1]
    return fitting.Lesson(rows.values, told.liked, groups, rows.centred, grouped=grouped)


@pytest.fixture(scope="module")
def clear() -> Learned:
    return _learned(told_by(np.random.default_rng(1), noise=0.05))


def test_a_clear_taste_is_found(clear: Learned) -> None:
    assert clear.report.best.grades.roc_auc > 0.85
    assert clear.report.importances[0].name in {"energy", "loudness", "valence", "acousticness"}
    assert clear.report.best in clear.report.tried


def test_the_report_adds_up(clear: Learned) -> None:
    report = clear.report
    (passed, false), (missed, right) = report.best.grades.confusion
    assert missed + right == report.likes
    assert passed + false == report.dislikes
    assert [len(told) for told in report.chances] == [report.dislikes, report.likes]
    assert report.roc[0] == (0, 0)
    assert report.roc[-1] == (1, 1)
    assert set(report.baselines) == {"majority", SAME_ARTIST, LEAKING}
    assert {one.name for one in report.ablations} >= {"without the engineered features", "with a selection step"}


def test_by_lot_it_is_said_to_be_a_coin() -> None:
    told = told_by(np.random.default_rng(2))
    by_lot = replace(told, liked=np.random.default_rng(3).random(len(told.liked)) < 0.5)
    report = _learned(by_lot).report
    assert report.best.grades.auc_interval[0] < 0.5
    assert "coin" in report.unsure


def test_knowing_the_artist_wins_nothing_where_artists_are_kept_apart() -> None:
    """Artists are liked or not, whatever they sound like: a leaking split is taken in by that."""
    told = told_by(np.random.default_rng(4), n_artists=60)
    artist = np.array([int(name.split()[1]) for name in told.songs.artists])
    whims = replace(told, liked=np.random.default_rng(5).random(60)[artist] < 0.5)
    report = _learned(whims).report
    assert report.baselines[LEAKING].roc_auc > 0.9
    assert report.baselines[SAME_ARTIST].roc_auc < 0.6
    assert report.best.grades.auc_interval[0] < 0.55


@pytest.mark.parametrize("n_folds", [3, 5])
def test_no_artist_is_on_both_sides_of_a_fold(n_folds: int) -> None:
    lesson = _lesson(told_by(np.random.default_rng(6)))
    held_of = []
    for learned, held in fitting.folds(lesson, n_folds, 1):
        assert not set(lesson.groups[learned].tolist()) & set(lesson.groups[held].tolist())
        held_of += held.tolist()
    assert sorted(held_of) == list(range(len(lesson.liked)))


def test_one_seed_gives_one_taste() -> None:
    told = told_by(np.random.default_rng(7), noise=0.2)
    one, again = (_learned(told).report for _ in range(2))
    assert one.best.grades == again.best.grades
    assert one.importances == again.importances
    assert one.ablations == again.ablations


@pytest.mark.slow
@pytest.mark.parametrize("learner", [learner.name for learner in LEARNERS])
@pytest.mark.parametrize("share", [0.5, 0.2])
def test_every_learner_beats_a_coin(learner: str, share: float) -> None:
    told = told_by(np.random.default_rng(8), noise=0.05, share=share)
    best = _learned(told, (learner,)).report.best
    assert best.grades.auc_interval[0] > 0.6
    assert (best.sampling == "none") or share < 0.5


def test_chances_are_shares() -> None:
    """Of songs that are given a chance of about a half, about half are liked, though classes were evened out."""
    told = told_by(np.random.default_rng(9), n_artists=150, noise=0.2, share=0.25)
    lesson = _lesson(told)
    learner = BY_NAME["sgd"]
    run = measuring.runs(learner, lesson, 1, lambda: None)[0]
    assert run.chances.mean() == pytest.approx(told.liked.mean(), abs=0.05)
    for low, high in ((0.0, 0.35), (0.35, 1.0)):
        some = (run.chances >= low) & (run.chances < high)
        assert run.chances[some].mean() == pytest.approx(told.liked[some].mean(), abs=0.12)


def test_a_taste_that_is_no_straight_line_keeps_what_can_bend() -> None:
    told = told_by(np.random.default_rng(11), n_artists=80)
    energy, valence = (told.songs.audio[:, HEARD.index(name)] for name in ("energy", "valence"))
    across = replace(told, liked=(energy > 0.5) ^ (valence > 0.5))
    plain = Parts(engineered=False)
    report = learned_from(across, "", 1, ("sgd", "svc"), NOW, lambda share: None, plain).report
    assert report.best.learner == "svc"
    assert report.best.grades.roc_auc > 0.75


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "taste.db"


def _gathered(database: Path, listener: str = "") -> Told:
    with open_reader(database) as connection:
        return gather(connection, listener, np.random.default_rng(1))


def test_a_recording_counts_once_and_what_was_said_last_stands(database: Path) -> None:
    liked = thumbed(database)
    loud = [track_id for track_id, yes in liked.items() if yes][:2]
    number = [int(track_id.removeprefix("heard")[:3]) for track_id in loud]
    rng = np.random.default_rng(2)
    copies = [
        replace(
            heard(one, 0.9, rng, f"tune {one} - Remastered 2009"),
            track=Track(
                spotify_id(f"copy{one}"), f"tune {one} - Remastered 2009", (Artist(f"band {one // OF_ARTIST}"),)
            ),
        )
        for one in number
    ]
    add(database, copies)
    tell(database, [
        Thumb("", copies[0].track.track_id, False, "by hand", NOW + 1),
        Thumb("", copies[1].track.track_id, True, "by hand", NOW + 1),
        Thumb("", spotify_id("gone"), True, "by hand", NOW),
    ])  # fmt: skip
    told = _gathered(database)
    assert told.dropped == {TWICE: 1, OTHERWISE: 1, STRANGER: 1}
    said = dict(zip(told.songs.track_ids, told.liked.tolist(), strict=True))
    assert said[copies[0].track.track_id] is False
    assert said[copies[1].track.track_id] is True
    assert not set(loud) & set(said)


def test_songs_of_which_nothing_is_heard_are_left_out(database: Path) -> None:
    thumbed(database)
    silent = Track(spotify_id("silent"), "silent", (Artist("nobody"),))
    add(database, [playlist("p", [silent])])
    tell(database, [Thumb("", silent.track_id, True, "by hand", NOW)])
    assert _gathered(database).dropped == {SILENT: 1}


def test_too_few_say_how_many_are_lacking(database: Path) -> None:
    liked = thumbed(database)
    loud = [track_id for track_id, yes in liked.items() if yes]
    untell(database, "", loud[7:])
    with pytest.raises(NoTaste, match="there are 7 likes to learn from and 10 are needed: tell 3 more"):
        _gathered(database)
    with pytest.raises(NoTaste, match=r"there are 0 likes.*--listener 'ann'"):
        _gathered(database, "ann")


def test_likes_of_few_artists_say_how_many_are_lacking(database: Path) -> None:
    liked = songs_in(database)
    rng = np.random.default_rng(1)
    own = [
        replace(heard(200 + one, 0.9, rng), track=Track(spotify_id(f"own{one}"), f"own {one}", (Artist("the one"),)))
        for one in range(12)
    ]
    add(database, own)
    told = [Thumb("", one.track.track_id, True, "by hand", NOW) for one in own]
    tell(database, told + [Thumb("", track_id, False, "by hand", NOW) for track_id, yes in liked.items() if not yes])
    with pytest.raises(NoTaste, match="the likes are of 1 artists and 5 are needed: tell songs of 4 more"):
        _gathered(database)


def test_learning_from_a_database(database: Path) -> None:
    liked = thumbed(database)
    with open_reader(database) as connection:
        report = learn(connection, "", 1, QUICK, NOW, lambda share: None).report
    assert (report.likes, report.dislikes) == (sum(liked.values()), len(liked) - sum(liked.values()))
    assert report.sources == {"by hand": len(liked)}
    assert report.best.grades.roc_auc > 0.85


def test_a_column_that_tells_likes_apart_without_fail_is_kept_without_a_warning() -> None:
    """Such as a genre that all liked songs have, and no other: pytest takes a warning for an error."""
    liked = np.arange(40) % 2 == 0
    values = np.column_stack([np.random.default_rng(1).random((40, 3)), liked]).astype(np.float32)
    made = steps(BY_NAME["decision-tree"], "none", {"max_depth": 2}, 1, 0, True).fit(values, liked)
    assert made["select"].get_support()[3]
    assert (made.predict(values) == liked).all()
