# ruff: noqa: RUF001  # titles have such signs
"""Who is who: ids that never change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identity import (
    _FEATURING,
    MADE_UP_ID,
    fold,
    is_track_id,
    made_up_album_id,
    made_up_artist_id,
    made_up_id,
    made_up_id_of,
    name_key,
    normal_artist,
    normal_title,
    words,
)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """Folded text and words stay as they are when they are folded again."""
    assert fold(fold(text)) == fold(text)
    assert words(words(text)) == words(text)


@given(st.text(), st.text())
def test_a_made_up_id_has_its_form(artist: str, title: str) -> None:
    """Whatever the names, even half characters, the id is `x:` and 20 hex digits, and the key a 60-bit number."""
    for raw_id in (
        made_up_id(artist, title),
        made_up_artist_id(artist),
        made_up_album_id(artist, title),
        made_up_id_of(artist, title),
    ):
        assert MADE_UP_ID.fullmatch(raw_id)
        assert is_track_id(raw_id)
    assert 0 <= name_key(artist, title) < 2**60


@given(st.text())
def test_case_and_form_do_not_matter(text: str) -> None:
    """Capitals of letters that have one capital, and spaces around, make no other id."""
    if text.upper().lower() == text.lower() and fold(text.upper()) == fold(text):
        assert made_up_id(f" {text.upper()} ", text) == made_up_id(text, f"\t{text.upper()}")


@given(st.text(min_size=1))
def test_a_title_never_becomes_nothing(text: str) -> None:
    """What stands in a title is never cleaned away to nothing, unless nothing can be seen of it."""
    if words(text):
        assert normal_title(text)
        assert normal_artist(text)


@pytest.mark.parametrize(
    ("artist", "title", "raw_id"),
    [
        ("Oasis", "Wonderwall", "x:5d5b1d0d0049add19267"),
        ("The Beatles", "Hey Jude - Remastered 2015", "x:d40658c3467b9c290230"),
        ("Beyoncé", "Déjà Vu (feat. JAY-Z)", "x:be5b1b49b051ac798fce"),
        ("", "Untitled", "x:37f084462de5a3fc176a"),
        ("椎名林檎", "丸の内サディスティック", "x:804729514696321de22e"),
        ("Земфира", "Хочешь?", "x:9a6921352a1063e800d7"),
        ("Simon & Garfunkel", "Mrs. Robinson", "x:a209104e294cf5de39db"),
        ("???", "!!!", "x:808c6447d7ed2b77a763"),
    ],
)
def test_made_up_ids_are_these_for_ever(artist: str, title: str, raw_id: str) -> None:
    """These ids lie in people's databases: a change of the normalisation must come with a migration."""
    assert made_up_id(artist, title) == raw_id


def test_the_other_ids_are_these_for_ever() -> None:
    """Ids of artists, albums and foreign codes, and the key under which names meet, stay what they are."""
    assert made_up_artist_id("The Pines") == "x:86b1342dd4a7146047f2"
    assert made_up_album_id("The Pines", "Low") == "x:e59d6a2d6cbd2e3402ff"
    assert made_up_id_of("taste-profile", "SOAKIMP12A8C130995") == "x:800c38989c3029298e1a"
    assert name_key("Oasis", "Wonderwall") == 0x5D5B1D0D0049ADD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Oasis", "Wonderwall"), ("OASIS", "wonderwall!")),
        (("The Pines", "Hum"), ("Pines", "Hum")),
        (("Simon & Garfunkel", "America"), ("Simon and Garfunkel", "America")),
        (("Pines feat. Oak", "Hum"), ("Pines", "Hum (feat. Oak)")),
        (("Pines", "Hum ft. Oak"), ("Pines", "Hum [Featuring Oak]")),
        (("Pines", "Hum featuring Oak"), ("Pines", "Hum")),
        (("Pines", "Don't"), ("Pines", "Don’t")),
        (("Pines", "Don´t"), ("Pines", "Dont")),
        (("Pines", "I ❤️ You"), ("Pines", "I ❤ You")),
        (("Pines", "ｆｕｌｌ"), ("Pines", "Full")),
        (("Pines", "𝐒𝐭𝐚𝐫 ℌ"), ("Pines", "Star H")),
        (("Pines", "soft\u00adhyphen"), ("Pines", "softhyphen")),
    ],
)
def test_spellings_of_one_song_have_one_id(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Case, accents, width, apostrophes, guests, "the" and "&" make no other track."""
    assert made_up_id(*one) == made_up_id(*other)
    assert name_key(*one) == name_key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Pines", "❤️"), ("Pines", "☀️")),
        (("Pines", "!"), ("Pines", "?")),
        (("Pines", "Hum"), ("Pines", "Hum 2")),
        (("Pines", "Hum"), ("Pines", "Hum - Live")),
        (("Pines", "क"), ("Pines", "कि")),
        (("Pines", "は"), ("Pines", "ば")),
        (("Pines", "6 ft Under"), ("Pines", "6")),
        (("The The", "Hum"), ("", "Hum")),
        (("a b", "c"), ("a", "b c")),
    ],
)
def test_different_songs_have_different_ids(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Signs, numbers, vowels and voicings make another track, and so does a version."""
    assert made_up_id(*one) != made_up_id(*other)


@pytest.mark.parametrize("text", ["4uLU6hMCjMI75M1A2tKUQC", "x:0123456789abcdef0123"])
def test_raw_ids_are_known_by_their_form(text: str) -> None:
    """A raw id is 22 letters and digits, or `x:` and 20 hex digits, and nothing around it."""
    assert is_track_id(text)
    for other in ("", text[:-1], text + "a", " " + text, text + "\n"):
        assert not is_track_id(other)


_PARTS = ["feat", "Ft", "wİth", "with", "uring", "ｆｔ", " ", "(", ")", "[", "]", ".", "a", "\u0301", "'", "´"]


@given(st.lists(st.sampled_from(_PARTS)).map("".join))
def test_a_title_is_the_same_with_its_words_told(title: str) -> None:
    """Guests are looked for only where their words stand, and words that are told are not folded again."""
    without = _FEATURING.sub(" ", title)
    assert normal_title(title, words(title)) == normal_title(title)
    assert normal_title(title) == (words(without) or words(title) or fold(title).strip())
