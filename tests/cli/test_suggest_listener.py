"""`segue suggest --listener` and `--new`: lists for people, and lists of what is new."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from db.connection import open_reader, open_writer, transaction
from db.listeners import profile_of
from db.records import Album, AudioFeatures, Play, Playlist, PlaylistEntry
from recommender.models.registry import KINDS
from tests.cli.running import command, segue
from tests.recommender.listening import add_plays, listened
from tests.recommender.songs import NOW, TASTES, add, song, spotify_id, taste_song, train

CASUAL, STRANGER = "listener 06", "anybody"
"""The sixth plays what is calm."""


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of two tastes with plays of forty, genres, and models of every source but content."""
    from tests.recommender.songs import taste_playlists

    path = tmp_path_factory.mktemp("heard") / "segue.db"
    lists = [Playlist(p.playlist_id, p.name, p.entries, genres=(f"{p.name.split('-')[0]} pop",))
             for p in taste_playlists()]  # fmt: skip
    add(path, lists)
    add_plays(path, listened(np.random.default_rng(1)))
    train(path, ("item-knn", "popularity", "rank", "clusters"))
    return path


def told(path: Path, *words: object) -> tuple[dict, str]:
    result = segue("--db", path, "suggest", *words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout), result.stderr


def ids(answer: dict) -> list[str]:
    return [one["track_id"] for one in answer["suggestions"]]


def thumb(path: Path, listener: str, track_ids: Sequence[str], *, liked: bool) -> None:
    with open_writer(path, "a test") as connection, transaction(connection):
        connection.executemany(
            "INSERT INTO thumbs VALUES (?, ?, ?, 'by hand', 1)", ((listener, one, liked) for one in track_ids)
        )


def test_a_list_for_who_played_something_is_of_their_taste_and_new_to_them(heard: Path) -> None:
    answer, said = told(heard, "--listener", CASUAL.upper(), "-n", 4)
    assert f"{CASUAL}: played or likes 16 songs of " in said
    assert "taken for a casual listener" in said
    assert "run `segue train audio text`" in said  # content is not trained, and that is said
    assert answer["model"] == "rank + clusters + item-knn"
    with open_reader(heard) as connection:
        question = """
            SELECT t.track_id FROM plays p JOIN listeners l ON l.key = p.listener_key
            JOIN tracks t ON t.key = p.track_key WHERE l.name = ?
        """
        played = {one for (one,) in connection.execute(question, [CASUAL])}
    assert not played & set(ids(answer))
    calm = [one.startswith("calm") for one in ids(answer)]
    assert calm[0]
    assert sum(calm) > len(calm) / 2


def test_a_profile_overrules_what_the_plays_tell(heard: Path) -> None:
    answer, said = told(heard, "--listener", CASUAL, "--profile", "explorer", "-n", 3)
    assert "a list for the profile explorer, as asked" in said
    assert answer["model"] == "clusters + item-knn"


def test_a_named_model_answers_alone(heard: Path) -> None:
    answer, _ = told(heard, "--listener", CASUAL, "--model", "item-knn", "-n", 3)
    assert answer["model"] == "item-knn"


def test_a_stranger_is_asked_to_say_what_they_like(heard: Path) -> None:
    """One line with the cure, where nobody is at a terminal; near names are offered."""
    result = segue("--db", heard, "suggest", "--listener", "listner 06")
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert "did you mean listener 06" in result.stderr
    assert '--artists "A, B" --genres "C"' in result.stderr


