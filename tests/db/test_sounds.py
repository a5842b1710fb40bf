"""How words of any script sound: near enough to know a name again that somebody wrote in other letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.han import simplified
from db.identity import words
from db.sounds import is_latin, sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Кино", "Kino"),
        ("Северный ветер", "Severny Veter"),
        ("Львів", "Lviv"),
        ("Ленинград", "Leningrad"),
        ("Мумий Тролль", "Mumiy Troll"),
        ("레드벨벳", "Red Velvet"),
        ("كايروكي", "Cairokee"),
        ("אתניקס", "Ethnix"),
        ("सुबह की धुन", "Subah Ki Dhun"),
        ("さくら", "Sakura"),
        ("サクラ", "Sakura"),
        ("Σωκράτης", "Sokratis"),
    ],
)
def test_a_name_sounds_the_same_in_other_letters(one: str, other: str) -> None:
    """Alphabets, syllables, and scripts without vowels come to the same consonants."""
    assert sound(words(one)) == sound(words(other)) != ""
    assert not is_latin(words(one))
    assert is_latin(words(other))


def test_what_tells_no_sound_sounds_like_nothing() -> None:
    """A Chinese sign says nothing of how it is spoken."""
    assert sound(words("海邊")) == ""
    assert sound(words("海 Sakura")) == ""


@given(st.text())
def test_any_text_has_a_sound_of_few_letters(text: str) -> None:
    """Whatever stands there, only the groups' letters and digits come out."""
    assert set(sound(words(text))) - set("bktsrmn") == {sign for sign in sound(words(text)) if sign.isnumeric()}


def test_chinese_is_written_in_one_way() -> None:
    """Old and new forms of a sign are one; other texts stay."""
    assert simplified("說愛你") == simplified("说爱你") == "说爱你"
    assert simplified("Sakura さくら") == "Sakura さくら"
