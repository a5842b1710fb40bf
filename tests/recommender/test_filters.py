"""Filters are promises: what is known to break one never comes, and what is not known only when it is let in."""

import math
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.song_facts import SongFacts
from recommender.errors import FilterNotClear
from recommender.lists.filters import FAIL, PASS, RANGES, Filters, Span, genre_not_here, parse_span, told, verdict

numbers = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
bounds = st.tuples(st.none() | numbers, st.none() | numbers).filter(lambda both: both != (None, None))


def _span(both: tuple[float | None, float | None]) -> Span:
    low, high = both
    return Span(high, low) if low is not None and high is not None and low > high else Span(low, high)


spans = bounds.map(_span)
genre = st.sampled_from(["rock", "hard rock", "hip hop", "pop"])
genres = st.lists(genre, max_size=2).map(tuple)
audio = st.lists(st.sampled_from(["tempo", "energy", "loudness"]), max_size=2, unique=True).flatmap(
    lambda names: st.tuples(
        *(
            st.tuples(st.just(name), st.floats(*RANGES[name]), st.floats(*RANGES[name])).map(
                lambda one: (one[0], Span(min(one[1:]), max(one[1:])))
            )
            for name in names
        )
    )
)
filters = st.builds(
    Filters,
    explicit=st.sampled_from([None, True, False]),
    year=st.none() | st.tuples(st.integers(1960, 1990), st.integers(1990, 2020)).map(lambda both: Span(*both)),
    genres=genres,
    not_genres=genres,
    audio=audio,
    keep_unknown=st.booleans(),
)
known = st.builds(
    SongFacts,
    explicit=st.booleans(),
    year=st.integers(1950, 2030),
    genres=st.lists(genre, min_size=1, max_size=2).map(tuple),
    audio=st.fixed_dictionaries({name: st.floats(*RANGES[name]) for name in ("tempo", "energy", "loudness")}),
)
NAMES = ("explicit", "year", "genre", "tempo", "energy", "loudness")


def _without(facts: SongFacts, lost: frozenset[str]) -> SongFacts:
    """Give the same facts without those of some names."""
    return SongFacts(
        None if "explicit" in lost else facts.explicit,
        None if "year" in lost else facts.year,
        () if "genre" in lost else facts.genres,
        {name: value for name, value in facts.audio.items() if name not in lost},
    )


# Spans.


@given(spans)
def test_a_span_that_is_written_out_is_read_as_it_was(span: Span) -> None:
    """In the form that people are told to use."""
    low, high = ("" if bound is None else f"{bound:.3f}" for bound in (span.low, span.high))
    assert parse_span(f"{low}..{high}") == span
    assert parse_span(f"  {low} .. {high} ") == span


@given(spans, numbers)
def test_a_span_holds_what_lies_between_its_ends_and_these_too(span: Span, value: float) -> None:
    """An open end holds everything on its side."""
    low = -math.inf if span.low is None else span.low
    high = math.inf if span.high is None else span.high
    assert (value in span) == (low <= value <= high)
    assert all(bound in span for bound in (span.low, span.high) if bound is not None)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1990..1999", Span(1990, 1999)),
        ("0.7..", Span(0.7, None)),
        (".7..", Span(0.7, None)),
        ("..110", Span(None, 110)),
        ("1994", Span(1994, 1994)),
        ("-7", Span(-7, -7)),
        ("110-130", Span(110, 130)),
        ("110 \N{EN DASH} 130", Span(110, 130)),
        ("-20..-10", Span(-20, -10)),
        ("0..1", Span(0, 1)),
        ("+1..+2", Span(1, 2)),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, span: Span) -> None:
    """With two dots, a dash between plain numbers, or one number."""
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text", ["", " ", "..", "abc", "1..2..3", "0,7..", "1...", "nan", "inf..", "1e3", "110-", "-", "1 2", "१..२x"]
)
def test_what_is_no_span_is_refused_with_an_example(text: str) -> None:
    """In one line."""
    with pytest.raises(FilterNotClear, match=r"such as|write") as refused:
        parse_span(text)
    assert "110.." in str(refused.value)
    assert "\n" not in str(refused.value)


@given(numbers, numbers)
def test_a_span_that_ends_before_it_begins_is_refused(one: float, other: float) -> None:
    """And the sentence says it the right way round."""
    low, high = sorted((one, other))
    if low < high:
        with pytest.raises(FilterNotClear) as refused:
            Span(high, low)
        assert str(refused.value).endswith(f"say {low:g}..{high:g}")


