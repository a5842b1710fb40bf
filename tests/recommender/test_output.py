"""Lists as text: every form can be read back, and no title commands a terminal."""

import csv
import io
import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.commands.export import SUFFIXES
from recommender.commands.suggest import suggest as suggest_command
from recommender.lines import cut, one_line, width
from recommender.suggest import Answer, Suggestion
from recommender.writing.listing import uri
from recommender.writing.output import EXPORTS, FORMATS, columns, written

ID = "2CT3r93YuSHtm57mjxvjhH"
MADE_UP = "x:0123456789abcdef0123"
EVIL = '\x1b[2J\x1b]0;owned\x07 "Quoted", comma;\r\nsecond line\x9b1m \u202eevil'


def answer(*suggestions: Suggestion) -> Answer:
    return Answer("item-knn", ("seed",), ("unknown",), ("a note",), suggestions)


def suggestion(name: str = "Song", *artists: str, track_id: str = ID, score: float | None = 1.5) -> Suggestion:
    return Suggestion(track_id, name, artists, score, "item-knn", ("shares 2 playlists with the seeds",))


names = st.text(max_size=30) | st.just(EVIL)
suggestions = st.builds(
    Suggestion,
    track_id=st.sampled_from([ID, MADE_UP]),
    name=names,
    artists=st.lists(names, max_size=3).map(tuple),
    score=st.none() | st.floats(0, 1e6),
    model=st.just("item-knn"),
    reasons=st.just(("shares 2 playlists with the seeds",)),
)
lists = st.lists(suggestions, max_size=5)


@given(lists)
def test_json_is_the_answer(row: list[Suggestion]) -> None:
    """One object with every field that is for people, in plain ASCII."""
    told = written(answer(*row), "json")
    whole = json.loads(json.dumps(asdict(answer(*row))))
    del whole["looked_at"], whole["fit"]
    assert json.loads(told) == {**whole, "suggestions": [_without_empty_checks(s) for s in whole["suggestions"]]}
    assert told.isascii()
    assert list(json.loads(told)) == ["model", "seeds", "unknown", "notes", "suggestions"]


def _without_empty_checks(told: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if value or name != "checks"}


@given(lists)
def test_csv_reads_back(row: list[Suggestion]) -> None:
    """One row for each, whatever commas, quotes and line breaks the titles hold."""
    sheet = list(csv.DictReader(io.StringIO(written(answer(*row), "csv"), newline="")))
    assert [r["Track URI"] for r in sheet] == [uri(s.track_id) for s in row]
    assert [r["Track Name"] for r in sheet] == [one_line(s.name) for s in row]
    assert [r["Artist Name(s)"] for r in sheet] == [one_line("; ".join(s.artists)) for s in row]
    assert [r["Score"] == "" for r in sheet] == [s.score is None for s in row]


@given(lists)
def test_m3u8_names_each_that_can_be_played(row: list[Suggestion]) -> None:
    """A title with a line break must not become an entry of its own; test_playlist_m3u8 has the rest."""
    lines = written(answer(*row), "m3u8").split("\n")
    assert lines[:2] == ["#EXTM3U", "#PLAYLIST:Segue: item-knn"]
    assert [line for line in lines if line and not line.startswith("#")] == [
        f"https://open.spotify.com/track/{s.track_id}" for s in row if s.track_id == ID
    ]


@given(lists)
def test_jspf_reads_back(row: list[Suggestion]) -> None:
    """A playlist of tracks, each with title, creator and identifier."""
    told = json.loads(written(answer(*row), "jspf", made_at=0))["playlist"]
    assert (told["title"], told["date"]) == ("Segue: item-knn", "1970-01-01T00:00:00Z")
    assert told["annotation"] == "Suggested by item-knn after 1 track. a note"
    names = [(t.get("title", ""), t.get("creator", "")) for t in told["track"]]
    assert names == [(s.name, ", ".join(s.artists)) for s in row]
    identifiers = {ID: f"https://open.spotify.com/track/{ID}", MADE_UP: MADE_UP}
    assert [t["identifier"] for t in told["track"]] == [[identifiers[s.track_id]] for s in row]