def test_what_a_stranger_names_makes_the_list_and_stays(heard: Path) -> None:
    """Songs of the cluster of what was named; the next list needs no names; others change them."""
    answer, said = told(heard, "--listener", STRANGER, "--artists", "Loud Artist 1, loud artist 2", "-n", 5)
    assert "named loud artist 1, loud artist 2" in said
    assert "taken for a new listener" in said
    assert sum(one.startswith("loud") for one in ids(answer)) >= 3
    again, _ = told(heard, "--listener", STRANGER, "-n", 5)
    assert ids(again) == ids(answer)
    _, said = told(heard, "--listener", STRANGER, "--genres", "CALM pop", "-n", 5)
    assert "named loud artist 1, loud artist 2, calm pop" in said
    with open_reader(heard) as connection:
        named = profile_of(connection, STRANGER)
    assert named is not None
    assert (named.artists, named.genres) == (("loud artist 1", "loud artist 2"), ("calm pop",))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--artists", "loud artist 11"), 'no artist here is called "loud artist 11"'),
        (("--genres", "calm"), 'no genre here is called "calm": did you mean calm pop?'),
    ],
)
def test_names_that_nobody_has_are_one_line_and_nothing_is_stored(
    heard: Path, words: tuple[str, ...], said: str
) -> None:
    result = segue("--db", heard, "suggest", "--listener", "nobody at all", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    with open_reader(heard) as connection:
        assert profile_of(connection, "nobody at all") is None


def test_a_comma_may_belong_to_a_name(tmp_path: Path) -> None:
    from recommender.segments.naming import artists_named

    path = tmp_path / "segue.db"
    names = ("Earth, Wind & Fire", "Wind & Fire", "Crosby, Stills, Nash", "Solo")
    add(path, [Playlist("p", "p", tuple(PlaylistEntry(n, song(f"s{n}", name)) for n, name in enumerate(names)))])
    with open_reader(path) as connection:
        found = artists_named(connection, ["solo, earth, wind & fire,Crosby, Stills, Nash", "Solo"])
    assert found == ("Solo", "Earth, Wind & Fire", "Crosby, Stills, Nash")


def test_what_is_disliked_never_comes_and_what_is_liked_speaks(heard: Path) -> None:
    thumb(heard, "thumbs", [taste_song("loud", n).track_id for n in range(6)], liked=True)
    first, said = told(heard, "--listener", "thumbs", "-n", 3)
    assert "played or likes 6 songs" in said
    assert ids(first)[0].startswith("loud")
    thumb(heard, "thumbs", ids(first)[:1], liked=False)
    second, _ = told(heard, "--listener", "thumbs", "-n", 3)
    assert ids(first)[0] not in ids(second)


def test_a_new_listener_of_whom_nothing_is_known_gets_what_everybody_plays(heard: Path) -> None:
    answer, said = told(heard, "--listener", "who is that", "--profile", "new", "-n", 5)
    assert answer["model"] == "rank"
    assert "nothing is known that was played" in said
    assert len(answer["suggestions"]) == 5


def test_who_plays_what_no_model_knows_still_gets_a_list(heard: Path, tmp_path: Path) -> None:
    """Played after the training, in no playlist: the most popular come, and that is said."""
    path = tmp_path / "copy.db"
    path.write_bytes(heard.read_bytes())
    heard.with_suffix(".models").rename(path.with_suffix(".models"))
    try:
        unknown = [Play("late", song(f"late {n}", "late artist"), 1, NOW) for n in range(8)]
        add_plays(path, unknown, "late log")
        answer, said = told(path, "--listener", "late", "-n", 4)
    finally:
        path.with_suffix(".models").rename(heard.with_suffix(".models"))
    assert len(answer["suggestions"]) == 4
    assert "most popular" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--profile", "new", "a song"), "--profile goes with --listener NAME"),
        (("--ask", "a song"), "--ask goes with --listener NAME"),
        (("--listener", CASUAL, "--plain"), "--plain is the model's own order"),
        (("--new", "--title", "calm"), "--title goes with TRACKs"),
        (("--listener", CASUAL, "--unheard", "--profile", "new", "calm song 1"), "name no TRACK"),
    ],
)
def test_options_that_do_not_go_together_are_refused(heard: Path, words: tuple[str, ...], said: str) -> None:
    result = segue("--db", heard, "suggest", *words)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
