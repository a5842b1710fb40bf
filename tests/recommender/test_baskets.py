"""Listeners' tracks as playlists, and who learns from them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from db.records import Play
from recommender.baskets import baskets
from recommender.corpus import Corpus, corpus_from_numbers
from recommender.load import load, takes_listeners
from recommender.plays import NO_PLAYS, plays_from_pairs
from recommender.splits import hold_out
from tests.cli.running import segue
from tests.recommender.listening import LISTENERS, add_plays, listened, played_song
from tests.recommender.songs import add, playlist

IDS = np.array(["a", "b", "c", "d"], "S22")


def played(pairs: list[tuple[int, str, int, int]], listeners: tuple[str, ...] = ("al", "bo")) -> Corpus:
    """Give a corpus of one playlist, c d, and of (listener, track, count, time)."""
    told = [(who, "abcd".index(what), count, time) for who, what, count, time in pairs]
    columns = np.array(told, np.int64).reshape(-1, 4).T
    entries, offsets = np.array([2, 3]), np.array([0, 2])
    return corpus_from_numbers(
        IDS, entries, offsets, np.array([5, 5, 7, 7]), plays=plays_from_pairs(listeners, *columns)
    )


def as_words(corpus: Corpus) -> list[str]:
    return ["".join(corpus.vocabulary.raw_ids(one)) for one in corpus]


def test_a_basket_is_in_the_order_of_time_then_of_plays() -> None:
    """What has no time stands first; who played nothing has none; the playlists are gone, and their tracks too."""
    corpus = played(
        [(0, "a", 1, 30), (0, "b", 1, 10), (0, "c", 9, 10), (1, "a", 7, 0), (1, "b", 2, 0), (1, "c", 1, 5)],
        ("al", "bo", "cy"),
    )
    made = baskets(corpus)
    assert as_words(made) == ["bca", "bac"]
    assert (made.of_listeners, made.plays.listeners, made.n_tracks) == (True, ("al", "bo"), 3)
    assert made.dates.tolist() == [30, 5]
    assert made.names == ("", "")
    of = dict(zip(made.vocabulary.raw_ids(np.arange(3)), made.artists.tolist(), strict=True))
    assert of["a"] == of["b"] != of["c"]
    assert [sorted(basket) for basket in made] == [
        made.plays.tracks[slice(*made.plays.offsets[n : n + 2])].tolist() for n in (0, 1)
    ]


def test_of_nothing_there_are_no_baskets() -> None:
    """Nor an error."""
    made = baskets(played([]))
    assert (made.n_playlists, made.n_tracks, made.plays.n_listeners) == (0, 0, 0)


def test_what_a_held_out_listener_played_is_not_learned() -> None:
    """The basket would else be known by heart to a model of plays."""
    rng = np.random.default_rng(1)
    pairs = [(n, "abcd"[t], 1, 0) for n in range(30) for t in rng.choice(4, 3, replace=False)]
    corpus = baskets(played(pairs, tuple(f"l{n}" for n in range(30))))
    held = hold_out(corpus, rng, 0.2, 5, 1)
    assert held.corpus.n_playlists == held.corpus.plays.n_listeners < corpus.n_playlists
    assert held.corpus.of_listeners
    for number, basket in enumerate(held.corpus):
        mine = slice(*held.corpus.plays.offsets[number : number + 2])
        assert sorted(basket) == held.corpus.plays.tracks[mine].tolist()
    assert hold_out(replace(corpus, plays=NO_PLAYS), rng, 0.2, 5, 1).corpus.plays.n_listeners == 0


def test_without_playlists_the_listeners_are_learned_from(tmp_path: Path) -> None:
    """One listener alone has nothing to be compared with, and one playlist is more than none."""
    plays = listened(np.random.default_rng(1))
    add_plays(tmp_path / "s.db", [play for play in plays if play.listener == "listener 00"])
    assert not takes_listeners(tmp_path / "s.db")
    add_plays(tmp_path / "s.db", plays)
    assert takes_listeners(tmp_path / "s.db")
    assert load(tmp_path / "s.db")[1].n_playlists == LISTENERS
    add(tmp_path / "s.db", [playlist("p", [played_song("calm", 0), played_song("calm", 1)])])
    assert not takes_listeners(tmp_path / "s.db")
    assert load(tmp_path / "s.db")[1].n_playlists == 1


def test_training_says_so_and_suggests_by_taste(tmp_path: Path) -> None:
    """From plays to suggestions without any playlist."""
    database = tmp_path / "s.db"
    add_plays(database, listened(np.random.default_rng(1)))
    result = segue("--db", database, "train", "item-knn")
    assert (result.exit_code, result.stderr) == (0, "Note: no playlists here, so each listener's tracks count as one\n")
    told = segue("--db", database, "suggest", "calm song 3", "-n", "5")
    assert told.exit_code == 0
    assert sum("calm artist" in line for line in told.stdout.splitlines()) >= 4
    assert "stands in no playlist here" in told.stdout


def test_so_does_measuring(tmp_path: Path) -> None:
    """What is measured on are listeners then."""
    rng = np.random.default_rng(1)
    plays = [
        Play(f"l{n}", played_song("calm", t), 2, None) for n in range(80) for t in rng.choice(90, 12, False).tolist()
    ]
    add_plays(tmp_path / "s.db", plays)
    result = segue("--db", tmp_path / "s.db", "evaluate", "popularity", "--seeds-of", "1")
    assert result.exit_code == 0
    assert "Note: no playlists here, so each listener's tracks count as one" in result.stderr
    assert "Note" not in segue("--db", tmp_path / "s.db", "evaluate", "popularity", "--protocol", "plays").stderr


def test_with_playlists_nothing_is_said(tmp_path: Path) -> None:
    """They are what is learned from."""
    add_plays(
        tmp_path / "s.db", [Play("al", played_song("calm", 3), 2, None), Play("bo", played_song("loud", 3), 2, None)]
    )
    add(tmp_path / "s.db", [playlist(f"p{n}", [played_song("calm", n), played_song("calm", 3)]) for n in range(3)])
    assert segue("--db", tmp_path / "s.db", "train", "item-knn").stderr == ""
