"""What a transformer makes of what is written about tracks: near in meaning, though no word be the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.contract import Progress, no_progress
from recommender.models.distinct import distinct
from recommender.models.places import places
from recommender.models.ranges import Ranges, refuse_out_of_range

_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Options:
    """Which transformer reads, how much, and whether it learns from the playlists first."""

    weights: str = "distilbert-base-uncased"
    """A folder with config.json, model.safetensors and a tokenizer, or a name of the Hugging Face hub."""
    max_tokens: int = 64
    """So many tokens of a text are read, about three quarters of a word each; the time grows with them."""
    dimensions: int = 128
    """Numbers that are kept of each text, along the directions in which texts differ most; fewer take less room."""
    fine_tune: bool = False
    """Whether the transformer first learns to bring songs of one playlist together; its weights are kept with it."""
    budget_s: float = 600.0
    """Seconds of fine-tuning from which its steps follow, by a stated speed and never by the clock."""
    batch: int = 64
    """Pairs of songs that are told from each other in one step of fine-tuning; more teach more, and take memory."""
    temperature: float = 0.05
    """How sharply fine-tuning tells songs apart; lower looks at the most similar wrong ones alone."""
    rate: float | None = None
    """How far a step of fine-tuning goes; none: 0.00005, and up to 0.001 the smaller the transformer is."""
    workers: int = 2
    """Threads; another number adds up in another order, so that the last digits differ."""


RANGES: Ranges = {
    "max_tokens": (3, 512),
    "dimensions": (2, 4_096),
    "budget_s": (0.1, 1_000_000),
    "batch": (2, 4_096),
    "temperature": (0.001, 1),
    "rate": (1e-7, 0.1),
    "workers": (1, 64),
}
PRESETS: dict[str, Options] = {"tuned": Options(fine_tune=True)}


@dataclass(frozen=True)
class Meaning:
    """Suggest tracks whose artist, title, album and tags mean what those of the seeds do, as a transformer reads them.

    Idea: a transformer that has read many texts puts those of like meaning near each other, also without a common word.
    Formula: v(t) = the mean of the last layer over the tokens of t's text, less the mean of all texts, along the
    directions in which they differ most, of length 1; score(j) = v(j) . mean over the seeds of v(s). Fine-tuning
    lessens -log(exp(v(a) . v(b) / temperature) / sum over the songs c of a batch of exp(v(a) . v(c) / temperature)),
    for two songs a and b of one playlist, until it no longer helps on playlists that were held out of it.
    Source: Sanh, Debut, Chaumond and Wolf, "DistilBERT, a distilled version of BERT", 2019; means of tokens as in
    Reimers and Gurevych, "Sentence-BERT", EMNLP 2019; the centre as in Mu and Viswanath, "All-but-the-top", ICLR 2018;
    the loss from van den Oord, Li and Vinyals, "Representation learning with contrastive predictive coding", 2018.
    For: it knows a song by its words alone, before any playlist holds it, and words of one meaning as alike.
    Against: it fails where a title says nothing of the music, and names of artists mean little to it before it is
    fine-tuned; reading takes long, and it needs the extra `text` and weights of 260 MB.
    Cold start: a track that stands in no playlist is suggested, and asked by, as any other; one without a text never.
    """

    name: ClassVar[str] = "meaning"
    adds_up: ClassVar[bool] = False
    options: Options
    spots: np.ndarray
    """float32, shape (tracks, dimensions): v, of length 1; 0 for a track without a text."""
    told: Mapping[str, str | int | float] = field(default_factory=dict)
    """What notes() says of the transformer; not among the arrays."""
    tuned: Mapping[str, bytes] = field(default_factory=dict)
    """Files of the weights that are to be kept with the model; not among the arrays."""

    @classmethod
    def fit(cls, corpus: Corpus, rng: np.random.Generator, options: Options, progress: Progress = no_progress) -> Self:
        """Read all texts, but those that these weights have read before.

        Raises CannotTrain when no track has a text, the weights cannot be had, or an option is out of range;
        CannotStore when what was read cannot be kept.
        """
        refuse_out_of_range(options, RANGES)
        if not len(corpus.texts.letters):
            raise CannotTrain("nothing is written about any track here: import songs with titles and artists")
        from recommender.meaning.learning import learned

        spots, told, tuned = learned(corpus, rng, options, progress)
        return cls(options, spots, told, tuned)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        """Score by the mean of the seeds' places: float32, shape (tracks,), NaN for tracks without a text."""
        return self.scores_of(seeds, len(self.spots), _NONE)

    def scores_of(self, seeds: np.ndarray, first: int, others: np.ndarray) -> np.ndarray:
        """Score the first tracks and some that come after them: see Choosing."""
        known = distinct(seeds[(seeds >= 0) & (seeds < len(self.spots))])
        own = places(self.spots, known)
        own = own[~np.isnan(own).any(axis=1)]
        if not len(own):
            return np.full(first + len(others), np.nan, np.float32)
        centre = own.mean(axis=0)
        with np.errstate(all="ignore"):
            scores = np.concatenate([self.spots[:first] @ centre, self.spots[others] @ centre])
        if not np.isfinite(scores).all():
            raise DamagedModel("its vectors are no numbers")
        # Hardly any other is exactly 0, so that few rows are looked at.
        asked = np.flatnonzero(scores == 0)
        rows = np.where(asked < first, asked, others[np.maximum(asked - first, 0)] if len(others) else asked)
        scores[asked[~np.asarray(self.spots[rows]).any(axis=1)]] = np.nan
        return np.asarray(scores, np.float32)

    def vectors(self, track_nos: np.ndarray) -> np.ndarray:
        """Give the tracks' places: float32, NaN for those without a text."""
        return places(self.spots, track_nos)

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Give vectors (float32)."""
        return {"vectors": self.spots}

    def files(self) -> Mapping[str, bytes]:
        """Give the weights that fine-tuning made, as a folder that `weights` may name; nothing without it."""
        return self.tuned

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], options: Options, n_tracks: int) -> Self:
        """Rebuild the model from arrays(), which may be memory-mapped. Raises ValueError when they do not fit."""
        vectors = arrays["vectors"]
        if vectors.ndim != 2 or len(vectors) != n_tracks or vectors.dtype != np.float32:
            raise ValueError("each track has one vector")
        return cls(options, vectors)

    def notes(self) -> Mapping[str, str | int | float]:
        """Give the number of tracks with a text, the dimensions, and what read them."""
        return {"tracks": int(self.spots.any(axis=1).sum()), "dimensions": self.spots.shape[1], **self.told}
