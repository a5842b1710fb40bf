"""Statements that prove a reason: what is put into them stays text, and what a word's beginning is."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import proofs
from tests.db.make import bare, playlist, store_all

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = st.text(st.sampled_from("aBé1 -*?[]^'\"%🔥夏"), max_size=12)
SMALL = "abcdefghijklmnopqrstuvwxyz0123456789"


@given(ANY_TEXT)
def test_any_text_is_quoted_so_that_it_comes_back(text: str) -> None:
    """Quotes, line breaks, zero bytes: nothing ends the literal or the line of the statement."""
    quoted = proofs.literal(text)
    assert quoted.isprintable()
    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute(f"SELECT {quoted}").fetchall() == [(text,)]


@given(NAMES, st.text(st.sampled_from("ab1 -*?[]^é🔥夏"), min_size=1, max_size=4))
def test_a_word_is_found_where_something_begins_with_it(name: str, word: str) -> None:
    """At the beginning, or after a sign that is neither a small letter nor a digit; signs of GLOB mean themselves."""
    small = " " + "".join(letter.lower() if letter.isascii() else letter for letter in name)
    places = [place for place in range(len(small)) if small.startswith(word, place)]
    begins = [place for place in places if word[0] not in SMALL or (place and small[place - 1] not in SMALL)]
    with closing(sqlite3.connect(":memory:")) as connection:
        found = connection.execute("SELECT ' ' || lower(?) GLOB ?", [name, proofs.beginning(word)]).fetchone()[0]
    assert bool(found) == bool(begins)


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs the sqlite3 program")
@pytest.mark.parametrize("name", ["Mix", 'it\'s "mine"', "two\nlines; DROP TABLE playlists", ".quit", "夏 🔥", "-- /*"])
def test_a_statement_can_be_pasted_into_sqlite3(file: Path, name: str) -> None:
    one, other, third = (bare(number) for number in range(3))
    lists = [playlist(1, [one, other, third]), playlist(2, [one, third])]
    store_all(file, [type(lists[0])(f"p{n}", name, told.entries) for n, told in enumerate(lists)])
    ids = [track.track_id for track in (one, other, third)]
    statements = [
        proofs.together(ids[:1], ids[2:], ids[1:2]),
        proofs.in_named(ids[:1], ids[1:2], (), [name]),
        proofs.in_named(ids[:1], ids[1:2], ids[2:], [name, "not here"]),
        proofs.called(ids[:1], [proofs.beginning(name.lower())]),
        proofs.by_way_of(ids[1:2], ids[:1], ids[2:]),
        proofs.no_playlist(["nobody's"]),
        proofs.with_artist(ids[:1], ids[1], several=True),
    ]
    done = subprocess.run(["sqlite3", file], input="\n".join(statements), capture_output=True, text=True, check=True)
    assert (done.stdout.splitlines(), done.stderr) == (["2|1", "1", "1", "2", "1|2", "1", "0|0"], "")
