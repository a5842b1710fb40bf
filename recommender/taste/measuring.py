"""What learners of taste are worth on songs of artists that they did not learn from."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.taste import fitting
from recommender.taste.contract import Grades, Importance, Tried
from recommender.taste.fitting import Fitted, Found, Lesson
from recommender.taste.grading import grade, roc_auc
from recommender.taste.learners import Learner

Step = Callable[[], None]
_OUTER = 5
_SMALL, _REPEATS = 300, 3
"""Below so many songs the way in which they fall into folds matters, so it is done several times."""
_SHUFFLES = 5
_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True)
class Run:
    """One learner over all folds, once."""

    splits: tuple[tuple[np.ndarray, np.ndarray], ...]
    """Training and held-out places of each fold."""
    found: tuple[Found, ...]
    fits: tuple[Fitted, ...]
    chances: np.ndarray
    """float64, shape (songs,): of each song, from the fold that held it out; NaN where none did."""
    taken: np.ndarray
    """bool, shape (songs,): whether it was taken for liked."""

    def grades(self, lesson: Lesson, rng: np.random.Generator) -> Grades:
        """Grade it on the songs that were held out."""
        known = ~np.isnan(self.chances)
        told = (lesson.liked[known], self.chances[known], self.taken[known])
        return grade(*told, np.unique(lesson.groups[known], return_inverse=True)[1], rng)

    def auc(self, lesson: Lesson) -> float:
        """Give the ROC-AUC alone."""
        known = ~np.isnan(self.chances)
        return roc_auc(lesson.liked[known], self.chances[known])


def repeats_of(n_songs: int) -> int:
    """Tell how often songs are dealt into folds."""
    return _REPEATS if n_songs < _SMALL else 1


def steps_of(n_learners: int, n_songs: int) -> int:
    """Count the fits of folds that measuring learners takes."""
    return n_learners * _OUTER * repeats_of(n_songs)


def runs(learner: Learner, lesson: Lesson, seed: int, step: Step) -> list[Run]:
    """Measure a learner in nested folds: its settings are searched inside the training part of each."""
    done = []
    for repeat in range(repeats_of(len(lesson.liked))):
        splits = tuple(fitting.folds(lesson, _OUTER, seed + repeat))
        found, fits = [], []
        for learned, _ in splits:
            part = lesson.part(learned)
            found.append(fitting.search(learner, part, seed))
            fits.append(fitting.fit(learner, part, found[-1], seed))
            step()
        done.append(_run(lesson, splits, found, fits))
    return done


def again(learner: Learner, lesson: Lesson, before: Run, seed: int) -> Run:
    """Measure with the settings that each fold found before, on other columns or with another step."""
    splits = before.splits if lesson.grouped else tuple(fitting.folds(lesson, _OUTER, seed))
    found, fits = [], []
    for (learned, _), was in zip(splits, before.found, strict=False):
        part = lesson.part(learned)
        found.append(fitting.held_out(learner, part, was.sampling, was.options, seed))
        fits.append(fitting.fit(learner, part, found[-1], seed))
    return _run(lesson, splits, found, fits)


def middle(done: Sequence[Run], lesson: Lesson) -> Run:
    """Give the run of middling worth, so that neither luck nor bad luck is told."""
    return sorted(done, key=lambda run: run.auc(lesson))[len(done) // 2]


def tried(learner: Learner, done: Sequence[Run], lesson: Lesson, kept: Found, seconds: float, seed: int) -> Tried:
    """Tell how a learner fared. kept: what its search over all songs found."""
    options = dict(kept.options)
    if stopped := fitting.unsettled([fitted for run in done for fitted in run.fits]):
        options["stopped early in folds"] = stopped
    grades = middle(done, lesson).grades(lesson, np.random.default_rng(seed))
    return Tried(learner.name, kept.sampling, options, grades, seconds)


def chosen_anew(all_runs: Sequence[Sequence[Run]], lesson: Lesson) -> Run:
    """Give what comes out where each fold chooses its own learner by its training part, as one that is kept was."""
    done = []
    for of_repeat in zip(*all_runs, strict=True):
        best = [max(folds, key=lambda run: run[0].auc) for folds in zip(*map(_folds, of_repeat), strict=True)]
        done.append(_run(lesson, of_repeat[0].splits, [found for found, _ in best], [fitted for _, fitted in best]))
    return middle(done, lesson)


def _folds(run: Run) -> list[tuple[Found, Fitted]]:
    return list(zip(run.found, run.fits, strict=True))


def _run(
    lesson: Lesson, splits: Sequence[tuple[np.ndarray, np.ndarray]], found: Sequence[Found], fits: Sequence[Fitted]
) -> Run:
    chances, taken = np.full(len(lesson.liked), np.nan), np.zeros(len(lesson.liked), bool)
    for (_, held), fitted in zip(splits, fits, strict=False):
        chances[held] = fitted.chances(lesson.values[held])
        taken[held] = chances[held] >= fitted.threshold
    return Run(tuple(splits), tuple(found), tuple(fits), chances, taken)


def importances(run: Run, lesson: Lesson, meaning: Sequence[str], seed: int) -> tuple[Importance, ...]:
    """Tell what the ROC-AUC on held-out songs loses when what columns of one meaning say is dealt out among them."""
    names, rng = list(dict.fromkeys(meaning)), np.random.default_rng(seed)
    columns = [[place for place, name in enumerate(meaning) if name == wanted] for wanted in names]
    chances = np.full((len(names), _SHUFFLES, len(lesson.liked)), np.nan)
    for (_, held), fitted in zip(run.splits, run.fits, strict=True):
        at_once = max(_ROWS_AT_ONCE // len(held), 1)
        jobs = [(name_no, shuffle) for name_no in range(len(names)) for shuffle in range(_SHUFFLES)]
        for first in range(0, len(jobs), at_once):
            some = jobs[first : first + at_once]
            rows = np.tile(lesson.values[held], (len(some), 1)).reshape(len(some), len(held), -1)
            for place, (name_no, _) in enumerate(some):
                rows[place][:, columns[name_no]] = rows[place][rng.permutation(len(held))][:, columns[name_no]]
            told = fitted.chances(rows.reshape(len(some) * len(held), -1)).reshape(len(some), -1)
            for place, (name_no, shuffle) in enumerate(some):
                chances[name_no, shuffle, held] = told[place]
    known, whole = ~np.isnan(run.chances), run.auc(lesson)
    drops = np.array([[whole - roc_auc(lesson.liked[known], one[known]) for one in of] for of in chances])
    told_of = zip(names, drops.mean(axis=1).tolist(), drops.std(axis=1).tolist(), strict=True)
    return tuple(sorted((Importance(*one) for one in told_of), key=lambda one: (-one.drop, one.name)))


class Clock:
    """How long something took."""

    def __init__(self) -> None:
        self.started = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Tell the seconds since it was made."""
        return time.perf_counter() - self.started
