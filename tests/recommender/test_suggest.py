"""The Suggester: raw ids in, suggestions out, and never an empty or a silent answer."""

import dataclasses
import json
import re
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from db.connection import open_writer
from db.errors import MissingDatabase
from db.records import Track
from recommender import Answer, Suggester, Suggestion
from recommender.errors import DamagedModel, NoSuchModel
from tests.recommender.songs import SONGS_OF_TASTE, add, by_frequency, playlist, song, spotify_id, taste_song, train

CALM = [taste_song("calm", n).track_id for n in range(SONGS_OF_TASTE)]
LOUD = [taste_song("loud", n).track_id for n in range(SONGS_OF_TASTE)]
STRANGER = "4uLU6hMCjMI75M1A2tKUQC"
ONLY_POPULAR = "no model here knows any of these tracks, so these are the most popular ones"


def ids(answer: Answer | list[Suggestion]) -> list[str]:
    return [s.track_id for s in (answer.suggestions if isinstance(answer, Answer) else answer)]


def extra(database: Path, *rows: list[Track], source: str = "more") -> None:
    add(database, [playlist(f"{source}-{n}", tracks) for n, tracks in enumerate(rows)], source)


def test_suggestions_continue_the_seeds(trained: Path) -> None:
    """Several seeds of one taste bring that taste, best first, without the seeds."""
    answer = Suggester.open(trained).answer([CALM[0], CALM[1]], 8)
    assert (answer.model, answer.seeds, answer.unknown, answer.notes) == ("item-knn", (CALM[0], CALM[1]), (), ())
    assert len(set(ids(answer))) == 8
    assert set(ids(answer)) <= set(CALM[2:])
    scores = [s.score for s in answer.suggestions]
    assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]


def test_a_suggestion_tells_what_a_person_needs(trained: Path) -> None:
    """Its fields are the contract of the JSON too."""
    first = Suggester.open(str(trained)).suggest([CALM[0]], n=1)[0]
    assert [f.name for f in dataclasses.fields(first)] == [
        "track_id", "name", "artists", "score", "model", "reasons", "checks", "album", "duration_ms", "path",
    ]  # fmt: skip
    assert first.name.startswith("calm song")
    assert first.artists[0].startswith("calm artist")
    assert type(first.score) is float
    assert first.model == "item-knn"
    assert re.fullmatch(r"in \d+ playlists together with calm song 0", first.reasons[0])
    json.dumps(dataclasses.asdict(first))


def test_suggest_is_the_list_of_answer(trained: Path) -> None:
    """One road, two doors."""
    suggester = Suggester.open(trained)
    assert suggester.suggest([CALM[3]], 5, "popularity") == list(
        suggester.answer([CALM[3]], 5, "popularity").suggestions
    )


def test_unknown_seeds_are_named_and_the_others_still_help(trained: Path) -> None:
    """In the order in which they were given, whatever they look like."""
    strange = [STRANGER, "", "not an id", "ü" * 22, "a" * 500, "x:" + "0" * 20, "a\0b"]
    answer = Suggester.open(trained).answer([*strange, CALM[2]], 3)
    assert answer.unknown == tuple(strange)
    assert answer.seeds == (CALM[2],)
    assert set(ids(answer)) <= set(CALM)


@pytest.mark.parametrize("model", [None, "item-knn", "popularity"])
@pytest.mark.parametrize("seeds", [[], [STRANGER]])
def test_when_nothing_is_known_popular_tracks_come_with_a_sentence(
    trained: Path, model: str | None, seeds: list[str]
) -> None:
    """Never an empty answer, and never one that pretends to know."""
    answer = Suggester.open(trained).answer(seeds, 4, model)
    assert answer.model == "popularity"
    assert answer.notes == (ONLY_POPULAR,)
    assert answer.unknown == tuple(seeds)
    assert len(ids(answer)) == 4
    assert {s.model for s in answer.suggestions} == {"popularity"}
    assert all(
        re.fullmatch(r"popular: in \d+ playlists; nothing better known", s.reasons[0]) for s in answer.suggestions
    )


def test_an_x_seed_helps_as_its_spotify_twin(trained: Path) -> None:
    """A local file of a known song is as good a seed as Spotify's track, and the song itself never comes."""
    local = song("Calm Song 3", "CALM ARTIST 3")
    extra(trained, [local, song("Filler", "Nobody", spotify_id("filler"))])
    suggester = Suggester.open(trained)
    answer = suggester.answer([local.track_id], 30, "item-knn", per_artist=None)
    assert answer.unknown == ()
    assert answer.seeds == (local.track_id,)
    assert ids(answer) == ids(suggester.answer([CALM[3]], 30, "item-knn", per_artist=None))
    assert CALM[3] not in ids(answer)
    assert answer.suggestions[0].reasons[0].endswith(" playlists together with Calm Song 3")


