"""What `segue taste train` claims of a taste, and what that taste is worth on artists that it never heard of.

    python -m bench.tasting [--database segue.db] [--likes 50,200] [--tastes easy,hard] [--seeds 1,2,3] [--json]

The likes are generated. The easy taste likes one genre and no other; genres are not learned from, for they are the
answer. The hard taste goes across all genres: it likes songs that are energetic and sad, or calm and cheerful, of
which neither says anything alone; it likes some tempos, half and double time alike; and it has whims about artists,
of whom it likes each more or less for no reason that a song could tell. Both err in 10 % of songs. As many dislikes
as likes are told, several songs of each artist, as people have them. Beside ours stand, in the same run, a plain
logistic regression on the 12 raw features, and the ancestor's way: a random forest and one random split, where an
artist's songs lie on both sides. "claims" is the ROC-AUC that each would tell, "worth" the one on 2,000 songs of
artists of whom none was told. Without a database the songs are made up, too.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from recommender import catalogue
from recommender.taste.facts import songs_of
from recommender.taste.gathering import Told
from recommender.taste.grading import roc_auc
from recommender.taste.learners import LEARNERS
from recommender.taste.learning import learned_from
from recommender.taste.rows import HEARD, Parts, Songs, rows_of

NOISE, WORTH_SONGS, OF_ARTIST = 0.1, 2_000, 6
TASTES = ("easy", "hard")
_GENRES, _ARTISTS, _SONGS_OF = 8, 1_500, 6
_RANGES = {"loudness": (-20, 0), "tempo": (70, 190), "key": (0, 12), "mode": (0, 2), "time_signature": (4, 5)}


@dataclass(frozen=True)
class Run:
    """One taste under one seed."""

    taste: str
    likes: int
    seed: int
    learner: str
    claims: float
    low: float
    high: float
    """Between which ours says that it lies."""
    worth: float
    without_engineered: float
    """What ours would claim without the engineered features."""
    logistic_claims: float
    logistic_worth: float
    ancestor_claims: float
    ancestor_worth: float
    seconds: float


def made_up(rng: np.random.Generator) -> Songs:
    """Make up songs whose artists sound like themselves, and whose genres like theirs."""
    artists = np.repeat(np.arange(_ARTISTS), _SONGS_OF)
    genres = rng.integers(_GENRES, size=_ARTISTS)[artists]
    centres, own = rng.normal(0, 0.8, (_GENRES, len(HEARD))), rng.normal(0, 0.6, (_ARTISTS, len(HEARD)))
    audio = 1 / (1 + np.exp(-(centres[genres] + own[artists] + rng.normal(0, 1, (len(artists), len(HEARD))))))
    for name, (low, high) in _RANGES.items():
        column = audio[:, HEARD.index(name)] * (high - low) + low
        audio[:, HEARD.index(name)] = np.floor(column) if name in ("key", "mode", "time_signature") else column
    years = np.clip(2_000 + 8 * rng.normal(size=_ARTISTS)[artists] + 2 * rng.normal(size=len(artists)), 1950, 2020)
    names = tuple(f"artist {number}" for number in artists.tolist())
    told = tuple((f"genre {number}",) for number in genres.tolist())
    ids = tuple(f"song {number}" for number in range(len(artists)))
    return Songs(
        ids, names, audio, np.floor(years), rng.normal(3.5, 0.6, len(artists)), 50 * np.ones(len(artists)), told
    )


def read(database: Path) -> Songs:
    """Read all songs whose audio features are known."""
    with catalogue.open_reader(database) as connection:
        return songs_of(connection, catalogue.heard_tracks(connection))


def likes_of(songs: Songs, taste: str, rng: np.random.Generator) -> np.ndarray:
    """Generate what a taste says of all songs: bool, shape (songs,)."""
    if taste == "easy":
        wanted = _commonest(songs)
        liked = np.array([wanted in told for told in songs.genres])
    else:
        energy, valence, tempo = (songs.audio[:, HEARD.index(name)] for name in ("energy", "valence", "tempo"))
        across = -np.sign(energy - np.nanmedian(energy)) * np.sign(valence - np.nanmedian(valence))
        beat = np.cos(2 * np.pi * np.log2(np.maximum(tempo, 1)))
        artists = np.unique(np.array(songs.artists), return_inverse=True)[1]
        drawn = across + 0.6 * beat + 0.8 * rng.normal(size=artists.max() + 1)[artists]
        liked = drawn > np.nanquantile(drawn, 0.6)
    return liked ^ (rng.random(len(liked)) < NOISE)


def _commonest(songs: Songs) -> str:
    names, counts = np.unique([told[0] for told in songs.genres if told], return_counts=True)
    return str(names[counts.argmax()])


def run(songs: Songs, taste: str, n_likes: int, seed: int) -> Run:
    """Tell, learn three ways, and grade on artists of whom nothing was told."""
    rng = np.random.default_rng((seed, TASTES.index(taste)))
    liked = likes_of(songs, taste, rng)
    told, new = _dealt(songs, liked, n_likes, rng)
    parts = Parts(genres=taste != "easy")
    started = time.perf_counter()
    ours = learned_from(
        Told(songs.taken(told), liked[told], {"generated": len(told)}, {}), "", seed,
        [learner.name for learner in LEARNERS], 0, lambda _share: None, parts,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    best = ours.report.best
    raw, yes = songs.audio, liked[told]
    logistic = make_pipeline(
        SimpleImputer(keep_empty_features=True), StandardScaler(), LogisticRegression(max_iter=1_000)
    )
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    cross = cross_val_predict(logistic, raw[told], yes, cv=folds, method="predict_proba")[:, 1]
    forest = make_pipeline(SimpleImputer(keep_empty_features=True), RandomForestClassifier(random_state=seed))
    one, other = train_test_split(np.arange(len(told)), test_size=0.2, random_state=seed, stratify=yes)
    forest.fit(raw[told][one], yes[one])
    return Run(
        taste, n_likes, seed, best.learner, best.grades.roc_auc, *best.grades.auc_interval,
        roc_auc(liked[new], ours.fitted.chances(rows_of(songs.taken(new), ours.genres, parts).values)),
        next(one.grades.roc_auc for one in ours.report.ablations if "engineered" in one.name),
        roc_auc(yes, cross), roc_auc(liked[new], logistic.fit(raw[told], yes).predict_proba(raw[new])[:, 1]),
        roc_auc(yes[other], forest.predict_proba(raw[told][other])[:, 1]),
        roc_auc(liked[new], forest.predict_proba(raw[new])[:, 1]), seconds,
    )  # fmt: skip


def _dealt(songs: Songs, liked: np.ndarray, n_likes: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Deal songs into those that are told, several of each artist, and those of other artists."""
    artists = np.unique(np.array(songs.artists), return_inverse=True)[1]
    turn = rng.permutation(artists.max() + 1)[artists]
    order = np.lexsort((rng.random(len(artists)), turn))
    in_artist = np.arange(len(order)) - np.searchsorted(turn[order], turn[order])
    order = order[in_artist < OF_ARTIST]
    told = np.concatenate([order[liked[order] == yes][:n_likes] for yes in (True, False)])
    free = np.flatnonzero(~np.isin(artists, artists[told]))
    return told, rng.permutation(free)[:WORTH_SONGS]


