"""What a list holds: the model's own order, or one for people, with caps and versions."""

import shutil
from pathlib import Path

from db.connection import open_writer
from db.purge import purge_import
from db.records import Track
from recommender import Suggester
from tests.recommender.songs import by_frequency, song, spotify_id, taste_song, train
from tests.recommender.test_suggest import CALM, LOUD, ONLY_POPULAR, STRANGER, extra, ids


def test_plain_is_the_models_own_order(trained: Path) -> None:
    """n distinct tracks while there are n, no seed, what the model cannot tell last and by popularity."""
    suggester = Suggester.open(trained)
    for n in (1, 7, 28, 29, 500):
        answer = suggester.answer([CALM[0], CALM[5]], n, "item-knn", plain=True)
        got = ids(answer)
        assert len(got) == len(set(got)) == min(n, 28)
        assert not {CALM[0], CALM[5]} & set(got)
    told = [s for s in answer.suggestions if s.score is not None]
    assert answer.suggestions[: len(told)] == tuple(told)
    untold = got[len(told) :]
    order = by_frequency(trained)
    assert untold == sorted(untold, key=order.index)
    assert set(untold) == set(LOUD)
    assert {s.model for s in answer.suggestions[len(told) :]} == {"popularity"}


def test_plain_gives_tracks_without_names_too(untrained: Path) -> None:
    """Measuring counts every track; a person is offered what has a name, while there is any."""
    bare = [Track(spotify_id(f"bare{n}")) for n in range(3)]
    extra(untrained, *[[*bare, taste_song("calm", 1)] for _ in range(3)])
    train(untrained)
    suggester = Suggester.open(untrained)
    assert set(ids(suggester.answer([CALM[1]], 500, plain=True))) > {t.track_id for t in bare}
    assert not {t.track_id for t in bare} & set(ids(suggester.answer([CALM[1]], 500)))


def test_where_nothing_has_a_name_the_answer_is_not_empty(tmp_path: Path) -> None:
    """Playlists of bare ids can still be continued."""
    rows = [[Track(spotify_id(f"bare{n}")) for n in range(start, start + 4)] for start in range(6)]
    extra(tmp_path / "s.db", *rows)
    train(tmp_path / "s.db")
    assert len(Suggester.open(tmp_path / "s.db").suggest([spotify_id("bare2")], 3)) == 3


def test_tracks_that_left_the_database_are_not_offered(trained: Path) -> None:
    """After a purge the model is stale, and what it still knows has no name."""
    extra(trained, *[[taste_song("calm", 0), song("Gone", "Gone", spotify_id("gone"))] for _ in range(9)])
    train(trained)
    with open_writer(trained, "a test") as connection:
        purge_import(connection, 2)
    answer = Suggester.open(trained).answer([CALM[0]], 20)
    assert spotify_id("gone") not in ids(answer)
    assert len(answer.notes) == 1


def test_at_most_three_by_one_artist_unless_told_otherwise(trained: Path) -> None:
    """Every credited artist counts; None lets any number come."""
    rows = [[taste_song("calm", 0), *[song(f"hit {n}", ("Guest", "Star"), spotify_id(f"hit{n}")) for n in range(6)]]]
    extra(trained, *rows * 4)
    train(trained)
    suggester = Suggester.open(trained)

    def by_star(**choices: object) -> int:
        return sum("Star" in s.artists for s in suggester.suggest([CALM[0]], 30, **choices))

    assert (by_star(), by_star(per_artist=1), by_star(per_artist=None), by_star(plain=True)) == (3, 1, 6, 6)


def test_versions_of_the_seeds_and_of_each_other_come_only_when_asked_for(trained: Path) -> None:
    """Remaster, live, and the same ISRC are one recording to a listener."""
    again = song("calm song 0 - Remastered 2014", "calm artist 0", spotify_id("remaster"))
    one, live = song("Hit", "Band", spotify_id("hit")), song("Hit (Live)", "Band", spotify_id("hitlive"))
    left, right = (
        song(name, name, spotify_id(name), isrc=isrc)
        for name, isrc in (("Left", "GB1234567890"), ("Right", "gb1234567890"))
    )
    extra(trained, *[[taste_song("calm", 0), again, one, live, left, right]] * 5)
    train(trained)
    suggester = Suggester.open(trained)
    grouped = set(ids(suggester.answer([CALM[0]], 25, per_artist=None)))
    assert again.track_id not in grouped
    assert len(grouped & {one.track_id, live.track_id}) == 1
    assert len(grouped & {left.track_id, right.track_id}) == 1
    every = set(ids(suggester.answer([CALM[0]], 25, per_artist=None, versions=True)))
    assert every >= {s.track_id for s in (again, one, live, left, right)}


def test_a_remix_of_what_is_in_the_list_does_not_come(trained: Path) -> None:
    """Unless versions are asked for."""
    remixes = [song(f"Fade - {name} Remix", "Tides", spotify_id(f"fade{name}")) for name in ("Noon", "Dusk")]
    extra(trained, [taste_song("calm", 1), song("Fade", "Tides", spotify_id("fade")), *remixes])
    train(trained)
    suggester = Suggester.open(trained)
    fades = {spotify_id("fade"), *(remix.track_id for remix in remixes)}
    assert len(fades & set(ids(suggester.suggest([CALM[1]], 30)))) == 1
    assert fades <= set(ids(suggester.suggest([CALM[1]], 60, versions=True)))


def test_a_yardstick_stands_in_for_no_model_that_has_a_taste(trained: Path) -> None:
    """rank has an answer to everything, and none of them is to the question; popularity comes before it."""
    train(trained, ["rank"])
    models = trained.with_suffix(".models")
    assert Suggester.open(trained).answer([CALM[0]], 3).model == "item-knn"
    answer = Suggester.open(trained).answer([STRANGER], 3, "item-knn")
    assert (answer.model, answer.notes) == ("popularity", (ONLY_POPULAR,))
    (models / "item-knn" / "manifest.json").write_text("[]")
    assert Suggester.open(trained).answer([CALM[0]], 3).model == "popularity"
    assert Suggester.open(trained).answer([CALM[0]], 3, "rank").model == "rank"
    shutil.rmtree(models / "popularity")
    assert Suggester.open(trained).answer([CALM[0]], 3).model == "rank"