@given(lists)
def test_uris_are_one_a_line(row: list[Suggestion]) -> None:
    """Ready to be pasted into Spotify."""
    assert written(answer(*row), "uris").splitlines() == [uri(s.track_id) for s in row]


@given(lists)
def test_a_table_is_one_line_for_each_ending_in_the_id(row: list[Suggestion]) -> None:
    """However long or strange the titles are."""
    lines = written(answer(*row), "table").split("\n")
    assert lines[-1] == ""
    assert [line.split()[-1] for line in lines[:-1]] == [s.track_id for s in row]


@given(lists, st.sampled_from(FORMATS))
def test_no_title_commands_the_terminal(row: list[Suggestion], form: str) -> None:
    """No escape, no control character, no turned text in any form."""
    told = written(answer(suggestion(EVIL, EVIL), *row), form)
    assert not [c for c in told if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 or "\u202a" <= c <= "\u202e"]


@given(st.lists(st.text(max_size=20).map(one_line), min_size=1, max_size=6))
def test_columns_align_by_what_a_terminal_shows(cells: list[str]) -> None:
    """East Asian letters take two columns, marks none."""
    lines = columns([(cell, "|") for cell in cells]).split("\n")[:-1]
    assert len({width(line) for line in lines}) == 1


def test_wide_and_marked_letters_are_measured() -> None:
    """As terminals show them."""
    assert [width(text) for text in ("abc", "夜に駆ける", "Beyonce\u0301", "\uff42")] == [3, 10, 7, 2]


@given(st.text(max_size=60).map(one_line), st.integers(2, 30))
def test_a_cut_line_fits(text: str, most: int) -> None:
    """Also when its letters are wide; what fits is left alone."""
    assert width(cut(text, most)) <= most
    if width(text) <= most:
        assert cut(text, most) == text


def test_a_title_that_is_not_known_says_so() -> None:
    """And a list of nothing is nothing."""
    assert "(title not known)" in written(answer(suggestion("")), "table")
    assert written(answer(), "table") == ""


def test_each_reason_stands_with_its_query_below() -> None:
    """Where queries are asked for: a song, its reasons, and below each what checks it; else one line for a song."""
    asked = replace(
        suggestion("Song", "Band"),
        reasons=("in 2 playlists with Other", "same artist as Other"),
        checks=("SELECT count(*)\n  FROM playlists", "SELECT 1"),
        album="Album",
    )
    assert written(answer(asked, suggestion("Second", "Band")), "table").splitlines() == [
        f"1.  Song    Band  {ID}",
        "      in 2 playlists with Other",
        "        SELECT count(*)",
        "        FROM playlists",
        "      same artist as Other",
        "        SELECT 1",
        f"2.  Second  Band  {ID}",
        "      shares 2 playlists with the seeds",
    ]
    assert json.loads(written(answer(asked), "json"))["suggestions"][0]["checks"] == list(asked.checks)


def test_the_commands_offer_every_form() -> None:
    """The choices stand twice, so that the commands start without this house."""
    form = next(p for p in suggest_command.params if p.name == "form")
    assert tuple(form.type.choices) == FORMATS  # type: ignore[attr-defined]
    assert tuple(SUFFIXES) == EXPORTS


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_ends_its_last_line(form: str) -> None:
    """So that a prompt or another file does not hang on to it."""
    assert written(answer(suggestion("Song", "Artist")), form).endswith("\n")


def test_a_table_tells_the_strongest_reason_whole_and_others_where_there_is_room() -> None:
    """The other forms tell all of them."""
    long, short = "in 5 playlists together with " + "a long name " * 5, "same artist as Song"
    some = answer(
        replace(suggestion("One"), reasons=(long, short)),
        replace(suggestion("Two"), reasons=(short, short)),
        replace(suggestion("Three"), reasons=()),
    )
    rows = written(some, "table").splitlines()
    assert [row.count(short) for row in rows] == [0, 2, 0]
    assert long.strip() in rows[0]
    assert written(some, "json").count(short) == 3
