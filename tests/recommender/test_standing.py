"""Who answers when no model is named: the best that beats popularity, and popularity where none does."""

import json
from pathlib import Path

import pytest

from recommender import Suggester
from recommender.standing import TOO_FEW, UNTAUGHT, Standing
from tests.recommender.songs import SONGS_OF_TASTE, by_frequency, spotify_id, taste_song, train
from tests.recommender.test_suggest import extra, ids

CALM = [taste_song("calm", n).track_id for n in range(SONGS_OF_TASTE)]


def measured(database: Path, name: str, own: float, popularity: float = 0.2) -> None:
    """Write a worth into a model's manifest."""
    path = database.with_suffix(".models") / name / "manifest.json"
    worth = {"hit_rate_10": 0.5, "ndcg_500": own, "popularity_ndcg_500": popularity}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"worth": worth}))


def test_the_next_model_answers_for_one_below_popularity(trained: Path) -> None:
    """Silently: a person asked for no model, and gets one that works."""
    train(trained, ["artists"])
    suggester = Suggester.open(trained)
    assert suggester.answer([CALM[0]], 3).model == "item-knn"
    measured(trained, "item-knn", 0.19)
    measured(trained, "artists", 0.3)
    answer = suggester.answer([CALM[0]], 3)
    assert (answer.model, answer.notes) == ("artists", ())
    assert suggester.answer([CALM[0]], 3, plain=True).model == "artists"


@pytest.mark.parametrize("worth", [{}, {"hit_rate_10": 0.0, "ndcg_500": 0.0}])
def test_what_was_not_measured_against_popularity_is_fine(trained: Path, worth: dict[str, float]) -> None:
    """As models of an earlier Segue are not."""
    path = trained.with_suffix(".models") / "item-knn" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"worth": worth}))
    assert Suggester.open(trained).answer([CALM[0]], 3).model == "item-knn"


@pytest.mark.parametrize("plain", [False, True])
def test_popularity_answers_when_no_model_beats_it_and_says_why(trained: Path, plain: bool) -> None:
    """With its own list, and the cure."""
    measured(trained, "item-knn", 0.1)
    suggester = Suggester.open(trained)
    answer = suggester.answer([CALM[0]], 6, plain=plain)
    assert (answer.model, answer.notes) == ("popularity", (TOO_FEW,))
    assert ids(answer) == ids(suggester.answer([CALM[0]], 6, "popularity", plain=plain))
    assert TOO_FEW.endswith("popularity on these playlists, so these are the most popular tracks: import more")


def test_popularity_need_not_be_trained_to_answer(untrained: Path) -> None:
    """Each model's vocabulary is in its order."""
    train(untrained, ["item-knn"])
    measured(untrained, "item-knn", 0.1)
    answer = Suggester.open(untrained).answer([CALM[0], CALM[7]], 50, plain=True)
    assert (answer.model, answer.notes[0]) == ("popularity", TOO_FEW)
    assert {s.model for s in answer.suggestions} == {"popularity"}
    assert answer.suggestions[0].score is None
    train(untrained, ["popularity"])
    assert ids(answer) == [track for track in by_frequency(untrained) if track not in (CALM[0], CALM[7])]


def test_a_named_model_always_obeys(trained: Path) -> None:
    """Whoever names it knows why."""
    measured(trained, "item-knn", 0.1)
    answer = Suggester.open(trained).answer([CALM[0]], 3, "item-knn")
    assert (answer.model, answer.notes) == ("item-knn", ())


def test_a_new_training_is_seen(trained: Path) -> None:
    """A server need not be started again."""
    suggester = Suggester.open(trained)
    measured(trained, "item-knn", 0.1)
    assert suggester.answer([CALM[0]], 3).model == "popularity"
    train(trained, ["item-knn"])
    assert suggester.answer([CALM[0]], 3).model == "item-knn"


def test_no_model_below_popularity_stands_in_for_one_that_cannot_tell(trained: Path) -> None:
    """The artist's songs do; where nothing is known of the tracks the most popular ones come, and that is said."""
    train(trained, ["knn-baseline"], top_tracks="10")
    rare = by_frequency(trained)[-1]
    suggester = Suggester.open(trained)
    assert suggester.answer([rare], 3, "knn-baseline").model == "item-knn"
    measured(trained, "item-knn", 0.1)
    by_artist = suggester.answer([rare], 3, "knn-baseline")
    assert by_artist.model == "knn-baseline"
    assert by_artist.notes[0].startswith("the models know too little of ")
    answer = suggester.answer([spotify_id("stranger")], 3, "knn-baseline")
    assert answer.model == "popularity"
    assert answer.notes == (
        "no model here that beats popularity knows any of these tracks, so these are the most popular ones",
    )


def test_unknown_seeds_are_still_named(trained: Path) -> None:
    """Both sentences are true."""
    measured(trained, "item-knn", 0.1)
    answer = Suggester.open(trained).answer([spotify_id("stranger")], 3)
    assert answer.unknown == (spotify_id("stranger"),)
    assert answer.notes[0] == TOO_FEW
    assert len(answer.notes) == 2


def test_a_damaged_one_does_not_make_the_playlists_too_few(trained: Path) -> None:
    """It may be worth much; its own sentence says what to do."""
    train(trained, ["artists"])
    measured(trained, "item-knn", 0.1)
    (trained.with_suffix(".models") / "artists" / "manifest.json").write_text("[]")
    answer = Suggester.open(trained).answer([CALM[0]], 3)
    assert answer.model == "popularity"
    assert len(answer.notes) == 1
    assert "artists" in answer.notes[0]


def test_a_stale_model_below_popularity_says_that_too(trained: Path) -> None:
    """More playlists may have come since: then training anew is the cure."""
    measured(trained, "item-knn", 0.1)
    extra(trained, [taste_song("calm", 1), taste_song("loud", 2)])
    notes = Suggester.open(trained).answer([CALM[0]], 3).notes
    assert notes == (TOO_FEW, "popularity was trained before the playlists changed: run `segue train` to renew it")


def test_an_order_of_nothing_is_nothing(tmp_path: Path) -> None:
    """No folder is no error."""
    assert list(Standing(tmp_path / "none").in_order()) == []


def test_where_popularity_alone_is_trained_it_says_that_nothing_has_a_taste(untrained: Path) -> None:
    """Charts are no suggestions; but whoever asked for them by name knows."""
    train(untrained, ["popularity"])
    suggester = Suggester.open(untrained)
    assert suggester.answer([CALM[0]], 3).notes == (UNTAUGHT,)
    assert suggester.answer([CALM[0]], 3, "popularity").notes == ()