def test_a_seed_of_no_playlist_is_stood_in_for_by_another_version(trained: Path) -> None:
    """The database knows its name, and so the same song under another id."""
    twin = song("Calm song 4 ", "calm artist 4", spotify_id("othertrack"))
    with open_writer(trained, "a test") as connection:
        from db import index
        from db.connection import transaction
        from db.runs import ImportRun
        from db.write import store

        with transaction(connection):
            store(connection, ImportRun("names", "a test", 1), [twin])
        index.finish(connection)
    answer = Suggester.open(trained).answer([twin.track_id], 5)
    assert answer.unknown == ()
    assert set(ids(answer)) <= set(CALM) - {CALM[4]}


def test_a_model_older_than_the_playlists_says_so_and_still_serves(trained: Path) -> None:
    """One sentence with the cure; the new training takes it away."""
    suggester = Suggester.open(trained)
    extra(trained, [taste_song("calm", 1), taste_song("loud", 2)])
    answer = suggester.answer([CALM[0]], 3)
    assert answer.notes == ("item-knn was trained before the playlists changed: run `segue train` to renew it",)
    assert len(ids(answer)) == 3
    train(trained)
    assert suggester.answer([CALM[0]], 3).notes == ()


def test_a_model_trained_anew_is_picked_up(trained: Path) -> None:
    """A server need not be started again."""
    suggester = Suggester.open(trained)
    new = song("Brand New", "Newcomer", spotify_id("brandnew"))
    assert suggester.answer([new.track_id], 2).unknown == (new.track_id,)
    extra(trained, *[[new, taste_song("loud", n), taste_song("loud", n + 1)] for n in range(6)])
    train(trained)
    answer = suggester.answer([new.track_id], 2)
    assert answer.unknown == ()
    assert set(ids(answer)) <= set(LOUD)


def test_no_model_at_all_says_what_to_do(untrained: Path) -> None:
    """And a name that is not there lists those that are."""
    with pytest.raises(NoSuchModel, match="no model is trained yet: run `segue train`"):
        Suggester.open(untrained).answer([CALM[0]])
    train(untrained, ["popularity"])
    with pytest.raises(NoSuchModel, match=r"no model word2vec is trained \(there are popularity\)"):
        Suggester.open(untrained).answer([CALM[0]], model="word2vec")


