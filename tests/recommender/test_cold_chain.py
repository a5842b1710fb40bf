"""A song that no playlist holds: who speaks for it, step by step, and that the answer says so."""

import shutil
from pathlib import Path

import pytest

from db.records import AudioFeatures, Track
from recommender import Answer, Suggester
from tests.recommender.contents import keep, register_contents
from tests.recommender.songs import SONGS_OF_TASTE, add, playlist, song, spotify_id, taste_song, train
from tests.recommender.test_standing import measured
from tests.recommender.test_suggest import ONLY_POPULAR, STRANGER, extra, ids

CALM = [taste_song("calm", n).track_id for n in range(SONGS_OF_TASTE)]
LOUD = [taste_song("loud", n).track_id for n in range(SONGS_OF_TASTE)]
TEMPO = {"calm": 80.0, "loud": 160.0}
GENRE = {"calm": "ambient", "loud": "metal"}


@pytest.fixture(autouse=True)
def _contents(monkeypatch: pytest.MonkeyPatch) -> None:
    register_contents(monkeypatch)


def told(taste: str) -> list[AudioFeatures]:
    """Tell how the songs of a taste sound: much alike, and unlike those of the other."""
    return [AudioFeatures(taste_song(taste, n), tempo=TEMPO[taste] + n / 10) for n in range(SONGS_OF_TASTE)]


def heard(track: Track, tempo: float) -> AudioFeatures:
    return AudioFeatures(track, tempo=tempo)


@pytest.fixture
def database(trained: Path) -> Path:
    """Two tastes whose sound is known, and item-knn and popularity."""
    add(trained, [*told("calm"), *told("loud")], "sounds")
    train(trained)
    return trained


def asked(database: Path, *tracks: Track | AudioFeatures, kinds: tuple[str, ...] = (), **more: object) -> Answer:
    """Add tracks to no playlist, train all again, and ask with them as the seeds."""
    add(database, tracks, "cold")  # type: ignore[arg-type]
    train(database)
    keep(database, *kinds)
    seeds = [(track.track if isinstance(track, AudioFeatures) else track).track_id for track in tracks]
    return Suggester.open(database).answer(seeds, 5, **more)  # type: ignore[arg-type]


ALL = ("audio", "meaning", "text", "genre")
NEW = spotify_id("newsong")


def test_another_version_of_the_recording_speaks_first_and_is_named(database: Path) -> None:
    """It knows more than anything that is only like the song."""
    answer = asked(database, song("Calm song 4 - Remastered 2011", "calm artist 4", NEW), kinds=ALL)
    assert answer.notes == ("no playlist here holds Calm song 4 - Remastered 2011, so another version of it answers",)
    assert (answer.model, answer.seeds, answer.unknown) == ("item-knn", (NEW,), ())
    assert set(ids(answer)) <= set(CALM) - {CALM[4]}


def test_then_the_songs_of_its_artist(database: Path) -> None:
    """Which themselves may come."""
    answer = asked(database, song("A new one", "loud artist 2", NEW), kinds=ALL, per_artist=None)
    assert answer.notes == ("no playlist here holds A new one, so songs that go with others by loud artist 2 answer",)
    assert (answer.model, answer.seeds, answer.unknown) == ("item-knn", (NEW,), ())
    assert set(ids(answer)) <= set(LOUD)
    assert "same artist as A new one" in " ".join(
        " ".join(s.reasons) for s in Suggester.open(database).suggest([NEW], 15)
    )


@pytest.mark.parametrize(
    ("track", "kinds", "how"),
    [
        (heard(song("Unheard 160", "Nobody else", NEW), 158.0), ALL, "sounds like"),
        (song("Unheard 161", "Nobody else", NEW), ("meaning", "text", "genre"), "reads like"),
        (song("Unheard 162", "Nobody else", NEW), ("audio", "text", "genre"), "is named like"),
    ],
)
def test_then_what_it_is_like_in_its_own_order(
    database: Path, track: Track | AudioFeatures, kinds: tuple[str, ...], how: str
) -> None:
    """A model that has nothing to say about it is passed over."""
    loud = [
        playlist(f"numbers-{n}", [song(f"Number {160 + m}", f"band {m}") for m in (n, n + 1, n + 2)]) for n in (0, 3)
    ]
    add(database, [*loud, *(heard(entry.track, 157.0) for one in loud for entry in one.entries)], "numbers")
    answer = asked(database, track, kinds=kinds)
    title = (track.track if isinstance(track, AudioFeatures) else track).name
    assert answer.notes == (f"no playlist here holds {title}, so songs that go with what {how} it answer",)
    assert (answer.model, answer.unknown) == ("item-knn", ())
    assert len(ids(answer)) == 5
    assert not set(ids(answer)) & set(CALM)


