"""Each way to make one answer of several, on parts whose answers are written down."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from recommender.corpus import corpus_from_lists
from recommender.errors import DamagedModel
from recommender.models.als import ALS
from recommender.models.als import Options as ALSOptions
from recommender.models.pairs import facts_of
from recommender.models.playlist_knn import Options as KNNOptions
from recommender.models.playlist_knn import PlaylistKNN
from recommender.models.ways import (
    augmentation,
    cascade,
    combination,
    following,
    meta_level,
    mixed,
    switching,
)
from recommender.models.ways.asked import Answer, Asked, ndcg
from recommender.models.ways.grid import Chosen

N_TRACKS = 8
NAN = np.nan


@dataclass
class Said:
    """A part that says what is written here, whatever it is asked, and remembers who asked."""

    told: list[float]
    asked: list[list[int]] = field(default_factory=list)

    def scores(self, seeds: np.ndarray) -> np.ndarray:
        self.asked.append(seeds.tolist())
        return np.array(self.told, np.float32)


def asked(seeds: list[int], **parts: Any) -> Asked:
    counts = np.arange(N_TRACKS, 0, -1)
    facts = facts_of(counts, np.zeros(N_TRACKS, np.int32), np.full(N_TRACKS, -1, np.int32))
    named = {kind.replace("_", "-"): part for kind, part in parts.items()}
    return Asked(named, facts, {}, np.array(seeds, np.int32))


def ranked(answer: Answer) -> list[int]:
    return [int(track) for track in answer.tracks[np.argsort(-answer.told, kind="stable")]]


ALS_FIRST = [NAN, 9, 8, 7, 6, NAN, NAN, NAN]
KNN_FIRST = [NAN, NAN, NAN, 1, 2, 3, 4, 5]


def test_a_part_is_asked_once_for_the_same_seeds() -> None:
    part = Said(ALS_FIRST)
    question = asked([0], als=part)
    question.level("als")
    question.level("als")
    question.level("als", np.array([0, 1], np.int32))
    assert part.asked == [[0], [0, 1]]


def test_a_missing_part_says_nothing() -> None:
    assert not asked([0]).level("als").any()


def test_ndcg_is_that_of_the_metrics() -> None:
    from recommender import metrics

    rng = np.random.default_rng(1)
    for _ in range(20):
        answer = Answer(rng.permutation(900)[:700], rng.integers(0, 400, 700).astype(np.float64))
        rest = rng.permutation(900)[:40]
        best = answer.tracks[np.argsort(-answer.told, kind="stable")][:500]
        right = np.isin(np.arange(900), rest)
        assert ndcg(answer, right) == pytest.approx(metrics.ndcg(metrics.hits(best, rest), 40))


def test_switching_asks_one_part_alone() -> None:
    als, knn = Said(ALS_FIRST), Said(KNN_FIRST)
    answer = switching.answer(asked([0], als=als, item_knn=knn), "item-knn")
    assert ranked(answer) == [7, 6, 5, 4, 3]
    assert not als.asked


def test_mixed_parts_take_turns() -> None:
    question = asked([0], als=Said(ALS_FIRST), item_knn=Said(KNN_FIRST))
    turns = {"item-knn": 1, "als": 2}
    setting = tuple(turns.get(kind, 0) for kind in mixed.WAY.parts)
    assert ranked(mixed.answer(question, setting))[:6] == [1, 7, 2, 3, 6, 4]


def test_mixed_settings_are_each_told_once_and_begin_with_equal_turns() -> None:
    settings = mixed.WAY.settings
    assert settings[0] == (1, 1, 1, 1, 1)
    assert len(set(settings)) == len(settings)


def test_a_cascade_keeps_to_the_bands_of_the_first_part() -> None:
    first = Said([NAN, *[float(20 - n) for n in range(7)]])
    second = Said([NAN, 1, 2, 3, 4, 5, 6, 7])
    question = asked([0], als=first, item_knn=second)
    assert ranked(cascade.answer(question, ("als", "item-knn", 3))) == [3, 2, 1, 6, 5, 4, 7]


def test_what_only_the_second_part_of_a_cascade_knows_comes_last() -> None:
    question = asked([0], als=Said(ALS_FIRST), item_knn=Said(KNN_FIRST))
    assert ranked(cascade.answer(question, ("als", "item-knn", 100))) == [4, 3, 1, 2, 7, 6, 5]


def test_augmentation_asks_the_second_part_about_the_first_parts_best() -> None:
    second = Said(KNN_FIRST)
    answer = augmentation.answer(asked([0], artists=Said(ALS_FIRST), als=second), ("artists", 2, "als"))
    assert second.asked == [[2, 1, 0]], "the best stands next to the seed"
    assert ranked(answer) == [7, 6, 5, 4, 3, 1, 2], "what the second does not reach comes after"


def test_augmentation_without_a_first_part_asks_about_the_seeds() -> None:
    second = Said(KNN_FIRST)
    augmentation.answer(asked([0], als=second), ("artists", 2, "als"))
    assert second.asked == [[0]]


def two_tastes() -> tuple[ALS, PlaylistKNN]:
    """Playlists of the tracks 0 to 3 and of 4 to 7, whose vectors are at right angles."""
    corpus = corpus_from_lists([["a", "b", "c"], ["b", "c", "d"], ["e", "f", "g"], ["f", "g", "h"]])
    ids = [raw[0] for raw in corpus.vocabulary.raw_ids(np.arange(8))]
    vectors = np.array([[1, 0.1] if one in "abcd" else [0.1, 1] for one in ids], np.float32)
    knn = PlaylistKNN.fit(corpus, np.random.default_rng(1), KNNOptions())
    return ALS(ALSOptions(), vectors, vectors.T @ vectors), knn


def test_meta_level_reaches_playlists_that_share_no_track_with_the_seeds() -> None:
    als, knn = two_tastes()
    parts = {"als": als, "playlist-knn": knn}
    counts = knn.playlists.lengths(np.arange(8))
    facts = facts_of(counts, np.full(8, -1, np.int32), np.full(8, -1, np.int32))
    ends = np.flatnonzero((counts == 1) & (als.factors[:, 0] > 0.5))
    worked_out = meta_level.work_out(parts)
    question = Asked(parts, facts, worked_out, ends[:1].astype(np.int32))
    found = ranked(meta_level.answer(question, (2, 4)))
    assert set(found) == set(np.flatnonzero(als.factors[:, 0] > 0.5)) - {int(ends[0])}
    assert int(ends[1]) in found, "it stands with the seed in no playlist"
    damaged = Asked(parts, facts, {"playlist-vectors": worked_out["playlist-vectors"] * NAN}, question.seeds)
    with pytest.raises(DamagedModel, match="no numbers"):
        meta_level.answer(damaged, (2, 4))
    short = Asked(parts, facts, {"playlist-vectors": worked_out["playlist-vectors"][:1]}, question.seeds)
    with pytest.raises(DamagedModel, match="other vectors"):
        meta_level.answer(short, (2, 4))


def test_meta_level_without_its_parts_has_no_answer() -> None:
    assert not len(meta_level.answer(asked([0]), (2, 4)).tracks)


def test_combination_counts_playlists_and_asks_no_model_for_an_opinion() -> None:
    _, knn = two_tastes()
    facts = facts_of(knn.playlists.lengths(np.arange(8)), np.full(8, -1, np.int32), np.full(8, -1, np.int32))
    once = knn.playlists.lengths(np.arange(8)) == 1
    question = Asked({"playlist-knn": knn}, facts, {}, np.flatnonzero(~once)[:1].astype(np.int32))
    found = combination.WAY.lists_of(question)
    together = {int(other) for playlist in range(4) for other in knn_playlist(knn, playlist)
                if int(question.seeds[0]) in knn_playlist(knn, playlist)}  # fmt: skip
    assert set(found.tracks[found.levels[0] > 0]) == together - {int(question.seeds[0])}
    rows = combination.WAY.features(question, found.tracks, found.levels)
    assert rows.shape == (len(found.tracks), combination.WAY.n_features)
    assert rows.dtype == np.float32


def knn_playlist(knn: PlaylistKNN, playlist: int) -> list[int]:
    return knn.tracks.numbers[knn.tracks.offsets[playlist] : knn.tracks.offsets[playlist + 1]].tolist()


@pytest.mark.parametrize(
    ("groups", "length"), [([1], 1), ([2, 1, 1], 2), ([1, 1, 2], 1), ([3, 3, 3], 3), ([1, -1], 0), ([-1, 2, 2], 2)]
)
def test_a_run_is_how_many_of_the_last_seeds_are_of_one_artist(groups: list[int], length: int) -> None:
    assert following._run(np.array(groups)) == length


def test_next_is_taught_by_up_to_ten_beginnings_as_it_is_asked() -> None:
    from recommender.measures.protocols import next_questions

    for n in (1, 2, 5, 40):
        tracks = np.arange(n, dtype=np.int32)
        expected = [(q.seeds.tolist(), q.truth.tolist()) for q in next_questions([tracks])] if n > 1 else []
        assert [(seeds.tolist(), rest.tolist()) for seeds, rest in following.WAY.cut(tracks)] == expected


def test_next_trusts_the_order_after_the_last_seed_before_there_is_anything_to_learn() -> None:
    order, fame = Said([NAN, 1, 5, 1, 1, 1, 1, 1]), Said([NAN, 9, 1, 1, 1, 1, 1, 1])
    learned = following.WAY.learned([], 150, np.random.default_rng(1))
    assert ranked(learned.answer(asked([0], sequence=order, als=fame)))[0] == 2


def test_for_the_trees_what_follows_later_is_a_little_right() -> None:
    question = asked([0], sequence=Said([NAN, 7, 6, 5, 4, 3, 2, 1]))
    lesson = following.WAY.lesson(question, np.array([3, 5], np.int32))
    assert lesson.right.tolist() == pytest.approx([0, 0, 1, 0, 0.1, 0, 0][: len(lesson.right)])
    assert lesson.rows.shape == (len(lesson.right), following.WAY.n_features)


def test_each_kind_of_question_has_the_setting_that_was_best_for_it() -> None:
    way = switching.WAY
    als, knn = Said(ALS_FIRST), Said(KNN_FIRST)
    lessons = [way.lesson(asked([0], als=als, item_knn=knn), np.array([7])) for _ in range(3)]
    lessons += [way.lesson(asked([0, 2], als=als, item_knn=knn), np.array([1])) for _ in range(3)]
    learned = way.learned(lessons, 0, np.random.default_rng(1))
    assert learned.notes()["one seed"] == "item-knn"
    assert learned.notes()["several seeds"] == "als"
    one, several = (ranked(learned.answer(asked(seeds, als=als, item_knn=knn))) for seeds in ([0], [0, 2]))
    assert one[0] == 7
    assert several[0] == 1


def test_known_and_unknown_seeds_are_told_apart() -> None:
    way = switching.WAY
    chosen = Chosen(way, np.array([0, 1, 0, 1]), float(asked([4]).facts.counts[4]))
    parts = {"als": Said(ALS_FIRST), "item_knn": Said(KNN_FIRST)}
    assert ranked(chosen.answer(asked([0], **parts)))[0] == 7, "track 0 is the best known"
    assert ranked(chosen.answer(asked([7], **parts)))[0] == 1
