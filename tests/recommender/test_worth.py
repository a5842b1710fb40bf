"""Worth: small collections are measured too, in folds, and always beside popularity on the same playlists."""

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.measures.worth import MEASURED_PLAYLISTS, MeasuringPart, measuring_part, worth_of
from recommender.models.contract import no_progress
from recommender.models.registry import model_class, options_class
from recommender.splits import HeldOut, hold_out

TASTES, TRACKS_OF_TASTE = 4, 100


def tastes(n_playlists: int, length: int, seed: int = 0) -> Corpus:
    """Give playlists of one of four tastes each, a hundred tracks a taste."""
    rng = np.random.default_rng(seed)
    return corpus_from_lists(
        [
            [f"taste{n % TASTES}n{track}" for track in rng.choice(TRACKS_OF_TASTE, length, replace=False)]
            for n in range(n_playlists)
        ]
    )


def fame(n_playlists: int) -> Corpus:
    """Give playlists that know no taste: what is famous stands in most of them, and nothing else matters."""
    rng = np.random.default_rng(1)
    odds = 1 / np.arange(1, 301)
    rows = [rng.choice(300, 15, replace=False, p=odds / odds.sum()) for _ in range(n_playlists)]
    return corpus_from_lists([[f"t{track}" for track in row] for row in rows])


def part_of(corpus: Corpus) -> MeasuringPart:
    part = measuring_part(corpus, np.random.default_rng(1))
    assert part is not None
    return part


def worth(kind: str, corpus: Corpus) -> dict[str, float]:
    rng = np.random.default_rng(2)
    return worth_of(model_class(kind), part_of(corpus), options_class(kind)(), rng, no_progress)


def whole(fold: HeldOut) -> list[frozenset[str]]:
    """Give each held-out playlist's tracks, as far as the fold's corpus knows them."""
    names = fold.corpus.vocabulary.raw_ids
    return [frozenset(names(np.append(s, t))) for s, t in zip(fold.seeds, fold.truths, strict=True)]


def test_thirty_playlists_of_fifteen_tracks_have_a_worth() -> None:
    """Each is held out once, a fifth at a time, and learned from in the other folds."""
    corpus = tastes(30, 15)
    part = part_of(corpus)
    assert [len(fold.seeds) for fold in part.folds] == [6] * 5
    assert [fold.corpus.n_playlists for fold in part.folds] == [24] * 5
    asked = [tracks for fold in part.folds for tracks in whole(fold)]
    rows = [frozenset(corpus.vocabulary.raw_ids(playlist)) for playlist in corpus]
    found = [[number for number, row in enumerate(rows) if tracks <= row] for tracks in asked]
    assert sorted(number for numbers in found for number in numbers) == list(range(30))
    told = worth("item-knn", corpus)
    assert (told["playlists"], told["seeds"]) == (30, 5)
    assert told["over_popularity_low"] > 0


@pytest.mark.parametrize(
    ("n_playlists", "measured", "n_folds"),
    [(12, 12, 5), (60, 50, 5), (100, 50, 3), (250, 50, 1), (600, 60, 1), (3000, 200, 1)],
)
def test_what_many_playlists_tell_at_once_few_tell_in_turns(n_playlists: int, measured: int, n_folds: int) -> None:
    """Fifty are asked where a tenth is less; with 250 playlists one training is enough, as it always was."""
    part = part_of(tastes(n_playlists, 11))
    assert (sum(len(fold.seeds) for fold in part.folds), len(part.folds)) == (measured, n_folds)


def test_the_one_fold_of_a_large_collection_is_what_it_was() -> None:
    """The same playlists by the same number."""
    corpus = tastes(700, 11)
    before = hold_out(corpus, np.random.default_rng(1), 0.1, MEASURED_PLAYLISTS, 5)
    now = part_of(corpus).folds[0]
    assert now.corpus.fingerprint() == before.corpus.fingerprint()
    assert all(np.array_equal(one, other) for one, other in zip(now.seeds, before.seeds, strict=True))


