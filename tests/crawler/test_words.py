# ruff: noqa: RUF001  # names in other scripts are what this is for
"""Words of playlist names, of every script."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.words import words


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Rainy day jazz", {"rainy", "day", "jazz"}),
        ("Летний вечер", {"летний", "вечер"}),
        ("夜のドライブ", {"夜のドライブ"}),
        ("作業用BGM", {"作業用bgm"}),
        ("밤 산책", {"밤", "산책"}),
        ("ليل هادئ", {"ليل", "هادئ"}),
        ("Καλοκαίρι", {"καλοκαίρι"}),
        ("Yağmurlu gün", {"yağmurlu", "gün"}),
        ("हिन्दी गाने", {"हिन्दी", "गाने"}),
        ("தமிழ் பாடல்", {"தமிழ்", "பாடல்"}),
        ("เพลงไทย", {"เพลงไทย"}),
        ("מוזיקה", {"מוזיקה"}),
        ("Soirée d'hiver", {"soirée", "d'hiver"}),
        ("It’s rock'n'roll", {"it’s", "rock'n'roll"}),
        ("'quoted' words’", {"quoted", "words"}),
        ("GRÖSSE STRASSE", {"grösse", "strasse"}),
        ("ｇｙｍ ２０２６", {"gym", "2026"}),
        ("🔥 gym 🔥", {"gym"}),
        ("🌧️ rain", {"rain"}),
        ("snake_case-and/slashes", {"snake", "case", "and", "slashes"}),
        ("a b c 雨 я", {"雨"}),
        ("", set()),
        ("🎧", set()),
        ("x" * 41, set()),
        ("x" * 40, {"x" * 40}),
    ],
)
def test_words_of_every_script_are_found(name: str, found: set[str]) -> None:
    assert set(words([name])) == found


def test_an_accent_told_in_two_ways_is_one_word() -> None:
    assert words(["Café", "Cafe\u0301"]) == {"café": 2}


def test_a_word_counts_once_for_each_name() -> None:
    assert words(["gym gym GYM", "gym"]) == {"gym": 2}


@given(st.lists(st.text()))
def test_any_names_give_words_that_can_be_searched_for(names: list[str]) -> None:
    for word, count in words(names).items():
        assert 1 <= len(word) <= 40
        assert not any(letter.isspace() for letter in word)
        assert any(letter.isalnum() for letter in word)
        assert count <= len(names)


def test_a_name_as_long_as_a_book_is_no_trap() -> None:
    began = time.perf_counter()
    words(["'a" * 100_000, "a'" * 100_000, "_" * 100_000])
    assert time.perf_counter() - began < 5