def test_at_last_its_genre(database: Path) -> None:
    """As its artist's is told."""
    from db.records import Artist

    metal = [Track(spotify_id(f"metal{n}"), f"Metal {n}b", (Artist(f"Smith {n}", None, ("metal",)),)) for n in range(6)]
    calm = [
        Track(spotify_id(f"flute{n}"), f"Flute {n}b", (Artist(f"Flute {n}", None, ("flute",)),)) for n in range(110)
    ]
    extra(database, metal[:4], metal[2:], calm, calm[::-1])
    new = Track(NEW, "Anvil", (Artist("New smith", None, ("metal",)),))
    answer = asked(database, new, kinds=ALL)
    assert answer.notes == ("no playlist here holds Anvil, so songs that go with what shares its genre answer",)
    assert set(ids(answer)[:4]) <= {track.track_id for track in metal}


def test_a_song_that_came_after_the_training_says_how_the_models_learn_of_it(database: Path) -> None:
    """Its sound may be known, but not yet to any model."""
    add(database, [heard(song("Fresh", "Nobody else", NEW), 158.0)], "late")
    answer = Suggester.open(database).answer([NEW], 5)
    assert answer.notes[-1] == "Fresh came here after the models had learned: run `segue train --update`"
    assert len(answer.suggestions) == 5


def test_what_nothing_is_known_of_brings_the_popular_ones(database: Path) -> None:
    """No artist, no sound, no words: and the answer says that it guesses."""
    answer = asked(database, Track(NEW), kinds=ALL)
    assert answer.notes == (ONLY_POPULAR,)
    assert answer.model == "popularity"
    assert len(ids(answer)) == 5


@pytest.mark.parametrize("nobody", ["Various Artists", "unknown"])
def test_songs_of_various_artists_have_nothing_in_common(database: Path, nobody: str) -> None:
    """A label on a sampler is no artist."""
    extra(database, [song("One of many", nobody), *(taste_song("loud", n) for n in range(5))])
    answer = asked(database, heard(song("New of many", nobody, NEW), 81.0), kinds=ALL)
    assert answer.notes == ("no playlist here holds New of many, so songs that go with what sounds like it answer",)


def test_each_of_several_songs_has_its_step(database: Path) -> None:
    """And each speaks: the list holds both tastes."""
    quiet = heard(song("Hush", "Nobody else", spotify_id("hush")), 80.0)
    answer = asked(database, song("A new one", "loud artist 2", NEW), quiet, kinds=ALL, per_artist=None)
    assert answer.notes == (
        "no playlist here holds A new one, so songs that go with others by loud artist 2 answer",
        "no playlist here holds Hush, so songs that go with what sounds like it answer",
    )
    many = Suggester.open(database).answer(list(answer.seeds), 20, per_artist=None)
    assert set(ids(many)) & set(CALM)
    assert set(ids(many)) & set(LOUD)


def test_beside_known_songs_it_is_left_out_and_that_is_said(database: Path) -> None:
    """Measured: what is near to it makes such lists no better."""
    answer = asked(database, song("A new one", "loud artist 2", NEW), kinds=ALL)
    assert answer.unknown == ()
    suggester = Suggester.open(database)
    both = suggester.answer([NEW, CALM[0], STRANGER], 5)
    assert both.notes == ("no playlist here holds A new one, so the other songs answer",)
    assert (both.seeds, both.unknown) == ((NEW, CALM[0]), (STRANGER,))
    assert ids(both) == ids(suggester.answer([CALM[0]], 5))


def test_what_was_stored_after_the_training_is_served_too(database: Path) -> None:
    """By its artist, as the database knows it; and what playlists hold by now is not said to be in none."""
    keep(database, *ALL)
    listed, unlisted = song("Late and listed", "loud artist 1", NEW), song("Late", "loud artist 2", spotify_id("late"))
    extra(database, [listed, taste_song("loud", 0)])
    add(database, [unlisted], "late")  # type: ignore[list-item]
    suggester = Suggester.open(database)
    answer = suggester.answer([listed.track_id], 5)
    assert answer.notes[0] == (
        "the models know too little of Late and listed, so songs that go with others by loud artist 1 answer"
    )
    assert (answer.seeds, answer.unknown) == ((NEW,), ())
    answer = suggester.answer([unlisted.track_id], 5)
    assert answer.notes[0] == "no playlist here holds Late, so songs that go with others by loud artist 2 answer"
    assert set(ids(answer)) <= set(LOUD)
    beside = suggester.answer([unlisted.track_id, CALM[0]], 5)
    assert beside.unknown == (unlisted.track_id,)
    assert not [note for note in beside.notes if "Late" in note], "it is among the unknown already"


