"""title lets the playlists vote whose names are like a title."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.contract import Titled
from recommender.models.registry import KINDS, model_class
from recommender.models.title import PRESETS, Options, Title
from recommender.models.title_words import grams, normal_name, title_words
from tests.worlds import MOODS, clean_world, noisy_world, right_share

WORDS = PRESETS["words"]
TOP = 5


def named(playlists: dict[str, list[str]] | list[tuple[str, list[str]]]) -> Corpus:
    """Give a corpus of playlists by their names."""
    told = list(playlists.items()) if isinstance(playlists, dict) else playlists
    return replace(corpus_from_lists([tracks for _, tracks in told]), names=tuple(name for name, _ in told))


def fit(corpus: Corpus, options: Options = WORDS) -> Title:
    return Title.fit(corpus, np.random.default_rng(0), options)


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def ids(corpus: Corpus, scores: np.ndarray) -> list[str]:
    """Give what is told, best first."""
    order = np.argsort(-np.nan_to_num(scores, nan=-1), kind="stable")
    return corpus.vocabulary.raw_ids(order[: int((~np.isnan(scores)).sum())])


def brute(corpus: Corpus, options: Options, title: str) -> np.ndarray:
    """The scores by the formula, name by name; NaN where no name votes."""
    bags = {}
    for name in corpus.names:
        words = title_words(name)
        if words:
            bags[normal_name(name)] = {*words, *(grams(words) if options.grams else [])}

    def weight(term: str) -> float:
        rare = log((len(bags) + 1) / sum(term in bag for bag in bags.values()))
        return rare * options.grams if term[0] == "#" else rare

    known = {*title_words(title), *(grams(title_words(title)) if options.grams else [])} & set().union(*bags.values())
    size = sum(weight(term) ** 2 for term in known) ** 0.5
    likeness = {}
    for name, bag in bags.items():
        if shared := known & bag:
            length = sum(weight(term) ** 2 for term in bag) ** 0.5
            likeness[name] = sum(weight(term) ** 2 for term in shared) / size / length
    scores = np.zeros(corpus.n_tracks)
    for name, tracks in zip(corpus.names, corpus, strict=True):
        vote = likeness.get(normal_name(name), 0.0) ** options.sharpness / max(len(tracks), 1) ** options.length
        scores[np.unique(tracks)] += vote
    scores /= corpus.playlist_counts**options.rarity
    return np.where(scores == 0, np.nan, scores)


SUMMER = {
    "Summer Roadtrip": ["a", "b"],
    "summer hits": ["b", "c"],
    "winter roadtrip": ["d"],
    "Winter": ["e"],
    "": ["f", "g"],
}


def test_the_same_name_counts_most_then_names_that_share_words() -> None:
    """However it is spelt; what shares nothing, and what has no name, is not told."""
    corpus = named(SUMMER)
    scores = fit(corpus).title_scores("SUMMER, roadtrip!")
    assert scores.dtype == np.float32
    told = dict(zip(corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks)), scores.tolist(), strict=True))
    assert told["b"] > told["a"] > max(told["c"], told["d"])
    assert all(np.isnan(told[track]) for track in "efg")


def test_a_rare_word_counts_more_than_one_that_many_names_have() -> None:
    """The best of something is about the something."""
    corpus = named({f"best of {word}": [word] for word in ("jazz", "rock", "soul")} | {"jazz evening": ["late"]})
    assert ids(corpus, fit(corpus).title_scores("best jazz"))[:2] == ["jazz", "late"]


@pytest.mark.parametrize("title", ["", "  ", "?!", "zzz", "qqqq" * 500, "\ud800", "\0"])
def test_a_title_of_which_nothing_is_known_says_nothing(title: str) -> None:
    """Whatever its length, and broken signs too."""
    assert np.isnan(fit(named(SUMMER), Options()).title_scores(title)).all()


def test_three_letters_find_the_misspelt_and_the_compound() -> None:
    """But count less than the whole word."""
    corpus = named({"hip hop": ["a"], "Sommer": ["b"], "summer": ["c"], "winter": ["d"]})
    model = fit(corpus, Options())
    assert ids(corpus, model.title_scores("HipHop")) == ["a"]
    assert ids(corpus, model.title_scores("summmer"))[0] == "c"
    assert ids(corpus, model.title_scores("sommer")) == ["b", "c"]
    assert np.isnan(fit(corpus).title_scores("hiphop")).all()


def test_seeds_stand_for_the_names_of_their_playlists() -> None:
    """e knows winter alone; f is in a list without a name."""
    corpus = named(SUMMER)
    number = {raw_id: n for n, raw_id in enumerate(corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks)))}
    model = fit(corpus)
    np.testing.assert_allclose(model.scores(seeds(number["e"])), model.title_scores("winter"), rtol=1e-5)
    np.testing.assert_allclose(model.scores(seeds(number["d"])), model.title_scores("winter roadtrip"), rtol=1e-5)
    for none in (seeds(), seeds(-1), seeds(99), seeds(number["f"])):
        assert np.isnan(model.scores(none)).all()
    np.testing.assert_array_equal(model.scores(seeds(-1, number["e"], 99)), model.scores(seeds(number["e"])))


vocabulary = st.sampled_from(["summer", "hits", "hip", "hop", "Hiphop", "90s", "1990s", "🎉", "!", "süß", "a"])
names = st.lists(vocabulary, max_size=4).map(" ".join)
tracks = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6)
worlds = st.lists(st.tuples(names, tracks), min_size=1, max_size=8).filter(
    lambda told: any(title_words(name) for name, _ in told)
)
OPTIONS = [WORDS, Options(), Options(grams=0.7, sharpness=1.0, length=0.8, rarity=0.4)]


@settings(max_examples=150, deadline=None)
@given(worlds, names, st.sampled_from(OPTIONS))
def test_scores_are_those_of_the_formula(told: list[tuple[str, list[str]]], title: str, options: Options) -> None:
    corpus = named(told)
    expected = brute(corpus, options, title)
    assert fit(corpus, options).title_scores(title) == pytest.approx(expected, rel=1e-4, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(worlds, names)
def test_how_a_title_is_spelt_changes_nothing(told: list[tuple[str, list[str]]], title: str) -> None:
    model = fit(named(told), Options())
    for other in (title.upper(), f"  {title} --", normal_name(title)):
        np.testing.assert_array_equal(model.title_scores(other), model.title_scores(title))


def test_only_the_nearest_names_vote_equals_by_number() -> None:
    """The first of two names that are as near."""
    corpus = named({"jazz one": ["a"], "jazz two": ["b"], "rock": ["c"]})
    assert ids(corpus, fit(corpus, replace(WORDS, neighbours=1)).title_scores("jazz")) == ["a"]


def test_names_tell_the_taste_of_small_worlds() -> None:
    """By the word of their mood alone, and through the names around seeds."""
    for world, least in ((clean_world, 1.0), (noisy_world, 0.85)):
        shares = []
        for number in range(5):
            corpus, taste = world(np.random.default_rng(number))
            model = fit(corpus, Options())
            shares.append(right_share(model, corpus, taste, np.random.default_rng(1)))
            for wanted, mood in enumerate(MOODS):
                best = np.argsort(-np.nan_to_num(model.title_scores(f"my {mood.upper()} sunday"), nan=-1))[:TOP]
                assert (taste[best] == wanted).mean() >= least - 0.1
        assert np.mean(shares) >= least


def test_playlists_without_names_are_refused_with_a_sentence() -> None:
    """So are names of nothing but signs; options first."""
    for corpus in (corpus_from_lists([["a", "b"], ["b"]]), named({" ": ["a", "b"], "!!!": ["b"]})):
        with pytest.raises(CannotTrain, match=r"^no playlist here has a name: import playlists that have$"):
            fit(corpus)
    with pytest.raises(CannotTrain, match=r"option grams must be from 0 to 1, not 2"):
        fit(named(SUMMER), Options(grams=2))


def test_only_title_reads_titles() -> None:
    """By which measuring and suggesting know whom to ask."""
    assert isinstance(fit(named(SUMMER)), Titled)
    assert [kind for kind in KINDS if hasattr(model_class(kind), "title_scores")] == ["title"]


def test_notes_count_names_and_words() -> None:
    """Two lists of one name are one name; three letters are no word."""
    corpus = named([("Jazz", ["a"]), ("jazz!", ["b"]), ("jazz evening", ["b"]), ("", ["c"])])
    assert fit(corpus, Options()).notes() == {"names": 2, "words": 2, "tracks": 2}


def test_arrays_that_do_not_fit_are_refused() -> None:
    corpus = named(SUMMER)
    model = fit(corpus, Options())
    arrays = dict(model.arrays())
    back = Title.from_arrays(arrays, Options(), corpus.n_tracks)
    np.testing.assert_array_equal(back.title_scores("summer"), model.title_scores("summer"))
    for wrong in (
        {"terms": arrays["terms"][:-1]},
        {"terms": np.zeros(len(arrays["terms"]))},
        {"norms": arrays["norms"][:-1]},
        {"votes": arrays["votes"][:-1]},
        {"votes": arrays["votes"].astype(np.int32)},
        {"shares": arrays["shares"][:-1]},
        *({name: arrays[name][:-1]} for name in arrays if name.endswith("offsets")),
        *({name: arrays[name].astype(np.float32)} for name in arrays if name.endswith("numbers")),
    ):
        with pytest.raises(ValueError, match=r"links|offsets|terms|votes"):
            Title.from_arrays(arrays | wrong, Options(), corpus.n_tracks)


LINKS = ("name", "word", "track", "called")
NONSENSE = [
    *((f"{what}-numbers", value) for what in LINKS for value in (-1, 2**31 - 1)),
    *((f"{what}-offsets", value) for what in LINKS for value in (-5, 10**9, 2**63 - 1)),
    *(("votes", value) for value in (np.nan, np.inf)),
    *(("shares", value) for value in (np.nan, np.inf)),
    *(("norms", value) for value in (np.nan, 0, -1)),
]


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_in_an_array_is_damage(name: str, value: float) -> None:
    """Which shows when it is asked, by a title or by seeds."""
    corpus = named(SUMMER)
    arrays = dict(fit(corpus, Options()).arrays())
    spoilt = arrays[name].copy()
    spoilt[1 if "offsets" in name else 0 : -1 if "offsets" in name else None] = value
    model = Title.from_arrays(arrays | {name: spoilt}, Options(), corpus.n_tracks)
    with pytest.raises(DamagedModel, match=r"^its "):
        model.scores(np.arange(corpus.n_tracks, dtype=np.int32))
    if not name.startswith(("word", "called")):
        with pytest.raises(DamagedModel, match=r"^its "):
            model.title_scores("summer winter roadtrip hits")


def test_terms_out_of_order_find_less_but_break_nothing() -> None:
    """A search by halves goes astray, and stays within the array."""
    corpus = named(SUMMER)
    arrays = dict(fit(corpus).arrays())
    model = Title.from_arrays(arrays | {"terms": arrays["terms"][::-1].copy()}, WORDS, corpus.n_tracks)
    assert model.title_scores("summer winter").shape == (corpus.n_tracks,)