def test_short_playlists_are_cut_after_one_track() -> None:
    """Five seeds would leave nothing to be asked."""
    told = worth("item-knn", tastes(40, 7))
    assert (told["playlists"], told["seeds"]) == (40, 1)


def test_a_few_short_ones_among_long_ones_change_nothing() -> None:
    """They are only learned from."""
    rows = [[f"t{number * 20 + place}" for place in range(15 if number < 25 else 4)] for number in range(40)]
    part = part_of(corpus_from_lists(rows))
    assert part.n_seeds == 5
    assert sum(len(fold.seeds) for fold in part.folds) == 25


@pytest.mark.parametrize("rows", [[["a", "b", "c"]] * 9, [["a", "b"]] * 50, [["a", "b", "c", "d"]] * 50])
def test_too_few_too_short_or_too_alike_are_not_measured(rows: list[list[str]]) -> None:
    """Where nothing unlike the held-out playlists is left, a grade would be of a model of nothing."""
    assert measuring_part(corpus_from_lists(rows), np.random.default_rng(1)) is None


def test_popularity_is_its_own_yardstick() -> None:
    """Its worth is the one that stands beside every other model's."""
    told = worth("popularity", tastes(30, 15))
    for name in ("hit_rate_10", "ndcg_500", "r_precision"):
        assert told[name] == told[f"popularity_{name}"] == worth("item-knn", tastes(30, 15))[f"popularity_{name}"]
    assert told["over_popularity_low"] == told["over_popularity_high"] == 0


def test_where_fame_is_all_there_is_a_model_of_taste_is_below_popularity() -> None:
    """And surely so: the whole interval lies below."""
    told = worth("item-knn", fame(60))
    assert told["ndcg_500"] < told["popularity_ndcg_500"]
    assert told["over_popularity_high"] < 0


def test_the_interval_holds_the_difference() -> None:
    """It is that of the paired differences, and no chance is in it."""
    for corpus in (tastes(30, 15), fame(60)):
        told = worth("item-knn", corpus)
        assert told == worth("item-knn", corpus)
        gain = told["ndcg_500"] - told["popularity_ndcg_500"]
        assert told["over_popularity_low"] <= gain <= told["over_popularity_high"]


def test_the_progress_of_all_folds_is_one() -> None:
    """It never falls, and ends at 1."""
    shares: list[float] = []
    rng = np.random.default_rng(2)
    worth_of(model_class("popularity"), part_of(tastes(30, 15)), options_class("popularity")(), rng, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


def test_a_large_collection_is_measured_on_a_model_of_a_sample() -> None:
    """The same playlists are asked, what remains to learn from is part of what it was, and the worth says so."""
    corpus = tastes(700, 11)
    rng = np.random.default_rng
    whole_part, part = part_of(corpus), measuring_part(corpus, rng(1), 2_000)
    assert part is not None
    learned, all_of_them = part.folds[0].corpus, whole_part.folds[0].corpus
    assert 1_900 < learned.n_entries <= 2_000 < all_of_them.n_entries
    assert part.folds[0].unlike == whole_part.folds[0].unlike == all_of_them.n_playlists
    assert [w >= p for p, w in zip(whole(part.folds[0]), whole(whole_part.folds[0]), strict=True)] == [True] * 70
    rows = {tuple(all_of_them.vocabulary.raw_ids(playlist)) for playlist in all_of_them}
    assert {tuple(learned.vocabulary.raw_ids(playlist)) for playlist in learned} < rows
    measured = worth_of(model_class("item-knn"), part, options_class("item-knn")(), rng(2), no_progress)
    assert (measured["sample"], measured["sample_of"]) == (learned.n_playlists, all_of_them.n_playlists)
    assert "sample" not in worth("item-knn", corpus)


def test_a_sample_is_drawn_by_the_seed() -> None:
    """The same number draws the same, another another."""
    parts = [measuring_part(tastes(700, 11), np.random.default_rng(seed), 2_000) for seed in (1, 1, 2)]
    one, same, other = (part.folds[0].corpus.fingerprint() for part in parts if part)
    assert one == same != other
