"""Fine-tuning: a transformer learns to tell the songs of one playlist from those of others, by their words alone."""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.meaning.net import Net
from recommender.meaning.pairs import Drawn, Pairs, parted
from recommender.meaning.reading import batches, mean_of, tokens_of
from recommender.models.contract import Progress

if TYPE_CHECKING:
    from recommender.models.meaning import Options

_SPEED = 2e10
"""Multiplications a second that a budget counts on for one worker (bench/meaning.py)."""
_OVERHEAD = 0.02
"""Seconds that a step of the smallest transformer takes."""
_MOST_EPOCHS = 10
"""No more steps than those in which every song would meet so many others, however large the budget."""
_CHECKS, _PATIENCE = 20, 4
"""So often the loss on held-out playlists is taken, and so often in a row it may be no better."""
_HELD_PAIRS = 512
_RATE, _SIZE, _HIGHEST_RATE = 5e-5, 66_000_000, 1e-3
"""The usual rate, and for how many numbers in the weights it is; fewer bear a higher one."""
_WARM = 0.1
"""Share of the steps in which the rate rises; in the rest it falls."""


@dataclass(frozen=True)
class Plan:
    """How many steps there are at the most, after how many the loss on held-out playlists is taken, and the rate."""

    steps: int
    every: int
    rate: float

    def rate_at(self, step: int) -> float:
        """Give how far a step goes: rising at first, then falling to nothing."""
        share = (step + 1) / (self.steps + 1)
        return self.rate * min(share / _WARM, (1 - share) / (1 - _WARM))


def drawn_together(
    net: Net, corpus: Corpus, rng: np.random.Generator, options: "Options", progress: Progress
) -> dict[str, int | float]:
    """Fine-tune the weights in place, and tell how: those stay that had the lowest loss on held-out playlists.

    Raises CannotTrain when too few playlists hold two songs with texts, or the loss is no number.
    """
    import torch

    learning, held = parted(corpus, rng)
    chosen = plan(net, learning, options)
    checked = [held.drawn(rng, options.batch) for _ in range(ceil(_HELD_PAIRS / options.batch))]
    optimiser = torch.optim.AdamW(net.model.parameters(), lr=chosen.rate, weight_decay=0.01)
    # Dropout draws from torch's own chance, which is given back as it was.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**31)))
        first = best = _loss_on(net, checked, options)
        weights, step, since = _copied(net), 0, 0
        while step < chosen.steps and since < _PATIENCE:
            _step(net, learning.drawn(rng, options.batch), options, optimiser, chosen.rate_at(step))
            step += 1
            if step % chosen.every == 0 or step == chosen.steps:
                loss = _loss_on(net, checked, options)
                since = since + 1 if loss >= best else 0
                if loss < best:
                    best, weights = loss, _copied(net)
                progress(step / chosen.steps)
    net.model.load_state_dict(weights)
    return {"steps": step, "loss_before": round(first, 4), "loss_after": round(best, 4)}


def plan(net: Net, learning: Pairs, options: "Options") -> Plan:
    """Choose the steps for a budget by a stated speed, and never by the clock, so that they can be repeated."""
    size = sum(one.numel() for one in net.model.parameters())
    # Words are looked up, which multiplies nothing.
    multiplied = size - net.model.get_input_embeddings().weight.numel()
    sample = learning.drawn(np.random.default_rng(0), options.batch).one
    n_tokens = sum(map(len, tokens_of(net, sample, options.max_tokens))) / max(len(sample), 1)
    seconds = _OVERHEAD + 6 * multiplied * 2 * options.batch * n_tokens / (_SPEED * options.workers)
    most = ceil(_MOST_EPOCHS * len(learning.entries) / 2 / options.batch)
    steps = max(min(int(options.budget_s / seconds), most), 1)
    rate = options.rate or min(_RATE * sqrt(max(_SIZE / size, 1)), _HIGHEST_RATE)
    return Plan(steps, ceil(steps / _CHECKS), rate)


def _step(net: Net, drawn: Drawn, options: "Options", optimiser: Any, rate: float) -> None:
    import torch

    for group in optimiser.param_groups:
        group["lr"] = rate
    net.model.train()
    try:
        loss = _loss(net, drawn, options)
        if not loss.isfinite():
            raise CannotTrain("fine-tuning lost its way: lower rate, or raise temperature")
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.model.parameters(), 1.0)
        optimiser.step()
    finally:
        net.model.eval()


def _loss_on(net: Net, checked: list[Drawn], options: "Options") -> float:
    import torch

    with torch.inference_mode():
        return sum(float(_loss(net, drawn, options)) for drawn in checked) / len(checked)


def _loss(net: Net, drawn: Drawn, options: "Options") -> Any:
    """Give how badly the second song of each pair is told from those of the other pairs, and the first likewise."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    n_pairs = len(drawn.one)
    vectors = normalize(_vectors(net, drawn.one + drawn.other, options.max_tokens))
    likeness = vectors[:n_pairs] @ vectors[n_pairs:].T / options.temperature
    likeness = likeness.masked_fill(torch.from_numpy(drawn.alike), -torch.inf)
    right = torch.arange(n_pairs)
    return (cross_entropy(likeness, right) + cross_entropy(likeness.T, right)) / 2


def _vectors(net: Net, sentences: list[str], max_tokens: int) -> Any:
    import torch

    places, parts = [], []
    for where, ids in batches(net, sentences, max_tokens):
        places.append(where)
        parts.append(mean_of(net, ids))
    return torch.cat(parts)[torch.from_numpy(np.argsort(np.concatenate(places)))]


def _copied(net: Net) -> dict[str, Any]:
    return {name: one.detach().clone() for name, one in net.model.state_dict().items()}