@pytest.mark.parametrize("worth", [{}, {"hit_rate_10": 0.0, "ndcg_500": 0.1, "popularity_ndcg_500": 0.2}])
def test_where_no_model_of_playlists_is_worth_it_its_likes_answer_alone(
    database: Path, worth: dict[str, float]
) -> None:
    """Even those that were measured below popularity, on songs that playlists hold."""
    new = heard(song("Unheard", "Nobody else", NEW), 161.0)
    add(database, [new], "cold")
    train(database)
    keep(database, "audio", "text", worth=worth)
    measured(database, "item-knn", 0.1)
    answer = Suggester.open(database).answer([NEW], 5)
    if worth:
        assert answer.notes == ("no playlist here holds Unheard, so what sounds like it answers",)
    assert answer.model == "audio"
    assert set(ids(answer)) <= set(LOUD)
    assert Suggester.open(database).answer([NEW], 5, "popularity").notes == (ONLY_POPULAR,)


def test_with_nothing_but_popularity_the_popular_ones_come(database: Path) -> None:
    """And never a list that pretends to know."""
    asked(database, heard(song("Unheard", "Nobody else", NEW), 161.0))
    shutil.rmtree(database.with_suffix(".models") / "item-knn")
    answer = Suggester.open(database).answer([NEW], 5)
    assert answer.model == "popularity"
    assert ONLY_POPULAR in answer.notes
    assert len(ids(answer)) == 5


@pytest.mark.parametrize("n_playlists", [0, 1])
def test_a_database_without_playlists_answers_by_what_songs_are_like(tmp_path: Path, n_playlists: int) -> None:
    """Features are all it needs; a stranger gets songs too, and is told how little they mean."""
    database = tmp_path / "s.db"
    lists = [playlist("one", [taste_song("calm", n) for n in range(5)])][:n_playlists]
    add(database, [*lists, *told("calm"), *told("loud")])
    keep(database, "audio")
    suggester = Suggester.open(database)
    answer = suggester.answer([LOUD[3]], 5)
    assert answer.model == "audio"
    assert set(ids(answer)) <= set(LOUD) - {LOUD[3]}
    strange = suggester.answer([STRANGER], 5)
    assert (strange.model, len(ids(strange))) == ("popularity", 5)
    assert strange.notes == (
        ONLY_POPULAR
        if n_playlists
        else "nothing here is like these tracks, and no playlist tells what is popular, so these are songs as they "
        "come: import playlists",
    )


def test_a_model_that_goes_by_artists_does_not_pass_for_knowing_the_song(database: Path) -> None:
    """Its artist's songs as seeds say more than its artist's name."""
    train(database, ["artists"])
    answer = asked(database, song("A new one", "loud artist 2", NEW), kinds=ALL, model="artists")
    assert answer.notes == ("no playlist here holds A new one, so songs that go with others by loud artist 2 answer",)


def test_a_plain_list_is_the_models_own(database: Path) -> None:
    """Measuring one model must not flatter it with the chain's merits, and the seed itself never comes."""
    asked(database, song("A new one", "loud artist 2", NEW), kinds=ALL)
    answer = Suggester.open(database).answer([NEW], 2 * SONGS_OF_TASTE, "item-knn", plain=True)
    assert answer.model == "popularity"
    assert answer.notes == ("item-knn knows none of these tracks, so these are the most popular ones",)
    assert NEW not in ids(answer)


def test_damaged_content_is_passed_over(database: Path) -> None:
    """The next step serves."""
    new = heard(song("Unheard 161", "Nobody else", NEW), 161.0)
    extra(
        database,
        [song(f"Number {160 + n}", f"band {n}") for n in range(3)],
        [song("Number 160", "band 0"), taste_song("loud", 1)],
    )
    asked(database, new, kinds=ALL)
    for kind in ("audio", "meaning"):
        (database.with_suffix(".models") / kind / "manifest.json").write_text("{")
    answer = Suggester.open(database).answer([NEW], 3)
    assert answer.notes == ("no playlist here holds Unheard 161, so songs that go with what is named like it answer",)


def test_a_song_that_stands_alone_in_its_playlist_is_as_good_as_in_none(database: Path) -> None:
    """The model has nothing to go by, though a playlist holds it."""
    lonely = song("Lonely", "calm artist 1", NEW)
    extra(database, [lonely])
    train(database)
    answer = Suggester.open(database).answer([NEW], 5)
    assert answer.notes == (
        "the models know too little of Lonely, so songs that go with others by calm artist 1 answer",
    )
    assert set(ids(answer)) <= set(CALM)


def test_many_songs_are_named_in_short(database: Path) -> None:
    """And a line stays one that a person reads."""
    songs = [song(f"Unheard {chr(97 + n)}", "loud artist 2", spotify_id(f"new{n}")) for n in range(5)]
    answer = asked(database, *songs)
    assert answer.notes == (
        "no playlist here holds Unheard a, Unheard b or 3 more, so songs that go with others by loud artist 2 answer",
    )
    assert answer.unknown == ()
