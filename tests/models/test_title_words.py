# ruff: noqa: RUF001  # names have such signs
"""Names become words: what is spelt apart and means the same becomes the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recommender.models.title_words import GRAM_MARK, grams, normal_name, title_words

names = st.text(max_size=60)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Summer Roadtrip!!! 2019", ["summer", "roadtrip", "2019"]),
        ("  CAFÉ   montréalais ", ["cafe", "montrealais"]),
        ("Ｆｕｌｌ ｗｉｄｔｈ", ["full", "width"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("Don't / don’t", ["dont", "dont"]),
        ("80's, 80s, 1980s & the 2010s", ["80s", "80s", "80s", "the", "10s"]),
        ("1920s", ["1920s"]),
        ("R&B, RnB, R & B", ["rnb", "rnb", "rnb"]),
        ("Rock & Roll", ["rock", "roll"]),
        ("K-Pop_hits", ["k", "pop", "hits"]),
        ("gym💪🏽💪 time", ["gym", "💪", "💪", "time"]),
        ("🇬🇧🇫🇷 mix", ["🇬🇧", "🇫🇷", "mix"]),
        ("❤️ ❤", ["❤", "❤"]),
        ("夏の歌 лето", ["夏の歌", "лето"]),
        ("गर्मी", ["गर्मी"]),
        ("", []),
        (" -- !!! ", []),
    ],
)
def test_a_name_is_parted_into_words(name: str, words: list[str]) -> None:
    """Case, accents, width, apostrophes and skin tones are nothing; pictures and flags are words."""
    assert title_words(name) == words


@given(names)
@example("ϓ\u0345 ́x")
@example("1980S's a&b&c")
def test_a_normalised_name_stays_as_it_is(name: str) -> None:
    """Else one name would be two."""
    assert normal_name(normal_name(name)) == normal_name(name)


@given(names)
def test_case_and_what_stands_around_change_nothing(name: str) -> None:
    """As people type it."""
    assert normal_name(f" -- {name.casefold()} !!") == normal_name(name.casefold())
    assert normal_name(name.casefold()) == normal_name(name)


@given(st.text(max_size=2_000))
def test_words_have_no_spaces_no_marks_of_grams_and_an_end(name: str) -> None:
    """Whatever a file says, a word is a key of bounded length."""
    words = title_words(name)
    assert len(words) <= 40
    assert all(word and not word.isspace() and GRAM_MARK not in word and len(word) <= 40 for word in words)
    assert all("\0" not in word and word.encode() for word in words)


@given(names)
def test_grams_are_every_three_letters_once(name: str) -> None:
    """Of the name without its spaces."""
    words = title_words(name)
    letters = "".join(words)
    assert set(grams(words)) == {GRAM_MARK + letters[at : at + 3] for at in range(len(letters) - 2)}
    assert len(set(grams(words))) == len(grams(words))


def test_compounds_and_misspellings_share_grams() -> None:
    """Though they share no word."""
    assert grams(["hip", "hop"]) == grams(["hiphop"])
    assert len(set(grams(["summer"])) & set(grams(["sumer"]))) == 2
