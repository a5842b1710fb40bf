"""What the recipes for three kinds of listeners bring, on listeners who are made up.

    python -m bench.segments [--seeds 1 2 3] [--best hybrid] [--listeners 100] [--json]

A made-up world has genres with their artists, songs that are known or not, and audio features that tell the genre with
noise. Playlists and a few hundred listeners, of two or three genres each, are learned from. Others are suggested to:
new ones, who named two artists; casual ones, of whom some six to fifteen songs are known; and narrow ones, explorers to
be, who play the best known songs of a genre again and again, while what they would like lies deeper in it and in the
next genre. What is held out are songs that they did not play yet, or, of the new ones, all. Beside each recipe stand
rank and the best model alone, from the same songs.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from recommender.corpus import AUDIO, Corpus, corpus_from_numbers
from recommender.measures.plays_grades import self_information
from recommender.metrics import hit_rate, hits, recall
from recommender.models.contract import Model
from recommender.models.options import options_of
from recommender.models.registry import CONTENT, KINDS, model_class
from recommender.plays import plays_from_pairs
from recommender.ranking import best_first
from recommender.segments.kinds import Kind
from recommender.segments.recipes import RECIPES, in_turns, mixed

GENRES, ARTISTS, SONGS = 20, 20, 10
"""Genres, artists of each, and songs of each artist."""
PLAYLISTS, LENGTH, LISTENERS = 600, 25, 300
OWN = 0.8
"""Share of a playlist that is of its own genre."""
NOISE = 0.15
"""Standard deviation of an audio feature around that of the genre; features go from 0 to 1."""
TOP, TRUTH = 10, 20
_OF_GENRE = ARTISTS * SONGS


@dataclass(frozen=True)
class World:
    """What is learned from, by the numbers of the corpus."""

    corpus: Corpus
    genre: np.ndarray
    """int64, shape (tracks,)."""
    fame: np.ndarray
    """float64, shape (tracks,): how well known each is within its genre, 1 at most."""


@dataclass(frozen=True)
class Asked:
    """A listener to be suggested to: what is known, and what is held out, as track numbers."""

    known: np.ndarray
    truth: np.ndarray


@dataclass(frozen=True)
class Row:
    """One way to make the lists for one kind of listener, on the mean."""

    kind: str
    way: str
    hit_rate_10: float
    recall_10: float
    novelty: float
    """How surprising the list is: bits, by how few of those who were learned from played its songs."""


def made_up(seed: int) -> World:
    """Make a world, and learn nothing from it yet."""
    rng = np.random.default_rng(seed)
    n_tracks = GENRES * _OF_GENRE
    genre = np.arange(n_tracks) // _OF_GENRE
    fame = np.empty(n_tracks)
    for number in range(GENRES):
        fame[genre == number] = 1 / (1 + rng.permutation(_OF_GENRE)) ** 0.8
    lists = [_drawn(rng, genre, fame, [int(rng.integers(GENRES))], LENGTH, OWN) for _ in range(PLAYLISTS)]
    histories = [_drawn(rng, genre, fame, _tastes(rng), 30, 0.95) for _ in range(LISTENERS)]
    listeners = np.repeat(np.arange(LISTENERS), [len(one) for one in histories])
    heard = np.concatenate(histories)
    names = tuple(f"made-up listener {number}" for number in range(LISTENERS))
    plays = plays_from_pairs(names, listeners, heard, 1 + rng.poisson(3 * fame[heard]), np.zeros(len(heard), np.int64))
    centres = rng.random((GENRES, len(AUDIO)))
    audio = np.clip(centres[genre] + rng.normal(0, NOISE, (n_tracks, len(AUDIO))), 0, 1).astype(np.float32)
    audio[:, AUDIO.index("mode")] = rng.integers(2, size=n_tracks)
    audio[:, AUDIO.index("key")] = rng.integers(12, size=n_tracks)
    raw_ids = np.array([f"madeup{number:06d}" for number in range(n_tracks)], "S22")
    corpus = corpus_from_numbers(
        raw_ids, np.concatenate(lists), np.cumsum([0, *map(len, lists)]), np.arange(n_tracks) // SONGS, None, audio,
        plays=plays, also=np.ones(n_tracks, bool),
    )  # fmt: skip
    old = np.array([int(raw_id[6:]) for raw_id in corpus.vocabulary.raw_ids(np.arange(n_tracks))])
    return World(corpus, genre[old], fame[old])


def listeners_of(world: World, kind: Kind, count: int, rng: np.random.Generator) -> list[Asked]:
    """Make up listeners of one kind."""
    return [_listener(world, kind, rng) for _ in range(count)]


def _listener(world: World, kind: Kind, rng: np.random.Generator) -> Asked:
    tastes = _tastes(rng)
    if kind == "new":
        likes = _drawn(rng, world.genre, world.fame, tastes, TRUTH + 6, 0.95)
        artists = [int(world.corpus.artists[track]) for track in likes[np.argsort(-world.fame[likes])]]
        named = list(dict.fromkeys(artists))[:2]
        # As recommender.segments.people does: the best known songs of each artist stand for it.
        own = [np.flatnonzero(world.corpus.artists == artist)[:3] for artist in named]
        known = np.concatenate(own)
        return Asked(known, np.setdiff1d(likes, known))
    if kind == "casual":
        likes = _drawn(rng, world.genre, world.fame, tastes, TRUTH + 15, 0.95)
        size = int(rng.integers(6, 16))
        return Asked(likes[:size], likes[size : size + TRUTH])
    known = _drawn(rng, world.genre, world.fame**2, tastes[:1], 55, 0.97)
    deeper = _drawn(rng, world.genre, np.ones(len(world.genre)), tastes[:2], 60, 0.97)
    return Asked(known, np.setdiff1d(deeper, known)[:TRUTH] if len(deeper) < TRUTH else _some(rng, deeper, known))


def _some(rng: np.random.Generator, tracks: np.ndarray, without: np.ndarray) -> np.ndarray:
    return rng.permutation(np.setdiff1d(tracks, without))[:TRUTH]


def _tastes(rng: np.random.Generator) -> list[int]:
    """Draw two or three genres that lie next to each other."""
    first = int(rng.integers(GENRES))
    return [(first + step) % GENRES for step in range(int(rng.integers(2, 4)))]


def _drawn(
    rng: np.random.Generator, genre: np.ndarray, fame: np.ndarray, tastes: Sequence[int], size: int, own: float
) -> np.ndarray:
    """Draw different songs, a share of them of some genres, by their fame: int64, shape (size,)."""
    mine = np.isin(genre, tastes)
    weights = fame * np.where(mine, own / fame[mine].sum(), (1 - own) / fame[~mine].sum())
    return rng.choice(len(genre), size, replace=False, p=weights / weights.sum())


def trained(world: World, best: str, seed: int) -> dict[str, list[Model]]:
    """Train the models of each source of the recipes."""
    kinds = {"hits": ["rank"], "clusters": ["clusters"], "content": [k for k in CONTENT if k in KINDS], "best": [best]}
    return {
        role: [model_class(kind).fit(world.corpus, np.random.default_rng(seed), options_of(kind, None, {}))
               for kind in own if kind == "audio" or role != "content"]
        for role, own in kinds.items()
    }  # fmt: skip


def lists_of(models: Mapping[str, Sequence[Model]], kind: Kind, known: np.ndarray) -> dict[str, np.ndarray]:
    """Score by rank, by the best model, and by the recipe, in whose turns the best stands in for what is not there."""
    told = {
        role: in_turns([model.scores(known.astype(np.int32)) for model in own], known)
        for role, own in models.items() if own
    }  # fmt: skip
    recipe = RECIPES[kind]
    sources = {role: told.get(role, told["best"]) for role in recipe.shares}
    return {"rank": told["hits"], "best": told["best"], "recipe": mixed(sources, recipe, known)}


def run(seed: int, best: str, count: int) -> list[Row]:
    """Measure each way on each kind of listener under one seed."""
    world = made_up(seed)
    models = trained(world, best, seed)
    plays = world.corpus.plays
    surprise = self_information(np.bincount(plays.tracks, minlength=world.corpus.n_tracks), plays.n_listeners)
    rng, rows = np.random.default_rng(1_000 + seed), []
    for kind in ("new", "casual", "explorer"):
        found: dict[str, list[tuple[float, float, float]]] = {}
        for asked in listeners_of(world, kind, count, rng):
            for way, scores in lists_of(models, kind, asked.known).items():
                ranked = best_first(scores, asked.known.astype(np.int32), TOP)
                hit = hits(ranked, asked.truth)
                grades = hit_rate(hit, TOP), recall(hit, len(asked.truth)), float(surprise[ranked].mean())
                found.setdefault(way, []).append(grades)
        rows += [Row(kind, way, *np.mean(grades, axis=0).tolist()) for way, grades in found.items()]
    return rows


def main() -> None:
    """Measure under each seed, and print the means, with the least and the most of each hit rate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--best", default="hybrid")
    parser.add_argument("--listeners", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    runs = [run(seed, words.best, words.listeners) for seed in words.seeds]
    if words.json:
        print(json.dumps([[asdict(row) for row in rows] for rows in runs]))
        return
    content = "audio" if "audio" in KINDS else f"none is there, so {words.best} stands in"
    print(f"made-up listeners, {words.listeners} of each kind, seeds {words.seeds}; content: {content}")
    print(f"{'listeners':<10}{'list':<8}{'hit rate@10':>22}{'recall@10':>11}{'novelty':>9}")
    for same in zip(*runs, strict=True):
        rates = [row.hit_rate_10 for row in same]
        mean = [float(np.mean([getattr(row, name) for row in same])) for name in ("recall_10", "novelty")]
        told = f"{np.mean(rates):.3f} ({min(rates):.2f} to {max(rates):.2f})"
        print(f"{same[0].kind:<10}{same[0].way:<8}{told:>22}{mean[0]:>11.3f}{mean[1]:>9.2f}")


if __name__ == "__main__":
    main()
