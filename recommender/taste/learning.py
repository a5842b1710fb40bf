"""Learning one person's taste: all learners measured, one kept, and a report of how it went."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.taste import fitting, judging, measuring
from recommender.taste.baselines import baselines
from recommender.taste.contract import Ablation, Report, Tried
from recommender.taste.fitting import Fitted, Found, Lesson
from recommender.taste.gathering import Told, gather
from recommender.taste.grading import curve, drawn_aucs
from recommender.taste.learners import LEARNERS, Learner
from recommender.taste.measuring import Run
from recommender.taste.rows import Parts, Rows, genre_names, rows_of

Progress = Callable[[float], None]
_OUTER = 5
_USUAL = 32
_AFTER = 0.75
"""What share of the time the learners take; importances and ablations take the rest."""


@dataclass(frozen=True)
class Learned:
    """A taste, ready to be kept."""

    report: Report
    fitted: Fitted
    genres: tuple[str, ...]
    parts: Parts
    usual: np.ndarray
    """float32, shape (some, columns): rows of some of the songs, beside which others are held to give reasons."""


@dataclass(frozen=True)
class _Measured:
    learner: Learner
    runs: list[Run]
    kept: Found
    told: Tried


def learn(
    connection: sqlite3.Connection,
    listener: str,
    seed: int,
    names: Sequence[str],
    now: int,
    progress: Progress,
    parts: Parts | None = None,
) -> Learned:
    """Learn from what a listener said. names: of the learners to try. Raises NoTaste."""
    told = gather(connection, listener, np.random.default_rng(seed))
    return learned_from(told, listener, seed, names, now, progress, parts or Parts())


def learned_from(
    told: Told, listener: str, seed: int, names: Sequence[str], now: int, progress: Progress, parts: Parts
) -> Learned:
    """Learn from songs and what was said of them."""
    clock, genres = measuring.Clock(), genre_names(told.songs)
    rows = rows_of(told.songs, genres, parts)
    lesson = _lesson(told, rows)
    wanted = [learner for learner in LEARNERS if learner.name in names]
    step = _stepping(measuring.steps_of(len(wanted), len(told.liked)), progress)
    measured = [_measured(learner, lesson, seed, step) for learner in wanted]
    best, why = _chosen(measured, lesson, seed)
    fitted = fitting.fit(best.learner, lesson, best.kept, seed)
    run = measuring.middle(best.runs, lesson)
    known = ~np.isnan(run.chances)
    held = np.round(run.chances, 4)
    anew = measuring.chosen_anew([one.runs for one in measured], lesson).grades(lesson, np.random.default_rng(seed))
    report = Report(
        listener,
        int(told.liked.sum()),
        int((~told.liked).sum()),
        len(set(told.songs.artists)),
        told.dropped,
        told.sources,
        best.told,
        tuple(sorted((one.told for one in measured), key=lambda one: -one.grades.roc_auc)),
        baselines(lesson, replace(lesson, grouped=False), _OUTER, seed),
        measuring.importances(run, lesson, rows.meaning, seed),
        (*_ablations(told, lesson, best, parts, seed), Ablation("were the learner chosen anew in each fold", anew)),
        curve(lesson.liked[known], run.chances[known]),
        (tuple(held[known & ~lesson.liked].tolist()), tuple(held[known & lesson.liked].tolist())),
        why,
        judging.unsure(best.told.grades, anew, int(told.liked.sum()), int((~told.liked).sum())),
        now,
        clock.seconds,
    )
    progress(1.0)
    some = np.random.default_rng(seed).permutation(len(rows.values))[:_USUAL]
    return Learned(report, fitted, genres, parts, rows.values[some])


def _stepping(all_steps: int, progress: Progress) -> measuring.Step:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(_AFTER * done / all_steps)

    return step


def _lesson(told: Told, rows: Rows) -> Lesson:
    groups = np.unique(np.array(told.songs.artists), return_inverse=True)[1]
    return Lesson(rows.values, told.liked, groups, rows.centred)


def _measured(learner: Learner, lesson: Lesson, seed: int, step: measuring.Step) -> _Measured:
    clock = measuring.Clock()
    done = measuring.runs(learner, lesson, seed, step)
    kept = fitting.search(learner, lesson, seed)
    return _Measured(learner, done, kept, measuring.tried(learner, done, lesson, kept, clock.seconds, seed))


def _chosen(measured: Sequence[_Measured], lesson: Lesson, seed: int) -> tuple[_Measured, str]:
    """Keep the best learner, or a simpler one that is as good. measured: the simplest first."""
    chances = np.stack([measuring.middle(one.runs, lesson).chances for one in measured])
    known = ~np.isnan(chances).any(axis=0)
    groups = np.unique(lesson.groups[known], return_inverse=True)[1]
    draws = drawn_aucs(lesson.liked[known], chances[:, known], groups, np.random.default_rng(seed))
    names = [one.learner.name for one in measured]
    few = len(lesson.liked) < judging.FEW_SONGS and judging.STEADY in names
    aucs = [one.told.grades.roc_auc for one in measured]
    kept, top = judging.choice(aucs, draws, names.index(judging.STEADY) if few else None)
    return measured[kept], judging.why([one.told for one in measured], kept, top)


def _ablations(told: Told, lesson: Lesson, best: _Measured, parts: Parts, seed: int) -> list[Ablation]:
    """Measure the learner that is kept on less, with one step more, and with artists on both sides of a split."""
    run, genres = measuring.middle(best.runs, lesson), genre_names(told.songs)
    others: list[tuple[str, Lesson]] = [("with a selection step", replace(lesson, selected=True))]
    if parts.engineered:
        others.insert(0, ("without the engineered features", _other(told, genres, replace(parts, engineered=False))))
    if parts.genres and genres:
        others.append(("without genres", _other(told, genres, replace(parts, genres=False))))
    if parts.popularity and not np.isnan(told.songs.popularity).all():
        others.append(("without popularity", _other(told, genres, replace(parts, popularity=False))))
    others.append(("were artists not kept apart", replace(lesson, grouped=False)))
    found = [(name, other, measuring.again(best.learner, other, run, seed)) for name, other in others]
    return [Ablation(name, again.grades(other, np.random.default_rng(seed))) for name, other, again in found]


def _other(told: Told, genres: tuple[str, ...], parts: Parts) -> Lesson:
    return _lesson(told, rows_of(told.songs, genres, parts))