def main() -> None:
    """Print a line for each taste, number of likes and seed, and their means."""
    parser = argparse.ArgumentParser(prog="python -m bench.tasting", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", type=Path, help="the songs of this database; made-up ones without it")
    parser.add_argument("--likes", default="50,200", help="how many likes are told, and as many dislikes")
    parser.add_argument("--tastes", default=",".join(TASTES))
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--json", action="store_true", help="a list for programs")
    told = parser.parse_args()
    runs = []
    for taste in told.tastes.split(","):
        for likes in map(int, told.likes.split(",")):
            of_one = []
            for seed in map(int, told.seeds.split(",")):
                songs = read(told.database) if told.database else made_up(np.random.default_rng(seed))
                of_one.append(run(songs, taste, likes, seed))
                if not told.json:
                    _show(of_one[-1])
            runs += of_one
            if not told.json:
                _show_mean(of_one)
    if told.json:
        print(json.dumps([asdict(one) for one in runs]))


def _show(one: Run) -> None:
    print(
        f"{one.taste} {one.likes:>5} seed {one.seed}: claims {one.claims:.3f} ({one.low:.2f} to {one.high:.2f}), worth "
        f"{one.worth:.3f} ({one.learner}, {one.seconds:.0f} s; without engineered features it would claim "
        f"{one.without_engineered:.3f}) | logistic claims {one.logistic_claims:.3f}, worth {one.logistic_worth:.3f} | "
        f"ancestor claims {one.ancestor_claims:.3f}, worth {one.ancestor_worth:.3f}",
        flush=True,
    )


def _show_mean(runs: list[Run]) -> None:
    names = ("claims", "worth", "logistic_claims", "logistic_worth", "ancestor_claims", "ancestor_worth")
    means = {name: float(np.mean([getattr(one, name) for one in runs])) for name in names}
    inside = sum(one.low <= one.worth <= one.high for one in runs)
    line = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in means.items())
    print(f"{runs[0].taste} {runs[0].likes:>5} mean: {line}; worth within what was said: {inside} of {len(runs)}\n")


if __name__ == "__main__":
    main()