@pytest.mark.parametrize(
    ("typed", "artists"), [(b"no such one\n1, loud artist 3\n", 2), (b"\n", None)], ids=["named", "skipped"]
)
def test_at_a_terminal_a_stranger_is_asked(heard: Path, typed: bytes, artists: int | None) -> None:
    """By number or name, again after a name that nobody has; Enter skips, and a list comes all the same."""
    name = f"asked {artists}"
    ours, theirs = os.openpty()
    try:
        with subprocess.Popen(
            command("--db", heard, "suggest", "--listener", name, "-n", "3", "--format", "uris"),
            stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as child:  # fmt: skip
            os.write(ours, typed)
            out, said = child.communicate(timeout=60)
    finally:
        os.close(ours)
        os.close(theirs)
    assert child.returncode == 0, said
    assert len(out.splitlines()) == 3
    assert "Which artists or genres do you like?" in said
    with open_reader(heard) as connection:
        named = profile_of(connection, name)
    assert (None if named is None else len(named.artists)) == artists


def _with_new(path: Path) -> None:
    """Add an import of three songs: one in one playlist, one that was only played, and one in two playlists."""
    albums = [Album(f"album {n}", release_date=f"200{n}") for n in range(3)]
    fresh = [song(f"fresh {n}", "calm artist 1", spotify_id(f"fresh{n}"), album=albums[n]) for n in range(3)]
    lists = [[fresh[0], fresh[2], taste_song("calm", 1)], [fresh[2], taste_song("calm", 2)]]
    with_entries = [Playlist(f"new {n}", f"new {n}", tuple(PlaylistEntry(p, t) for p, t in enumerate(tracks)))
                    for n, tracks in enumerate(lists)]  # fmt: skip
    add(path, with_entries, "later")
    add_plays(path, [Play("late", fresh[1], 3, NOW)], "a late log")


def test_new_songs_are_those_of_no_playlist_and_those_of_one_that_came_lately(
    untrained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last ones to come out first; ninety days on, one playlist is no news any more."""
    _with_new(untrained)
    train(untrained)
    monkeypatch.setattr("time.time", lambda: NOW + 86_400.0)
    answer, said = told(untrained, "--new")
    assert ids(answer) == [spotify_id("fresh1"), spotify_id("fresh0")]
    assert "2 songs are new here" in said
    assert answer["suggestions"][0]["reasons"][0] == "came out in 2001"
    monkeypatch.setattr("time.time", lambda: NOW + 91 * 86_400.0)
    assert ids(told(untrained, "--new")[0]) == [spotify_id("fresh1")]


def test_each_date_is_proved(untrained: Path) -> None:
    _with_new(untrained)
    train(untrained)
    answer, _ = told(untrained, "--new", "--why")
    (one,) = answer["suggestions"]
    with open_reader(untrained) as connection:
        assert connection.execute(one["checks"][0]).fetchall() == [("2001",)]


def test_what_a_listener_heard_is_not_new_to_them_and_filters_hold(untrained: Path) -> None:
    _with_new(untrained)
    train(untrained)
    result = segue("--db", untrained, "suggest", "--new", "--listener", "late")
    assert (result.exit_code, result.stdout) == (1, "")
    result = segue("--db", untrained, "suggest", "--new", "--year", "1990..1999")
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(told(untrained, "--new", "--year", "2001")[0]["suggestions"]) == 1


def test_new_songs_near_a_track_say_where_no_model_can_tell(untrained: Path) -> None:
    _with_new(untrained)
    train(untrained, ("popularity",))
    answer, said = told(untrained, "--new", taste_song(TASTES[0], 1).track_id)
    assert ids(answer) == [spotify_id("fresh1")]
    assert "those that came out last are first" in said
    assert answer["model"] == "release date, of what is new"


def test_new_songs_come_in_the_order_of_nearness_and_what_nobody_can_tell_comes_last(
    untrained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By date it would be the other way round."""
    _with_new(untrained)
    train(untrained)
    monkeypatch.setattr("time.time", lambda: NOW + 86_400.0)
    answer, said = told(untrained, "--new", taste_song("calm", 1).track_id, "--model", "item-knn")
    assert ids(answer) == [spotify_id("fresh0"), spotify_id("fresh1")]
    assert answer["model"] == "item-knn, of what is new"
    assert "of 1 of them it is not known how near they are" in said
    assert [one["score"] is None for one in answer["suggestions"]] == [False, True]


def test_a_new_song_by_an_artist_who_goes_with_the_seed_comes_first(untrained: Path) -> None:
    """What playlists tell of the artist counts, though none holds the song; by date it would be the other way round."""
    albums = [Album(f"new {n}", release_date=f"200{n}") for n in range(2)]
    new = [
        song(f"unheard {n}", f"{taste} artist 2", spotify_id(f"new{taste}"), album=albums[n])
        for n, taste in enumerate(TASTES)
    ]
    add(untrained, new, "later")
    train(untrained)
    for taste, other in (TASTES, TASTES[::-1]):
        answer, _ = told(untrained, "--new", taste_song(taste, 1).track_id)
        assert ids(answer)[0] == spotify_id(f"new{taste}")
        assert spotify_id(f"new{other}") in ids(answer)
        assert answer["model"] == "item-knn, of what is new"


@pytest.mark.skipif("audio" not in KINDS, reason="there is no model of how songs sound yet")
def test_new_songs_are_ordered_by_how_they_sound(untrained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a model being named, and each with the reason that it has."""
    _with_new(untrained)
    seed = taste_song("calm", 1).track_id
    heard_as = {spotify_id("fresh0"): (0.9, 120), spotify_id("fresh1"): (0.1, 70), seed: (0.9, 121)}
    sounds = [AudioFeatures(song("", "", one), energy=energy, tempo=tempo) for one, (energy, tempo) in heard_as.items()]
    add(untrained, sounds, "reccobeats")
    train(untrained, ("audio", "popularity"))
    monkeypatch.setattr("time.time", lambda: NOW + 86_400.0)
    answer, _ = told(untrained, "--new", seed)
    assert ids(answer) == [spotify_id("fresh0"), spotify_id("fresh1")]
    assert answer["model"] == "audio, of what is new"


@pytest.mark.parametrize("empty", ["", " , "])
def test_names_that_are_none_overwrite_nothing(heard: Path, empty: str) -> None:
    told(heard, "--listener", "keeps it", "--artists", "calm artist 1")
    result = segue("--db", heard, "suggest", "--listener", "keeps it", "--artists", empty)
    assert result.exit_code == 2
    assert "--artists names none" in result.stderr
    with open_reader(heard) as connection:
        kept = profile_of(connection, "keeps it")
    assert kept is not None
    assert kept.artists == ("calm artist 1",)
