"""Keys as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import FilterNotClear
from recommender.lists.musical_key import parse_key

CAMELOT = {
    "1A": "G#m", "2A": "Ebm", "3A": "Bbm", "4A": "Fm", "5A": "Cm", "6A": "Gm", "7A": "Dm", "8A": "Am", "9A": "Em",
    "10A": "Bm", "11A": "F#m", "12A": "Dbm", "1B": "B", "2B": "F#", "3B": "Db", "4B": "Ab", "5B": "Eb", "6B": "Bb",
    "7B": "F", "8B": "C", "9B": "G", "10B": "D", "11B": "A", "12B": "E",
}  # fmt: skip
"""The wheel as it is printed."""


@pytest.mark.parametrize(
    ("text", "key"),
    [("C", (0, None)), ("c major", (0, 1)), ("CM", (0, 1)), ("Am", (9, 0)), ("a minor", (9, 0)), ("A min", (9, 0)),
     ("F#m", (6, 0)), ("F\N{MUSIC SHARP SIGN} minor", (6, 0)), ("Bb", (10, None)), ("bb", (10, None)), ("8a", (9, 0)),
     ("b", (11, None)), ("B\N{MUSIC FLAT SIGN} maj", (10, 1)), ("Cb", (11, None)), ("B#", (0, None)),
     (" G ", (7, None))],
)  # fmt: skip
def test_keys_are_read_as_people_write_them(text: str, key: tuple[int, int | None]) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize(("camelot", "name"), CAMELOT.items())
def test_the_wheel_of_disc_jockeys_is_the_printed_one(camelot: str, name: str) -> None:
    assert parse_key(camelot) == parse_key(name if camelot.endswith("A") else f"{name} major")


@pytest.mark.parametrize("text", ["", "H", "13A", "0B", "8C", "A##", "Am7", "minor", "A dur", "A m x"])
def test_what_is_no_key_is_refused_with_examples(text: str) -> None:
    with pytest.raises(FilterNotClear, match="write Am, F# minor"):
        parse_key(text)


@given(st.text(max_size=8))
def test_any_text_is_a_key_or_refused(text: str) -> None:
    try:
        pitch, mode = parse_key(text)
    except FilterNotClear:
        return
    assert pitch in range(12)
    assert mode in (None, 0, 1)
