"""Asking models about tracks that stand in no playlist they learned from; nothing is stored."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from recommender import metrics
from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.measures.cold_split import ColdSplit, split_tracks
from recommender.measures.measuring import FEWEST_MEASURED, SAME_ARTIST, Entrant, same_artist
from recommender.measures.protocols import Question
from recommender.models.contract import Model, Progress, no_progress
from recommender.models.registry import model_class
from recommender.ranking import best_first

GRADES = ("recall_100", "ndcg_100", "r_precision")
YARDSTICK = "artists"
"""Collocated artists' greatest hits: what every way of helping a cold track has to beat."""
MOST_CASES = 1_000
_LENGTH, _LONGEST = 100, 500
"""So long is the list that is graded; R-precision looks further down where a playlist is longer."""
_SEEDS = 25
_SPLIT, _CASES, _TRAINING = range(3)
"""Each kind of chance has a stream of its own, so that one more draw of one changes no other."""

Scores = Callable[[np.ndarray], np.ndarray]
"""Scores every track by seeds: float32, shape (tracks,), NaN where it cannot tell."""


@dataclass(frozen=True)
class AsSeed:
    """A cold track is all that is named: what goes with it?"""

    track: int
    truths: list[np.ndarray]
    """The known tracks of each playlist that it stood in."""


@dataclass(frozen=True)
class AsAnswer:
    """Known tracks of a playlist are named: which cold ones stood beside them?"""

    seeds: np.ndarray
    truth: np.ndarray
    """Places among the cold tracks."""


@dataclass(frozen=True)
class ColdExam:
    """What every entrant is asked."""

    on: str
    seed: int
    split: ColdSplit
    as_seeds: list[AsSeed]
    as_answers: list[AsAnswer]
    models: dict[str, Model] = field(default_factory=dict)
    """What was trained for this exam, by the entrant's name, because the chain asks what others brought."""


@dataclass(frozen=True)
class Answering:
    """A trained entrant as the exam asks it."""

    beside: Scores
    """Scores known tracks by a cold seed."""
    among: Scores
    """Scores cold tracks by known seeds."""


@dataclass(frozen=True)
class ColdMeasured:
    """What one entrant is worth."""

    name: str
    as_seed: np.ndarray
    """float64, shape (tracks asked about, GRADES): the mean over the playlists of each."""
    as_answer: np.ndarray
    """float64, shape (playlists, GRADES)."""
    told: float
    """Share of the cold seeds that it has something of its own to say about."""
    reached: float
    """Share of the cold tracks that it has a score for, on the mean over the playlists."""
    milliseconds: float
    """Median time of an answer about a cold seed."""
    training_seconds: float


def prepare_cold(corpus: Corpus, on: str, seed: int, cases: int = MOST_CASES) -> ColdExam:
    """Take tracks out and set the questions. cases: so many tracks, and playlists, at most. Raises CannotTrain."""
    split = split_tracks(corpus, on, _chance(seed, _SPLIT))
    place = np.full(split.training.n_tracks, -1, np.int64)
    place[split.cold] = np.arange(len(split.cold))
    holders: dict[int, list[np.ndarray]] = {track: [] for track in split.asked.tolist()}
    as_answers = []
    for tracks in split.playlists:
        cold, known = tracks[place[tracks] >= 0], tracks[place[tracks] < 0]
        if len(known):
            as_answers.append(AsAnswer(known[:_SEEDS], place[cold]))
            for track in cold[np.isin(cold, split.asked)].tolist():
                holders[track].append(known)
    as_seeds = [AsSeed(track, truths) for track, truths in holders.items() if truths]
    if len(as_seeds) < FEWEST_MEASURED[on] or len(as_answers) < FEWEST_MEASURED[on]:
        raise CannotTrain(
            f"of {corpus.n_tracks:,} tracks only {len(as_seeds)} can be taken out of the playlists to be asked about: "
            "too few stand in two playlists or more, so import more (segue import FOLDER)"
        )
    order = _chance(seed, _CASES).permutation(len(as_answers))[:cases]
    return ColdExam(on, seed, split, as_seeds[:cases], [as_answers[number] for number in order])


