"""genre finds what is of the seeds' genres, the rarest of these first."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.genres import Genres
from recommender.models.genre import Genre, Options
from tests.worlds import noisy_world

PLAIN = Options(fame=0.0)
NOBODY: list[tuple[int, int]] = []


def told(
    lists: list[list[str]],
    of_lists: list[tuple[int, str]] = NOBODY,  # type: ignore[assignment]
    of_artists: list[tuple[str, str]] = NOBODY,  # type: ignore[assignment]
) -> Corpus:
    """Give a corpus of tracks such as "a1", which is the first of artist a, and who is told to be of which genre."""
    corpus = corpus_from_lists(lists)
    raw_ids = corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
    names = tuple(dict.fromkeys(genre for _, genre in [*of_lists, *of_artists]))
    genres = Genres(
        names,
        np.array([(number, names.index(genre)) for number, genre in of_lists], np.int32).reshape(-1, 2),
        np.array([(ord(artist), names.index(genre)) for artist, genre in of_artists], np.int32).reshape(-1, 2),
    )
    return replace(corpus, artists=np.array([ord(raw_id[0]) for raw_id in raw_ids], np.int32), genres=genres)


def fit(corpus: Corpus, options: Options = PLAIN) -> Genre:
    return Genre.fit(corpus, np.random.default_rng(0), options)


def number(corpus: Corpus, raw_id: str) -> int:
    return corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks)).index(raw_id)


def scores(corpus: Corpus, *asked: str, options: Options = PLAIN) -> dict[str, float]:
    """Give what is told, by raw id."""
    seeds = np.array([number(corpus, raw_id) for raw_id in asked], np.int32)
    found = fit(corpus, options).scores(seeds)
    names = corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
    return {name: score for name, score in zip(names, found.tolist(), strict=True) if not np.isnan(score)}


def test_tracks_have_the_genres_of_their_artists() -> None:
    """Whatever their playlists say."""
    corpus = told([["a1", "b1"], ["a2", "c1"]], [(0, "rock"), (1, "rock")], [("a", "soul"), ("b", "soul")])
    assert set(scores(corpus, "a1")) == {"a1", "a2", "b1"}
    assert set(scores(corpus, "c1")) == {"c1"}


def test_a_track_of_no_known_artist_has_the_genres_that_its_playlists_agree_on() -> None:
    """A third of those that tell any is enough; those that tell none are not asked."""
    lists = [["x1", "r1"], ["x1", "s1"], ["x1", "r1"], ["x1", "j1"], ["x1"], ["x1"], ["x1", "s1"]]
    corpus = told(lists, [(0, "rock"), (1, "soul"), (2, "rock"), (3, "jazz"), (6, "soul")])
    # rock and soul have two of five, jazz has one.
    assert set(scores(corpus, "x1")) == {"x1", "r1", "s1"}
    assert set(scores(corpus, "j1")) == {"j1"}


def test_where_no_genre_has_a_third_the_most_frequent_stand() -> None:
    corpus = told([["x1", *"abcd"[n]] for n in range(4)], [(n, f"g{n}") for n in range(4)])
    assert set(scores(corpus, "x1")) == {"x1", "a", "b", "c", "d"}


def test_a_track_without_any_has_those_of_its_artists_other_tracks() -> None:
    """By their playlists; a stranger's track has none."""
    corpus = told([["a1", "b1"], ["a2", "z1"]], [(0, "rock")])
    assert set(scores(corpus, "a2")) == {"a1", "a2", "b1"}
    assert scores(corpus, "z1") == {}


def test_a_rare_genre_tells_more_than_a_common_one() -> None:
    artists = [(artist, "pop") for artist in "abcdef"] + [("a", "ska"), ("g", "ska")]
    corpus = told([[f"{artist}1" for artist in "abcdefgh"]], of_artists=artists)
    found = scores(corpus, "a1")
    assert found["a1"] == pytest.approx(1)
    assert found["g1"] > found["b1"] == found["c1"]
    assert "h1" not in found
    pop, ska = np.log(9 / 6), np.log(9 / 2)
    assert found["g1"] == pytest.approx(ska / np.hypot(pop, ska))