@pytest.mark.parametrize("both", [(None, None), (math.nan, 1), (1, math.inf), (-math.inf, None)])
def test_a_span_of_no_numbers_is_refused(both: tuple[float | None, float | None]) -> None:
    with pytest.raises(FilterNotClear, match="needs a number"):
        Span(*both)


@given(st.text(max_size=12))
@example("9" * 400)
@example("9" * 400 + "..")
def test_any_text_is_a_span_or_refused(text: str) -> None:
    try:
        span = parse_span(text)
    except FilterNotClear:
        return
    assert span.low is not None or span.high is not None


# Filters.


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"audio": (("energy", Span(70)),)}, "70 is no energy: it goes from 0 to 1"),
        ({"audio": (("energy", Span(0.5, 1.5)),)}, "1.5 is no energy: it goes from 0 to 1"),
        ({"audio": (("loudness", Span(None, -200)),)}, "-200 is no loudness: it goes from -60 to 10"),
        ({"audio": (("time_signature", Span(40)),)}, "40 is no time signature: it goes from 1 to 9"),
        ({"year": Span(90, 99)}, "90 is no year: it goes from 1000 to 2999"),
        ({"audio": (("loudnes", Span(1)),)}, "there is no audio feature loudnes: there are tempo, energy"),
        ({"genres": ("!!!",)}, '"!!!" names no genre'),
        ({"not_genres": ("",)}, '"" names no genre'),
    ],
)
def test_what_no_song_can_be_is_refused_with_the_range(asked: dict[str, object], sentence: str) -> None:
    with pytest.raises(FilterNotClear, match="^" + sentence.replace("(", r"\(")):
        Filters(**asked)  # type: ignore[arg-type]


def test_filters_that_ask_for_nothing_are_false() -> None:
    """To let the unknown come is to ask for nothing."""
    assert not Filters()
    assert not Filters(keep_unknown=True)
    asking = [{"explicit": False}, {"explicit": True}, {"year": Span(1994)}, {"genres": ("rock",)},
              {"not_genres": ("rock",)}, {"audio": (("tempo", Span(None, 0)),)}]  # fmt: skip
    for asked in asking:
        assert Filters(**asked), asked  # type: ignore[arg-type]


@given(filters, known)
def test_a_song_of_which_all_is_known_passes_or_fails_as_plainly_as_can_be(asked: Filters, facts: SongFacts) -> None:
    """The verdict is that of five questions."""
    right = [
        asked.explicit is None or facts.explicit == asked.explicit,
        asked.year is None or facts.year in asked.year,
        not asked.genres or any(_is_one_of(genre, facts) for genre in asked.genres),
        not any(_is_one_of(genre, facts) for genre in asked.not_genres),
        all(span.low <= facts.audio[name] <= span.high for name, span in asked.audio),
    ]
    assert verdict(asked, facts) == (PASS if all(right) else FAIL)


def _is_one_of(genre: str, facts: SongFacts) -> bool:
    return any(f" {genre} " in f" {one} " for one in facts.genres)


@given(filters, known, st.frozensets(st.sampled_from(NAMES)))
def test_not_knowing_lets_nothing_in_unless_it_is_asked_for(
    asked: Filters, facts: SongFacts, lost: frozenset[str]
) -> None:
    """With facts lost a song that failed never passes as known, and what is named as unknown is lost and asked for."""
    whole, less = verdict(asked, facts), verdict(asked, _without(facts, lost))
    wanted = {
        *(["explicit"] if asked.explicit is not None else []),
        *(["year"] if asked.year else []),
        *asked.asks,
        *(name for name, _ in asked.audio),
    }
    if not lost & wanted:
        assert less == whole
    elif asked.keep_unknown:
        assert less in (PASS, FAIL)
        assert whole == FAIL or less == PASS
    else:
        assert less == FAIL or less in lost & wanted
        assert less != FAIL or whole == FAIL


def test_what_is_known_to_break_a_filter_fails_whatever_else_is_not_known() -> None:
    """It is no case for --keep-unknown, and is not counted as one."""
    asked = Filters(explicit=False, year=Span(1990, 1999), audio=(("tempo", Span(110, 130)),))
    assert verdict(asked, SongFacts(year=2005)) == FAIL
    assert verdict(asked, SongFacts(year=1995)) == "explicit"
    assert verdict(asked, SongFacts(explicit=False, year=1995)) == "tempo"


