"""Names and addresses of files that every system takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.sound_files import sound_path
from recommender.writing.file_names import Names, address, chosen, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Road trip", "Road trip"),
        ("AC/DC: live?", "AC_DC_ live_"),
        ('a\\b|c*d"e<f>g', "a_b_c_d_e_f_g"),
        (" spaced \n out. . ", "spaced _ out"),
        ("...", "playlist"),
        ("", "playlist"),
        (".38 Special", "_.38 Special"),
        ("con", "_con"),
        ("NUL.mix", "_NUL.mix"),
        ("COM1", "_COM1"),
        ("Console", "Console"),
        ("夜に駆ける ❤", "夜に駆ける ❤"),
    ],
)
def test_a_safe_name_is_as_near_as_can_be(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text())
def test_every_name_becomes_one_that_windows_takes(name: str) -> None:
    """None of its signs and devices, no end that it drops, no hidden file, not too long; and it stays as it is."""
    safe = safe_name(name)
    assert safe
    assert not set(safe) & set('<>:"/\\|?*')
    assert not any(ord(c) < 32 for c in safe)
    assert safe[-1] not in " ."
    assert safe[0] not in " ."
    assert len(safe.encode()) <= 121
    assert safe_name(safe) == safe


@given(
    st.lists(st.sampled_from(["Mix", "mix", "MIX (2)", "Mix (2)", "é", "e\u0301", "É", "?", "*"]) | st.text(max_size=3))
)
def test_no_file_takes_the_name_of_another(names: list[str]) -> None:
    """Not where capitals do not count, and not where accents are spelled in one way only."""
    given_out = Names()
    made = [given_out.of(name) for name in names]
    assert len({safe_name(name).casefold() for name in made}) == len(made)


def test_the_first_of_a_name_keeps_it() -> None:
    names = Names()
    assert [names.of(name) for name in ("Mix", "mix", "Mix", "Mix (2)")] == ["Mix", "mix (2)", "Mix (3)", "Mix (2) (2)"]


@given(st.sampled_from(["/music", "C:\\music", "\\\\nas\\music"]), st.text(st.characters(exclude_categories=["Cs"])))
def test_an_address_leads_back_to_its_file(folder: str, name: str) -> None:
    """Of every system, and with every letter."""
    slash = "/" if folder.startswith("/") else "\\"
    path = folder + slash + name.translate({0: "_", ord("/"): "_", ord("\\"): "_"}) + ".mp3"
    told = address(path)
    assert told.isascii()
    assert sound_path(told) == path


def test_addresses_of_three_systems() -> None:
    assert address("/m/a b.mp3") == "file:///m/a%20b.mp3"
    assert address("C:\\m\\a b.mp3") == "file:///C:/m/a%20b.mp3"
    assert address("\\\\nas\\m\\a.mp3") == "file://nas/m/a.mp3"
    assert address("/m/\udce9.mp3") == "file:///m/%E9.mp3"


@pytest.mark.parametrize(
    ("paths", "there", "is_linked", "taken"),
    [
        (["/a", "/b"], {"/b"}, True, "/b"),
        (["/a", "/b"], {"/a", "/b"}, True, "/a"),
        (["/a", "/b"], set(), True, ""),
        (["/a", "/b"], set(), False, "/a"),
        ([], set(), False, ""),
    ],
)
def test_a_file_that_is_there_goes_before_one_that_is_not(
    paths: list[str], there: set[str], is_linked: bool, taken: str
) -> None:
    """A link goes before a file that is not there; without a link that is better than nothing."""
    assert chosen(paths, is_linked, there.__contains__) == taken
