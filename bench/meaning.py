"""What `meaning` finds for songs that no playlist held, before and after it is fine-tuned, and how fast it reads.

python -m bench.meaning cold DATABASE [--seed 1 --seed 2 ...] [--budget SECONDS] [--weights FOLDER]
python -m bench.meaning speed DATABASE [--texts 512]

Without weights a small DistilBERT is made up, with words learned from the database's own texts: it knows nothing of the
world, so that what it finds before it is tuned are letters that recur. With real weights the first row is worth more.
"""

import tempfile
import time
from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from recommender import metrics
from recommender.corpus import Corpus
from recommender.load import load
from recommender.models.contract import Model
from recommender.models.meaning import Meaning, Options
from recommender.models.popularity import Options as Usual
from recommender.models.popularity import Popularity
from recommender.ranking import best_first
from recommender.texts import Texts
from tests.models.tiny_bert import save_tiny

COLD_SHARE, ASKED, LENGTH = 0.1, 500, 100
WORDS = 8_000
DISTILBERT = {"dimensions": 768, "layers": 6, "heads": 12}
SMALL = {"dimensions": 128, "layers": 2, "heads": 4}


@click.group()
def main() -> None:
    """Measure `meaning`."""


@main.command()
@click.argument("database", type=click.Path(path_type=Path))
@click.option("--seed", "seeds", multiple=True, type=int, default=(1, 2, 3))
@click.option("--budget", default=120.0, help="Seconds of fine-tuning.")
@click.option("--weights", help="A folder, or a name of the hub.")
def cold(database: Path, seeds: tuple[int, ...], budget: float, weights: str | None) -> None:
    """Hold a tenth of the tracks out of all playlists, and ask for the songs of their playlists."""
    corpus = load(database, texts=True)[1]
    with tempfile.TemporaryDirectory() as folder:
        corpus = replace(corpus, texts=replace(corpus.texts, kept=Path(folder)))
        place = weights or str(small(corpus.texts, Path(folder) / "small"))
        usual = Options(weights=place, budget_s=budget, workers=1)
        rows: dict[str, list[np.ndarray]] = {}
        for seed in seeds:
            for name, told in cold_grades(corpus, usual, seed).items():
                rows.setdefault(name, []).append(told)
                print(f"seed {seed}  {name:<20} recall@100 {told[0]:.4f}  NDCG@100 {told[1]:.4f}", flush=True)
    for name, told_of in rows.items():
        recall, ndcg = np.mean(told_of, axis=0)
        print(f"mean of {len(seeds)}  {name:<18} recall@100 {recall:.4f}  NDCG@100 {ndcg:.4f}")


def cold_grades(corpus: Corpus, usual: Options, seed: int) -> dict[str, np.ndarray]:
    """Give recall@100 and NDCG@100 of popularity, and of `meaning` before and after it is tuned."""
    rng = np.random.default_rng(seed)
    warm, questions = held_out(corpus, rng)
    models: dict[str, Model] = {"popularity": Popularity.fit(warm, rng, Usual())}
    for name, options in {"meaning": usual, "meaning, fine-tuned": replace(usual, fine_tune=True)}.items():
        started = time.process_time()
        models[name] = Meaning.fit(warm, np.random.default_rng(seed), options)
        print(f"  {name}: {time.process_time() - started:.0f} s of a core, {dict(models[name].notes())}", flush=True)
    return {name: grades(model, questions) for name, model in models.items()}


def held_out(corpus: Corpus, rng: np.random.Generator) -> tuple[Corpus, list[tuple[int, np.ndarray]]]:
    """Take a tenth of the tracks out of all playlists: what is left, and some of them with the others beside them.

    The tracks keep their numbers, and stay in the vocabulary with what is written about them.
    """
    is_cold = rng.random(corpus.n_tracks) < COLD_SHARE
    kept = ~is_cold[corpus.entries]
    owners = np.repeat(np.arange(corpus.n_playlists), np.diff(corpus.offsets))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owners[kept], minlength=corpus.n_playlists))])
    counts = np.where(is_cold, 0, corpus.playlist_counts)
    warm = replace(corpus, entries=corpus.entries[kept], offsets=offsets, playlist_counts=counts)
    asked = rng.permutation(np.flatnonzero(is_cold & (corpus.playlist_counts > 0)))[:ASKED]
    questions = []
    for track in asked.tolist():
        beside = np.isin(owners, owners[corpus.entries == track])
        questions.append((track, np.setdiff1d(corpus.entries[beside], [track])))
    return warm, [(track, truth) for track, truth in questions if len(truth)]


def grades(model: Model, questions: list[tuple[int, np.ndarray]]) -> np.ndarray:
    """Give the means of recall@100 and NDCG@100."""
    told = []
    for track, truth in questions:
        asked = np.array([track], np.int32)
        hit = metrics.hits(best_first(model.scores(asked), asked, LENGTH), truth)
        told.append((metrics.recall(hit, len(truth)), metrics.ndcg(hit, len(truth))))
    return np.mean(told, axis=0)


def small(texts: Texts, folder: Path, size: dict[str, int] = SMALL, seed: int = 1) -> Path:
    """Write a DistilBERT of random weights whose words are those of the texts."""
    from tokenizers import BertWordPieceTokenizer

    tokenizer = BertWordPieceTokenizer(lowercase=True)
    tokenizer.train_from_iterator(iter(texts), vocab_size=WORDS, min_frequency=2, show_progress=False)
    words = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    return save_tiny(folder, (word for word in words if word[:1] != "["), seed=seed, spread=0.02, **size)


@main.command()
@click.argument("database", type=click.Path(path_type=Path))
@click.option("--texts", "n_texts", default=512)
def speed(database: Path, n_texts: int) -> None:
    """Tell how many texts one core reads in a second, by a small transformer and by one of DistilBERT's size."""
    from recommender.meaning.net import open_net
    from recommender.meaning.reading import read, sentence

    texts = load(database, texts=True)[1].texts
    sentences = [sentence(texts[number]) for number in np.linspace(0, len(texts) - 1, n_texts).astype(int)]
    for name, size in {"small": SMALL, "DistilBERT's size": DISTILBERT}.items():
        with tempfile.TemporaryDirectory() as folder:
            net = open_net(str(small(texts, Path(folder) / "net", size)))
            started = time.process_time()
            read(net, sentences, Options().max_tokens)
            taken = time.process_time() - started
        n_numbers = sum(one.numel() for one in net.model.parameters())
        print(f"{name}: {n_numbers / 1e6:.1f} million numbers, {n_texts / taken:,.0f} texts a second of a core")


if __name__ == "__main__":
    main()