def test_a_tempo_is_taken_as_it_is_stored() -> None:
    """Neither half nor double."""
    asked = Filters(audio=(("tempo", Span(110, 130)),))
    tempos = {tempo: verdict(asked, SongFacts(audio={"tempo": tempo})) for tempo in (60.0, 110.0, 120.0, 130.0, 240.0)}
    assert tempos == {60.0: FAIL, 110.0: PASS, 120.0: PASS, 130.0: PASS, 240.0: FAIL}


@pytest.mark.parametrize(
    ("asked", "genre", "same"),
    [
        ("rock", "alternative rock", True),
        ("rock", "Rock", True),
        ("alternative rock", "rock", False),
        ("hip hop", "hip-hop", True),
        ("Hip-Hop", "southern hip hop", True),
        ("hiphop", "southern hip hop", True),
        ("hip hop", "hiphop", True),
        ("rap", "trap", False),
        ("pop", "k-pop", True),
        ("rock", "rockabilly", False),
        ("R&B", "rnb", True),
        ("r&b", "alternative R&B", True),
        ("drum & bass", "drum and bass", True),
        ("drum n bass", "liquid drum and bass", True),
        ("rock and roll", "rock-n-roll", True),
        ("musica popular", "Música Popular Brasileira", True),
        ("roots rock", "rock roots", False),
        ("シティポップ", "シティポップ", True),
        ("the", "theatre", False),
    ],
)
def test_genres_compare_by_their_words(asked: str, genre: str, same: bool) -> None:
    """Case, accents, dashes and spaces are nothing; a word is a whole word."""
    facts = SongFacts(genres=("spoken word", genre))
    assert verdict(Filters(genres=(asked,)), facts) == (PASS if same else FAIL)
    assert verdict(Filters(not_genres=(asked,)), facts) == (FAIL if same else PASS)


def test_an_excluded_genre_wins() -> None:
    """Rock, but no hard rock, whatever else it is."""
    asked = Filters(genres=("rock", "pop"), not_genres=("hard rock",))
    assert verdict(asked, SongFacts(genres=("soft rock",))) == PASS
    assert verdict(asked, SongFacts(genres=("soft rock", "hard rock"))) == FAIL
    assert verdict(asked, SongFacts(genres=("jazz",))) == FAIL
    assert verdict(Filters(not_genres=("rock",)), SongFacts()) == "genre", "who knows nothing cannot promise"


# What is said of it.


def test_what_was_left_out_is_told_by_what_is_not_known() -> None:
    counts = Counter({PASS: 9, FAIL: 1000, "tempo": 1214, "year": 1, "genre": 0, "time_signature": 2, "explicit": 3})
    assert sorted(told(counts)) == [
        "left out 1 track whose year is not known (--keep-unknown lets it come)",
        "left out 1,214 tracks whose tempo is not known (--keep-unknown lets them come)",
        "left out 2 tracks whose time signature is not known (--keep-unknown lets them come)",
        "left out 3 tracks of which it is not known whether explicit (--keep-unknown lets them come)",
    ]
    assert told({PASS: 3, FAIL: 4}) == []


def test_filters_travel_between_threads_and_sets() -> None:
    """Frozen, and equal by what they ask."""
    one = Filters(year=Span(1990, 1999), genres=("rock",), audio=(("tempo", Span(110)),))
    assert len({one, Filters(year=Span(1990, 1999), genres=("rock",), audio=(("tempo", Span(110)),))}) == 1
    with pytest.raises(AttributeError):
        one.explicit = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("rock",), None),
        (("Rok",), 'of no song here the genre "Rok" is told; there is rock'),
        (("rock", "jazz"), 'of no song here the genre "jazz" is told; there are pop, rock, art rock'),
    ],
)
def test_a_genre_that_nobody_tells_is_named_with_those_that_are_near(
    asked: tuple[str, ...], sentence: str | None
) -> None:
    assert genre_not_here(Filters(genres=asked), ["art rock", "pop", "rock"]) == sentence


def test_where_no_genre_is_told_at_all_it_says_where_they_come_from() -> None:
    told = genre_not_here(Filters(genres=("jazz",)), [])
    assert told == 'of no song here the genre "jazz" is told: import playlists or tables that tell genres'
