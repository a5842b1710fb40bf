"""What a taste has to beat: always saying what is said most, and knowing the artist."""

import numpy as np

from recommender.taste import fitting
from recommender.taste.contract import Grades
from recommender.taste.fitting import Lesson
from recommender.taste.grading import grade

MAJORITY, SAME_ARTIST, LEAKING = "majority", "same artist", "same artist, were artists not kept apart"


def baselines(lesson: Lesson, apart: Lesson, n_folds: int, seed: int) -> dict[str, Grades]:
    """Grade the baselines. apart: the same songs, dealt into folds without a look at artists."""
    share = float(lesson.liked.mean())
    everything = np.full(len(lesson.liked), share)
    rng = np.random.default_rng(seed)
    return {
        MAJORITY: grade(lesson.liked, everything, everything >= 0.5, lesson.groups, rng),
        SAME_ARTIST: _same_artist(lesson, n_folds, seed),
        LEAKING: _same_artist(apart, n_folds, seed),
    }


def _same_artist(lesson: Lesson, n_folds: int, seed: int) -> Grades:
    chances, taken = np.full(len(lesson.liked), np.nan), np.zeros(len(lesson.liked), bool)
    n_artists = int(lesson.groups.max(initial=-1)) + 1
    for learned, held in fitting.folds(lesson, n_folds, seed):
        share = float(lesson.liked[learned].mean())
        likes = np.bincount(lesson.groups[learned], lesson.liked[learned], n_artists)
        told = np.bincount(lesson.groups[learned], minlength=n_artists)
        # An artist that it never heard of is as likely as any; one that it knows counts, with a song's worth of doubt.
        chances[held] = ((likes + share) / (told + 1))[lesson.groups[held]]
        taken[held] = (chances[held] > share) | ((chances[held] == share) & (share >= 0.5))
    known = ~np.isnan(chances)
    groups = np.unique(lesson.groups[known], return_inverse=True)[1]
    return grade(lesson.liked[known], chances[known], taken[known], groups, np.random.default_rng(seed))