def answering_of(entrant: Entrant, exam: ColdExam, progress: Progress) -> Answering:
    """Train an entrant on what remains. Raises CannotTrain."""
    training = exam.split.training
    if entrant.name == SAME_ARTIST:
        counts = training.playlist_counts
        return Answering(
            lambda seeds: same_artist(Question(0, 0, seeds, seeds), training.artists, counts),
            lambda seeds: by_its_artist(training.artists, training.artists[seeds]),
        )
    model = trained(entrant, exam, progress)
    if entrant.kind != YARDSTICK:
        return Answering(model.scores, model.scores)
    # The hits of an artist say nothing of a track that is none yet; the artist does.
    return Answering(model.scores, lambda seeds: lifted(model.scores(seeds), training.artists, exam.split.n_known))


def measure_cold(
    entrant: Entrant,
    exam: ColdExam,
    progress: Progress = no_progress,
    answered: Callable[[Entrant, ColdExam, Progress], Answering] = answering_of,
) -> ColdMeasured:
    """Train an entrant, by `answered`, and put every question to it. Raises CannotTrain."""
    started = time.perf_counter()
    answering = answered(entrant, exam, lambda done: progress(done / 2))
    training_seconds = time.perf_counter() - started
    n_known, cold = exam.split.n_known, exam.split.cold
    n_asked, seconds, told = len(exam.as_seeds) + len(exam.as_answers), [], 0
    as_seed, as_answer, reached = [], [], []
    for question in exam.as_seeds:
        asked = time.perf_counter()
        scores = answering.beside(np.array([question.track], np.int32))[:n_known]
        ranked = best_first(scores, np.zeros(0, np.int32), _LONGEST)
        seconds.append(time.perf_counter() - asked)
        told += not np.isnan(scores).all()
        as_seed.append(np.mean([_graded(ranked, truth) for truth in question.truths], axis=0))
        progress(0.5 + len(as_seed) / n_asked / 2)
    for playlist in exam.as_answers:
        scores = answering.among(playlist.seeds)[cold]
        reached.append(1 - np.isnan(scores).mean())
        as_answer.append(_graded(best_first(scores, np.zeros(0, np.int32), _LONGEST), playlist.truth))
        progress(0.5 + (len(as_seed) + len(as_answer)) / n_asked / 2)
    return ColdMeasured(
        entrant.name,
        np.array(as_seed),
        np.array(as_answer),
        told / len(exam.as_seeds),
        float(np.mean(reached)),
        float(np.median(seconds)) * 1e3,
        training_seconds,
    )


def _graded(ranked: np.ndarray, truth: np.ndarray) -> list[float]:
    """Give the GRADES of one list."""
    hit = metrics.hits(ranked, truth)
    top = hit[:_LENGTH]
    return [
        metrics.recall(top, len(truth)),
        metrics.ndcg(top, len(truth)),
        metrics.r_precision(hit, min(len(truth), _LONGEST)),
    ]


def trained(entrant: Entrant, exam: ColdExam, progress: Progress = no_progress) -> Model:
    """Train an entrant's kind on what remains, once for each exam. Raises CannotTrain."""
    if entrant.name not in exam.models:
        assert entrant.kind
        rng = _chance(exam.seed, _TRAINING)
        kind = model_class(entrant.kind)
        exam.models[entrant.name] = kind.fit(exam.split.training, rng, entrant.options, progress)
    return exam.models[entrant.name]


def by_its_artist(artists: np.ndarray, of_seeds: np.ndarray) -> np.ndarray:
    """Score each track by how many seeds are by its artist: float32, shape (tracks,), NaN where none is."""
    own, counts = np.unique(of_seeds[of_seeds >= 0], return_counts=True)
    scores = np.full(artists.max(initial=-1) + 2, np.nan, np.float32)  # the last place is that of the unknown artist
    scores[own] = counts
    found: np.ndarray = scores[artists]
    return found


def lifted(scores: np.ndarray, artists: np.ndarray, n_known: int) -> np.ndarray:
    """Give each track the best score of its artist's known ones: float32, shape (tracks,), NaN where there is none."""
    best = np.full(artists.max(initial=-1) + 2, np.nan, np.float32)
    by = artists[:n_known]
    np.fmax.at(best, by[by >= 0], scores[:n_known][by >= 0])
    found: np.ndarray = best[artists]
    return found


def _chance(seed: int, stream: int) -> np.random.Generator:
    return np.random.default_rng((seed, stream))
