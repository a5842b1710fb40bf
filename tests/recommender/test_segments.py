"""Kinds of listeners, and what each is given."""

import numpy as np
import pytest

from recommender.segments.kinds import FEW, MANY, PROFILES, Known, kind_of, known_of, taken_for
from recommender.segments.recipes import RECIPES, Recipe, in_turns, mixed

NOTHING = np.zeros(0, np.int64)


def scores(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def order(told: np.ndarray) -> list[int]:
    return [int(n) for n in np.argsort(-told, kind="stable") if not np.isnan(told[n])]


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        (Known(0, 0, 0), "new"),
        (Known(FEW - 1, 900, 1), "new"),
        (Known(FEW, 900, 1), "casual"),
        (Known(MANY - 1, 900, 1), "casual"),
        (Known(MANY, MANY, 40), "settled"),
        (Known(MANY, 4 * MANY, 40), "explorer"),
        (Known(200, 200, 20), "explorer"),
        (Known(200, 200, 21), "settled"),
    ],
)
def test_who_is_which_kind(known: Known, kind: str) -> None:
    """Few songs first; then how often each is played, and by how few artists they are."""
    assert kind_of(known) == kind


def test_the_figures_of_a_listener() -> None:
    known = known_of([3, 1, 2], ["a", "b", "a"])
    assert known == Known(3, 6, 2)
    assert known.repeated == 2


def test_the_sentence_tells_why_and_how_to_overrule_it() -> None:
    told = taken_for("ada", Known(12, 30, 4), "casual", said=False)
    assert told == (
        "ada: played or likes 12 songs of 4 artists, 2.5 plays a song: taken for a casual listener "
        "(--profile new or --profile explorer for another list)"
    )
    assert "as asked" in taken_for("ada", Known(12, 30, 4), "new", said=True)
    assert "1 song of 1 artist," in taken_for("ada", Known(1, 1, 1), "new", said=False)
    assert "--profile explorer" in taken_for("ada", Known(99, 99, 50), "settled", said=False)
    assert "nothing is known" in taken_for("ada", Known(0, 0, 0), "new", said=False)


def test_every_profile_has_a_recipe_and_only_the_explorers_holds_the_known_back() -> None:
    assert set(RECIPES) == {*PROFILES, "settled"}
    assert [kind for kind, recipe in RECIPES.items() if recipe.held] == ["explorer"]


def test_sources_take_their_turns() -> None:
    """Two of the one, then one of the other; what both give stands where it is first, and comes once."""
    hits, clusters = scores(9, 8, 7, 6, 5, 4), scores(0, np.nan, 1, 2, 3, 4)
    told = mixed({"hits": hits, "clusters": clusters}, Recipe({"hits": 1, "clusters": 2}), NOTHING)
    # clusters' places 0, 1, 2, 3 come at 1/4, 3/4, 5/4, 7/4, those of hits at 1/2, 3/2.
    assert order(told) == [5, 0, 4, 3, 1, 2]
    assert told.dtype == np.float32


def test_what_no_source_tells_is_not_told_and_what_may_not_come_takes_no_place() -> None:
    told = mixed({"hits": scores(5, 4, np.nan, 3)}, Recipe({"hits": 1}), np.array([0]))
    assert order(told) == [1, 3]
    assert np.isnan(told[[0, 2]]).all()
    assert told[1] == -0.5


def test_a_source_without_turns_does_not_count() -> None:
    told = mixed({"hits": scores(1, 2), "best": scores(2, 1)}, Recipe({"best": 1}), NOTHING)
    assert order(told) == [0, 1]


def test_the_best_known_fall_behind_where_they_are_held_back() -> None:
    """A little known track passes a better placed hit; without holding back it does not."""
    told = {"content": -np.arange(1_000, dtype=np.float32)}
    told["content"][900] = 0.0  # place 1, behind track 0
    assert order(mixed(told, Recipe({"content": 1}), NOTHING))[:2] == [0, 900]
    assert order(mixed(told, Recipe({"content": 1}, 8.0), NOTHING))[0] == 900


def test_one_source_stays_as_it_is_and_several_take_turns() -> None:
    one = scores(3, 2, 1)
    assert in_turns([one], NOTHING) is one
    assert order(in_turns([one, scores(1, 2, 3)], NOTHING)) == [0, 2, 1]
