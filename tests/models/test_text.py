"""text finds what reads alike, however it is spelt and in whatever script."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.contract import Reaching
from recommender.models.text import PRESETS, Options, Text
from recommender.texts import LINES, texts_of
from tests.worlds import noisy_world

PLAIN = Options(fame=0.0)
NEAR = 1e-5
WIDER = 0xFEE0
"""So far behind a letter of ASCII stands the same one of full width."""


def written(*texts: str, lists: list[list[int]] | None = None) -> Corpus:
    """Give a corpus of a track for each text, in their order; lists: of tracks, or else all stand in one."""
    names = [f"t{number:04d}" for number in range(len(texts))]
    corpus = corpus_from_lists([[names[track] for track in own] for own in lists or [list(range(len(texts)))]])
    order = [int(raw_id[1:]) for raw_id in corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))]
    return replace(corpus, texts=texts_of([texts[track] for track in order]))


def lines(artists: str = "", title: str = "", album: str = "", genres: str = "", told: str = "") -> str:
    return "\n".join((artists, title, album, genres, told))


def fit(corpus: Corpus, options: Options = PLAIN) -> Text:
    return Text.fit(corpus, np.random.default_rng(0), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def likest(model: Text, seed: int) -> list[int]:
    """Give the other tracks that share anything with this one, the most alike first."""
    scores = model.scores(seeds(seed))
    return [track for track in np.argsort(-np.nan_to_num(scores, nan=-1), kind="stable").tolist()
            if track != seed and not np.isnan(scores[track])]  # fmt: skip


def brute(bags: list[set[tuple[str, str]]], options: Options, seed: int) -> np.ndarray:
    """The cosines by the formula, of words alone; NaN where none is shared."""
    weights = {
        term: getattr(options, term[0]) * np.log((len(bags) + 1) / sum(term in bag for bag in bags))
        for term in set().union(*bags)
    }
    norms = [sum(weights[term] ** 2 for term in bag) ** 0.5 for bag in bags]
    sums = [sum(weights[term] ** 2 for term in bag & bags[seed]) for bag in bags]
    cosines = np.array([s / n / norms[seed] if s else np.nan for s, n in zip(sums, norms, strict=True)])
    cosines[seed] = np.nan
    return cosines


def test_scores_are_those_of_the_formula() -> None:
    """A word counts once in a line, and is another on another line; of what one track has alone, only the length."""
    texts = [
        lines("Ada", "red red moon", "songs"), lines("Ada", "blue moon", "Ada"), lines("Bo", "red sun", "songs"),
        lines("Cy", "ada", "moon"),
    ]  # fmt: skip
    options = replace(PRESETS["words"], fame=0.0)
    bags = [
        {(name, word) for name, line in zip(LINES, text.split("\n"), strict=True) for word in line.lower().split()}
        for text in texts
    ]
    corpus = written(*texts)
    for seed in range(len(texts)):
        scores = fit(corpus, options).scores(seeds(seed))
        scores[seed] = np.nan
        np.testing.assert_allclose(scores, brute(bags, options, seed), rtol=NEAR)


def test_fame_multiplies_the_likeness() -> None:
    """By a power of one more than the logarithm of one more than the count."""
    corpus = written(*[lines("Ada", word) for word in ("moon", "sun", "star")], lists=[[0, 1, 2], [0, 1], [0]])
    plain = fit(corpus).scores(seeds(2))
    famed = fit(corpus, replace(PLAIN, fame=2.0)).scores(seeds(2))
    np.testing.assert_allclose(famed / plain, (1 + np.log1p(corpus.playlist_counts)) ** 2, rtol=NEAR)


def test_several_seeds_tell_together() -> None:
    """Each with a vector of length 1, a repeat once, and what is no track not at all."""
    corpus = written(lines("Ada", "moon"), lines("Ada", "sun"), lines("Bo", "moon"), lines("Cy", "star"))
    model = fit(corpus)
    both = np.nan_to_num(model.scores(seeds(1))) + np.nan_to_num(model.scores(seeds(2)))
    np.testing.assert_allclose(np.nan_to_num(model.scores(seeds(1, -1, 2, 1, 99))), both, rtol=NEAR)


def test_a_misspelt_artist_is_near() -> None:
    """By three letters in a row; whole words alone do not know it."""
    corpus = written(lines("Lumenfall", "Amber"), lines("Lumen Fall", "Towers"), lines("Mirelka", "Greeting"),
                     lines("Lumenflal", "Gardens"), lines("Mirelka", "Somebody"))  # fmt: skip
    assert likest(fit(corpus), 0)[:2] in ([1, 3], [3, 1])
    assert likest(fit(corpus, replace(PLAIN, grams=0.0)), 0) == []


def test_accents_width_and_case_are_nothing() -> None:
    corpus = written(
        lines("Séléne"),
        lines("SELENE"),
        lines("".join(chr(ord(letter) + WIDER) for letter in "Selene")),
        lines("Onna"),
    )
    scores = fit(corpus).scores(seeds(0))
    np.testing.assert_allclose(scores[:3], 1, rtol=NEAR)
    assert np.isnan(scores[3])


@pytest.mark.parametrize(
    ("exact", "near", "other"),
    [
        ("Тумба", "Тумба и друзья", "Ольха"),
        ("Марфелия", "Морфелия", "Склинт"),
        ("海原田ヒカル", "海原田光", "森津玄太"),
        ("구름소년단", "구름소년", "달빛"),
        ("أم نجوم", "ام نجوم", "وردية"),
    ],
)
def test_other_scripts_count(exact: str, near: str, other: str) -> None:
    """The same name first, then one like it; another name of the same script is far."""
    corpus = written(lines(exact, "1"), lines(exact, "2"), lines(near, "3"), lines(other, "4"))
    found = likest(fit(corpus), 0)
    assert found[:2] == [1, 2]
    assert fit(corpus).scores(seeds(0))[2] > 2 * np.nan_to_num(fit(corpus).scores(seeds(0))[3])


def test_the_artists_outweigh_a_word_that_songs_share_by_chance() -> None:
    """And album and title the other way round, where the options say so."""
    corpus = written(lines("Ada Low", "Night", "First"), lines("Ada Low", "Day", "Second"),
                     lines("Bo High", "Night", "Third"), lines("Bo High", "Noon", "Fourth"))  # fmt: skip
    assert likest(fit(corpus), 0)[:2] == [1, 2]
    assert likest(fit(corpus, replace(PLAIN, artists=0.1, title=10.0)), 0)[:2] == [2, 1]


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_weighs_nothing_is_not_read(line: str) -> None:
    corpus = written(*[lines(**{line: word}) for word in ("same words", "same words", "others")])
    assert likest(fit(corpus), 0) == [1]
    with pytest.raises(CannotTrain, match="nothing is written about the tracks on the lines that weigh anything"):
        fit(corpus, replace(PLAIN, **{line: 0.0}))


def test_lyrics_count_by_words_alone() -> None:
    """Their letters are too many."""
    corpus = written(
        lines("Ada", told="walking slowly home"), lines("Bo", told="slowly"), lines("Cy", told="slow walk")
    )
    assert likest(fit(corpus), 0) == [1]


def test_a_track_of_which_nothing_is_written_says_nothing() -> None:
    """And is never suggested."""
    corpus = written(lines("Ada", "moon"), lines("Ada", "sun"), "", lines(), "\n\n\n\n   ")
    model = fit(corpus, Options())
    for empty in (2, 3, 4):
        assert np.isnan(model.scores(seeds(empty))).all()
    assert np.isnan(model.scores(seeds(0))[2:]).all()
    np.testing.assert_array_equal(model.scores(seeds(0, 2)), model.scores(seeds(0)))


def test_what_cannot_be_read_alike_is_refused() -> None:
    """No texts, no letters, nothing in common, and lines that all weigh nothing."""
    corpus, _ = noisy_world(np.random.default_rng(1))
    for texts in (corpus_from_lists([["a", "b"]]), written("", "")):
        with pytest.raises(CannotTrain, match=r"nothing is written about the tracks on .*: import"):
            fit(texts)
    for alone in (written(lines("Ada", "moon")), written("!!! \0", "♥"), written(lines("Ada"), lines("Bix"))):
        with pytest.raises(CannotTrain, match="no two texts have a word in common"):
            fit(alone)
    with pytest.raises(CannotTrain, match="every line of the texts weighs 0"):
        fit(corpus, Options(0, 0, 0, 0, 0))


def test_adversarial_texts_are_only_texts() -> None:
    """Zeros, surrogates, pictures, marks without letters, and a song of 100,000 letters."""
    evil = [
        "\0\0", "🎉🎉🎉", "\u0301\u0301", "\ud800", "a" * 100_000, "\n" * 50, "x\ty\rz", "-- DROP", "\u202eabc",
        lines("Ada", told="la " * 40_000), lines("Ada", "🎉🎉🎉 party"),
    ]  # fmt: skip
    model = fit(written(*evil), Options())
    assert likest(model, 9) == [10]
    assert len(model.tracks.numbers) < 100
    for track in range(len(evil)):
        assert not np.isinf(model.scores(seeds(track))).any()


def test_emoji_count_as_letters() -> None:
    corpus = written(lines("A", "🎉🎉🎉"), lines("B", "🎉🎉🎉"), lines("C", "🌧🌧🌧"))
    assert likest(fit(corpus), 0) == [1]


def test_only_so_many_letters_of_a_line_are_read() -> None:
    corpus = written(lines(told="here " * 10 + "beyond"), lines(told="beyond"), lines(told="here"))
    assert likest(fit(corpus, replace(PLAIN, longest=40)), 0) == [2]
    assert sorted(likest(fit(corpus), 0)) == [1, 2]


def many(n_tracks: int) -> Corpus:
    """Give tracks of two to an artist, all with one word in common, and half of them with another."""
    return written(*[lines(f"band{n // 2}x", "song" + " even" * (n % 2)) for n in range(n_tracks)])


def test_what_too_many_have_is_left_out_and_that_is_said() -> None:
    """Above a thousand, for in a small collection every word tells."""
    words = replace(PLAIN, grams=0.0)
    some = fit(many(600), words)
    assert some.notes()["too common"] == 0
    assert len(likest(some, 0)) == 599
    model = fit(many(2_400), words)
    assert model.notes()["too common"] == 2
    assert likest(model, 0) == [1]
    assert len(likest(fit(many(2_400), replace(words, common=0.6)), 1)) == 1_200
    assert len(likest(fit(many(2_400), replace(words, common=1.0)), 0)) == 2_399


def test_where_there_is_no_room_the_most_common_is_left_out() -> None:
    """Block by block too, so that what is gathered is never much more than what is kept."""
    corpus = written(*[lines(f"band{n // 2}x", "song", told=f"la na da w{n % 40} v{n % 50}") for n in range(50_000)])
    options = Options(grams=0.0, common=1.0, megabytes=1, fame=0.0)
    model = fit(corpus, options)
    assert model.notes()["megabytes"] <= 1
    # Left out are the four words of all, and the forty of 1,250 each; those of 1,000 each have room.
    assert model.notes()["too common"] == 44
    found = likest(model, 7)
    assert found[0] == 6
    assert len(found) == 1_000
    assert len(likest(fit(corpus, replace(options, megabytes=5)), 7)) == 49_999


def test_it_can_be_repeated_to_the_last_bit() -> None:
    corpus, _ = noisy_world(np.random.default_rng(1))
    first, second = (Text.fit(corpus, np.random.default_rng(seed), Options()) for seed in (1, 2))
    for name, array in first.arrays().items():
        np.testing.assert_array_equal(array, second.arrays()[name])


def test_the_reached_are_those_that_are_told() -> None:
    corpus, _ = noisy_world(np.random.default_rng(1))
    model = fit(corpus, Options())
    assert isinstance(model, Reaching)
    for asked in (seeds(), seeds(3), seeds(5, 1, 5)):
        tracks, own = model.reached(asked)
        scores = model.scores(asked)
        assert tracks.dtype == np.int64
        assert own.dtype == np.float32
        np.testing.assert_array_equal(tracks, np.flatnonzero(~np.isnan(scores)))
        np.testing.assert_array_equal(own, scores[tracks])


def test_arrays_that_do_not_fit_are_refused() -> None:
    corpus, _ = noisy_world(np.random.default_rng(1))
    arrays = dict(fit(corpus).arrays())
    for wrong in (
        *({name: arrays[name][:-1]} for name in arrays),
        *({name: arrays[name].astype(np.float32)} for name in ("terms", "tracks", "track-offsets", "term-offsets")),
        *({name: arrays[name].astype(np.int32)} for name in ("weights", "norms", "boosts")),
    ):
        with pytest.raises(ValueError, match=r"links|offsets|weight|numbers"):
            Text.from_arrays(arrays | wrong, PLAIN, corpus.n_tracks)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in ("terms", "tracks") for value in (-1, 2**31 - 1)),
        *((name, value) for name in ("track-offsets", "term-offsets") for value in (-5, 10**9, 2**63 - 1)),
        *((name, value) for name in ("weights", "norms", "boosts") for value in (np.nan, np.inf, -np.inf)),
        *(("norms", value) for value in (0, -1)),
    ],
)
def test_nonsense_in_an_array_is_damage(name: str, value: float) -> None:
    """Which shows when it is asked."""
    corpus, _ = noisy_world(np.random.default_rng(1))
    arrays = dict(fit(corpus).arrays())
    spoilt = arrays[name].copy()
    spoilt[1:-1] = value
    model = Text.from_arrays(arrays | {name: spoilt}, PLAIN, corpus.n_tracks)
    with pytest.raises(DamagedModel, match=r"^its "):
        model.scores(np.arange(corpus.n_tracks, dtype=np.int32))
