"""The bench of inferred genres: what it hides it asks for, and it judges by what was told."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.inferring import figures, is_right
from db.records import Playlist
from tests.db.make import playlist, store_all


@pytest.mark.parametrize(
    ("guess", "told", "right"),
    [
        (("hard rock",), ("rock", "album rock"), True),
        (("rock",), ("hard rock",), True),
        (("techno",), ("edm",), True),
        (("jazz", "rock"), ("rock",), False),
        (("pop",), ("rap", "hip pop"), True),
    ],
)
def test_a_kind_of_what_was_told_is_right(guess: tuple[str, ...], told: tuple[str, ...], right: bool) -> None:
    """By the first genre alone."""
    assert is_right(guess, told) is right


def test_what_is_hidden_is_inferred_and_judged(tmp_path: Path) -> None:
    """From the names of the hidden lists as long as they may be read; the database stays as it is."""
    file = tmp_path / "s.db"
    lists: list[Playlist] = []
    for number in range(20):
        genre = ("rock", "jazz")[number % 2]
        tracks = range(10 * number, 10 * number + 10)
        lists.append(replace(playlist(number, tracks, genres=(genre,)), name=f"{genre.title()} {number}"))
    store_all(file, lists)
    before = file.read_bytes()
    told = {figure.what: figure.measured for figure in figures(file, [1, 2])}
    assert told["names of hidden lists read: inferred, share of songs that it tells"] == 1
    assert told["names of hidden lists read: inferred, right of those"] == 1
    assert told["names of hidden lists gone: inferred from playlist names, share of songs that it tells"] == 0
    assert told["names of hidden lists read: the most common genre, share of songs that it tells"] == 1
    assert file.read_bytes() == before