def test_several_seeds_count_together() -> None:
    """Two of ska and one of pop lean to ska; what is no track counts nothing."""
    corpus = told([["a1", "a2", "a3", "b1", "b2", "b3"]], of_artists=[("a", "ska"), ("b", "pop")])
    found = scores(corpus, "a1", "a2", "b1")
    assert found["a3"] == pytest.approx(2 / 5**0.5)
    assert found["b3"] == pytest.approx(1 / 5**0.5)
    model, asked = fit(corpus), np.array([number(corpus, "a1")], np.int32)
    strangers = np.array([-1, *asked, 99, *asked], np.int32)
    np.testing.assert_array_equal(model.scores(strangers), model.scores(asked))


def test_ties_go_by_fame() -> None:
    """And a larger share of fame may do more than that."""
    lists = [["a1", "b1", "c1"], ["b1", "c1"], ["c1"]]
    corpus = told(lists, of_artists=[(artist, "pop") for artist in "abc"])
    found = scores(corpus, "a1", options=Options())
    assert found["c1"] > found["b1"] > found["a1"]
    assert found["c1"] == pytest.approx(1 + Options().fame)


def test_without_any_genre_it_is_refused() -> None:
    """Also where nobody has the genres that there are."""
    plain = corpus_from_lists([["a", "b"]])
    nobodys = replace(plain, genres=Genres(("pop",), np.zeros((0, 2), np.int32), np.zeros((0, 2), np.int32)))
    for corpus in (plain, nobodys):
        with pytest.raises(CannotTrain, match="nobody told the genre of a playlist or an artist here: import"):
            fit(corpus)


def test_one_track_of_a_genre_is_enough() -> None:
    corpus = told([["a1"], ["a1"]], of_artists=[("a", "pop")])
    assert scores(corpus, "a1") == {"a1": pytest.approx(1)}
    assert fit(corpus).notes() == {"genres": 1, "tracks": 1}


def test_arrays_that_do_not_fit_are_refused() -> None:
    corpus, _ = noisy_world(np.random.default_rng(1))
    arrays = dict(fit(corpus).arrays())
    for wrong in (
        {"kinds": arrays["kinds"][:-1]},
        {"kinds": arrays["kinds"].astype(np.float32)},
        {"boosts": arrays["boosts"][:-1]},
        {"weights": arrays["weights"].astype(np.int32)},
        {"offsets": arrays["offsets"][:-1]},
        {"genres": arrays["genres"].astype(np.float32)},
    ):
        with pytest.raises(ValueError, match=r"each track|whole|links|offsets"):
            Genre.from_arrays(arrays | wrong, PLAIN, corpus.n_tracks)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("kinds", value) for value in (-2, 99)),
        *(("offsets", value) for value in (-5, 10**9)),
        *(("genres", value) for value in (-1, 99)),
        *(("weights", value) for value in (np.nan, np.inf, 0)),
        *(("boosts", value) for value in (np.nan, np.inf)),
    ],
)
def test_nonsense_in_an_array_is_damage(name: str, value: float) -> None:
    """Which shows when it is asked."""
    corpus, _ = noisy_world(np.random.default_rng(1))
    arrays = dict(fit(corpus).arrays())
    spoilt = arrays[name].copy()
    spoilt[1 if name == "offsets" else 0 : -1 if name in ("offsets", "kinds") else None] = value
    model = Genre.from_arrays(arrays | {name: spoilt}, PLAIN, corpus.n_tracks)
    with pytest.raises(DamagedModel, match=r"^its "):
        model.scores(np.arange(corpus.n_tracks, dtype=np.int32))