def test_no_database_says_what_to_do(tmp_path: Path) -> None:
    """Opening makes nothing."""
    with pytest.raises(MissingDatabase, match="import playlists first"):
        Suggester.open(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_model_lets_the_next_one_answer_with_a_note(trained: Path) -> None:
    """Unless it was named: then its damage is the answer."""
    (trained.with_suffix(".models") / "item-knn" / "neighbours.npy").write_bytes(b"half")
    suggester = Suggester.open(trained)
    answer = suggester.answer([CALM[0]], 3)
    assert answer.model == "popularity"
    assert len(answer.notes) == 1
    assert "neighbours.npy is missing or half-written: train it again (segue train item-knn)" in answer.notes[0]
    with pytest.raises(DamagedModel):
        suggester.answer([CALM[0]], model="item-knn")


def test_when_all_models_are_damaged_each_is_named(trained: Path) -> None:
    """The one line tells how to be rid of it."""
    for name in ("item-knn", "popularity"):
        (trained.with_suffix(".models") / name / "manifest.json").write_text("[]")
    with pytest.raises(NoSuchModel, match=r"run `segue train`.*segue train item-knn.*segue train popularity"):
        Suggester.open(trained).answer([CALM[0]])


@pytest.mark.parametrize(("key", "value"), [("kind", "hybrid"), ("options", {"unheard": 1})])
def test_a_model_of_another_version_is_refused(trained: Path, key: str, value: object) -> None:
    """A kind or an option that this Segue does not know."""
    path = trained.with_suffix(".models") / "item-knn" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(DamagedModel, match="of another version of Segue: train it again"):
        Suggester.open(trained).answer([CALM[0]], model="item-knn")


def test_a_model_under_its_own_name_answers_before_popularity(untrained: Path) -> None:
    """What somebody trained on purpose is better than the yardstick."""
    train(untrained, ["popularity"])
    train(untrained, ["item-knn"], "mine")
    answer = Suggester.open(untrained).answer([CALM[0]], 2)
    assert answer.model == "mine"
    assert {s.model for s in answer.suggestions} == {"mine"}


def test_a_model_that_cannot_tell_lets_another_answer(trained: Path) -> None:
    """knn-baseline knows the most frequent tracks only; item-knn knows them all."""
    train(trained, ["knn-baseline"], top_tracks="10")
    rare = next(i for i in reversed(by_frequency(trained)))
    answer = Suggester.open(trained).answer([rare], 3, "knn-baseline")
    assert answer.model == "item-knn"
    assert answer.notes == ("knn-baseline does not know these tracks, so item-knn answers",)


def test_a_plain_list_is_never_another_models(trained: Path) -> None:
    """Who measures knn-baseline is not to measure item-knn: what it cannot tell comes by popularity."""
    train(trained, ["knn-baseline"], top_tracks="10")
    rare = next(i for i in reversed(by_frequency(trained)))
    answer = Suggester.open(trained).answer([rare], 3, "knn-baseline", plain=True)
    assert answer.notes == ("knn-baseline knows none of these tracks, so these are the most popular ones",)
    assert ids(answer) == by_frequency(trained)[:3]
    assert {s.model for s in answer.suggestions} == {"popularity"}


def test_a_seed_given_twice_counts_once(trained: Path) -> None:
    """And the answer names it once."""
    suggester = Suggester.open(trained)
    answer = suggester.answer([CALM[0], CALM[0], STRANGER, STRANGER], 5)
    assert answer == suggester.answer([CALM[0], STRANGER], 5)
    assert (answer.seeds, answer.unknown) == ((CALM[0],), (STRANGER,))


@pytest.mark.parametrize("choices", [{"n": 0}, {"n": -1}, {"per_artist": 0}])
def test_numbers_below_one_are_refused(trained: Path, choices: dict[str, int]) -> None:
    """None is the word for any number."""
    with pytest.raises(ValueError, match="must be 1 or more"):
        Suggester.open(trained).suggest([CALM[0]], **choices)


def test_one_text_instead_of_a_list_is_refused(trained: Path) -> None:
    """Its letters would all be unknown seeds."""
    with pytest.raises(ValueError, match="a list of raw track ids"):
        Suggester.open(trained).suggest(CALM[0])


def test_all_tracks_as_seeds_leave_nothing_to_suggest(trained: Path) -> None:
    """That is the one empty answer there is."""
    assert Suggester.open(trained).suggest([*CALM, *LOUD], 5) == []


def test_eight_threads_share_one_suggester(trained: Path) -> None:
    """While models are trained anew beneath them."""
    suggester, wrong = Suggester.open(trained), []
    wanted = {seed: ids(suggester.answer([seed], 6)) for seed in (*CALM[:4], *LOUD[:4])}

    def ask(seed: str) -> None:
        for _ in range(15):
            try:
                if ids(suggester.answer([seed], 6)) != wanted[seed]:
                    wrong.append(seed)
            except Exception as error:  # noqa: BLE001 - a thread's error must reach the test
                wrong.append(repr(error))

    threads = [threading.Thread(target=ask, args=[seed]) for seed in wanted]
    for thread in threads:
        thread.start()
    for _ in range(3):
        train(trained)
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_long_list_of_a_large_catalogue_comes_fast(tmp_path: Path) -> None:
    """500 of 20,000 tracks, with caps and versions, in well under a second once the model is open."""
    rng = np.random.default_rng(1)
    songs = [song(f"Song {n} - Live", f"Artist {n % 900}", spotify_id(f"n{n}x")) for n in range(20_000)]
    add(tmp_path / "s.db", [playlist(f"p{n}", [songs[i] for i in rng.integers(20_000, size=60)]) for n in range(300)])
    train(tmp_path / "s.db")
    suggester = Suggester.open(tmp_path / "s.db")
    seeds = [s.track_id for s in songs[:40]]
    suggester.suggest(seeds, 1)
    started = time.perf_counter()
    assert len(suggester.suggest(seeds, 500)) == 500
    assert time.perf_counter() - started < 2


def test_a_seed_speaks_through_all_its_versions(trained: Path) -> None:
    """Whoever names one version means the recording; measuring, and asking for versions, take the one track alone."""
    one = song("Anthem", "Choir", spotify_id("anthem1"))
    other = song("Anthem - Remastered 2011", "Choir", spotify_id("anthem2"))
    extra(trained, [one, taste_song("calm", 1)], [other, taste_song("loud", 1)])
    train(trained)
    suggester = Suggester.open(trained)

    def told(**choices: bool) -> set[str]:
        return {s.track_id for s in suggester.suggest([one.track_id], 5, **choices) if s.model == "item-knn"}

    calm, loud = taste_song("calm", 1).track_id, taste_song("loud", 1).track_id
    assert told() == {calm, loud}
    assert told(plain=True) == told(versions=True) == {calm}
